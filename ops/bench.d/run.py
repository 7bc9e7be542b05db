"""Runs the cases of ops/bench and prints their table; see docs/benchmarks.md."""

import argparse
import datetime
import json
import os
import platform
import re
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import time
import unicodedata

import database
import peers
import word_file
from harness import (
    IMPORT, Bench, answers, first_pairs, free_port, made_dump, private_megabytes, public_key, ratio_of, request, wait_for,
)

CONNECTIONS = [(50, 1), (50, 16), (1, 1)]
START_LIMIT = 10.0  # ms, a whole reportctl get
PARSE_LIMIT = 5.0  # MB/s
WORKER_LIMIT = 20.0  # ms, one small file once the worker is warm
WORKER_REQUESTS = 200
SEARCH_LIMIT = 20.0  # ms, the first page
STEADY_RATE = 300  # reports a second beside which the index keeps up


def embedded(bench):
    """Append and get in process beside LMDB in C. Leaves a store and a dump for the other cases."""
    options = bench.options
    appends, gets, tables, alone, layout = [], [], [], [], []
    dump, trace = bench.path("dump"), bench.path("trace")
    traced_rows(bench, trace)
    for number in range(options.rounds):
        store = bench.path(f"store{number}")
        arguments = [dump] if number == 0 else []
        ours = bench.run("reportd-bench", "store", store, options.count, 2, 5, *arguments)
        single = bench.run("reportd-bench", "store", bench.path("single"), options.count, 1, 1)
        shutil.rmtree(bench.path("single"))
        raw = bench.path("raw")
        os.mkdir(raw)
        peer = bench.run("bench-rawlmdb", raw, dump, 100, 5)
        shutil.rmtree(raw)
        sqlite = bench.run("bench-sqlite", bench.path("sqlite"), dump, 100)
        for name in os.listdir(bench.folder):
            if name.startswith("sqlite"):
                os.remove(bench.path(name))
        tables.append((ours["appendPerSecond"], sqlite["putPerSecond"]))
        os.mkdir(raw)
        rows = bench.run("bench-rows", raw, trace, options.count)
        shutil.rmtree(raw)
        layout.append((ours["appendPerSecond"], rows["putPerSecond"], peer["putPerSecond"]))
        if number == 0:
            bench.record_bytes = ours["recordBytes"]
        else:
            shutil.rmtree(store)
        appends.append((ours["appendPerSecond"], peer["putPerSecond"]))
        alone.append((single["appendPerSecond"], peer["putPerSecond"]))
        gets.append((ours["getPerSecond"], peer["getPerSecond"]))
    for what, pairs in [
        ("append, batches of 100, fsync, two callers", appends), ("the same, one caller", alone),
        ("get by key, in process", gets),
    ]:
        ours, peer, ratio = ratio_of(pairs)
        bench.row(what, f"{ours:,.0f}/s", f"LMDB in C {peer:,.0f}/s", ratio)
    ours, peer, ratio = ratio_of(tables)
    bench.row("append, batches of 100, fsync, two callers", f"{ours:,.0f}/s", f"SQLite {peer:,.0f}/s", ratio)
    os.remove(trace)
    # What the layout leaves to anybody: the store's own rows in its tables, put by C without JSON, hashes and signatures.
    ours, peer, ratio = ratio_of([pair[:2] for pair in layout])
    limit = statistics.median(rows / raw for _, rows, raw in layout)
    print(
        f"bench: append: the same {rows['rows']:.0f} rows a report put by LMDB in C {peer:,.0f}/s: ours {ratio:.2f} of that, "
        f"that {limit:.2f} of one table", flush=True,
    )


def traced_rows(bench, trace):
    """Writes down the rows of an append of as many reports, as its transactions put them."""
    store = bench.path("traced")
    subprocess.run(
        [bench.program("reportd-bench"), "store", store, str(bench.options.count), "1", "1"], stdout=subprocess.DEVNULL,
        check=True, env={**os.environ, "LD_PRELOAD": bench.program("bench-rows.so"), "ROWS_TRACE": trace},
    )
    shutil.rmtree(store)


PUT_CONNECTIONS = 50


