"""Exports: whole logs in lines, and what is wrong with those that lie."""

import base64
import copy
import unittest
from typing import Any, Dict, List

from reportd import ReportError, VerificationError, merkle
from reportd.batch import LogState
from reportd.exports import verify_export
from reportd.jsontext import canonical

from .builder import LogBuilder, record
from .test_proofs import CITY, key, small_log

Line = Dict[str, Any]


def entry_line(log: LogBuilder, sequence: int) -> Line:
    text = f"text {sequence}"
    return {
        "type": "entry", "log": log.log_id.hex(), "sequence": sequence,
        "hash": log.hashes[sequence - 1].hex(), "header": log.headers[sequence - 1].hex(),
        "bodies": [
            {"kind": "record", "salt": (b"r" * 32).hex(), "json": record(key(sequence), text)},
            {"kind": "source", "salt": (b"s" * 32).hex(),
             "base64": base64.b64encode(text.encode()).decode()},
        ],
    }


def head_line(log: LogBuilder, covers: int, size: int) -> Line:
    proof = merkle.consistency_proof(log.hashes[:size], covers)
    return {
        "type": "head", "log": log.log_id.hex(), "head": log.head(size).hex(), "size": size,
        "covers": covers, "proof": [one.hex() for one in proof],
    }


def log_line(log: LogBuilder, after: int = 0) -> Line:
    return {
        "type": "log", "log": log.log_id.hex(), "descriptor": log.descriptor.hex(),
        "name": "n", "node": "k", "after": after,
    }


FIRST: Line = {
    "type": "export", "format": "reportd.export/1", "program": "t", "people": False,
    "sources": True,
}


def part(log: LogBuilder, first: int, last: int) -> List[Line]:
    middle = (first + last) // 2
    if middle == last:
        return [log_line(log, first - 1), entry_line(log, last), head_line(log, last, last)]
    return [
        log_line(log, first - 1),
        *[entry_line(log, sequence) for sequence in range(first, middle + 1)],
        head_line(log, middle, last),
        *[entry_line(log, sequence) for sequence in range(middle + 1, last + 1)],
        head_line(log, last, last),
    ]


def whole(*parts: List[Line]) -> List[Line]:
    lines = [line for one in parts for line in one]
    count = sum(line["type"] == "entry" for line in lines)
    return [FIRST, *lines, {"type": "end", "entries": count}]


def encoded(lines: List[Line]) -> List[bytes]:
    return [canonical(line) + b"\n" for line in lines]


