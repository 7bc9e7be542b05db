"""A node in a thread that says what a test tells it to say.

It reads the protocol with its own few lines (urllib's unquote), so that a mistake in reportd.wire
is not made twice.
"""

import json
import socket
import ssl
import threading
from typing import Any, Callable, Dict, List, Optional, Union
from urllib.parse import unquote_to_bytes

PAYLOAD_VERBS = (
    "PUT", "PARSE", "PUTREC", "NOTE", "REVIEW", "RETRACT", "REKEY", "ERASE", "REPARSE", "PEER",
    "BUNDLE",
)


class Request:
    """What a client asked."""

    def __init__(self, verb: str, arguments: List[str], options: Dict[str, str],
                 payload: bytes, line: bytes) -> None:
        self.verb = verb
        self.arguments = arguments
        self.options = options
        self.payload = payload
        self.line = line


def ok(value: Any, media: str = "application/json") -> bytes:
    """A +OK reply with JSON, or with bytes as they are."""
    payload = value if isinstance(value, bytes) else json.dumps(value).encode()
    return f"+OK {media} {len(payload)}\n".encode() + payload + b"\n"


class Link:
    """One connection of a client, as the handler of a test sees it."""

    def __init__(self, connected: Union[socket.socket, ssl.SSLSocket], number: int) -> None:
        self.socket = connected
        self.number = number
        self.file = connected.makefile("rb")

    def read(self) -> Optional[Request]:
        """The next request; None when the client closed."""
        line = self.file.readline()
        if not line:
            return None
        words = line.rstrip(b"\n").split(b" ")
        verb = words[0].decode()
        options: Dict[str, str] = {}
        arguments: List[str] = []
        for word in words[1:]:
            name, equals, value = word.partition(b"=")
            if equals:
                options[name.decode()] = unquote_to_bytes(value).decode()
            else:
                arguments.append(unquote_to_bytes(word).decode())
        payload = self.file.read(int(arguments[0])) if verb in PAYLOAD_VERBS else b""
        return Request(verb, arguments, options, payload, line)

    def send(self, data: bytes) -> None:
        """Write bytes."""
        self.socket.sendall(data)


Handler = Callable[[Link, Request], Optional[bytes]]


class FakeNode:
    """Listens on a free loopback port, or at a path; ``handler`` answers each request.

    A handler returns the bytes to send, or None to close the connection.
    """

    def __init__(
        self, handler: Handler, tls: Optional[ssl.SSLContext] = None, path: Optional[str] = None,
    ) -> None:
        self.handler = handler
        self.requests: List[Request] = []
        self.failures: List[BaseException] = []
        self._tls = tls
        if path is None:
            self._listener = socket.create_server(("127.0.0.1", 0))
            self.port = self._listener.getsockname()[1]
        else:
            self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._listener.bind(path)
            self._listener.listen()
        self.connections = 0
        self._threads: List[threading.Thread] = []
        self._links: List[Link] = []

    def __enter__(self) -> "FakeNode":
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        # A thread that waits in accept wakes up by a shutdown, not by a close.
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()
        for link in self._links:
            self._cut(link)
        for thread in self._threads:
            thread.join(5)

    def wait(self) -> None:
        """Until what clients sent before they closed has been read; all of them must have closed.

        What is said without an answer (an acknowledgement) is otherwise cut off unread at the exit.
        """
        for thread in self._threads[1:]:  # The first one accepts.
            thread.join(5)
            if thread.is_alive():
                raise AssertionError("a connection is still open")

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connected, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, connected, self.connections)

    def _serve(self, connected: socket.socket, number: int) -> None:
        try:
            if self._tls is not None:
                connected = self._tls.wrap_socket(connected, server_side=True)
        except (OSError, ssl.SSLError):
            connected.close()
            return
        link = Link(connected, number)
        self._links.append(link)
        try:
            while True:
                request = link.read()
                if request is None:
                    break
                self.requests.append(request)
                answer = self.handler(link, request)
                if answer is None:
                    break
                link.send(answer)
        except (OSError, ValueError):
            pass
        except BaseException as error:  # noqa: B902  (told by the test that looks)
            self.failures.append(error)
        finally:
            self._cut(link)

    @staticmethod
    def _cut(link: Link) -> None:
        try:
            link.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        link.file.close()
        link.socket.close()