def start_etcd(bench, name):
    """Starts an etcd of one member; returns its process, port and folder once it has elected itself."""
    folder, port, peers = bench.path(name), free_port(), free_port()
    etcd = bench.start(
        ["etcd", "--data-dir", folder, "--listen-client-urls", f"http://127.0.0.1:{port}",
         "--advertise-client-urls", f"http://127.0.0.1:{port}", "--listen-peer-urls", f"http://127.0.0.1:{peers}",
         "--initial-advertise-peer-urls", f"http://127.0.0.1:{peers}",
         "--initial-cluster", f"default=http://127.0.0.1:{peers}"],
        stdout=open(bench.path("etcd.log"), "w", encoding="utf-8"), stderr=subprocess.STDOUT,
    )
    wait_for(lambda: answers(port), etcd, bench.path("etcd.log"))
    time.sleep(2)  # until it has elected itself
    return etcd, port, folder


def putrec(bench):
    """PUTREC beside SET of Redis with appendfsync always and put of etcd: one write under way a connection."""
    options, dump = bench.options, made_dump(bench)
    redis_pairs, etcd_pairs = [], []

    def put(protocol, port):
        return bench.run("bench-put", protocol, port, PUT_CONNECTIONS, options.seconds, dump)

    for _ in range(options.rounds):
        store = bench.path("put-store")
        node, port = bench.node("put", store, IMPORT)
        ours = put("line", port)
        bench.stop(node)
        shutil.rmtree(store)
        folder = bench.path("put-redis")
        os.mkdir(folder)
        port = free_port()
        redis = bench.start(
            ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes",
             "--appendfsync", "always", "--daemonize", "no", "--dir", folder],
            stdout=open(bench.path("redis.log"), "w", encoding="utf-8"),
        )
        wait_for(lambda: answers(port), redis, bench.path("redis.log"))
        theirs = put("resp", port)
        bench.stop(redis)
        shutil.rmtree(folder)
        redis_pairs.append((ours["perSecond"], theirs["perSecond"]))
        if not shutil.which("etcd"):
            continue
        etcd, port, folder = start_etcd(bench, "put-etcd")
        theirs = put("etcd", port)
        bench.stop(etcd)
        shutil.rmtree(folder)
        etcd_pairs.append((ours["perSecond"], theirs["perSecond"]))
    for peer_name, pairs in [("Redis SET, appendfsync always,", redis_pairs), ("etcd put", etcd_pairs)]:
        if pairs:
            mine, theirs, ratio = ratio_of(pairs)
            bench.row(f"PUTREC over TCP, {PUT_CONNECTIONS} × 1, fsync", f"{mine:,.0f}/s", f"{peer_name} {theirs:,.0f}/s", ratio)


def growth(bench):
    """Get, list of 50 and append at a million records beside ten thousand; records of about 500 bytes."""
    large = max(20_000, 50 * bench.options.count)
    figures = bench.run("reportd-bench", "growth", bench.path("growth-store"), 10_000, large)
    shutil.rmtree(bench.path("growth-store"))
    for what in ["get", "list", "append"]:
        small, grown = figures["small"][what] / 1000, figures["large"][what] / 1000
        bench.row(
            f"growth, {what}, {large:,} records", f"{grown:,.1f} µs", f"10,000 records {small:,.1f} µs, limit 2 ×",
            2 * small / grown,
        )
    # What the engine itself loses on the same way: the same keys in the same order, values as long as ours.
    peers_of = {count: growth_peer(bench, count) for count in (10_000, large)}
    for what, field in [("get", "bestGetPerSecond"), ("put", "putPerSecond")]:
        small, grown = (1e6 / peers_of[count][field] for count in (10_000, large))
        print(
            f"bench: growth, {what} of LMDB in C alone: {large:,} records {grown:,.1f} µs, 10,000 {small:,.1f} µs, "
            f"{grown / small:.1f} × the time", flush=True,
        )


