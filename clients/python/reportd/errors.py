"""Errors of the protocol and of verification, and the exit codes that belong to them.

Source: docs/protocol.md section 2 (codes); docs of the command line (exit codes).
"""

from typing import Any, Dict, Optional

PARSE_CODES = (
    "empty", "unreadable", "truncated", "encrypted", "too-large", "too-deep", "too-slow",
    "no-text", "not-a-report", "unsupported", "needs-tool",
)

EXIT_CODES: Dict[str, int] = {
    "internal": 1, "usage": 2, "not-found": 3, "erased": 3, "ambiguous": 4, "conflict": 4,
    "no-key": 5, "unreachable": 6, "not-allowed": 7, "integrity": 8, "forked": 8,
    "no-space": 9, "read-only": 9, "timed-out": 10, "partial": 11,
}
EXIT_CODES.update({code: 5 for code in PARSE_CODES})


class ReportError(Exception):
    """An error with one of the protocol's codes.

    ``code`` is stable and one of the known words, ``message`` is for people. A code that this
    client does not know becomes ``internal``; the word itself stays in ``stated_code``.

    Source: docs/protocol.md section 2.
    """

    def __init__(self, code: str, message: str, details: Optional[Dict[str, Any]] = None) -> None:
        super().__init__(f"{code}: {message}")
        self.stated_code = code
        self.code = code if code in EXIT_CODES else "internal"
        self.message = message
        self.details = details or {}

    @property
    def exit_code(self) -> int:
        """The exit code that a command line program answers with."""
        return EXIT_CODES[self.code]


class ProtocolError(ReportError):
    """The other side sent something the protocol does not allow. The connection is closed."""

    def __init__(self, message: str) -> None:
        super().__init__("internal", message)


class ConnectionLost(ReportError):
    """The connection could not be made, or ended where a reply was due."""

    def __init__(self, message: str) -> None:
        super().__init__("unreachable", message)


class VerificationError(ReportError):
    """Bytes that should prove something do not."""

    def __init__(self, message: str) -> None:
        super().__init__("integrity", message)


def usage(message: str) -> ReportError:
    """An error for arguments that cannot be sent."""
    return ReportError("usage", message)
