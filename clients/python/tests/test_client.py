"""Every verb against a node that is played, and what a client does when it misbehaves."""

import json
import os
import tempfile
import unittest
from typing import Any, Dict, Optional

from reportd import Client, ProtocolError, ReportError

from .fake_node import FakeNode, Link, Request, ok

KEY = "2023/湛江市/麻章区/总工会/整体支出"
RECORD = {"key": KEY, "version": {"number": 2}}
NOTE = {"key": KEY, "fingerprint": "00aa", "text": "说明", "author": None}
OUTCOME: Dict[str, Any] = {
    "file": "a b.txt", "outcome": "stored", "key": KEY, "version": {"number": 1, "id": "1-00aa"},
    "duplicateOf": None, "findings": None, "error": None,
}
ROWS = [{"key": f"2023/湛江市/麻章区/单位{number}/整体支出"} for number in range(5)]


def list_page(request: Request) -> Dict[str, Any]:
    keys = [row["key"] for row in ROWS]
    start = keys.index(request.options["after"]) + 1 if "after" in request.options else 0
    end = start + int(request.options.get("limit", "100"))
    return {"rows": ROWS[start:end], "next": keys[end - 1] if end < len(keys) else None}


def well_behaved(link: Link, request: Request) -> Optional[bytes]:
    """A node that knows every verb of docs/protocol.md section 3."""
    body = request.options.get("body")
    if request.verb == "GET" and request.arguments == ["2023/火星"]:
        return b"-ERR not-found no%0Arecord\n"
    if request.verb == "GET" and body == "people":
        return ok([{"name": "张三"}])
    if request.verb == "GET" and body == "source":
        return ok(b"\x00\n\xff" + request.options["source"].encode(), "application/octet-stream")
    if request.verb == "VERIFY":
        return ok({"done": 1, "total": 2}) + ok({"sound": True, "problems": []})
    if request.verb == "QUIT":
        link.send(ok(b"bye", "text/plain"))
        return None
    if request.verb == "LIST":
        return ok(list_page(request))
    if request.verb == "QUEUE":
        page = list_page(request)
        return ok({"items": page["rows"], "next": page["next"], "waiting": len(ROWS)})
    answers = {
        "PING": ok(b"pong", "text/plain"), "HELP": ok("PING\n…\n".encode(), "text/plain"),
        "VERSION": ok({"protocol": 1}), "STATUS": ok({"position": 7}),
        "GET": ok(json.dumps(RECORD, ensure_ascii=False).encode() + b"\n"),
        "RESOLVE": ok({"outcome": "one", "key": KEY}), "HISTORY": ok({"items": [{"sequence": 1}]}),
        "NOTES": ok({"items": [NOTE]}), "NOTE": ok(NOTE), "PUT": ok(OUTCOME),
        "PARSE": ok(RECORD), "PUTREC": ok(OUTCOME), "MISSING": ok({"rows": []}),
        "REVIEW": ok({"items": [{"key": KEY}]}), "PROVE": ok({"format": "x"}), "DU": ok({"file": {}}),
    }
    return answers.get(request.verb, b"-ERR usage unknown verb\n")


