"""The cases of two and more nodes: catching up, the way from the inbox to the city, and a city with idle counties."""

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time

import postgres
from harness import (
    IMPORT, first_pairs, free_port, private_megabytes, public_key, ratio_of, request,
)

COUNTIES = 200
IDLE_MEGABYTES = 100.0
IDLE_SHARE = 0.01  # of one core
MEDIAN_LIMIT = 50.0  # ms, from rename to visible at the city
LATE_LIMIT = 250.0  # ms, the 99th percentile of that
FEW, MANY = 10, 1000  # entries that are missing after a break
RETURNING = 1000  # reports that each of many counties has when the city comes back
RETURNING_MEGABYTES = 1024.0  # a fourth of what the service may have, workers included
PATIENCE = 3600  # s


class Authority:
    """Certificates for the nodes of a case, made with reportctl pki."""

    def __init__(self, bench):
        self.bench = bench
        self.folder = bench.path("authority")
        if not os.path.exists(self.folder):
            self.pki("init", "--name", "bench")

    def pki(self, command, *arguments):
        subprocess.run(
            [self.bench.program("reportctl"), "pki", command, "--authority", self.folder, *arguments],
            stdout=subprocess.DEVNULL, check=True,
        )

    def enrol(self, name, store):
        """Makes the key of a node with its store, and a certificate; returns the key and the lines of `tls`."""
        key, folder = public_key(self.bench, store), self.bench.path("identity-" + name)
        shutil.rmtree(folder, ignore_errors=True)
        self.pki("issue", "--name", name, "--key", key, "--out", folder)
        return key, f"tls: {{folder: {folder}}}\n"


def upstream(port, key):
    return f"upstreams:\n- {{address: 127.0.0.1:{port}, key: '{key}', tls: true}}\n"


def grant(*keys):
    return "grants:\n" + "".join(f"- {{key: '{key}', regions: ['*'], verbs: [peer]}}\n" for key in keys)


