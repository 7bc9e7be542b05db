"""Continuous filing, reading and syncing with faults every few seconds: figures of every node as CSV and SVG; see ops/long soak.

The city and the first county run from the beginning to the end, cut off and stalled but never killed, so that what they take of
memory, descriptors and threads can be compared over time; the last county is killed again and again.
"""

import csv
import json
import os
import signal
import statistics
import sys
import time

from checks import Checks, status_points
from documents import FIRST_YEAR, YEARS
from node import Refusal, reply
from plot import draw
from run import NetworkTrial, carry_out_here, network_arguments
from storm import Storm

COLUMNS = ("seconds", "node", "process", "anonymous_kib", "resident_kib", "descriptors", "threads", "children",
           "versions", "missing", "fault")
# Seconds that a node may take for an answer before it is passed over; it may be stalled the next moment.
PATIENCE = 10
# What may grow over the second half of a run: a share, and MiB, descriptors or threads beside it.
GROWTH, MEBIBYTES, HANDLES, THREADS = 1.25, 8, 12, 4


class Soak(Storm):
    """The storm of a soak: gentler, with readers, figures and pauses in which everything must catch up."""

    def __init__(self, test):
        super().__init__(test)
        self.counts |= {"reads": 0, "unanswered": 0, "pauses": 0}
        self.figures, self.faults, self.pauses, self.keys = [], [], [], []
        self.begin = time.monotonic()
        self.killed = test.counties[-1]
        self.long_lived = {node: node.process.pid for node in test.nodes if node is not self.killed}
        self.later(1, self.read)
        self.later(0, self.sample)
        self.later(self.seconds / 8, self.pause)

    def note(self, kind):
        self.faults.append((time.monotonic() - self.begin, kind))

    def kill(self):
        node = self.killed
        if node.process and node not in self.stalled:
            self.note("kill")
            node.kill()
            self.later(self.random.uniform(0, 3), self.restart, node)
        self.later(self.random.uniform(10, 40), self.kill)

    def cut(self):
        node = self.random.choice(self.test.nodes)
        way = self.random.choice(["both", "both", "in", "out"])
        self.note("cut")
        self.test.wire(f"cut {node.address} {way}")
        self.counts["cuts" if way == "both" else "halves"] += 1
        self.later(self.random.uniform(1, 12), self.test.wire, f"join {node.address}")
        self.later(self.random.uniform(2, 12), self.cut)

    def stall(self):
        running = [node for node in self.test.nodes if node.process and node not in self.stalled]
        if running:
            node = self.random.choice(running)
            self.note("stall")
            self.stalled[node] = node.process
            node.process.send_signal(signal.SIGSTOP)
            self.counts["stalls"] += 1
            self.later(self.random.uniform(1, 6), self.go_on, node)
        self.later(self.random.uniform(10, 30), self.stall)

    def ask(self, node, line):
        """One request over the local socket; None when the node does not answer in time."""
        if node.process is None or node in self.stalled:
            return None
        try:
            link = node.connect(unix=True)
            with link, link.makefile("rb") as replies:
                link.settimeout(PATIENCE)
                link.sendall(line.encode())
                return reply(replies, line.encode())
        except (OSError, Refusal):
            self.counts["unanswered"] += 1
            return None

    def read(self):
        """What people ask all day, of any node."""
        node = self.random.choice(self.test.nodes)
        year = FIRST_YEAR + self.random.randrange(YEARS)
        lines = [f"LIST {year} limit=100\n", "STATUS\n", "SEARCH 小学 limit=20\n", f"STATS {year}\n"]
        if self.keys:
            key = self.random.choice(self.keys)
            lines += [f"GET {key}\n", f"HISTORY {key}\n", f"GET {key} body=source\n", f"PROVE {key}\n"]
        line = self.random.choice(lines)
        if self.ask(node, line) is not None:
            self.counts["reads"] += 1
        self.later(self.random.uniform(0.1, 0.5), self.read)

    def status(self, node):
        answer = self.ask(node, "STATUS\n")
        return json.loads(answer) if answer else None

    def sample(self):
        self.later(5, self.sample)
        for node in self.test.nodes:
            self.sample_node(node)
        if self.random.random() < 0.2:
            self.learn_keys()

    def learn_keys(self):
        try:
            if self.test.city.process and self.test.city not in self.stalled:
                self.keys = [row["key"] for row in self.test.city.rows(str(FIRST_YEAR))][:200]
        except (OSError, Refusal):
            self.counts["unanswered"] += 1

    def sample_node(self, node):
        process = node.process
        seconds = round(time.monotonic() - self.begin, 1)
        figures = process_figures(process.pid) if process else None
        status = self.status(node) if figures else None
        missing = None
        if status:
            sides = [peer.get(side) for peer in status["peers"] if peer["established"] for side in ("missingHere", "missingThere")]
            missing = None if None in sides else sum(sides)
        state = "down" if process is None else "stalled" if node in self.stalled else ""
        self.figures.append(
            dict(
                zip(COLUMNS, (seconds, node.name, process.pid if process else None, *(figures or [None] * 5),
                              status["versions"] if status else None, missing, state))
            )
        )

    def pause(self):
        """No more faults until every node has what the others have."""
        self.calm()
        begin = time.monotonic()
        points = ["nothing was asked yet"]
        while points and time.monotonic() - begin < self.test.options.patience:
            time.sleep(0.5)
            points = []
            for node in self.test.nodes:
                status = self.status(node)
                points += status_points(status) if status else [f"{node.name} does not answer"]
        for node in self.test.nodes:
            self.sample_node(node)
        seconds = time.monotonic() - begin
        if points:
            self.test.fail(f"{seconds:.0f} s after the last fault: {points[:5]}")
        self.pauses.append((time.monotonic() - self.begin, seconds))
        self.counts["pauses"] += 1
        self.later(self.seconds / 8, self.pause)

    def run(self):
        try:
            super().run()
        finally:
            self.write()

    def write(self):
        with open(self.test.options.out + ".csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(self.figures)
        with open(self.test.options.out + ".svg", "w", encoding="utf-8") as file:
            file.write(draw(self.figures, self.faults, self.pauses, self.seconds, self.test.options.seed))

    def growth(self):
        """What took more at the end than in the second quarter, of the nodes that were never killed."""
        problems = []
        for node, process in self.long_lived.items():
            if node.process is None or node.process.pid != process:
                problems.append(f"{node.name} does not run any more as process {process}")
            early = self.quarter(node, 1)
            late = self.quarter(node, 3)
            if not early or not late:
                problems.append(f"{node.name}: too few figures to compare")
                continue
            for name, more, unit in (
                ("anonymous_kib", MEBIBYTES * 1024, "KiB"), ("descriptors", HANDLES, ""), ("threads", THREADS, "")
            ):
                before, after = (statistics.median(row[name] for row in rows) for rows in (early, late))
                self.test.say(f"{node.name}: {name} {before:.0f} in the second quarter, {after:.0f} in the last {unit}")
                if after > before * GROWTH + more:
                    problems.append(f"{node.name}: {name} grew from {before:.0f} to {after:.0f}")
        return problems

    def quarter(self, node, number):
        begin, end = (self.seconds * share / 4 for share in (number, number + 1))
        return [row for row in self.figures
                if row["node"] == node.name and begin <= row["seconds"] < end and row["threads"] is not None]


class SoakTrial(NetworkTrial):
    """The nodes of a soak; it ends with the checks of the network run."""

    def run(self):
        self.begin()
        self.say(f"{len(self.nodes)} nodes; {self.options.seconds:.0f} s begin; figures: {self.options.out}.csv")
        soak = Soak(self)
        soak.run()
        self.say(f"calm after {soak.told()}")
        checks = Checks(self, soak)
        self.problems += soak.growth()
        self.say(f"settled after {checks.settle():.0f} s")
        longest = max((seconds for _, seconds in soak.pauses), default=0)
        self.say(f"{len(soak.pauses)} times within the run nothing was missing, {longest:.0f} s after the last fault at most")
        checks.run()
        self.judge()
        self.say(f"{len(checks.keys)} reports, each once; every store verified, live and stopped")


def process_figures(process):
    """Anonymous and resident KiB, descriptors, threads and children; None when the process is gone."""
    try:
        with open(f"/proc/{process}/status", encoding="ascii", errors="replace") as file:
            lines = dict(line.split(":", 1) for line in file.read().splitlines() if ":" in line)
        children = 0
        for thread in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{thread}/children", encoding="ascii") as file:
                children += len(file.read().split())
        return (int(lines["RssAnon"].split()[0]), int(lines["VmRSS"].split()[0]),
                len(os.listdir(f"/proc/{process}/fd")), int(lines["Threads"]), children)
    except (OSError, KeyError):
        return None


def main():
    parser = network_arguments("ops/network soak", seconds=3600, counties=2, rate=0.5)
    parser.add_argument("--out", default=".build/soak", help="where the figures go: this name with .csv and .svg")
    return carry_out_here(SoakTrial, parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
