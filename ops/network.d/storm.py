"""Files are dropped, nodes killed, stalled and cut off, all at once."""

import heapq
import json
import time

import documents
from node import Refusal

# Of 20 files the 10th is no report, and the 20th is dropped twice, under two names.
REFUSED_EVERY, DOUBLED_EVERY = 10, 20


class Storm:
    """What happens when, by a seed; and what was dropped."""

    def __init__(self, test):
        self.test, self.random = test, test.random
        self.seconds = test.options.seconds
        self.agenda = []
        self.number = 0
        self.dropped = {node: {} for node in test.nodes}
        self.counts = {"cuts": 0, "halves": 0, "stalls": 0, "reviews": 0}
        self.stalled = {}

    def later(self, seconds, action, *arguments):
        self.number += 1
        heapq.heappush(self.agenda, (time.monotonic() + seconds, self.number, action, arguments))

    def run(self):
        begin = time.monotonic()
        for node in self.test.nodes:
            self.later(0, self.drop, node, 0)
        self.later(2, self.kill)
        self.later(3, self.cut)
        self.later(5, self.review)
        self.later(self.seconds / 4, self.stall)
        told = begin
        while time.monotonic() < begin + self.seconds:
            at, _, action, arguments = self.agenda[0]
            time.sleep(max(0, min(0.5, at - time.monotonic())))
            if at <= time.monotonic():
                heapq.heappop(self.agenda)
                action(*arguments)
            for node in self.test.nodes:
                if node.ended_by_itself():
                    self.test.fail(f"{node.name} ended by itself with status {node.process.returncode}")
            if time.monotonic() - told > 30:
                told = time.monotonic()
                self.test.say(f"{told - begin:.0f} s: {self.told()}")
        self.calm()

    def told(self):
        files = sum(len(names) for names in self.dropped.values())
        kills = sum(node.kills for node in self.test.nodes)
        more = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        return f"{files} files dropped, {kills} kills, {more}"

    def calm(self):
        """Ends all disturbance: every node runs, every line is up."""
        for node in self.test.nodes:
            self.go_on(node)
            self.test.wire(f"join {node.address}")
            if node.process is None:
                node.start()

    def drop(self, node, number):
        """A few files; the next after a while."""
        for number in range(number, min(documents.COUNT, number + self.random.randint(1, 4))):
            name = f"报告{number}"
            self.drop_one(node, name, number)
        more = self.random.uniform(0.5, 1.5) * 2.5 / self.test.options.rate
        self.later(more, self.drop, node, number + 1)

    def drop_one(self, node, name, number):
        year, unit, text = documents.report(node.place, number)
        names = [f"{name}.txt"]
        wanted = f"{year}/{unit}"
        if number % REFUSED_EVERY == REFUSED_EVERY - 1 and number % DOUBLED_EVERY != DOUBLED_EVERY - 1:
            names, text, wanted = [f"{name}.gif"], documents.PICTURE + b"%d" % number, None
        elif number % DOUBLED_EVERY == DOUBLED_EVERY - 1:
            names.append(f"{name}（又）.txt")
        for one in names:
            node.drop(one, text)
            self.dropped[node][one] = wanted

    def kill(self):
        running = [node for node in self.test.nodes if node.process and node not in self.stalled]
        if running:
            # The city, which everybody needs, one time in four.
            node = running[0] if self.random.random() < 0.25 else self.random.choice(running)
            node.kill()
            self.later(self.random.uniform(0, 3), self.restart, node)
        self.later(self.random.uniform(0.5, 3), self.kill)

    def restart(self, node):
        if node.process is None:
            node.start()

    def cut(self):
        """A node without a line, or with half of one, for a moment or until the others must notice."""
        node = self.random.choice(self.test.nodes)
        way = self.random.choice(["both", "both", "in", "out"])
        self.test.wire(f"cut {node.address} {way}")
        self.counts["cuts" if way == "both" else "halves"] += 1
        longest = min(45, self.seconds / 6)
        self.later(self.random.uniform(1, longest), self.test.wire, f"join {node.address}")
        self.later(self.random.uniform(2, 20), self.cut)

    def stall(self):
        """A machine that hangs: its connections stand and nothing moves."""
        running = [node for node in self.test.nodes if node.process and node not in self.stalled]
        if running:
            node = self.random.choice(running)
            self.stalled[node] = node.process
            node.process.send_signal(19)
            self.counts["stalls"] += 1
            self.later(self.random.uniform(1, min(40, self.seconds / 6)), self.go_on, node)
        self.later(self.random.uniform(10, 40), self.stall)

    def go_on(self, node):
        process = self.stalled.pop(node, None)
        if process:
            process.send_signal(18)

    def review(self):
        """The city judges a report of a county, which travels down to it."""
        self.later(self.random.uniform(2, 6), self.review)
        city = self.test.city
        if city.process is None or city in self.stalled:
            return
        try:
            year = documents.FIRST_YEAR + self.random.randrange(documents.YEARS)
            rows = [row for row in city.rows(str(year)) if row["status"] == "submitted"]
            if rows:
                self.judge(city, self.random.choice(rows)["key"])
        except (OSError, Refusal):
            # The city is just starting: another time.
            return

    def judge(self, city, key):
        body = {"lookups": [key], "verdict": "approve", "comment": None, "by": "审核员"}
        payload = json.dumps(body, ensure_ascii=False).encode()
        list(city.ask([b"REVIEW %d\n" % len(payload) + payload], unix=True))
        self.counts["reviews"] += 1