class Line:
    """A connection to a node that asks one request after the other."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb", 1 << 16)

    def ask(self, text, payload=b""):
        """The payload of the answer; nil when it is an error."""
        self.socket.sendall(text.encode() + b"\n" + payload)
        head = self.file.readline().split()
        if not head:
            sys.exit("bench: a node has closed the connection")
        return self.file.read(int(head[2]) + 1) if head[0] == b"+OK" else None

    def close(self):
        self.file.close()
        self.socket.close()


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bytes_on_the_wire(port):
    """Received and sent over the connections that a port has accepted."""
    done = subprocess.run(["ss", "-tinH", "state", "established", f"sport = :{port}"], stdout=subprocess.PIPE, text=True, check=True)
    sums = []
    for what in ["bytes_received", "bytes_sent"]:
        sums.append(sum(int(number) for number in re.findall(what + r":(\d+)", done.stdout)))
    return sums


def wait_until(condition, what, pause=0.02):
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            sys.exit(f"bench: {what} did not come about")
        time.sleep(pause)


def caught_up(bench, authority, dump, county_store, count, profile=None):
    """A fresh city takes everything from a county; returns reports a second and processor time at both ends."""
    city_store, port = bench.path("city-store"), free_port()
    county_key, county_tls = authority.enrol("county", county_store)
    city_key, city_tls = authority.enrol("city", city_store)
    city, city_port = bench.node("city", city_store, city_tls + grant(county_key), port)
    county, _ = bench.node("county", county_store, county_tls + upstream(port, city_key))
    before = processor_seconds(city.pid), processor_seconds(county.pid)
    # The handshake has less than 16 kB, a batch more.
    wait_until(lambda: bytes_on_the_wire(port)[0] > 16_384, "a connection of the county", 0.005)
    started = time.monotonic()
    if profile:
        recorder = bench.start(["perf", "record", "-q", "-g", "-F", "499", "-o", profile, "-p", str(city.pid)], stderr=subprocess.DEVNULL)
    line = Line(city_port)
    wait_until(lambda: json.loads(line.ask("STATUS"))["keys"] >= count, "catching up", 0.05)
    seconds = time.monotonic() - started
    line.close()
    after = processor_seconds(city.pid), processor_seconds(county.pid)
    received = bytes_on_the_wire(port)[0]
    private = private_megabytes(city.pid)
    bench.stop(county)
    bench.stop(city)
    if profile:
        recorder.wait()  # perf ends with what it looks at
        bench.children.remove(recorder)
    shutil.rmtree(city_store)
    return {
        "perSecond": count / seconds, "city": 1e6 * (after[0] - before[0]) / count, "private": private,
        "county": 1e6 * (after[1] - before[1]) / count, "bytes": received / count,
    }


def settle(bench, store):
    """Lets a county index what it has: a city that joins finds counties that have long done so."""
    county, port = bench.node("settling", store)
    line = Line(port)

    def is_indexed():
        page = json.loads(line.ask("SEARCH 中心 limit=1"))
        return page["indexedUpTo"] >= page["position"]

    wait_until(is_indexed, "indexing at the county", 0.2)
    line.close()
    bench.stop(county)


def sync(bench):
    """A fresh city takes the reports of a county, beside a socket and LMDB in C, and PostgreSQL's logical replication."""
    count, authority = bench.options.sync_count, Authority(bench)
    dump, store = bench.path("sync-dump"), bench.path("county-store")
    size = bench.run("reportd-bench", "store", store, count, 1, 1, dump)["recordBytes"]
    settle(bench, store)
    raws, streams, plains, copies, details = [], [], [], [], []
    for number in range(bench.options.rounds):
        profile = bench.options.profile if number == 0 else None
        ours = caught_up(bench, authority, dump, store, count, profile)
        details.append(ours)
        folder = bench.path("receive")
        os.mkdir(folder)
        raw = bench.run("bench-receive", folder, dump, 100)
        shutil.rmtree(folder)
        raws.append((ours["perSecond"], raw["perSecond"]))
        if postgres.is_there():
            streamed, plain, copied = postgres.replication_rates(bench, dump, count)
            streams += [(ours["perSecond"], streamed)] if streamed else []
            plains += [(ours["perSecond"], plain)] if plain else []
            copies += [(ours["perSecond"], copied)] if copied else []
    os.remove(dump)
    shutil.rmtree(store)
    for peer, pairs in [
        ("socket and LMDB in C", raws), ("PostgreSQL, logical replication under TLS", streams),
        ("PostgreSQL, logical replication without TLS", plains), ("PostgreSQL, first copy under TLS", copies),
    ]:
        if pairs:
            mine, theirs, ratio = ratio_of(pairs)
            bench.row(f"catching up {count:,} reports of {size / 1000:.0f} kB, TLS, fsync", f"{mine:,.0f}/s", f"{peer} {theirs:,.0f}/s", ratio)
    middle = {name: statistics.median(detail[name] for detail in details) for name in details[0]}
    print(f"bench: processor time a report: city {middle['city']:.0f} µs, county {middle['county']:.0f} µs, "
          f"socket and LMDB in C {raw['processorMicroseconds'] / count:.0f} µs; "
          f"{middle['bytes']:,.0f} bytes a report on the wire; city private {middle['private']:.0f} MB")


def rename_into(inbox, text, name, number):
    unit = f"第{number}服务中心"
    path = os.path.join(os.path.dirname(inbox), "being-copied")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("湛江市麻章区总工会", "湛江市麻章区" + unit))
    os.rename(path, os.path.join(inbox, f"{name}{number}.txt"))
    return f"GET 2023/湛江市/麻章区/{unit}/整体支出"


