"""Lines of the protocol: escapes, request lines, reply lines. No sockets here.

Source: docs/protocol.md sections 1 and 2.
"""

import re
from typing import Any, List, NamedTuple, Optional, Tuple, Union

from . import limits
from .errors import ProtocolError, ReportError, usage

_OPTION_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
_VERB = re.compile(r"[A-Z][A-Z0-9-]*\Z")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_MEDIA = ("text/plain", "application/json", "application/octet-stream")


class Reply(NamedTuple):
    """The payload of a ``+OK`` reply."""

    media: str
    payload: bytes

    @property
    def text(self) -> str:
        """The payload as text.

        Raises ProtocolError when it is not UTF-8.
        """
        try:
            return self.payload.decode("utf-8")
        except UnicodeDecodeError:
            raise ProtocolError("a text reply is not UTF-8") from None


def is_verb(text: str) -> bool:
    """Whether a word has the form of a verb. Source: docs/protocol.md sections 1 and 5."""
    return _VERB.match(text) is not None


def escape(value: Union[str, bytes]) -> bytes:
    """Write a value so that it is one argument: space, ``%``, ``=``, controls as ``%XX``.

    Bytes that are not UTF-8 are escaped byte by byte; text with lone surrogates is an error.
    The ``=`` is escaped always, which is allowed, so that no value looks like an option.

    Source: docs/protocol.md section 1.
    """
    if isinstance(value, str):
        try:
            raw = value.encode("utf-8")
        except UnicodeEncodeError:
            raise usage("an argument is not valid text") from None
        keep_high = True
    else:
        raw = value
        keep_high = _is_utf8(raw)
    out = bytearray()
    for byte in raw:
        plain = 0x20 < byte < 0x7F and byte not in (0x25, 0x3D)
        if plain or (byte >= 0x80 and keep_high):
            out.append(byte)
        else:
            out += b"%%%02X" % byte
    return bytes(out)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def unescape(raw: bytes) -> bytes:
    """Undo ``%XX``.

    Raises ProtocolError when a ``%`` is not followed by two hexadecimal digits.
    """
    if raw.count(b"%") != len(_ESCAPE.findall(raw)):
        raise ProtocolError("a % without two hexadecimal digits after it")
    return _ESCAPE.sub(lambda match: bytes([int(match.group(1), 16)]), raw)


def option_text(value: Any) -> Union[str, bytes]:
    """The written form of an option's value: True is ``1``, numbers are decimal."""
    if value is True:
        return "1"
    if isinstance(value, (str, bytes)):
        return value
    if isinstance(value, int):
        return str(value)
    raise usage(f"an option cannot be a {type(value).__name__}")


def request_line(verb: str, *arguments: Any, **options: Any) -> bytes:
    """One request line with its LF.

    Options that are None or False are left out; ``_`` in their names stands for ``-``, and one at
    the end is dropped (``from_`` is ``from``).

    Source: docs/protocol.md section 1.
    """
    if not is_verb(verb):
        raise usage("a verb is written in upper case letters")
    parts: List[bytes] = [verb.encode("ascii")]
    for argument in arguments:
        written = escape(option_text(argument))
        if not written:
            raise usage("an argument is empty")
        parts.append(written)
    for name, value in options.items():
        if value is None or value is False:
            continue
        option = name.rstrip("_").replace("_", "-")
        if not _OPTION_NAME.match(option):
            raise usage(f"an option cannot be called {option!r}")
        parts.append(option.encode("ascii") + b"=" + escape(option_text(value)))
    line = b" ".join(parts)
    if len(line) > limits.LINE_BYTES:
        raise usage(f"the request has {len(line)} bytes, a line at most {limits.LINE_BYTES}")
    return line + b"\n"


def split_line(line: bytes) -> Tuple[str, List[str]]:
    """The verb and the arguments of a line whose end is gone, escapes undone.

    An option keeps its ``name=`` in front. For messages of the handshake and of peer sessions.

    Source: docs/protocol.md section 1.
    """
    words = line.split(b" ")
    if not all(words):
        raise ProtocolError("a line with an empty argument")
    try:
        texts = [unescape(word).decode("utf-8") for word in words]
    except UnicodeDecodeError:
        raise ProtocolError("a line that is not UTF-8") from None
    return texts[0].upper(), texts[1:]


def decimal(text: str, ceiling: int, what: str) -> int:
    """A number written in ASCII decimal digits.

    Raises ProtocolError when it is none or greater than ``ceiling``.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > 20:
        raise ProtocolError(f"{what} is no decimal number")
    number = int(text)
    if number > ceiling:
        raise ProtocolError(f"{what} is {number}, at most {ceiling} is taken")
    return number


def parse_error(line: bytes) -> Optional[ReportError]:
    """The error in a ``-ERR`` line, or None when the line is another one.

    Source: docs/protocol.md section 2.
    """
    if line != b"-ERR" and not line.startswith(b"-ERR "):
        return None
    words = line.split(b" ", 2)
    code = words[1].decode("ascii", "replace") if len(words) > 1 else "internal"
    message = words[2] if len(words) > 2 else b""
    try:
        message = unescape(message)
    except ProtocolError:
        pass  # A message is for people: one that is badly escaped is shown as it came.
    text, _, hint = message.decode("utf-8", "replace").partition("\n")
    return ReportError(code, text, {"hint": hint} if hint else None)


def parse_reply_line(line: bytes, ceiling: int = limits.REPLY_BYTES) -> Tuple[str, int]:
    """Media type and byte count of a ``+OK`` line.

    Raises the ReportError of a ``-ERR`` line; ProtocolError for anything else.

    Source: docs/protocol.md section 2.
    """
    error = parse_error(line)
    if error is not None:
        raise error
    words = line.split(b" ")
    if len(words) != 3 or words[0] != b"+OK":
        raise ProtocolError("a reply is neither +OK nor -ERR")
    media = words[1].decode("ascii", "replace")
    if media not in _MEDIA:
        raise ProtocolError(f"a reply of the unknown media type {media[:80]!r}")
    count = decimal(words[2].decode("ascii", "replace"), ceiling, "the size of a reply")
    return media, count