class ExportTests(unittest.TestCase):
    def setUp(self) -> None:
        self.log = small_log()
        self.lines = whole(part(self.log, 1, 9))

    def refused(self, lines: List[Line]) -> str:
        with self.assertRaises(VerificationError) as caught:
            verify_export(encoded(lines))
        return caught.exception.message

    def test_whole_logs(self) -> None:
        other = LogBuilder(CITY)
        other.submit(key(1), "text 1")
        told = verify_export(encoded(whole(part(self.log, 1, 9), part(other, 1, 1))))
        self.assertEqual((told["entries"], told["bodies"], told["absentBodies"]), (10, 20, 0))
        self.assertEqual([one["held"] for one in told["logs"]], [9, 1])
        self.assertEqual(verify_export(encoded(whole()))["entries"], 0)

    def test_a_log_without_entries(self) -> None:
        empty = LogBuilder()
        told = verify_export(encoded(whole([log_line(empty), head_line(empty, 0, 0)])))
        self.assertEqual(told["logs"][0]["held"], 0)

    def test_parts_of_a_log_in_several_files(self) -> None:
        logs: Dict[bytes, LogState] = {}
        verify_export(encoded(whole(part(self.log, 1, 4))), logs)
        told = verify_export(encoded(whole(part(self.log, 5, 9))), logs)
        self.assertEqual((told["logs"][0]["after"], told["logs"][0]["held"]), (4, 9))
        self.assertIn("before it", self.refused(whole(part(self.log, 5, 9))))

    def test_absent_bodies_and_members_of_later_versions(self) -> None:
        lines = copy.deepcopy(self.lines)
        lines[2]["bodies"][1] = None
        lines[2]["later"] = {"a": 1}
        self.assertEqual(verify_export(encoded(lines))["absentBodies"], 1)
        lines = [{**FIRST, "format": "reportd.export/2"}, *self.lines[1:]]
        with self.assertRaises(ReportError) as caught:
            verify_export(encoded(lines))
        self.assertEqual(caught.exception.code, "unsupported")

    def test_the_line_is_told(self) -> None:
        lines = copy.deepcopy(self.lines)
        lines[3]["bodies"][0]["json"]["title"] = "other"
        self.assertIn("line 4: record", self.refused(lines))

    def test_lines_that_are_missing_doubled_or_exchanged(self) -> None:
        for index in range(len(self.lines)):
            self.refused(self.lines[:index])
            without = self.lines[:index] + self.lines[index + 1 :]
            doubled = self.lines[: index + 1] + self.lines[index:]
            self.refused(doubled)
            if self.lines[index]["type"] == "head" and self.lines[index]["covers"] < 9:
                verify_export(encoded(without))  # More entries under one head are as true.
            else:
                self.refused(without)
        for index in range(len(self.lines) - 1):
            lines = list(self.lines)
            lines[index], lines[index + 1] = lines[index + 1], lines[index]
            self.refused(lines)

    def test_what_was_verified_before_a_fault_is_known(self) -> None:
        logs: Dict[bytes, LogState] = {}
        lines = copy.deepcopy(self.lines)
        lines[-2]["head"] = self.log.head(seed=CITY).hex()
        with self.assertRaises(VerificationError):
            verify_export(encoded(lines), logs)
        self.assertEqual(logs[self.log.log_id].size, 5)

    def test_what_a_liar_may_change(self) -> None:
        lines = self.lines
        cases: List[Any] = [
            (1, "descriptor", LogBuilder(CITY).descriptor.hex()), (1, "after", 1), (1, "after", -1),
            (2, "sequence", 2), (2, "hash", "00" * 32), (2, "log", "00" * 16),
            (2, "header", self.log.headers[1].hex()), (2, "bodies", []), (2, "bodies", [None]),
            (2, "bodies", [None, {"kind": "people", "salt": "00" * 32, "json": []}]),
            (2, "bodies", [None, {"kind": "source", "salt": "00" * 32, "base64": "dGV4dCAx"}]),
            (2, "bodies", [None, {"kind": "source", "salt": (b"s" * 32).hex(), "base64": "dGV4"}]),
            (2, "bodies", [None, {"kind": "source", "salt": (b"s" * 32).hex(), "base64": "!"}]),
            (2, "bodies", [None, {"kind": "source", "salt": (b"s" * 32).hex()}]),
            (7, "size", 8), (7, "covers", 4), (7, "proof", []), (7, "head", self.log.head(8).hex()),
            (7, "head", self.log.head(9, seed=CITY).hex()), (7, "log", "00" * 16),
            (0, "sources", False), (0, "type", "novel"), (2, "type", "novel"), (2, "type", None),
            (len(lines) - 1, "entries", 8), (len(lines) - 1, "entries", "9"),
        ]
        for index, name, value in cases:
            other = copy.deepcopy(lines)
            other[index][name] = value
            self.assertTrue(self.refused(other), (index, name, value))

    def test_lines_that_are_no_json(self) -> None:
        for line in (b"", b"\n", b"[]\n", b"{\n", b"\xff\n", b'{"type":1}\n'):
            with self.assertRaises(VerificationError):
                verify_export([line])
        with self.assertRaises(VerificationError):
            verify_export([])


if __name__ == "__main__":
    unittest.main()
