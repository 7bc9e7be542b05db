"""A client of a node: one method for each verb.

Source: docs/protocol.md sections 3 and 4.
"""

import os
import ssl
from typing import Any, Dict, Iterator, List, Optional, Sequence, Union

from . import jsontext, limits
from .asking import json_object as as_object
from .commands import Commands
from .connection import Address, Connection
from .errors import ConnectionLost, ProtocolError, ReportError, usage
from .enrolment import join
from .handshake import Identity, authenticate_client
from .judgements import Judgements
from .questions import Questions
from .watching import FIRST_PAUSE_SECONDS, Position, Watch, feed_until_now
from .wire import Reply, request_line

DEFAULT_PORT = 7323


class Client(Commands, Questions, Judgements):
    """A client over TCP, TLS (``tls``) or a Unix socket (``Client.unix``).

    It connects at the first request, and again after a connection was lost; a request itself is
    never repeated by itself. With ``identity`` each connection begins with the handshake. For one
    thread at a time.

    ``timeout`` is in seconds, for each read and write. Every method raises ReportError with the
    code of the node's answer; ``unreachable`` and ``timed-out`` when there is none.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = DEFAULT_PORT,
        tls: Optional[ssl.SSLContext] = None,
        timeout: float = 30.0,
        identity: Optional[Identity] = None,
        reply_bytes: int = limits.REPLY_BYTES,
    ) -> None:
        self.address = Address(host, port)
        self._tls = tls
        self._timeout = timeout
        self._identity = identity
        self._reply_bytes = reply_bytes
        self._connection: Optional[Connection] = None

    @classmethod
    def unix(cls, path: Union[str, "os.PathLike[str]"], timeout: float = 30.0) -> "Client":
        """A client of the socket in the folder of a node's store.

        Source: docs/protocol.md section 3.6.
        """
        client = cls(timeout=timeout)
        client.address = Address("", 0, os.fspath(path))
        return client

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, if there is one. The next request makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def dial(self) -> Connection:
        """A new connection, after the handshake when there is an identity."""
        connection = Connection(self.address, self._timeout, self._tls)
        if self._identity is not None:
            authenticate_client(connection, self._identity)
        return connection

    def request(self, verb: str, *arguments: Any, **options: Any) -> Reply:
        """Any verb without a payload; one reply.

        Source: docs/protocol.md sections 1 and 2.
        """
        return self._exchange(request_line(verb, *arguments, **options))

    def request_with_payload(self, verb: str, payload: bytes, **options: Any) -> Reply:
        """Any verb whose first argument is the number of bytes that follow."""
        return self._exchange(request_line(verb, len(payload), **options), payload)

    def query(self, verb: str, *arguments: Any, **options: Any) -> Any:
        """Any verb that answers JSON: the value.

        For verbs of later versions; option names are written with ``_`` for ``-``.
        """
        return json_value(self.request(verb, *arguments, **options))

    def command(self, verb: str, value: Any, **options: Any) -> Any:
        """Any verb that takes a JSON object and answers JSON."""
        payload = jsontext.canonical(value)
        if len(payload) > limits.COMMAND_BYTES:
            raise usage(f"the JSON of a command has at most {limits.COMMAND_BYTES} bytes")
        return json_value(self.request_with_payload(verb, payload, **options))

    @staticmethod
    def join(line: str, seed: bytes, timeout: float = 30.0) -> Dict[str, Any]:
        """Join as a newcomer with the line that ``reportctl pki token`` prints.

        ``seed`` is the newcomer's own secret, which stays here. The answer has ``certificate``,
        ``authority``, ``node``, ``name``, ``notAfter``, ``revoked``; ``save_identity`` makes the
        folder of it that ``load_identity`` and reportctl read. Raises ReportError ``not-allowed``
        when another authority answers. Source: docs/protocol.md section 4.1.
        """
        return join(line, seed, timeout)

    def renew(self) -> Dict[str, Any]:
        """The next certificate of this connection's key, in an answer as that of ``join``.

        Source: docs/protocol.md section 4.1.
        """
        return as_object(self.query("RENEW"))

    def get_many(self, lookups: Sequence[str]) -> List[Union[Dict[str, Any], ReportError]]:
        """Records of many lookups over one connection without waiting in between.

        In the place of each lookup stands its record or its error. Requests on the way are bounded,
        so that two full sockets never wait for each other.

        Source: docs/protocol.md section 1 (pipelining).
        """
        lines = [request_line("GET", lookup) for lookup in lookups]
        results: List[Union[Dict[str, Any], ReportError]] = []
        sent = waiting_bytes = 0
        connection = self._connected()
        while len(results) < len(lines):
            while sent < len(lines) and sent - len(results) < limits.PIPELINED_REQUESTS and (
                waiting_bytes + len(lines[sent]) <= limits.PIPELINED_BYTES
            ):
                connection.send(lines[sent])
                waiting_bytes += len(lines[sent])
                sent += 1
            waiting_bytes -= len(lines[len(results)])
            try:
                results.append(json_object(self._read(connection)))
            except ReportError as error:
                if not connection.is_open:
                    raise
                results.append(error)
        return results

    def verify(self) -> Iterator[Dict[str, Any]]:
        """Check the node's store; progress objects, and at last the one with ``sound``.

        Leaving the iteration early closes the connection.

        Source: docs/protocol.md section 3.3.
        """
        connection = self._connected()
        connection.send(request_line("VERIFY"))
        finished = False
        try:
            while not finished:
                try:
                    value = json_object(self._read(connection))
                except ReportError:
                    finished = connection.is_open
                    raise
                finished = "sound" in value
                yield value
        finally:
            if not finished:
                self.close()

    def watch(
        self,
        lookup: Optional[str] = None,
        start: Optional[Position] = None,
        resume: bool = True,
        with_positions: bool = False,
        first_pause: float = FIRST_PAUSE_SECONDS,
    ) -> Watch:
        """Entries as they arrive, over a connection of their own; see ``Watch``.

        ``start`` continues after a position; without it the watch begins at the present.

        Source: docs/protocol.md section 3.2.
        """
        return Watch(self.dial, lookup, start, resume, with_positions, first_pause)

    def feed(
        self, lookup: Optional[str] = None, start: Position = 0,
    ) -> Iterator[Dict[str, Any]]:
        """Entries after ``start`` up to the present.

        Not over TLS, where Python's sockets cannot close one side alone.
        """
        return feed_until_now(self.dial(), lookup, start)

    def quit(self) -> str:
        """Say goodbye: the node answers ``bye`` and closes."""
        connection = self._connected()
        connection.send(request_line("QUIT"))
        reply = self._read(connection)
        closed = connection.at_end()
        self.close()
        if not closed:
            raise ProtocolError("the node goes on after QUIT")
        return reply.text

    def _connected(self) -> Connection:
        if self._connection is None or not self._connection.is_usable():
            self.close()
            self._connection = self.dial()
        return self._connection

    def _exchange(self, line: bytes, payload: Optional[bytes] = None) -> Reply:
        connection = self._connected()
        if payload is None:
            connection.send(line)
        else:
            # A file is converted and parsed before the answer comes.
            connection.set_timeout(max(self._timeout, limits.FILE_SECONDS))
            connection.send(line, memoryview(payload))
        try:
            return self._read(connection)
        finally:
            connection.set_timeout(self._timeout)

    def _read(self, connection: Connection) -> Reply:
        return connection.read_reply(self._reply_bytes)


def json_value(reply: Reply) -> Any:
    """The JSON of a reply.

    Raises ProtocolError when it holds none.
    """
    if reply.media != "application/json":
        raise ProtocolError(f"JSON was expected, {reply.media} came")
    try:
        return jsontext.parse(reply.payload)
    except jsontext.JSONError as error:
        raise ProtocolError(f"a reply's {error.message}") from None


def json_object(reply: Reply) -> Dict[str, Any]:
    """The JSON object of a reply.

    Raises ProtocolError when it holds another value.
    """
    return as_object(json_value(reply))


__all__ = ["Client", "ConnectionLost", "DEFAULT_PORT", "json_object", "json_value"]
