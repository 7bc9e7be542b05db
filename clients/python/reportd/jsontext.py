"""Reading JSON from strangers with bounds, and writing RFC 8785 canonical JSON.

Source: RFC 8259; RFC 8785; docs/format.md section 1.3.
"""

import json
import math
import re
from typing import Any, Dict, List, Tuple, Union

from . import limits
from .errors import VerificationError

# A whole string (or an unclosed one, up to the end) or one bracket: it cannot fail after a
# quotation mark, so a scan is linear for every input.
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.?[^"\\]*)*(?:"|\Z)|[\[\]{}]', re.DOTALL)
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ESCAPED = re.compile(r'["\\\x00-\x1f]')
_SHORT_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r",
}
_EXACT_INTEGER = 1 << 53


class JSONError(VerificationError):
    """Text that is no JSON, or JSON outside the bounds."""

    def __init__(self, message: str) -> None:
        super().__init__(f"JSON: {message}")


def parse(data: Union[str, bytes], depth: int = limits.JSON_DEPTH) -> Any:
    """Read one JSON value.

    Refused: more than ``depth`` levels, members that stand twice, NaN and infinities, text that is
    not UTF-8, lone surrogates. Depth is counted before parsing, so nothing recurses without bound.
    """
    if len(data) > limits.JSON_BYTES:
        raise JSONError("too long")
    if isinstance(data, bytes):
        try:
            data = data.decode("utf-8")
        except UnicodeDecodeError:
            raise JSONError("not UTF-8") from None
    _check_depth(data, depth)
    try:
        return json.loads(
            data, object_pairs_hook=_members, parse_constant=_refuse_constant, parse_int=_integer,
            parse_float=_real,
        )
    except (ValueError, RecursionError) as error:
        raise JSONError(f"cannot be read ({error})") from None


def _check_depth(text: str, ceiling: int) -> None:
    level = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        first = text[match.start()]
        if first in "[{":
            level += 1
            if level > ceiling:
                raise JSONError(f"more than {ceiling} levels")
        elif first in "]}":
            level -= 1


def _members(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise JSONError("a member stands twice")
    return members


def _refuse_constant(text: str) -> Any:
    raise JSONError(f"{text} is no number")


def _integer(text: str) -> Union[int, float]:
    """Numbers are IEEE 754 doubles: what is exact as such stays an integer."""
    if len(text) <= 17 and abs(int(text)) <= _EXACT_INTEGER:
        return int(text)
    return _real(text)


def _real(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise JSONError("a number too large")
    return value


def canonical(value: Any, depth: int = limits.JSON_DEPTH) -> bytes:
    """RFC 8785 canonical JSON of a value as UTF-8.

    Raises JSONError for what has no canonical form: lone surrogates, numbers that are not finite,
    member names that are no text, more than ``depth`` levels.

    Source: RFC 8785 section 3.2.
    """
    pieces: List[str] = []
    _write(value, pieces, depth)
    return "".join(pieces).encode("utf-8")


def _write(value: Any, pieces: List[str], depth: int) -> None:
    if value is None:
        pieces.append("null")
    elif value is True:
        pieces.append("true")
    elif value is False:
        pieces.append("false")
    elif isinstance(value, str):
        pieces.append(_string(value))
    elif isinstance(value, (int, float)):
        pieces.append(number(value))
    elif depth <= 0:
        raise JSONError("too many levels")
    elif isinstance(value, (list, tuple)):
        pieces.append("[")
        for index, element in enumerate(value):
            if index:
                pieces.append(",")
            _write(element, pieces, depth - 1)
        pieces.append("]")
    elif isinstance(value, dict):
        _write_object(value, pieces, depth)
    else:
        raise JSONError(f"a {type(value).__name__} is no JSON")


def _write_object(value: Dict[str, Any], pieces: List[str], depth: int) -> None:
    if not all(isinstance(name, str) for name in value):
        raise JSONError("a member name is no text")
    pieces.append("{")
    for index, name in enumerate(sorted(value, key=_utf16)):
        if index:
            pieces.append(",")
        pieces.append(_string(name))
        pieces.append(":")
        _write(value[name], pieces, depth - 1)
    pieces.append("}")


def _utf16(name: str) -> bytes:
    """The sort key: UTF-16 code units (RFC 8785 section 3.2.3)."""
    return name.encode("utf-16-be", "surrogatepass")


def _string(text: str) -> str:
    if _LONE_SURROGATE.search(text):
        raise JSONError("a lone surrogate")
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: "re.Match[str]") -> str:
    character = match.group()
    return _SHORT_ESCAPES.get(character) or f"\\u{ord(character):04x}"


def number(value: Union[int, float]) -> str:
    """A number as ECMAScript prints it.

    Python's ``repr`` of a float has the same shortest digits; only their layout differs.

    Source: RFC 8785 section 3.2.2.3; ECMA-262 Number::toString.
    """
    try:
        real = float(value)
    except OverflowError:
        raise JSONError("a number too large") from None
    if not math.isfinite(real):
        raise JSONError("a number that is not finite")
    if real == 0:
        return "0"
    sign = "-" if real < 0 else ""
    mantissa, _, exponent_text = repr(abs(real)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    if fraction == "0":
        fraction = ""
    exponent = int(exponent_text or "0") + len(whole)
    digits = whole + fraction
    exponent -= len(digits) - len(digits.lstrip("0"))
    digits = digits.strip("0")
    return sign + _layout(digits, exponent)


def _layout(digits: str, point: int) -> str:
    """Digits with the decimal point after ``point`` of them."""
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    exponent = point - 1
    written = ("+" if exponent > 0 else "-") + str(abs(exponent))
    if count == 1:
        return digits + "e" + written
    return digits[0] + "." + digits[1:] + "e" + written
