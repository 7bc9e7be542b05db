"""The watch: going on after a cut, ending, and feeds up to now."""

import time
import unittest
from typing import List, Optional
from unittest import mock

from reportd import Client, ProtocolError, ReportError, limits

from .fake_node import FakeNode, Link, Request, ok


def entry(position: int) -> bytes:
    return ok({"position": position, "key": f"2023/单位{position}", "kind": "submit"})


def cut_after(count: int, total: int) -> "object":
    """A node that sends ``count`` entries a connection, out of ``total``, then hangs up."""

    def handler(link: Link, request: Request) -> Optional[bytes]:
        start = int(request.options.get("from", "0"))
        if link.number % 3 == 2:
            return None  # Now and then nothing at all comes.
        link.send(ok({"position": start}))
        for position in range(start + 1, min(start + count, total) + 1):
            link.send(entry(position))
        if start + count >= total:
            link.read()
        return None

    return handler


class WatchTests(unittest.TestCase):
    def test_no_entry_is_missed_and_none_comes_twice(self) -> None:
        with FakeNode(cut_after(3, 20)) as node:  # type: ignore[arg-type]
            client = Client(port=node.port, timeout=5)
            seen: List[int] = []
            with client.watch("2023", start=0, first_pause=0.01) as watch:
                for item in watch:
                    seen.append(item["position"])
                    if len(seen) == 20:
                        break
                self.assertGreater(watch.connections, 5)
        self.assertEqual(seen, list(range(1, 21)))
        froms = [request.options["from"] for request in node.requests]
        self.assertEqual(froms[:4], ["0", "3", "3", "6"])

    def test_positions_count_as_progress(self) -> None:
        def handler(link: Link, request: Request) -> Optional[bytes]:
            if "from" not in request.options:
                link.send(ok({"position": 41}))
                return None
            return entry(42)

        with FakeNode(handler) as node:
            with Client(port=node.port, timeout=5).watch(first_pause=0.01) as watch:
                self.assertEqual(next(watch)["position"], 42)
        self.assertEqual(node.requests[1].options, {"from": "41"})

    def test_positions_are_shown_when_asked_for(self) -> None:
        def handler(link: Link, request: Request) -> Optional[bytes]:
            return ok({"position": 1}) + entry(2)

        with FakeNode(handler) as node:
            with Client(port=node.port).watch(start=0, with_positions=True) as watch:
                self.assertEqual([len(next(watch)), len(next(watch))], [1, 3])

    def test_a_cut_in_the_middle_of_an_entry(self) -> None:
        def handler(link: Link, request: Request) -> Optional[bytes]:
            if link.number == 1:
                link.send(entry(1) + entry(2)[:30])
                return None
            return entry(2)

        with FakeNode(handler) as node:
            with Client(port=node.port).watch(start=0, first_pause=0.01) as watch:
                self.assertEqual([next(watch)["position"], next(watch)["position"]], [1, 2])

    def test_silence_is_a_dead_connection(self) -> None:
        def handler(link: Link, request: Request) -> Optional[bytes]:
            return b"" if link.number == 1 else entry(1)

        with FakeNode(handler) as node, mock.patch.object(limits, "WATCH_SILENCE_SECONDS", 0.5):
            with Client(port=node.port).watch(start=0, first_pause=0.01) as watch:
                self.assertEqual(next(watch)["position"], 1)
            self.assertEqual(watch.connections, 2)

    def test_an_error_of_the_node_ends_it(self) -> None:
        with FakeNode(lambda link, request: b"-ERR usage no position\n") as node:
            with self.assertRaises(ReportError) as caught:
                next(Client(port=node.port).watch(start="x"))
            self.assertEqual(caught.exception.code, "usage")
            self.assertEqual(node.connections, 1)

    def test_without_resume_a_cut_is_told(self) -> None:
        with FakeNode(lambda link, request: None) as node:
            with self.assertRaises(ReportError) as caught:
                next(Client(port=node.port).watch(resume=False))
        self.assertEqual(caught.exception.code, "unreachable")

    def test_objects_without_a_position_are_refused(self) -> None:
        for value in ({}, {"position": None}, {"position": [1]}, [1], "x"):
            with FakeNode(lambda link, request: ok(value)) as node:
                with self.assertRaises(ProtocolError):
                    next(Client(port=node.port).watch())

    def test_a_closed_watch_is_at_its_end(self) -> None:
        watch = Client(port=1).watch()
        watch.close()
        self.assertEqual(list(watch), [])

    def test_pauses_grow(self) -> None:
        pauses: List[float] = []

        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 12:
                watch.close()

        with FakeNode(lambda link, request: None) as node:
            watch = Client(port=node.port, timeout=5).watch()
            with mock.patch.object(time, "sleep", sleep):
                self.assertEqual(list(watch), [])
        for index, pause in enumerate(pauses):
            longest = min(2.0**index, 300.0)
            self.assertTrue(longest / 2 <= pause <= longest, (index, pause))


class FeedTests(unittest.TestCase):
    def test_a_feed_ends_where_the_node_ends_it(self) -> None:
        def handler(link: Link, request: Request) -> Optional[bytes]:
            link.send(ok({"position": 0}) + entry(1) + entry(2))
            if link.read() is None:
                link.send(entry(3) + ok({"position": 9}))
            return None

        with FakeNode(handler) as node:
            items = list(Client(port=node.port, timeout=5).feed("2023"))
        self.assertEqual([item["position"] for item in items], [1, 2, 3])
        self.assertEqual(node.requests[0].options, {"from": "0"})

    def test_a_feed_that_breaks_off_is_told(self) -> None:
        def handler(link: Link, request: Request) -> Optional[bytes]:
            link.send(entry(1) + entry(2)[:20])
            return None

        with FakeNode(handler) as node:
            feed = Client(port=node.port, timeout=5).feed()
            self.assertEqual(next(feed)["position"], 1)
            with self.assertRaises(ReportError) as caught:
                next(feed)
        self.assertEqual(caught.exception.code, "unreachable")


if __name__ == "__main__":
    unittest.main()
