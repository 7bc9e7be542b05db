"""The primary of a shared database dies under filing; see ops/failover, ops/long failover and docs/scale-out.md."""

import hashlib
import json
import os
import signal
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "network.d"))
from cluster import Cluster, wait_until  # noqa: E402
from filing import Client, County, SharedNode  # noqa: E402
from trial import Trial, arguments, carry_out  # noqa: E402

# Acknowledgements of each who files, before the primary is killed and after it.
ENOUGH = 40


class Failover(Trial):
    """The cluster, two nodes, three who file, and what must be true at the end."""

    name = "failover"

    def __init__(self, options):
        super().__init__(options)
        os.chmod(self.folder, 0o755)
        self.cluster = Cluster(self.folder, f"127.{self.random.randrange(20, 250)}.{self.random.randrange(250)}.")
        self.url = f"postgresql://reportd@{self.cluster.hosts()}/reportd?target_session_attrs=read-write&sslmode=require"
        self.nodes = [SharedNode(name, self.url, self) for name in ("省甲", "省乙")]
        self.clients = [Client(f"湛江市{name}", node) for name, node in zip(("赤坎区", "霞山区"), self.nodes)]
        self.county = County("麻章区", "湛江市麻章区", self)
        self.fresh = SharedNode("后来", self.url, self)
        self.filers = [*self.clients, self.county]
        self.silences = []

    def every_node(self):
        return [*self.nodes, self.county.node, self.fresh, *self.cluster.every_service()]

    def clear(self):
        self.cluster.stop()

    def wait(self, condition, what, pause=0.1):
        return wait_until(condition, what, self.options.patience, pause)

    def run(self):
        self.say(f"seed {self.options.seed}, folder {self.folder}")
        self.begin()
        for number in range(self.options.kills):
            self.fail_over(number + 1)
        self.settle()
        self.compare()
        self.judge()
        worst = [f"{max(silences):.1f}" for silences in zip(*self.silences)]
        self.say(f"{self.options.kills} primaries killed; longest without an acknowledgement: {worst[0]} s and {worst[1]} s "
                 f"for the clients, {worst[2]} s for the county")

    def begin(self):
        """As the comments of patroni.yml and docs/scale-out.md say it."""
        self.cluster.start()
        self.wait(self.cluster.is_whole, "a primary with a synchronous standby", 0.5)
        primary = self.cluster.primary()
        primary.sql("CREATE ROLE reportd LOGIN PASSWORD 'geheim'", "postgres")
        primary.sql("CREATE DATABASE reportd OWNER reportd ENCODING 'UTF8' TEMPLATE template0", "postgres")
        passwords = os.path.join(self.folder, "pgpass")
        with open(passwords, "w", encoding="ascii", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write("*:*:reportd:reportd:geheim\n")
        os.environ["PGPASSFILE"] = passwords
        self.fresh.run("reportctl", "store", "init", self.url)
        county = self.county.node
        county.configure([f"listen: 127.0.0.1:{county.port}"])
        grants = ["grants:", f"  - {{key: '{county.key()}', regions: ['*'], verbs: [peer]}}"]
        upstreams = ["upstreams:"]
        for node in self.nodes:
            node.configure(grants)
            upstreams.append(f"  - {{address: 127.0.0.1:{node.port}, key: '{node.key()}'}}")
        county.configure([f"listen: 127.0.0.1:{county.port}", *upstreams])
        for node in [*self.nodes, county]:
            node.start()
            node.await_answer()
        for filer in self.filers:
            filer.start()
        self.say(f"{self.cluster.primary().name} is the primary; two clients and a county file")

    def all_filed(self, moment):
        """Whether each has so many acknowledgements since then."""
        for filer in self.filers:
            if filer.problems:
                self.fail(filer.problems[0])
        return all(filer.since(moment) >= ENOUGH for filer in self.filers)

    def fail_over(self, number):
        self.wait(self.cluster.is_whole, "a whole cluster", 0.5)
        begin = time.time()
        self.wait(lambda: self.all_filed(begin), "filing before the kill")
        primary = self.cluster.primary()
        before = self.acknowledged_count()
        primary.kill()
        killed = time.time()
        promoted = self.wait(lambda: self.cluster.primary(but=primary), "another primary")
        after = time.time() - killed
        self.wait(lambda: self.all_filed(killed), "filing after the kill")
        pairs = [filer.silence_since(killed) for filer in self.filers]
        silences = [end - begin for begin, end in pairs]
        self.silences.append(silences)
        first = min(end for _, end in pairs) - killed
        told = " ".join(f"{seconds:.1f}" for seconds in silences)
        self.say(f"{number}: {primary.name} killed after {before} acknowledgements, {promoted.name} is the primary {after:.1f} s "
                 f"later, the first acknowledgement {first:.1f} s after the kill; without any: {told} s")
        primary.start()

    def acknowledged_count(self):
        return sum(len(filer.times) for filer in self.filers)

    def settle(self):
        """Everybody comes to an end, and every node has what the database has."""
        for filer in self.filers:
            filer.end(self.options.patience)
            self.problems += filer.problems
        self.wait(lambda: self.county.read_receipts() == self.county.count, "the receipts of the county", 0.5)
        self.wait(self.cluster.is_whole, "a whole cluster at the end", 0.5)
        self.fresh.start()
        self.fresh.await_answer()
        nodes = [*self.nodes, self.fresh]
        self.wait(lambda: all(node.status()["database"] == "current" for node in nodes), "nodes that follow the database", 0.5)

    def compare(self):
        """Each acknowledged entry is in the new primary, once, as it was filed; nothing else is there, and no log has a gap."""
        primary = self.cluster.primary()
        rows = primary.sql("SELECT origin, seq, encode(hash, 'hex') FROM records")
        held = {(log, int(sequence)): digest for log, sequence, digest in rows}
        heads = {log: int(sequence) for log, sequence in primary.sql("SELECT origin, seq FROM heads")}
        self.expect(len(held) == len(rows), f"{len(rows)} rows for {len(held)} entries")
        whole = {(log, number) for log, last in heads.items() for number in range(1, last + 1)}
        self.expect(set(held) == whole, f"gaps: {sorted(whole - set(held))[:5]}, beyond the end: {sorted(set(held) - whole)[:5]}")
        seen, compared = set(), 0
        for filer in self.filers:
            for digest, (key, name) in filer.acknowledged.items():
                compared += self.compare_one(digest, key, name, held, seen)
        acknowledged = sum(len(filer.acknowledged) for filer in self.filers)
        self.expect(seen == set(held), f"{len(held)} entries, {len(seen)} were acknowledged")
        for node in [*self.nodes, self.fresh]:
            with open(node.log, encoding="utf-8") as log:
                told = [line for line in log if "put back" in line or "forked" in line]
            self.expect(not told, f"{node.name} told of a loss that there was not: {told[:1]}")
        lists = [node.rows() for node in [*self.nodes, self.fresh]]
        self.expect(lists[0] == lists[1] == lists[2], "the nodes list different reports")
        checked = json.loads(self.fresh.run("reportctl", "store", "check", self.url, "-o", "json"))
        self.say(f"store check: {json.dumps(checked)}")
        refused = sum(client.refused for client in self.clients)
        self.say(f"{acknowledged} acknowledged, {compared} compared and present at {primary.name}; {len(held)} entries of {len(heads)} logs "
                 f"there, no gap, none twice; {refused} attempts were refused meanwhile")

    def compare_one(self, digest, key, name, held, seen):
        """Whether an acknowledged file is one version, whose entry and bytes the database has."""
        query = key.replace("%", "%25").replace(" ", "%20")
        items = self.fresh.ask_json(f"HISTORY {query}\n")["items"]
        content = next(self.fresh.ask([f"GET {query} body=source\n".encode()]))
        problem = None
        if len(items) != 1:
            problem = f"{len(items)} versions"
        elif hashlib.sha256(content).hexdigest() != digest:
            problem = "another file"
        else:
            item = items[0]
            place = (item["log"], item["sequence"])
            if name not in (None, item["id"]):
                problem = f"{item['id']} in place of {name}"
            elif not held.get(place, "").startswith(item["id"].partition("-")[2]) or place not in held:
                problem = f"no row {place}"
            elif place in seen:
                problem = f"{place} was acknowledged for another file"
            seen.add(place)
        self.expect(problem is None, f"{key}: {problem}")
        return problem is None


def main():
    parser = arguments("ops/failover", patience=300)
    parser.add_argument("--kills", type=int, default=3, help="how many primaries are killed, one after the other")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("failover: needs root: the servers run as postgres")
    # It ends whatever happens.
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("failover: out of time"))
    signal.alarm(int(options.patience * (3 + options.kills)))
    return carry_out(Failover, options)


if __name__ == "__main__":
    sys.exit(main())
