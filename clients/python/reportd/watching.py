"""The feed of entries as they arrive, and going on after a cut connection.

Source: docs/protocol.md section 3.2.
"""

import random
import time
from typing import Any, Callable, Dict, Iterator, Optional, Union

from . import jsontext, limits
from .connection import Connection
from .errors import ConnectionLost, ProtocolError, ReportError
from .wire import Reply, request_line

Position = Union[str, int]
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 300.0


def feed_object(reply: Reply) -> Dict[str, Any]:
    """One object of a watch.

    Raises ProtocolError when it is none or names no position.
    """
    if reply.media != "application/json":
        raise ProtocolError("a watch answers something other than JSON")
    try:
        value = jsontext.parse(reply.payload)
    except jsontext.JSONError as error:
        raise ProtocolError(f"a watch answers {error.message}") from None
    if not isinstance(value, dict) or not isinstance(value.get("position"), (int, str)):
        raise ProtocolError("an object of a watch names no position")
    return value


class Watch:
    """An iterator over entries; ``position`` is how far it came.

    A lost connection is made again after 1, 2, 4 … seconds, each time between half of that and all
    of it, and goes on behind ``position``: no entry is missed and none comes twice. One thing
    cannot be known: without ``start``, entries that arrive before the first answer of the node
    belong to no position, so a watch that breaks before it begins at the then present.

    ``close`` ends it; so does leaving a ``with`` block.
    """

    def __init__(
        self,
        dial: Callable[[], Connection],
        lookup: Optional[str],
        start: Optional[Position],
        resume: bool = True,
        with_positions: bool = False,
        first_pause: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        self.position = start
        self.connections = 0
        """How many connections this watch has made."""
        self._dial = dial
        self._lookup = lookup
        self._resume = resume
        self._with_positions = with_positions
        self._first_pause = first_pause
        self._pause = first_pause
        self._connection: Optional[Connection] = None
        self._closed = False

    def __enter__(self) -> "Watch":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        return self

    def __next__(self) -> Dict[str, Any]:
        while not self._closed:
            try:
                value = self._next_object()
            except ReportError as error:
                self._drop()
                if not self._resume or error.code not in ("unreachable", "timed-out"):
                    raise
                self._wait()
                continue
            self.position = value["position"]
            self._pause = self._first_pause
            if len(value) > 1 or self._with_positions:
                return value
        raise StopIteration

    def close(self) -> None:
        """End the watch and its connection."""
        self._closed = True
        self._drop()

    def _next_object(self) -> Dict[str, Any]:
        if self._connection is None:
            self._connection = self._dial()
            self.connections += 1
            self._connection.set_timeout(limits.WATCH_SILENCE_SECONDS)
            self._connection.send(watch_line(self._lookup, self.position))
        return feed_object(self._connection.read_reply())

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _wait(self) -> None:
        time.sleep(self._pause * random.uniform(0.5, 1.0))
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)


def watch_line(lookup: Optional[str], start: Optional[Position]) -> bytes:
    """The request of a watch."""
    return request_line("WATCH", *([lookup] if lookup else []), from_=start)


def feed_until_now(
    connection: Connection, lookup: Optional[str], start: Position,
) -> Iterator[Dict[str, Any]]:
    """Entries after ``start`` up to the present, on a connection that this call uses up.

    Source: docs/protocol.md section 3.2 (closing the sending side).
    """
    try:
        connection.send(watch_line(lookup, start))
        connection.finish_sending()
        while not connection.at_end():
            value = feed_object(connection.read_reply())
            if len(value) > 1:
                yield value
    except ConnectionLost:
        raise ConnectionLost("the feed broke off") from None
    finally:
        connection.close()