def growth_peer(bench, count):
    """One table of LMDB in C with as many records."""
    dump, folder, value = bench.path("growth-dump"), bench.path("growth-raw"), b"x" * 600
    with open(dump, "wb") as file:
        for index in range(count):
            unit = index * 7_919 % 1_000_003
            key = f"{2020 + index % 5}/湛江市/第{unit % 200}区/第{index}服务中心/整体支出".encode()
            file.write(struct.pack("=II", len(key), len(value)) + key + value)
    os.mkdir(folder)
    figures = bench.run("bench-rawlmdb", folder, dump, 100, 3, 20_000)
    shutil.rmtree(folder)
    os.remove(dump)
    return figures


def space(bench):
    """The whole file beside the records and zstd -3 of each source."""
    samples = bench.path("samples")
    os.mkdir(samples)
    count = bench.options.count
    figures = bench.run("reportd-bench", "space", bench.path("space-store"), count, samples)
    shutil.rmtree(bench.path("space-store"))
    sizes = [
        len(subprocess.run(["zstd", "-3", "-q", "-c", os.path.join(samples, name)], stdout=subprocess.PIPE, check=True).stdout)
        for name in os.listdir(samples)
    ]
    content = figures["recordBytes"] + count * statistics.mean(sizes)
    for what, used in [("log, versions, bodies", figures["coreBytes"]), ("all tables but search", figures["usedBytes"])]:
        bench.row(
            f"space, {what}", f"{used / count:,.0f} bytes a report",
            f"records and zstd -3 of sources {content / count:,.0f} ({used / content:.2f} ×), limit 1.15 ×",
            1.15 * content / used,
        )


def memory(bench):
    """RssAnon of a node before, and the greatest while it takes reports over PUTREC."""
    dump = made_dump(bench)
    node, port = bench.node("memory", bench.path("memory-store"), IMPORT)
    time.sleep(1)
    idle = private_megabytes(node.pid)
    load = bench.start(
        [bench.program("bench-put"), "line", str(port), str(PUT_CONNECTIONS), "3600", dump], stdout=subprocess.PIPE, text=True
    )
    greatest = idle
    while load.poll() is None:
        greatest = max(greatest, private_megabytes(node.pid))
        time.sleep(0.05)
    bench.children.remove(load)
    stored = json.loads(load.stdout.read())["stored"]
    bench.stop(node)
    shutil.rmtree(bench.path("memory-store"))
    bench.row("private memory, idle", f"{idle:.1f} MB", "limit 30 MB", 30 / idle)
    bench.row(f"private memory, taking in {stored:,} reports", f"{greatest:.1f} MB", "limit 150 MB", 150 / greatest)


def network(bench):
    """GET over TCP beside Redis, the same load on both in turn, of a node that has indexed what it holds."""
    dump, options = bench.path("dump"), bench.options
    peers.settle(bench, bench.path("store0"))
    node, port = bench.node("node", bench.path("store0"))
    redis_port = free_port()
    redis = bench.start(
        ["redis-server", "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "",
         "--appendonly", "no", "--daemonize", "no", "--dir", bench.folder],
        stdout=open(bench.path("redis.log"), "w", encoding="utf-8"),
    )
    wait_for(lambda: answers(redis_port), redis, bench.path("redis.log"))
    bench.run("bench-load", "set", redis_port, dump)
    for connections, depth in CONNECTIONS:
        pairs, ours, peer = [], None, None
        for _ in range(options.rounds):
            arguments = [connections, depth, options.seconds, dump]
            ours = bench.run("bench-load", "line", port, *arguments)
            peer = bench.run("bench-load", "resp", redis_port, *arguments)
            pairs.append((ours["perSecond"], peer["perSecond"]))
        mine, theirs, ratio = ratio_of(pairs)
        bench.row(
            f"GET over TCP, {connections} × {depth}",
            f"{mine:,.0f}/s p50 {ours['p50']:.0f} p99 {ours['p99']:.0f} µs",
            f"Redis {theirs:,.0f}/s p50 {peer['p50']:.0f} p99 {peer['p99']:.0f} µs",
            ratio,
        )
    bench.stop(redis)
    return node, port


def get(bench):
    """GET over TCP by itself, on a store that is made here."""
    made_dump(bench)
    bench.stop(network(bench)[0])