def latency(bench):
    """From the rename into the inbox of a county to the answer of the city, one file after the other."""
    count, authority = 200 if bench.options.sync_count >= 50_000 else 60, Authority(bench)
    text = bench.run("reportd-bench", "text", 10_000)
    county_store, city_store, port = bench.path("inbox-county"), bench.path("inbox-city"), free_port()
    inbox = bench.path("county-files/inbox")
    os.makedirs(inbox)
    county_key, county_tls = authority.enrol("county", county_store)
    city_key, city_tls = authority.enrol("city", city_store)
    city, city_port = bench.node("city", city_store, city_tls + grant(county_key), port)
    settings = f"inboxes:\n- {{path: {inbox}, region: 湛江市/麻章区}}\n"
    county, county_port = bench.node("county", county_store, county_tls + upstream(port, city_key) + settings)
    lines = Line(county_port), Line(city_port)
    times = [[], []]
    for number in range(1, count + 11):
        asked = rename_into(inbox, text, "报告", number)
        started = time.perf_counter()
        for line, found in zip(lines, times):
            wait_until(lambda line=line: line.ask(asked) is not None, "a report at the node", 0.001)
            found.append((time.perf_counter() - started) * 1000)
    for line in lines:
        line.close()
    bench.stop(county)
    bench.stop(city)
    there, arrived = (sorted(found[10:]) for found in times)
    for what, share, limit in [("median", 0.5, MEDIAN_LIMIT), ("99th percentile", 0.99, LATE_LIMIT)]:
        index = min(count - 1, int(share * count))
        bench.row(f"from the inbox to the city, text of {len(text.encode()) / 1000:.0f} kB, {what} of {count}", f"{arrived[index]:.1f} ms",
                  f"limit {limit:.0f} ms", limit / arrived[index])
        print(f"bench: of this, until it is visible at the county: {there[index]:.1f} ms")


def idle_peers(bench):
    """What a city costs that has the sessions of 200 counties with a key each, when nothing happens."""
    authority = Authority(bench)
    city_store, port = bench.path("idle-city"), free_port()
    city_key, city_tls = authority.enrol("city", city_store)
    counties = []
    for number in range(COUNTIES):
        name = f"county{number}"
        counties.append((name, bench.path(name), *authority.enrol(name, bench.path(name))))
    city, city_port = bench.node("city", city_store, city_tls + grant(*(key for _, _, key, _ in counties)), port)
    alone = private_megabytes(city.pid)
    children = []
    for name, store, _, tls in counties:
        children.append(bench.node(name, store, tls + upstream(port, city_key), waits=False)[0])
        time.sleep(0.05)

    def connected():
        return sum(peer["established"] for peer in request(city_port, "STATUS")["peers"])

    wait_until(lambda: connected() == COUNTIES, "200 sessions", 1)
    time.sleep(15)  # until the sessions have nothing left to tell
    seconds = 60 if bench.options.sync_count >= 50_000 else 20
    before, started = processor_seconds(city.pid), time.monotonic()
    time.sleep(seconds)
    share = (processor_seconds(city.pid) - before) / (time.monotonic() - started)
    private = private_megabytes(city.pid)
    if connected() != COUNTIES:
        sys.exit("bench: a session was lost meanwhile")
    for child in children:
        child.kill()
        child.wait()
        bench.children.remove(child)
    bench.stop(city)
    bench.row(f"city with {COUNTIES} idle counties, private memory", f"{private:.1f} MB ({alone:.1f} without)", f"limit {IDLE_MEGABYTES:.0f} MB", IDLE_MEGABYTES / private)
    bench.row(f"city with {COUNTIES} idle counties, of one core in {seconds} s", f"{100 * share:.2f} %", f"limit {100 * IDLE_SHARE:.0f} %", IDLE_SHARE / max(share, 1e-4))


