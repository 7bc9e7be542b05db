"""What must be true once everything is quiet again."""

import hashlib
import json
import os
import time

import documents
from node import REPLY_LIMIT, Refusal

PAGE = "本年情况.html"  # what the node tells the clerk, beside the folders
RECEIPTS = (".回执.txt", ".回执.json")


class Checks:
    """Adds what is wrong to the problems of the run; nothing ends the checks early."""

    def __init__(self, test, storm):
        self.test, self.storm = test, storm
        self.expect = test.expect
        self.keys = {}
        self.answers = 0

    def settle(self):
        """Waits until every file has an outcome and no node knows of anything missing; returns the seconds."""
        begin, open_points = time.monotonic(), ["nothing was asked yet"]
        while open_points and time.monotonic() - begin < self.test.options.patience:
            time.sleep(1)
            for node in self.test.nodes:
                if node.ended_by_itself():
                    self.test.fail(f"{node.name} ended by itself with status {node.process.returncode}")
            open_points = [point for node in self.test.nodes for point in self.open_points(node)]
        self.test.problems += [f"after {self.test.options.patience} s: {point}" for point in open_points]
        return time.monotonic() - begin

    def open_points(self, node):
        """What is not finished at a node; stops at the first kind, since asking costs time."""
        found = {name for names in node.outcomes().values() for name in names}
        waiting = [
            name
            for name in self.storm.dropped[node]
            if any(name + end not in found for end in RECEIPTS)
        ]
        if waiting:
            return [f"{node.name}: {len(waiting)} files without outcome, such as {waiting[0]}"]
        try:
            status = node.ask_json("STATUS\n")
        except (OSError, Refusal) as error:
            return [f"{node.name} does not answer: {error}"]
        points = [f"{node.name}: {point}" for point in status_points(status)]
        peers = len([peer for peer in status["peers"] if peer["established"]])
        wanted = len(self.test.counties) if node is self.test.city else 1
        if peers != wanted:
            points.append(f"{node.name}: {peers} of {wanted} peers are connected")
        if not points and node is not self.test.city:
            points = self.receipt_points(node)
        return points

    def receipt_points(self, node):
        """Receipts that lack the city's word, or its judgement."""
        approved = {row["key"] for row in node.rows() if row["status"] == "approved"}
        points = []
        for name in node.outcomes().get("已接收", []):
            if name.endswith(RECEIPTS[1]):
                receipt = read_receipt(node, "已接收", name)
                text = read_text(node, "已接收", name.replace(*reversed(RECEIPTS)))
                if receipt["cityReceivedAt"] is None or "市级已收到" not in text:
                    points.append(f"{node.name}: the city's word lacks in the receipt of {name}")
                if receipt["key"] in approved and "审核已通过" not in text:
                    points.append(f"{node.name}: the judgement lacks in the receipt of {name}")
        return points[:3]

    def files(self, node):
        """Every file lies in one folder, with its receipts, and nothing else does."""
        dropped, found = self.storm.dropped[node], node.outcomes()
        where = {}
        for outcome, names in found.items():
            for name in names:
                where.setdefault(name, []).append(outcome)
        wanted = {name + end for name in dropped for end in ("", *RECEIPTS)}
        self.expect(not wanted - set(where), f"{node.name}: lost {sorted(wanted - set(where))[:5]}")
        self.expect(not set(where) - wanted, f"{node.name}: extra {sorted(set(where) - wanted)[:5]}")
        twice = {name: folders for name, folders in where.items() if len(folders) > 1}
        self.expect(not twice, f"{node.name}: more than one outcome: {list(twice.items())[:5]}")
        left = [entry.name for entry in os.scandir(node.inbox) if entry.is_file() and entry.name != PAGE]
        self.expect(not left, f"{node.name}: left in the inbox: {left[:5]}")
        reports = {}
        for name, report in dropped.items():
            outcome = where.get(name, ["nowhere"])[0]
            if report is None:
                self.expect(outcome == "未接收", f"{node.name}: {name} is in {outcome}")
            else:
                reports.setdefault(report, []).append((outcome, name))
        for report, places in reports.items():
            outcomes = sorted(outcome for outcome, _ in places)
            allowed = ["已接收"] if len(places) == 1 else ["已接收", "重复"]
            self.expect(outcomes == sorted(allowed), f"{node.name}: {report} has {places}")
            for outcome, name in places:
                if outcome == "已接收":
                    self.receipt(node, name, report)

    def receipt(self, node, name, report):
        receipt = read_receipt(node, "已接收", name + RECEIPTS[1])
        key, (year, unit) = receipt["key"] or "", report.split("/")
        self.expect(
            key.startswith(f"{year}/") and f"/{unit}/" in key and receipt["version"]["number"] == 1,
            f"{node.name}: {name} became {key} {receipt['version']}",
        )
        self.expect(key not in self.keys, f"{key} was given to two reports")
        with open(os.path.join(node.inbox, "已接收", name), "rb") as file:
            self.keys[key] = (node, hashlib.sha256(file.read()).hexdigest())

    def same_answers(self):
        """Every node answers LIST, GET and HISTORY of every key that it may read like the city, byte for byte."""
        city = self.test.city
        rows = city.rows()
        self.expect(
            sorted(row["key"] for row in rows) == sorted(self.keys),
            f"the city lists {len(rows)} reports, the receipts name {len(self.keys)}",
        )
        for row in rows:
            self.expect(row["version"] == 1 and not row["conflict"], f"the city has {row}")
        everything = self.asked(city, sorted(self.keys))
        for node in self.test.counties:
            keys = sorted(key for key, (owner, _) in self.keys.items() if node.sees_all or owner is node)
            answers = self.asked(node, keys)
            different = [line for line, digest in answers.items() if everything.get(line) != digest]
            self.expect(not different, f"{node.name}: {len(different)} answers differ: {different[:5]}")
            self.answers += len(answers)
        for key, (_, digest) in self.keys.items():
            source = everything.get(f"GET {key} body=source\n")
            self.expect(source == digest, f"{key}: the file at the city is not the one dropped")

    def asked(self, node, keys):
        """SHA-256 of the answer to each request."""
        if node is self.test.city or node.sees_all:
            lists = ["LIST limit=1000\n"]
        else:
            lists = []
        years = range(documents.FIRST_YEAR, documents.FIRST_YEAR + documents.YEARS)
        lists += [f"LIST {year}/{county.region} limit=1000\n" for year in years
                  for county in self.test.counties if node in (self.test.city, county) or node.sees_all]
        requests = ["GET {}\n", "GET {} body=source\n", "HISTORY {}\n"]
        lines = lists + [request.format(key) for key in keys for request in requests]
        try:
            replies = node.ask([line.encode() for line in lines])
            return {line: hashlib.sha256(reply).hexdigest() for line, reply in zip(lines, replies)}
        except (OSError, Refusal) as error:
            self.test.problems.append(f"{node.name}: {error}")
            return {}

    def status(self, node):
        status = node.ask_json("STATUS\n")
        for point in status_points(status):
            self.test.problems.append(f"{node.name}: {point}")
        self.expect(status["hold"] is None, f"{node.name}: hold {status['hold']}")
        if node is self.test.city or node.sees_all:
            self.expect(status["versions"] == len(self.keys), f"{node.name}: {status['versions']} versions")

    def verify(self, node):
        """The check of the running node, an orderly end, the check of the store."""
        try:
            node.run("reportctl", "verify", "--node", "127.0.0.1:7323")
            status = node.terminate(REPLY_LIMIT)
            self.expect(status == 0, f"{node.name} ended with status {status}")
            node.run("reportctl", "verify", "--store", node.store)
        except Refusal as error:
            self.test.problems.append(f"{node.name}: {error}")

    def run(self):
        for node in self.test.nodes:
            self.files(node)
        self.same_answers()
        for node in self.test.nodes:
            self.status(node)
        for node in self.test.nodes:
            self.verify(node)


def status_points(status):
    """What a STATUS says is missing, waiting or wrong."""
    points = []
    for peer in status["peers"]:
        for side in ("missingHere", "missingThere"):
            if peer.get(side) != 0:
                points.append(f"peer {peer.get('name')}: {side} {peer.get(side)}")
        if not peer.get("caughtUp"):
            points.append(f"peer {peer.get('name')} is {peer.get('state')}: {peer.get('lastError')}")
        points += [f"log {log['name']}: {log['error']}" for log in peer.get("logs", []) if log["error"]]
    for log in status["logs"]:
        if log["held"] != log["signed"] or log["forked"]:
            points.append(f"log {log['name']}: held {log['held']} signed {log['signed']} forked {log['forked']}")
    for inbox in status["inboxes"]:
        busy = {name: inbox[name] for name in ("pending", "working", "queued", "waiting", "fault") if inbox[name]}
        if busy:
            points.append(f"inbox: {busy}")
    return points


def read_text(node, outcome, name):
    with open(os.path.join(node.inbox, outcome, name), encoding="utf-8-sig") as file:
        return file.read()


def read_receipt(node, outcome, name):
    return json.loads(read_text(node, outcome, name))