class VerbTests(unittest.TestCase):
    def setUp(self) -> None:
        self.node = FakeNode(well_behaved)
        self.node.__enter__()
        self.addCleanup(self.node.__exit__)
        self.client = Client(port=self.node.port, timeout=5)
        self.addCleanup(self.client.close)

    def last(self) -> Request:
        return self.node.requests[-1]

    def test_verbs_without_arguments(self) -> None:
        self.assertEqual(self.client.ping(), "pong")
        self.assertIn("PING", self.client.help())
        self.assertEqual(self.client.version(), {"protocol": 1})
        self.assertEqual(self.client.status()["position"], 7)
        self.assertEqual(self.node.connections, 1)

    def test_get(self) -> None:
        self.assertEqual(self.client.get("2023/麻章区@2", as_of="2024-01-01"), RECORD)
        self.assertEqual(self.last().line, "GET 2023/麻章区@2 as-of=2024-01-01\n".encode())
        self.assertTrue(self.client.get_bytes(KEY, known_here="5").endswith(b"}\n"))
        self.assertEqual(self.last().options, {"known-here": "5"})
        self.assertEqual(self.client.people(KEY), [{"name": "张三"}])
        self.assertEqual(self.client.source(KEY, 3), b"\x00\n\xff3")

    def test_an_error_leaves_the_connection_usable(self) -> None:
        with self.assertRaises(ReportError) as caught:
            self.client.get("2023/火星")
        error = caught.exception
        self.assertEqual((error.code, error.message, error.details), ("not-found", "no", {"hint": "record"}))
        self.assertEqual(self.client.ping(), "pong")
        self.assertEqual(self.node.connections, 1)

    def test_prove_and_disk_use(self) -> None:
        self.assertEqual(self.client.prove(KEY, since=4), {"format": "x"})
        self.assertEqual(self.last().options, {"since": "4"})
        self.assertEqual(self.client.disk_use(), {"file": {}})

    def test_resolve_history_notes(self) -> None:
        self.assertEqual(self.client.resolve(KEY)["outcome"], "one")
        self.assertEqual(self.client.history(KEY), [{"sequence": 1}])
        self.assertEqual(self.client.notes(KEY), [NOTE])

    def test_note_sends_its_object(self) -> None:
        self.assertEqual(self.client.note(KEY, "00aa", "说明"), NOTE)
        self.assertEqual(
            json.loads(self.last().payload),
            {"lookup": KEY, "author": None, "fingerprint": "00aa", "text": "说明"})
        with self.assertRaises(ReportError):
            self.client.note(KEY, "00aa", "长" * 3000)

    def test_list_goes_over_the_pages(self) -> None:
        for size in (1, 2, 5, 100):
            self.assertEqual(list(self.client.list("2023/麻章区", limit=size, unit="工会")), ROWS)
        self.assertEqual(self.last().options["unit"], "工会")
        self.assertEqual(list(self.client.list(after=ROWS[3]["key"])), ROWS[4:])

    def test_the_queue_goes_over_the_pages_in_its_order(self) -> None:
        for size in (1, 2, 5):
            self.assertEqual(list(self.client.queue("2023", limit=size, order="deadline")), ROWS)
        self.assertEqual(self.last().options["order"], "deadline")
        self.assertNotIn("open", self.last().options)
        self.assertEqual(self.client.queue_page(open=True)["waiting"], len(ROWS))
        self.assertEqual(self.last().options, {"open": "1"})

    def test_put_and_parse_carry_any_bytes(self) -> None:
        data = bytes(range(256)) * 1000 + b"\nQUIT\n"
        outcome = self.client.put(data, "a b=1%.txt", year=2023, region="麻章区", force=True,
                                  if_version=0)
        self.assertEqual(outcome, OUTCOME)
        self.assertEqual(self.last().payload, data)
        self.assertEqual(self.last().options, {
            "name": "a b=1%.txt", "year": "2023", "region": "麻章区", "force": "1",
            "if-version": "0"})
        self.assertEqual(self.client.parse(b"", "x", people=True), RECORD)
        self.assertEqual(self.last().options, {"name": "x", "people": "1"})

    def test_put_path_and_put_record(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "报告 1.txt")
            with open(path, "wb") as file:
                file.write(b"text")
            self.client.put_path(path)
        self.assertEqual(self.last().options["name"], "报告 1.txt")
        self.client.put_record({"key": KEY, "a": 1}, people=[], if_version=3)
        self.assertEqual(
            self.last().payload, f'{{"people":[],"record":{{"a":1,"key":"{KEY}"}}}}'.encode())

    def test_verbs_of_later_versions(self) -> None:
        self.assertEqual(self.client.query("MISSING", "2023/麻章区", kind="整体支出"), {"rows": []})
        self.assertEqual(self.client.command("REVIEW", {"a": 1}), {"items": [{"key": KEY}]})
        with self.assertRaises(ReportError) as caught:
            self.client.query("NONE")
        self.assertEqual(caught.exception.code, "usage")

    def test_verify_shows_progress(self) -> None:
        values = list(self.client.verify())
        self.assertEqual([value.get("sound") for value in values], [None, True])
        self.assertEqual(self.client.ping(), "pong")
        for _ in self.client.verify():
            break
        self.assertEqual(self.client.ping(), "pong")

    def test_quit_and_going_on_with_a_new_connection(self) -> None:
        self.assertEqual(self.client.quit(), "bye")
        self.assertEqual(self.client.ping(), "pong")
        self.assertEqual(self.node.connections, 2)

    def test_many_records_in_one_go(self) -> None:
        lookups = [KEY, "2023/火星", KEY + "@1"] * 200
        answers = self.client.get_many(lookups)
        self.assertEqual(len(answers), 600)
        self.assertEqual(answers[0], RECORD)
        self.assertEqual(getattr(answers[1], "code", None), "not-found")
        self.assertEqual(self.client.get_many([]), [])
        self.assertEqual([request.arguments[0] for request in self.node.requests], lookups)

    def test_the_unix_socket(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "node.sock")
            with FakeNode(well_behaved, path=path), Client.unix(path, timeout=5) as client:
                self.assertEqual(client.ping(), "pong")
                self.assertEqual(client.note(KEY, "00aa", ""), NOTE)


