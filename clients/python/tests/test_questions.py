"""Verbs that look at many records, judge, and administer, against a node that is played."""

import json
import os
import stat
import tempfile
import unittest
from typing import Any, Dict, Optional

from reportd import Client, ProtocolError, ReportError, ed25519, load_identity, save_identity
from reportd.enrolment import parse_join_line
from reportd.identity_folder import pem_from_seed, seed_from_pem

from .fake_node import FakeNode, Link, Request, ok

KEY = "2023/湛江市/麻章区/总工会/整体支出"
PAGES: Dict[str, str] = {"SEARCH": "rows", "AUDIT": "items"}
ANSWERS: Dict[str, Any] = {
    "DIFF": {"identical": True}, "STATS": {"groups": []}, "TREND": {"rows": []},
    "MISSING": {"rows": []}, "WITNESSES": {"witnesses": []}, "REVIEW": {"items": [{"key": KEY}]},
    "RETRACT": {"key": KEY}, "REKEY": {"from": {}, "to": {}}, "ERASE": {"erased": []},
    "REPARSE": {"items": [{"outcome": "same"}]}, "PEER": {"peers": []}, "BUNDLE": {"logs": []},
    "RENEW": {"certificate": "x"},
}


def node(link: Link, request: Request) -> Optional[bytes]:
    """Answers; pages come in two."""
    if request.verb in PAGES:
        following = None if "after" in request.options else "2"
        return ok({PAGES[request.verb]: [{"n": len(request.options)}], "next": following})
    return ok(ANSWERS[request.verb])


def stubborn(link: Link, request: Request) -> Optional[bytes]:
    """Answers with what is no answer."""
    return ok([1] if request.verb in ("DIFF", "STATS", "RENEW") else {"other": 1})


class QuestionTests(unittest.TestCase):
    def setUp(self) -> None:
        self.node = FakeNode(node)
        self.node.__enter__()
        self.addCleanup(self.node.__exit__)
        self.client = Client(port=self.node.port, timeout=5)
        self.addCleanup(self.client.close)

    def said(self) -> str:
        return self.node.requests[-1].line.decode().rstrip("\n")

    def payload(self) -> Any:
        return json.loads(self.node.requests[-1].payload)

    def test_questions_are_written_as_the_protocol_has_them(self) -> None:
        client = self.client
        found = list(client.search("体育 -场馆", "2023/麻章区", limit=1, all_versions=True))
        self.assertEqual([row["n"] for row in found], [2, 3])
        self.assertEqual(
            self.said(), "SEARCH 体育%20-场馆 2023/麻章区 limit=1 all-versions=1 after=2")
        self.assertEqual(len(list(client.audit(since="2024-01-01"))), 2)
        self.assertEqual(self.said(), "AUDIT since=2024-01-01 after=2")
        client.diff("2023/x@2", "2023/x@1", as_of="5")
        self.assertEqual(self.said(), "DIFF 2023/x@2 2023/x@1 as-of=5")
        client.diff("2023/x")
        self.assertEqual(self.said(), "DIFF 2023/x")
        client.stats(of="score,budget", by="district", score="80..90", retracted=True)
        self.assertEqual(
            self.said(), "STATS of=score,budget by=district score=80..90 retracted=1")
        client.trend("麻章区/总工会", year="2020..2023", also="工会@..2021")
        self.assertEqual(self.said(), "TREND 麻章区/总工会 year=2020..2023 also=工会@..2021")
        client.missing(year=2023, day="2024-05-01")
        self.assertEqual(self.said(), "MISSING year=2023 day=2024-05-01")
        client.witnesses(KEY + "@1")
        self.assertEqual(self.said(), f"WITNESSES {KEY}@1")
        self.assertEqual(client.renew(), {"certificate": "x"})

    def test_judgements_are_objects_with_every_member(self) -> None:
        client = self.client
        self.assertEqual(client.review([KEY], "return", "重报", by="甲"), [{"key": KEY}])
        self.assertEqual(
            self.payload(),
            {"lookups": [KEY], "verdict": "return", "comment": "重报", "by": "甲"})
        client.retract(KEY, "错")
        self.assertEqual(self.payload(), {"lookup": KEY, "reason": "错", "by": None})
        client.rekey(KEY, "2022/x", "错年")
        self.assertEqual(
            self.payload(), {"lookup": KEY, "to": "2022/x", "reason": "错年", "by": None})
        client.erase(KEY, ["people"], "申请", "法", rehearsal=True)
        self.assertEqual(self.payload(), {
            "lookup": KEY, "parts": ["people"], "reason": "申请", "authority": "法", "by": None,
            "rehearsal": True})
        client.reparse([KEY], "新版", older_than="1.2")
        self.assertEqual(self.payload(), {
            "lookups": [KEY], "olderThan": "1.2", "rehearsal": False, "reason": "新版",
            "by": None})

    def test_administration(self) -> None:
        self.client.peer("repair", peer=None, from_="/x")
        self.assertEqual(self.payload(), {"action": "repair", "peer": None, "from": "/x"})
        self.client.peer("list")
        self.assertEqual(self.payload(), {"action": "list"})
        self.client.bundle("/x.bundle", [{"key": "k", "regions": ["*"]}])
        self.assertEqual(
            self.payload(),
            {"path": "/x.bundle", "senders": [{"key": "k", "regions": ["*"]}]})

    def test_answers_of_another_form_are_told(self) -> None:
        with FakeNode(stubborn) as other, Client(port=other.port, timeout=5) as client:
            for ask in (
                lambda: list(client.search("体育")), lambda: list(client.audit()),
                lambda: client.diff("2023/x"), client.stats, client.missing, client.renew,
                lambda: client.trend("x"), lambda: client.witnesses(KEY),
                lambda: client.review([KEY], "approve"), lambda: client.reparse([KEY], "x"),
            ):
                with self.assertRaises(ProtocolError):
                    ask()