def returning_peers(bench):
    """What a city holds in memory, and how soon it answers, while 100 counties at once bring what they filed when it was away."""
    authority, counties = Authority(bench), 100 if bench.options.sync_count >= 50_000 else 20
    city_store, port = bench.path("returning-city"), free_port()
    city_key, city_tls = authority.enrol("city", city_store)
    grants, nodes, stores = "grants:\n", [], [city_store]
    for number in range(counties):
        name, store, district = f"returning{number}", bench.path(f"returning{number}"), f"第{number}区"
        bench.run("reportd-bench", "county", store, RETURNING, district)
        settle(bench, store)
        key, tls = authority.enrol(name, store)
        nodes.append(bench.node(name, store, tls + upstream(port, city_key), stands_back=True)[0])
        stores.append(store)
        grants += f"- {{key: '{key}', regions: [湛江市/{district}], verbs: [peer]}}\n"
    city, city_port = bench.node("city", city_store, city_tls + grants, port)
    started, private, total = time.monotonic(), [private_megabytes(city.pid)], counties * RETURNING
    line, waits, quiet = Line(city_port), [], []

    def status(times):
        asked = time.monotonic()
        answer = line.ask("STATUS")
        times.append(time.monotonic() - asked)
        return answer

    def are_all_here():
        private.append(private_megabytes(city.pid))
        return json.loads(status(waits))["keys"] >= total

    wait_until(are_all_here, "catching up of all counties", 0.05)
    seconds = time.monotonic() - started
    time.sleep(10)  # the counties may still take each other's headers: see docs/benchmarks.md
    size = [len(status(quiet)) for _ in range(5)][-1]
    line.close()
    for node in [*nodes, city]:
        bench.stop(node)
    for store in stores:
        shutil.rmtree(store)
    bench.row(f"city to which {counties} counties come back at once, private memory", f"{max(private):.0f} MB ({private[0]:.0f} without)",
              f"limit {RETURNING_MEGABYTES:.0f} MB", RETURNING_MEGABYTES / max(private))
    print(f"bench: {total:,} reports in {seconds:.0f} s, {total / seconds:,.0f}/s; STATUS answers in {1000 * statistics.median(waits):.0f} ms, "
          f"at most {1000 * max(waits):.0f} ms; afterwards in {1000 * statistics.median(quiet):.0f} ms with {size / 1000:,.0f} kB")


def catch_up(bench):
    """Bytes on the wire when little or much is missing of 10,000 reports after a break."""
    count, authority = min(10_000, bench.options.sync_count), Authority(bench)
    store, city_store = bench.path("break-county"), bench.path("break-city")
    bench.run("reportd-bench", "store", store, count, 1, 1)
    dump = bench.path("break-dump")
    bench.run("reportd-bench", "store", bench.path("break-other"), count + FEW + MANY, 1, 1, dump)
    shutil.rmtree(bench.path("break-other"))
    records = first_pairs(dump, count + FEW + MANY)[count:]
    os.remove(dump)
    county_key, county_tls = authority.enrol("county", store)
    city_key, city_tls = authority.enrol("city", city_store)
    held, totals, milliseconds = count, {}, {}
    for missing in [count, 0, FEW, MANY]:
        if missing != count:
            county, port = bench.node("county", store, IMPORT)
            line = Line(port)
            for _, record in records[held - count:held - count + missing]:
                payload = b'{"record":' + record + b"}"
                line.ask(f"PUTREC {len(payload)}", payload)
            line.close()
            bench.stop(county)
            held += missing
        port = free_port()
        city, city_port = bench.node("city", city_store, city_tls + grant(county_key), port)
        county, county_port = bench.node("county", store, county_tls + upstream(port, city_key))
        started = time.monotonic()

        def is_done(county_port=county_port, city_port=city_port):
            peers = request(county_port, "STATUS")["peers"]
            return any(peer["caughtUp"] for peer in peers) and request(city_port, "STATUS")["keys"] == held

        wait_until(is_done, "catching up")
        milliseconds[missing] = 1000 * (time.monotonic() - started)
        totals[missing] = sum(bytes_on_the_wire(port))
        bench.stop(county)
        bench.stop(city)
    shutil.rmtree(store)
    shutil.rmtree(city_store)
    few, many = ((totals[missing] - totals[0]) / missing for missing in (FEW, MANY))
    bench.row(f"after a break, bytes for each of {MANY:,} missing of {held:,}", f"{many:,.0f}", f"{FEW} missing, {few:,.0f} each", few / many)
    print(f"bench: on the wire in both directions: nothing missing {totals[0]:,} bytes, {FEW} missing {totals[FEW]:,}, "
          f"{MANY:,} missing {totals[MANY]:,}, all {count:,} {totals[count]:,}; "
          + ", ".join(f"{missing:,} in {taken:,.0f} ms" for missing, taken in milliseconds.items()))
