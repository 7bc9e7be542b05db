"""Those who file while machines die: clients that ask a node each, and a county with an inbox."""

import datetime
import hashlib
import json
import socket
import threading
import time

import documents
from local import LocalNode
from node import REPLY_LIMIT, Refusal, reply

# Some files are larger than what stands with its entry: these go into rows of their own.
PADDING = "".join(f"附注{number}：本单位严格执行预算管理制度，按规定公开信息。\n" for number in range(300)).encode()
PAUSE = 0.05
# Outcomes and errors after which the same file is filed again.
AGAIN = "unreachable"


class SharedNode(LocalNode):
    """A node whose logs are in the database."""

    def __init__(self, name, url, test):
        super().__init__(name, "", test)
        self.url = url
        self.configure()

    def configure(self, lines=()):
        settings = [f"node: {{name: {self.name}}}", f"store: '{self.url}'", f"folder: {self.store}", f"listen: 127.0.0.1:{self.port}"]
        with open(self.configuration, "w", encoding="utf-8") as file:
            file.write("\n".join([*settings, *lines]) + "\n")


class Filer(threading.Thread):
    """Reports of a place that nobody else files; each is known by the hash of its file."""

    def __init__(self, place):
        super().__init__(daemon=True)
        self.place = place
        self.count = 0
        # Times at which something was acknowledged, and what went wrong for good.
        self.times, self.problems = [], []
        # Hash of a file that was acknowledged: its key and the version's name, as far as they were told.
        self.acknowledged = {}
        self.is_over = threading.Event()

    def report(self):
        self.count += 1
        content = documents.report(self.place, self.count)[2]
        return content + PADDING if self.count % 4 == 0 else content

    def since(self, moment):
        return sum(time > moment for time in self.times)

    def silence_since(self, moment):
        """The longest time without an acknowledgement since a moment: its begin and its end."""
        # One that was on its way at that moment still comes through, so it is not simply the first.
        before = max((time for time in self.times if time <= moment), default=moment)
        times = [before, *sorted(time for time in self.times if time > moment)]
        return max(zip(times, times[1:]), key=lambda pair: pair[1] - pair[0])

    def end(self, seconds):
        """Lets what was begun come to its end."""
        self.is_over.set()
        self.join(seconds)
        if self.is_alive():
            self.problems.append(f"{self.place}: not at its end after {seconds:.0f} s")


class Client(Filer):
    """Files at one node, one report after the other; each until it is acknowledged."""

    def __init__(self, place, node):
        super().__init__(place)
        self.node = node
        self.refused = 0

    def run(self):
        while not self.is_over.wait(PAUSE) and not self.problems:
            content = self.report()
            while not self.file(content) and not self.problems:
                self.refused += 1
                time.sleep(PAUSE)

    def file(self, content):
        """Whether the node has acknowledged it."""
        line = f"PUT {len(content)} name={self.count}.txt\n".encode()
        try:
            with socket.create_connection(("127.0.0.1", self.node.port), timeout=REPLY_LIMIT) as link, link.makefile("rb") as replies:
                link.sendall(line + content)
                outcome = json.loads(reply(replies, line))
        except Refusal as error:
            if f"-ERR {AGAIN} " not in str(error):
                self.problems.append(f"{self.place} {self.count}: {error}")
            return False
        except OSError as error:
            self.problems.append(f"{self.place} {self.count}: {error}")
            return False
        if outcome["outcome"] == "rejected":
            if outcome["error"]["code"] != AGAIN:
                self.problems.append(f"{self.place} {self.count}: {outcome}")
            return False
        # A duplicate: an attempt that was answered `unreachable` had come through after all.
        name = outcome["version"]["id"] if outcome["outcome"] == "stored" else None
        self.acknowledged[hashlib.sha256(content).hexdigest()] = (outcome["key"], name)
        self.times.append(time.time())
        return True


class County(Filer):
    """A county that replicates to whichever node takes its log; acknowledged is what a node has signed for."""

    def __init__(self, name, place, test):
        super().__init__(place)
        self.node = LocalNode(name, "湛江市/" + name, test)

    def run(self):
        held = 0
        while not self.is_over.wait(PAUSE * 4) and not self.problems:
            # It has its own disk: what it takes does not depend on the database.
            if self.count < held + 100:
                content = self.report()
                self.node.drop(f"{self.count}.txt", content)
            # When a node has signed it, not when that was seen.
            sequence, moment = self.last_acknowledgement()
            self.times += [moment] * (sequence - held)
            held = max(held, sequence)

    def last_acknowledgement(self):
        status = self.node.status()
        own = [one for one in status["acknowledgements"] if one["log"] == status["ownLog"]]
        last = max(own, key=lambda one: one["sequence"], default=None)
        if last is None:
            return 0, 0
        return last["sequence"], datetime.datetime.fromisoformat(last["receivedAt"]).timestamp()

    def read_receipts(self):
        """What the receipts say that the nodes above have."""
        self.acknowledged = {}
        for name in self.node.outcomes().get("已接收", []):
            if name.endswith(".回执.json"):
                with open(f"{self.node.inbox}/已接收/{name}", encoding="utf-8") as file:
                    receipt = json.load(file)
                if receipt["cityReceivedAt"]:
                    self.acknowledged[receipt["sha256"]] = (receipt["key"], receipt["version"]["id"])
        return len(self.acknowledged)