def start(bench):
    """reportctl get by itself, on a node with a store that is made here."""
    made_dump(bench)
    peers.settle(bench, bench.path("store0"))
    node, port = bench.node("start", bench.path("store0"))
    whole_process(bench, port)
    bench.stop(node)


def milliseconds_of(command):
    """A process from start to exit, its output thrown away."""
    nowhere = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
    started = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=nowhere)
    _, status = os.waitpid(pid, 0)
    taken = (time.perf_counter() - started) * 1000
    if status != 0:
        sys.exit(f"bench: {' '.join(command[:2])} failed with {status}")
    return taken


def whole_process(bench, port):
    """reportctl get from start to exit, over TCP beside etcdctl get of the same keys and values."""
    pairs = first_pairs(bench.path("dump"), 50)
    ways = [("over TCP", ["--node", f"127.0.0.1:{port}"]), ("with --store", ["--store", bench.path("store0")])]

    def ours(key, way):
        return milliseconds_of([bench.program("reportctl"), "get", key, "-o", "json", *way])

    for name, way in ways:
        median = statistics.median(ours(key, way) for key, _ in pairs)
        bench.row(
            f"reportctl get {name}, whole process", f"{median:.1f} ms", f"limit {START_LIMIT:.0f} ms",
            START_LIMIT / median,
        )
    etcdctl = shutil.which("etcdctl")
    if not etcdctl or not shutil.which("etcd"):
        print("bench: etcd or etcdctl is not there; the case of etcdctl get is left out", flush=True)
        return
    etcd, etcd_port, folder = start_etcd(bench, "get-etcd")
    etcdctl = [etcdctl, "--endpoints", f"http://127.0.0.1:{etcd_port}"]
    for key, value in pairs:
        subprocess.run([*etcdctl, "put", key], input=value, stdout=subprocess.DEVNULL, check=True)
    times = [(milliseconds_of([*etcdctl, "get", key]), ours(key, ways[0][1])) for key, _ in pairs]
    bench.stop(etcd)
    shutil.rmtree(folder)
    theirs, mine, ratio = ratio_of(times)
    size = statistics.mean(len(value) for _, value in pairs) / 1000
    bench.row(
        f"reportctl get over TCP, whole process, {size:.0f} kB", f"{mine:.1f} ms",
        f"etcdctl get {theirs:.1f} ms, limit half of it", ratio / 2,
    )


def parsing(bench):
    figures = bench.run("reportd-bench", "parse", min(5, bench.options.seconds))
    for name in ["typical", "large"]:
        case = figures[name]
        rate = case["kilobytesPerSecond"] / 1000
        bench.row(
            f"parse text, {case['bytes'] / 1000:.0f} kB, one core", f"{rate:.1f} MB/s",
            f"limit {PARSE_LIMIT:.0f} MB/s", rate / PARSE_LIMIT,
        )


def made_up(bench):
    """A text of 10 kB and a docx of 20 kB with the same report twice as long."""
    text = bench.run("reportd-bench", "text", 10_000)
    with open(bench.path("report.txt"), "w", encoding="utf-8") as file:
        file.write(text)
    word_file.make(bench.path("report.docx"), bench.run("reportd-bench", "text", 20_000).split("\n"), 20_000)
    return [bench.path("report.txt"), bench.path("report.docx")]


def docx(bench):
    """Extraction of a docx in process beside python-docx collecting the text of the same file."""
    path = made_up(bench)[1]
    python = bench.options.python
    if not python:
        print("bench: docx: python-docx is not there (ops/bench says why); the case is left out", flush=True)
        return
    pairs, parses = [], []
    seconds = min(2, bench.options.seconds)
    for _ in range(bench.options.rounds):
        ours = bench.run("reportd-bench", "file", path, seconds)
        done = subprocess.run(
            [python, word_file.__file__, path, str(seconds)], stdout=subprocess.PIPE, check=True
        )
        theirs = json.loads(done.stdout)["microseconds"]
        pairs.append((theirs, ours["extract"]))
        parses.append((theirs, ours["parse"]))
    size = os.path.getsize(path) / 1000
    for what, found in [("text of a docx", pairs), ("docx parsed and checked", parses)]:
        peer, mine, ratio = ratio_of(found)
        bench.row(f"{what}, {size:.0f} kB", f"{mine / 1000:.2f} ms", f"python-docx, its text {peer / 1000:.1f} ms", ratio)


