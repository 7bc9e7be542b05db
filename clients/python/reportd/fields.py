"""Members of JSON objects from strangers: each of the type it must have.

Source: docs/format.md, proofs and exports.
"""

import base64
import binascii
import re
from typing import Any, Dict, List, Optional

from .errors import ReportError, VerificationError

_HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2})*\Z")
_FORMAT = re.compile(r"(reportd\.[a-z]+)/([0-9]{1,9})\Z")


class Fields:
    """The members of one object; ``what`` names it in errors."""

    def __init__(self, value: Any, what: str) -> None:
        if not isinstance(value, dict):
            raise VerificationError(f"{what} is no object")
        self.what = what
        self._members: Dict[str, Any] = value

    def __contains__(self, name: str) -> bool:
        return self._members.get(name) is not None

    def take(self, name: str) -> Any:
        """A member that must be there."""
        if name not in self._members:
            raise VerificationError(f"{self.what} lacks {name}")
        return self._members[name]

    def text(self, name: str) -> str:
        """A string."""
        value = self.take(name)
        if not isinstance(value, str):
            raise VerificationError(f"{self.what}: {name} is no text")
        return value

    def number(self, name: str) -> int:
        """An integer from 0."""
        value = self.take(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise VerificationError(f"{self.what}: {name} is no number")
        return value

    def flag(self, name: str) -> bool:
        """true or false."""
        value = self.take(name)
        if not isinstance(value, bool):
            raise VerificationError(f"{self.what}: {name} is neither true nor false")
        return value

    def array(self, name: str, most: int) -> List[Any]:
        """An array of at most ``most`` elements."""
        value = self.take(name)
        if not isinstance(value, list) or len(value) > most:
            raise VerificationError(f"{self.what}: {name} is no array of at most {most}")
        return value

    def octets(self, name: str, count: Optional[int] = None) -> bytes:
        """Bytes in lower-case hexadecimal digits."""
        return hexadecimal(self.take(name), f"{self.what}: {name}", count)

    def hashes(self, name: str, most: int) -> List[bytes]:
        """An array of 32-byte hashes."""
        return [
            hexadecimal(one, f"{self.what}: {name}", 32) for one in self.array(name, most)
        ]

    def base64(self, name: str) -> bytes:
        """Bytes in base64 with padding (RFC 4648 section 4)."""
        try:
            data = base64.b64decode(self.text(name), validate=True)
        except (binascii.Error, ValueError):
            raise VerificationError(f"{self.what}: {name} is no base64") from None
        return data

    def expect_format(self, wanted: str) -> None:
        """``format`` must be ``wanted``; another number behind its slash is another version."""
        stated = self.text("format")
        if stated == wanted:
            return
        match = _FORMAT.match(stated)
        if match is not None and match.group(1) == wanted.partition("/")[0]:
            raise ReportError("unsupported", f"{self.what} has the format {stated}, not {wanted}")
        raise VerificationError(f"{self.what} has the format {stated[:40]!r}, not {wanted}")


def hexadecimal(value: Any, what: str, count: Optional[int] = None) -> bytes:
    """Bytes from lower-case hexadecimal digits; exactly ``count`` when that is given."""
    if not isinstance(value, str) or not _HEXADECIMAL.match(value):
        raise VerificationError(f"{what} is not in lower-case hexadecimal digits")
    data = bytes.fromhex(value)
    if count is not None and len(data) != count:
        raise VerificationError(f"{what} has {len(data)} bytes instead of {count}")
    return data
