"""Checks of WATCH: entries as they arrive, going on through a line that is cut."""

import socket
import threading
from typing import Any, List

from reportd import Client

from .live_context import Context, expect, expect_equal


class CuttingLine:
    """A proxy that lets so many bytes of the node through on each connection and then hangs up."""

    def __init__(self, host: str, port: int, bytes_each: int) -> None:
        self._target = (host, port)
        self._bytes_each = bytes_each
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with client, socket.create_connection(self._target) as node:
                node.sendall(client.recv(4096))
                left = self._bytes_each
                while left > 0:
                    data = node.recv(left)
                    if not data:
                        break
                    client.sendall(data)
                    left -= len(data)

    def close(self) -> None:
        """Take no more connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def the_feed_so_far_ends(context: Context) -> Any:
    items = list(context.client.feed(start=context.start_position))
    kinds = [item["kind"] for item in items]
    expect_equal(kinds, ["submit", "submit", "submit", "note", "note"])
    positions = [item["position"] for item in items]
    expect_equal(positions, sorted(set(positions)))
    only = list(context.client.feed(context.key, start=context.start_position))
    expect_equal({item["key"] for item in only}, {context.key})
    expect_equal(len(only), 4)
    return positions


def a_watch_tells_entries_as_they_arrive(context: Context) -> Any:
    with context.client.watch(context.key, with_positions=True) as watch:
        first = next(watch)
        expect_equal(set(first), {"position"})
        context.client.put(context.report("220.40"), "三.txt", **context.given())
        item = next(watch)
        while set(item) == {"position"}:
            item = next(watch)
    expect_equal((item["number"], item["kind"], item["key"]), (3, "submit", context.key))
    expect_equal(context.client.status()["position"], item["position"])
    return item["position"]


def a_watch_goes_on_through_a_line_that_is_cut(context: Context) -> Any:
    wanted = [item["position"] for item in context.client.feed(start=context.start_position)]
    line = CuttingLine(context.host, context.port, bytes_each=900)
    seen: List[Any] = []
    try:
        client = Client("127.0.0.1", line.port, timeout=30)
        watch = client.watch(start=context.start_position, first_pause=0.01)
        for item in watch:
            seen.append(item["position"])
            if len(seen) == len(wanted):
                break
        watch.close()
    finally:
        line.close()
    expect_equal(seen, wanted)
    expect(line.connections > 1, "the line was never cut")
    return {"entries": len(seen), "connections": line.connections}


def a_line_after_a_watch_ends_it(context: Context) -> Any:
    connection = Client(context.host, context.port, timeout=30).dial()
    connection.send(b"WATCH\nPING\n")
    try:
        for _ in range(3):
            connection.read_reply()
    except Exception as error:
        expect_equal(getattr(error, "code", None), "usage")
        return str(error)
    finally:
        connection.close()
    raise AssertionError("the watch goes on")


CHECKS = [
    the_feed_so_far_ends, a_watch_tells_entries_as_they_arrive,
    a_watch_goes_on_through_a_line_that_is_cut, a_line_after_a_watch_ends_it,
]