def worker(bench):
    """One small file after the other through reportd-worker, from the request's first byte to the reply's last."""
    for path in made_up(bench):
        with open(path, "rb") as file:
            payload = file.read()
        argument = json.dumps({"name": os.path.basename(path)}).encode()
        request = b"PARSE %d %d\n" % (len(argument), len(payload)) + argument + payload
        child = bench.start(
            [bench.program("reportd-worker"), "--address-space", str(1 << 30), "--data", str(448 << 20), "--time-limit", "15"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
        )
        output = os.fdopen(os.dup(child.stdout.fileno()), "rb", 1 << 16)
        times = []
        for number in range(WORKER_REQUESTS + 20):
            started = time.perf_counter()
            sent = 0
            while sent < len(request):
                sent += child.stdin.write(request[sent:])
            status, length = output.readline().split()
            reply = output.read(int(length))
            times.append((time.perf_counter() - started) * 1000)
            if status != b"+OK":
                sys.exit("bench: the worker answered " + reply.decode())
        child.stdin.close()
        child.wait(timeout=60)
        output.close()
        bench.children.remove(child)
        median = statistics.median(times[20:])
        name = os.path.splitext(path)[1][1:]
        bench.row(
            f"worker, {name} of {len(payload) / 1000:.0f} kB, warm", f"{median:.1f} ms",
            f"limit {WORKER_LIMIT:.0f} ms", WORKER_LIMIT / median,
        )


def search(bench):
    """Words of two characters in reports of 10 kB of text, beside ripgrep over the same texts as files."""
    options = bench.options
    count, seconds = options.search_count, 60 if options.search_count >= 50_000 else 10
    files = bench.path("texts")
    figures = bench.run("reportd-bench", "search", bench.path("searched"), count, files, seconds)
    text, index = figures["textBytes"], figures["indexBytes"]
    bands = {"rare": [], "medium": [], "common": [], "two words long": []}
    for word in figures["words"]:
        share = word["total"] / count
        band = "rare" if share < 0.005 else "medium" if share < 0.2 else "common"
        bands[band if len(word["word"]) == 2 else "two words long"].append(word)
    for name, words in bands.items():
        pairs = []
        for word in words[:: max(1, len(words) // 5)]:
            command = ["rg", "--no-config", "-l", "-F", word["word"], files]
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            started = time.perf_counter()
            found = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.count(b"\n")
            pairs.append(((time.perf_counter() - started) * 1000, word["microseconds"] / 1000))
            if name != "two words long" and found != word["total"]:
                sys.exit(f"bench: {word['word']} is in {found} files, found were {word['total']}")
        peer, mine, ratio = ratio_of(pairs)
        bench.row(f"search, {name} word, first page of {count:,} reports", f"{mine:.1f} ms",
                  f"ripgrep -l {peer:.0f} ms", ratio)
        if name == "two words long":
            continue
        bench.row(f"search, {name} word, limit", f"{mine:.1f} ms", f"limit {SEARCH_LIMIT:.0f} ms", SEARCH_LIMIT / mine)
    bench.row(f"index of {text / 1e6:.0f} MB of text", f"{index / 1e6:.0f} MB", "the text", text / index)
    lag = figures["drainMilliseconds"]
    print(f"bench: index beside {STEADY_RATE} reports/s for {seconds} s: at most {figures['greatestLag']} reports behind, "
          f"{lag} ms after the last one none; {figures['indexPerSecond']:,} reports/s alone; "
          f"processor {figures['indexCPUMilliseconds'] / max(1, count - figures['steadyReports']):.2f} ms a report, merges included; "
          f"private {figures['privateKilobytes'] / 1024:.0f} MB")


def taking_in(bench, idle):
    """A county with the whole store connects to an empty city; memory of the city before and after."""
    county_store, city_store = bench.path("store0"), bench.path("city")
    county_key, city_key = public_key(bench, county_store), public_key(bench, city_store)
    grants = f'grants:\n- key: {county_key}\n  regions: ["*"]\n  verbs: [peer]\n'
    city, city_port = bench.node("city", city_store, grants)
    empty = private_megabytes(city.pid)
    upstream = f"upstreams:\n- address: 127.0.0.1:{city_port}\n  key: {city_key}\n"
    started = time.monotonic()
    bench.node("county", county_store, upstream)
    until = started + 300
    while (held := request(city_port, "STATUS")["keys"]) < bench.options.count:
        if time.monotonic() > until:
            sys.exit(f"bench: the city holds {held} of {bench.options.count} reports")
        time.sleep(0.2)
    rate = bench.options.count / (time.monotonic() - started)
    full = private_megabytes(city.pid)
    records = bench.record_bytes * bench.options.count / 1e6
    print(f"bench: memory (private): empty node {empty:.1f} MB; node with the store at start {idle:.1f} MB; "
          f"city after taking in {bench.options.count} reports ({records:.0f} MB) {full:.1f} MB, {rate:,.0f} reports/s")
    bench.memory = (empty, idle, full, rate)


def width(text):
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def table(rows):
    rows = [("what", "ours", "peer", "ratio"), *rows]
    widths = [max(width(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print(" | ".join(cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row)).rstrip())


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"model name\s*:\s*(.*)", file.read())
    redis = subprocess.run(["redis-server", "--version"], stdout=subprocess.PIPE, text=True).stdout
    lmdb = subprocess.run(["dpkg-query", "-W", "-f=${Version}", "liblmdb0"], stdout=subprocess.PIPE, text=True).stdout
    swift = subprocess.run(["swift", "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return (
        f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}, "
        f"{datetime.date.today()}, Swift {re.search(r'version ([0-9.]+)', swift)[1]}, LMDB {lmdb}, "
        f"Redis {re.search(r'v=([0-9.]+)', redis)[1]}, load {os.getloadavg()[0]:.1f}"
    )


ALONE = {
    "append": embedded, "get": get, "putrec": putrec, "growth": growth, "space": space, "memory": memory,
    "parsing": parsing, "docx": docx, "worker": worker, "search": search, "start": start,
    "sync": peers.sync, "latency": peers.latency, "idle-peers": peers.idle_peers, "catch-up": peers.catch_up,
    "returning-peers": peers.returning_peers,
    "postgres": database.database,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--products", required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--search-count", type=int, default=100_000, help="reports of the search")
    parser.add_argument("--sync-count", type=int, default=100_000, help="reports of a city that catches up")
    parser.add_argument("--profile", default="", help="file for perf record of the city of --only=sync")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--python", default="", help="Python that has python-docx")
    parser.add_argument("--only", choices=sorted(ALONE), help="one case, without the table")
    # Ended from outside, a run takes its nodes and servers along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    bench = Bench(parser.parse_args())
    bench.options.products = os.path.abspath(bench.options.products)
    try:
        if bench.options.only:
            ALONE[bench.options.only](bench)
            return
        embedded(bench)
        node = bench.node("idle", bench.path("store0"))[0]
        time.sleep(1)
        idle = private_megabytes(node.pid)
        bench.stop(node)
        node, port = network(bench)
        whole_process(bench, port)
        bench.stop(node)
        putrec(bench)
        growth(bench)
        space(bench)
        memory(bench)
        parsing(bench)
        docx(bench)
        worker(bench)
        search(bench)
        peers.sync(bench)
        peers.latency(bench)
        peers.idle_peers(bench)
        peers.returning_peers(bench)
        peers.catch_up(bench)
        database.database(bench)
        taking_in(bench, idle)
        print()
        table(bench.rows)
        empty, idle, full, rate = bench.memory
        print(f"\nmemory of reportd (private): empty {empty:.1f} MB, with the store at start {idle:.1f} MB, "
              f"after taking in {full:.1f} MB at {rate:,.0f} reports/s")
        print(f"{bench.options.count} reports of {bench.record_bytes} bytes, {bench.options.rounds} rounds; {machine()}")
    finally:
        bench.clean()


main()