class EnrolmentTests(unittest.TestCase):
    def test_lines_are_read_whole_or_not_at_all(self) -> None:
        line = f"reportd-join/1/10.0.0.1:7324/{'a' * 64}/{'b' * 16}/{'c' * 64}"
        told = parse_join_line(line + "\n")
        self.assertEqual((told.address.host, told.address.port), ("10.0.0.1", 7324))
        self.assertEqual((told.token, told.secret), (b"\xbb" * 8, b"\xcc" * 32))
        self.assertEqual(
            parse_join_line(line.replace("10.0.0.1", "[::1]")).address.host, "::1")
        for bad in ("", line[:-1], line + "0", line.replace("/1/", "/2/"), line.upper()):
            with self.assertRaises(ReportError, msg=bad):
                parse_join_line(bad)

    def test_the_folder_is_for_its_owner_and_read_back(self) -> None:
        seed = ed25519.new_seed()
        self.assertEqual(seed_from_pem(pem_from_seed(seed)), seed)
        answer = {"certificate": "x", "authority": "y", "node": "ed25519:" + "0a" * 32}
        with tempfile.TemporaryDirectory() as root:
            folder = os.path.join(root, "me")
            with self.assertRaises(ProtocolError):
                save_identity(folder, "h:1", seed, {"node": answer["node"]})
            save_identity(folder, "h:1", seed, {**answer, "revoked": "list\n"})
            self.assertEqual(stat.S_IMODE(os.stat(folder + "/key.pem").st_mode), 0o600)
            self.assertEqual(
                sorted(os.listdir(folder)),
                ["authority.pem", "certificate.pem", "key.pem", "nodes", "revoked"])
            with open(folder + "/nodes", encoding="ascii") as file:
                self.assertEqual(file.read(), "h:1 " + answer["node"] + "\n")
            with self.assertRaises(ReportError):
                load_identity(folder, "h:2")


if __name__ == "__main__":
    unittest.main()
