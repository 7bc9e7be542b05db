"""A node whose logs are in PostgreSQL: what it takes in beside COPY of the same bytes, and GET beside pgbench."""

import json
import os
import re
import shutil
import subprocess

import peers
import postgres
from harness import free_port, ratio_of

BATCH = 1000  # rows in a transaction of the C program
TABLE = "CREATE TABLE reports (id int4 PRIMARY KEY, key text NOT NULL, record text NOT NULL)"


def url(server, name):
    return f"postgresql://bench@127.0.0.1:{server.port}/{name}"


def anew(server, name):
    server.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    server.sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    return url(server, name)


def take_in(bench, authority, server, county_store, count):
    """A fresh node on a fresh database takes the reports of a county; reports a second, until all are committed."""
    place, folder = anew(server, "reportd"), bench.path("shared-node")
    subprocess.run([bench.program("reportctl"), "store", "init", place], stdout=subprocess.DEVNULL, check=True)
    port = free_port()
    county_key, county_tls = authority.enrol("county", county_store)
    city_key, city_tls = authority.enrol("shared", folder)
    extra = f"folder: {folder}\n" + city_tls + peers.grant(county_key)
    city, city_port = bench.node("shared", place, extra, port)
    county, _ = bench.node("county", county_store, county_tls + peers.upstream(port, city_key))
    peers.wait_until(lambda: peers.bytes_on_the_wire(port)[0] > 16_384, "a connection of the county", 0.005)
    started = peers.time.monotonic()
    before = peers.processor_seconds(city.pid), peers.processor_seconds(county.pid)
    line = peers.Line(city_port)
    peers.wait_until(lambda: json.loads(line.ask("STATUS"))["keys"] >= count, "taking in", 0.05)
    seconds = peers.time.monotonic() - started
    after = peers.processor_seconds(city.pid), peers.processor_seconds(county.pid)
    line.close()
    bench.stop(county)
    print("bench: processor, µs a report: node {:.0f}, county {:.0f}".format(
        *(1e6 * (b - a) / count for a, b in zip(before, after))), flush=True)
    return city, city_port, count / seconds


def copied(bench, server, dump):
    place = anew(server, "copied")
    server.psql("-d", "copied", "-c", TABLE)
    return bench.run("bench-pgcopy", place, dump, BATCH)["perSecond"]


def selected(bench, server, connections, count):
    """Rows a second of pgbench that selects records by their primary key, prepared."""
    script = bench.path("select.sql")
    with open(script, "w", encoding="utf-8") as file:
        file.write(f"\\set id random(1, {count})\nSELECT record FROM reports WHERE id = :id;\n")
    done = subprocess.run(
        [server.binaries + "/pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", "1", "-T", str(max(1, round(bench.options.seconds))),
         "-f", script, "-h", "127.0.0.1", "-p", str(server.port), "-U", "bench", "copied"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True,
    )
    return float(re.search(r"tps = ([0-9.]+)", done.stdout)[1])


def database(bench):
    """Both cases, with the peer in the same run."""
    if not postgres.is_there():
        print("bench: PostgreSQL is not there; the cases of a shared database are left out", flush=True)
        return
    count, authority = bench.options.sync_count, peers.Authority(bench)
    dump, store = bench.path("sync-dump"), bench.path("county-store")
    if not os.path.exists(dump):
        bench.record_bytes = bench.run("reportd-bench", "store", store, count, 1, 1, dump)["recordBytes"]
    peers.settle(bench, store)
    server = postgres.Server(bench, "shared-postgres")
    rates, reads = [], []
    for number in range(bench.options.rounds):
        copy = copied(bench, server, dump)
        city, port, rate = take_in(bench, authority, server, store, count)
        rates.append((rate, copy))
        ours = bench.run("bench-load", "line", port, 4, 1, bench.options.seconds, dump)["perSecond"]
        reads.append((ours, selected(bench, server, 4, count)))
        print(f"bench: round {number + 1}: {rates[-1]} {reads[-1]}", flush=True)
        bench.stop(city)
        shutil.rmtree(bench.path("shared-node"))
    mine, theirs, ratio = ratio_of(rates)
    bench.row(f"{count:,} reports from a county into PostgreSQL", f"{mine:,.0f}/s", f"COPY BINARY in C {theirs:,.0f}/s", ratio)
    mine, theirs, ratio = ratio_of(reads)
    bench.row("GET over TCP of a node on PostgreSQL, 4 × 1", f"{mine:,.0f}/s", f"pgbench SELECT {theirs:,.0f}/s", ratio)
    server.stop()