class MisbehaviourTests(unittest.TestCase):
    def answered_with(self, data: bytes, code: str, **settings: Any) -> ReportError:
        def handler(link: Link, request: Request) -> Optional[bytes]:
            link.send(data)
            return None

        with FakeNode(handler) as node, Client(port=node.port, timeout=2, **settings) as client:
            with self.assertRaises(ReportError) as caught:
                client.version()
            self.assertEqual(caught.exception.code, code, data[:60])
            return caught.exception

    def test_replies_that_are_none(self) -> None:
        for data in (
            b"HTTP/1.1 400 Bad\n", b"\n", b"+OK application/json 2\n{}x", b"x" * 70000,
            b"+OK application/json 3\n[1]\n", b"+OK application/json 2\n{,\n",
            b"+OK text/plain 2\n{}\n", b"+OK application/json 999999999999\n",
            b"+OK application/json 400\n" + b"[" * 400 + b"\n",
            b'+OK application/json 13\n{"a":1,"a":2}\n',
        ):
            self.assertIsInstance(self.answered_with(data, "internal"), ProtocolError)

    def test_connections_that_end(self) -> None:
        for data in (b"", b"+O", b"+OK application/json 2\n", b"+OK application/json 2\n{}"):
            self.answered_with(data, "unreachable")

    def test_a_reply_larger_than_asked_for_is_not_read(self) -> None:
        self.answered_with(b"+OK application/json 2000\n", "internal", reply_bytes=1000)

    def test_an_error_of_an_unknown_code(self) -> None:
        error = self.answered_with(b"-ERR novel something\n", "internal")
        self.assertEqual(error.stated_code, "novel")

    def test_a_node_that_says_nothing(self) -> None:
        with FakeNode(lambda link, request: b"") as node:
            with Client(port=node.port, timeout=0.2) as client:
                with self.assertRaises(ReportError) as caught:
                    client.ping()
        self.assertEqual(caught.exception.code, "timed-out")

    def test_nobody_listens(self) -> None:
        with FakeNode(lambda link, request: None) as node:
            port = node.port
        with self.assertRaises(ReportError) as caught:
            Client(port=port, timeout=2).ping()
        self.assertEqual(caught.exception.exit_code, 6)
        with self.assertRaises(ReportError) as caught:
            Client.unix("/nowhere/node.sock").ping()
        self.assertEqual(caught.exception.code, "unreachable")

    def test_an_error_before_a_payload_was_taken_is_told(self) -> None:
        def handler(link: Link, request: Request) -> Optional[bytes]:
            return b"-ERR not-allowed strangers may not submit\n"

        with FakeNode(handler) as node, Client(port=node.port, timeout=5) as client:
            with self.assertRaises(ReportError) as caught:
                client.put(bytes(3_000_000), "x")
        self.assertEqual(caught.exception.code, "not-allowed")

    def test_a_page_that_leads_to_itself_ends(self) -> None:
        def handler(link: Link, request: Request) -> Optional[bytes]:
            return ok({"rows": [{"key": "a"}], "next": "a"})

        with FakeNode(handler) as node, Client(port=node.port, timeout=5) as client:
            with self.assertRaises(ProtocolError):
                list(client.list())

    def test_a_connection_that_the_node_closed_between_requests_is_made_again(self) -> None:
        def handler(link: Link, request: Request) -> Optional[bytes]:
            link.send(ok(b"pong", "text/plain"))
            return None

        with FakeNode(handler) as node, Client(port=node.port, timeout=5) as client:
            self.assertEqual(client.ping(), "pong")
            assert client._connection is not None
            self.assertTrue(client._connection.at_end())
            self.assertEqual(client.ping(), "pong")
            self.assertEqual(node.connections, 2)


if __name__ == "__main__":
    unittest.main()
