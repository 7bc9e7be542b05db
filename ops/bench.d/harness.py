"""What the cases of ops/bench share: programs, children, a scratch folder, and the rows of the table."""

import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

IMPORT = 'grants:\n- key: loopback\n  verbs: [import]\n  regions: ["*"]\n'


class Bench:
    """What the cases share: programs, a scratch folder, children, rows."""

    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="reportd-bench.")
        self.children = []
        self.rows = []
        self.count = 0

    def program(self, name):
        return os.path.join(self.options.products, name)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, name, *arguments):
        done = subprocess.run(
            [self.program(name), *map(str, arguments)], stdout=subprocess.PIPE, check=True
        )
        return json.loads(done.stdout)

    def start(self, command, **settings):
        child = subprocess.Popen(command, **settings)
        self.children.append(child)
        return child

    def stop(self, child, how=signal.SIGTERM):
        child.send_signal(how)
        child.wait(timeout=60)
        self.children.remove(child)

    def row(self, what, ours, peer, ratio):
        self.rows.append((what, ours, peer, f"{ratio:.2f}"))
        print(f"bench: {what}: {ours}, {peer}, {ratio:.2f}", flush=True)

    def node(self, name, store, extra="", secure_port=None, waits=True, stands_back=False):
        """Starts a node; returns its process and port, once it answers unless told not to wait. `secure_port` is under TLS.
        One that stands back leaves the processors to the others: it is on a machine of its own in practice."""
        port = free_port()
        configuration = self.path(name + ".yaml")
        secure = f", {{address: 127.0.0.1:{secure_port}, tls: true}}" if secure_port else ""
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(f"node:\n  name: {name}\nstore: {store}\nlisten: [127.0.0.1:{port}{secure}]\n{extra}")
        log = open(self.path(name + ".log"), "w", encoding="utf-8")
        before = ["nice", "-n", "19"] if stands_back else []
        child = self.start([*before, self.program("reportd"), "--config", configuration], stderr=log)
        if waits:
            wait_for(lambda: answers(port), child, self.path(name + ".log"))
        return child, port

    def clean(self):
        if sys.exc_info()[0] is not None:
            self.tell_logs()
        for child in list(self.children):
            child.kill()
            child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def tell_logs(self):
        """The last lines of every node, for a run that failed."""
        for name in sorted(os.listdir(self.folder)):
            if name.endswith(".log"):
                with open(self.path(name), encoding="utf-8", errors="replace") as file:
                    print(f"bench: {name}:\n" + "".join(file.readlines()[-10:]), file=sys.stderr)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def wait_for(condition, child, log):
    until = time.monotonic() + 60
    while not condition():
        if child.poll() is not None or time.monotonic() > until:
            with open(log, encoding="utf-8") as file:
                sys.exit("bench: a program did not start:\n" + file.read())
        time.sleep(0.02)


def request(port, line):
    """Sends one line and returns the payload of its reply as JSON."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as server:
        server.sendall(line.encode() + b"\n")
        server.shutdown(socket.SHUT_WR)
        reply = b"".join(iter(lambda: server.recv(65536), b""))
    head, _, payload = reply.partition(b"\n")
    if not head.startswith(b"+OK"):
        sys.exit("bench: " + head.decode())
    return json.loads(payload)


def private_megabytes(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return int(re.search(r"RssAnon:\s+(\d+) kB", file.read())[1]) / 1024


def ratio_of(pairs):
    """Medians of ours and peer, and the median of the ratios of pairs measured side by side."""
    ours = statistics.median(pair[0] for pair in pairs)
    peer = statistics.median(pair[1] for pair in pairs)
    return ours, peer, statistics.median(a / b for a, b in pairs)


def first_pairs(dump, count):
    pairs = []
    with open(dump, "rb") as file:
        while len(pairs) < count and (lengths := file.read(8)):
            key = file.read(int.from_bytes(lengths[:4], "little")).decode()
            pairs.append((key, file.read(int.from_bytes(lengths[4:], "little"))))
    return pairs


def made_dump(bench):
    """Keys and records for the cases that run by themselves."""
    if not os.path.exists(bench.path("dump")):
        bench.record_bytes = bench.run(
            "reportd-bench", "store", bench.path("store0"), bench.options.count, 1, 1, bench.path("dump")
        )["recordBytes"]
    return bench.path("dump")


def public_key(bench, store):
    configuration = bench.path("key.yaml")
    with open(configuration, "w", encoding="utf-8") as file:
        file.write(f"node:\n  name: key\nstore: {store}\n")
    done = subprocess.run(
        [bench.program("reportd"), "--config", configuration, "--show-key"],
        stdout=subprocess.PIPE, check=True, text=True,
    )
    return done.stdout.strip()
