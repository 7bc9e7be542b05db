"""One city and its counties in network namespaces, on lines that lose packets; see ops/network and docs/benchmarks.md."""

import json
import os
import subprocess
import sys
import time

import namespaces
from checks import Checks
from node import PEER_PORT, PORT, Node, Refusal
from storm import Storm
from trial import Trial, arguments, carry_out

CITY = "湛江市"
COUNTIES = ["麻章区", "赤坎区", "霞山区", "坡头区", "遂溪县"]
DELAY, JITTER, LOSS = 0.040, 0.010, 0.02  # one way, in seconds; share of packets


class NetworkTrial(Trial):
    """The nodes, the lines between them, and how all that ends."""

    name = "network"

    def __init__(self, options):
        super().__init__(options)
        self.line = None
        self.city = Node(CITY, CITY, "10.77.0.1", self)
        self.city.place = CITY
        self.counties = []
        for index, name in enumerate(COUNTIES[: options.counties]):
            county = Node(name, f"{CITY}/{name}", f"10.77.0.{11 + index}", self)
            county.place = CITY + name
            # Every second county may read everything, the others what is theirs.
            county.sees_all = index % 2 == 1
            self.counties.append(county)
        self.nodes = [self.city, *self.counties]

    def every_node(self):
        return self.nodes

    def wire(self, command):
        self.line.stdin.write(f"{command}\n".encode())
        self.line.stdin.flush()
        return json.loads(self.line.stdout.readline())

    def lay_wires(self):
        namespaces.remove_left_over()
        for node in self.nodes:
            namespaces.make(node.namespace)
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "wire.py")
        figures = [DELAY, JITTER, LOSS, self.options.seed]
        places = [f"{node.namespace}={node.address}" for node in self.nodes]
        self.line = subprocess.Popen(
            [sys.executable, script, *map(str, figures), *places],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        if self.line.stdout.readline() != b"ready\n":
            self.fail("the wires were not laid")
        for node in self.nodes:
            namespaces.ip("-n", node.namespace, "address", "add", f"{node.address}/24", "dev", "wire0")
            namespaces.ip("-n", node.namespace, "link", "set", "wire0", "up")

    def enrol(self):
        """The commands of docs/operations.md: an authority, a certificate for the city, a token for each county."""
        city, authority = self.city, os.path.join(self.city.folder, "authority")
        identity, grants = (os.path.join(city.folder, name) for name in ("identity", "grants.yaml"))
        city.configure([])
        key = city.key()
        city.run("reportctl", "pki", "init", "--authority", authority, "--name", "湛江市财政局")
        city.run(
            "reportctl", "pki", "issue", "--authority", authority, "--name", CITY, "--key", key, "--out", identity
        )
        city.configure(
            [
                f"listen: [127.0.0.1:{PORT}, {city.address}:{PEER_PORT}]",
                f"tls: {{folder: {identity}, authority: {authority}}}",
                f"grants: {grants}",
            ]
        )
        city.start()
        self.await_answer(city)
        for county in self.counties:
            county.configure([f"listen: 127.0.0.1:{PORT}", f'reviewers: ["{key}"]'])
            county.key()
            token = city.run(
                "reportctl", "pki", "token", "--authority", authority, "--address", f"{city.address}:{PEER_PORT}",
                "--name", county.name, "--region", "*" if county.sees_all else county.region,
            ).splitlines()[0]
            self.join(county, token)
            county.start()
        for county in self.counties:
            self.await_answer(county)

    def join(self, county, token):
        """Over the bad line too: a few attempts, the same token."""
        for attempt in range(10):
            try:
                county.run("reportctl", "pki", "join", token, "--config", county.configuration)
                return
            except Refusal as error:
                if attempt == 9:
                    raise
                self.say(f"again: {error}")
                time.sleep(1)

    def await_answer(self, node):
        for _ in range(600):
            try:
                return node.ask_json("VERSION\n")
            except OSError:
                if node.ended_by_itself():
                    break
                time.sleep(0.1)
        self.fail(f"{node.name} does not start: {node.last_lines()}")

    def begin(self):
        self.say(f"seed {self.options.seed}, folder {self.folder}")
        self.lay_wires()
        self.enrol()

    def run(self):
        self.begin()
        self.say(f"{len(self.counties)} counties enrolled; {self.options.seconds} s of kills and cuts begin")
        storm = Storm(self)
        storm.run()
        self.say(f"calm after {storm.told()}")
        checks = Checks(self, storm)
        seconds = checks.settle()
        self.say(f"settled after {seconds:.0f} s: {json.dumps(self.wire('count'))} packets")
        checks.run()
        self.judge()
        kills = " ".join(f"{node.name} {node.kills}" for node in self.nodes)
        self.say(f"{len(checks.keys)} reports, each once; {checks.answers} answers of counties equal the city's")
        self.say(f"kill -9: {kills}; every store verified, live and stopped")

    def clear(self):
        if self.line is not None:
            self.line.stdin.close()
            self.line.wait()
        for node in self.nodes:
            namespaces.remove(node.namespace)


def network_arguments(program, seconds, counties, rate):
    parser = arguments(program, patience=600)
    parser.add_argument("--seconds", type=float, default=seconds, help="how long disturbances go on")
    parser.add_argument("--counties", type=int, choices=range(1, 6), default=counties)
    parser.add_argument("--rate", type=float, default=rate, help="files a second and inbox, about")
    parser.add_argument("--or-skip", action="store_true", help="no namespaces here: say so and succeed")
    return parser


def carry_out_here(kind, options):
    """As `carry_out`, where this machine has network namespaces."""
    reason = namespaces.why_not()
    if reason is None:
        return carry_out(kind, options)
    print(f"network: skipped: {reason}" if options.or_skip else f"network: {reason}")
    return 0 if options.or_skip else 1


def main():
    options = network_arguments("ops/network", seconds=600, counties=5, rate=1).parse_args()
    return carry_out_here(NetworkTrial, options)


if __name__ == "__main__":
    sys.exit(main())
