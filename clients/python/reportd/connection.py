"""One connection to a node: lines and payloads with bounds, over TCP, TLS or a Unix socket.

Source: docs/protocol.md sections 1 and 2.
"""

import hashlib
import importlib
import math
import socket
import ssl
import time
from typing import List, NamedTuple, Optional, Union

from . import limits
from .errors import ConnectionLost, ProtocolError, ReportError
from .wire import Reply, parse_reply_line

_CHUNK = 65536


class Address(NamedTuple):
    """Where a node listens: host and port, or the path of a Unix socket."""

    host: str
    port: int
    path: Optional[str] = None

    def __str__(self) -> str:
        return self.path if self.path is not None else f"{self.host}:{self.port}"


def tls_context(
    authority: Optional[str] = None,
    certificate: Optional[str] = None,
    private_key: Optional[str] = None,
    check_name: bool = False,
) -> ssl.SSLContext:
    """TLS 1.3 as nodes speak it, with mutual authentication when a certificate is given.

    ``authority`` is the PEM file of the authority that signed the node's certificate. Names are not
    checked unless ``check_name`` says so: a node is known by its Ed25519 key, which the handshake
    binds to its certificate. Without ``authority`` any certificate is taken; then only a handshake
    with the node's key tells who answers.

    Source: docs/protocol.md sections 3.6 and 4.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = check_name and authority is not None
    if authority is None:
        context.verify_mode = ssl.CERT_NONE
    else:
        context.load_verify_locations(authority)
    if certificate is not None:
        context.load_cert_chain(certificate, private_key)
    return context


class Connection:
    """A connected socket with a read buffer.

    Every failure of the socket becomes ``unreachable`` or ``timed-out``; the connection is closed
    then, since nobody knows where the next reply begins.
    """

    def __init__(
        self, address: Address, timeout: float, tls: Optional[ssl.SSLContext] = None,
    ) -> None:
        self.address = address
        self._buffer = bytearray()
        self._timeout = timeout
        self._deadline = math.inf
        self._socket: Optional[Union[socket.socket, ssl.SSLSocket]] = None
        try:
            self._socket = self._open(timeout, tls)
        except socket.timeout:
            raise ReportError("timed-out", f"{address} did not answer in {timeout:g} s") from None
        except (OSError, ValueError) as error:
            raise ConnectionLost(f"{address} cannot be reached: {error}") from None

    def _open(self, timeout: float, tls: Optional[ssl.SSLContext]) -> socket.socket:
        address = self.address
        if address.path is not None:
            raw = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            raw.settimeout(timeout)
            try:
                raw.connect(address.path)
            except BaseException:
                raw.close()
                raise
            return raw
        raw = socket.create_connection((address.host, address.port), timeout)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls is None:
            return raw
        try:
            return tls.wrap_socket(raw, server_hostname=address.host)
        except BaseException:
            raw.close()
            raise

    @property
    def is_open(self) -> bool:
        """False once closed, by this side or after a failure."""
        return self._socket is not None

    def is_usable(self) -> bool:
        """Whether a request may be sent now: open, and the other side neither closed nor spoke.

        Between requests a node is silent; bytes that come unasked make the connection useless.
        """
        if self._socket is None or self._buffer:
            return False
        timeout = self._socket.gettimeout()
        try:
            self._socket.settimeout(0)
            self._socket.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            self._socket.settimeout(timeout)
            return True
        except OSError:
            return False
        return False

    @property
    def channel_binding(self) -> bytes:
        """SHA-256 of the node's TLS certificate, or zeros. Source: docs/protocol.md section 4."""
        if isinstance(self._socket, ssl.SSLSocket):
            certificate = self._socket.getpeercert(binary_form=True)
            if certificate is None:
                raise ProtocolError("the node showed no certificate")
            return hashlib.sha256(certificate).digest()
        return bytes(32)

    def certificate_chain(self) -> List[bytes]:
        """The certificates that the node showed, DER, its own first; nothing of them was checked.

        Raises ReportError ``unsupported`` where Python cannot tell, before 3.10.
        """
        connected = self._socket
        public = getattr(connected, "get_unverified_chain", None)  # From 3.13 on: DER.
        if public is not None:
            return [bytes(one) for one in public()]
        private = getattr(getattr(connected, "_sslobj", None), "get_unverified_chain", None)
        if private is None:
            raise ReportError("unsupported", "Python 3.10 or later is needed to join")
        form = importlib.import_module("_ssl").ENCODING_DER
        return [bytes(one.public_bytes(form)) for one in private() or ()]

    def set_timeout(self, seconds: float) -> None:
        """How long each further read or write may wait."""
        self._timeout = seconds
        if self._socket is not None:
            self._socket.settimeout(seconds)

    def set_deadline(self, deadline: float) -> None:
        """When all reading ends, by ``time.monotonic()``; ``math.inf``: never.

        Each single read may wait as ``set_timeout`` says: without a deadline one byte now and then
        would hold a reader for as long as the other side likes.
        """
        self._deadline = deadline
        if self._socket is not None:
            self._socket.settimeout(self._timeout)

    def close(self) -> None:
        """Close. A second call does nothing."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, *pieces: Union[bytes, memoryview]) -> None:
        """Write pieces one after the other.

        When the other side closed, what it said before is still there to be read: the failure is
        then told by the read that follows.
        """
        try:
            for piece in pieces:
                self._live_socket().sendall(piece)
        except socket.timeout:
            self.close()
            raise ReportError("timed-out", f"{self.address} takes no more bytes") from None
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            return
        except OSError as error:
            self.close()
            raise ConnectionLost(f"{self.address}: {error}") from None

    def finish_sending(self) -> None:
        """Close the sending side only. Not possible under TLS with Python's sockets."""
        if isinstance(self._socket, ssl.SSLSocket):
            raise ReportError("usage", "a TLS connection cannot be closed on one side only")
        try:
            self._live_socket().shutdown(socket.SHUT_WR)
        except OSError as error:
            self.close()
            raise ConnectionLost(f"{self.address}: {error}") from None

    def read_line(self, ceiling: int = limits.REPLY_LINE_BYTES) -> bytes:
        """The next line without its end.

        Raises ConnectionLost at the end of the stream, ProtocolError over ``ceiling``.
        """
        searched = 0
        while True:
            end = self._buffer.find(b"\n", searched)
            if end > ceiling or (end < 0 and len(self._buffer) > ceiling):
                self.close()
                raise ProtocolError(f"a line of more than {ceiling} bytes")
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                return line[:-1] if line.endswith(b"\r") else line
            searched = len(self._buffer)
            self._fill()

    def read_bytes(self, count: int) -> bytes:
        """Exactly ``count`` bytes. Memory grows with what arrives, not with what was declared."""
        if len(self._buffer) >= count:
            taken = bytes(self._buffer[:count])
            del self._buffer[:count]
            return taken
        pieces = bytearray(self._buffer)
        self._buffer.clear()
        while len(pieces) < count:
            pieces += self._receive(min(_CHUNK, count - len(pieces)))
        return bytes(pieces)

    def skip_bytes(self, count: int) -> None:
        """Pass over exactly ``count`` bytes without keeping them."""
        while count > 0:
            count -= len(self.read_bytes(min(_CHUNK, count)))

    def read_reply(self, ceiling: int = limits.REPLY_BYTES) -> Reply:
        """The next reply.

        Raises its ReportError when it is an error; ProtocolError, after closing, when it cannot be
        understood.

        Source: docs/protocol.md section 2.
        """
        line = self.read_line()
        try:
            media, count = parse_reply_line(line, ceiling)
        except ProtocolError:
            self.close()
            raise
        payload = self.read_bytes(count)
        if self.read_bytes(1) != b"\n":
            self.close()
            raise ProtocolError("a reply's payload does not end where it said")
        return Reply(media, payload)

    def at_end(self) -> bool:
        """Whether the other side closed and everything was read. Waits for one or the other."""
        if self._buffer:
            return False
        try:
            self._fill()
        except ConnectionLost:
            return True
        return False

    def _fill(self) -> None:
        self._buffer += self._receive(_CHUNK)

    def _receive(self, count: int) -> bytes:
        connected = self._live_socket()
        try:
            if self._deadline < math.inf:
                left = self._deadline - time.monotonic()
                if left <= 0:
                    raise socket.timeout
                connected.settimeout(min(self._timeout, left))
            received = connected.recv(count)
        except socket.timeout:
            self.close()
            raise ReportError("timed-out", f"{self.address} did not answer in time") from None
        except OSError as error:
            self.close()
            raise ConnectionLost(f"{self.address}: {error}") from None
        if not received:
            self.close()
            raise ConnectionLost(f"{self.address} closed the connection")
        return received

    def _live_socket(self) -> socket.socket:
        if self._socket is None:
            raise ConnectionLost(f"{self.address} is not connected")
        return self._socket
