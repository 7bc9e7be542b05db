"""Payloads of the replication session other than BATCH.

Source: docs/protocol.md section 5.1.
"""

from typing import List, NamedTuple, Tuple

from . import limits
from .errors import VerificationError
from .signed import HEAD_BYTES, Head, parse_head
from .structures import NO_HASH, Descriptor, Reader, parse_descriptor


class Position(NamedTuple):
    """How far somebody holds a log."""

    log_id: bytes
    sequence: int
    hash: bytes


def parse_positions(payload: bytes) -> List[Position]:
    """Source: docs/protocol.md section 5.1."""
    if len(payload) > 56 * limits.POSITION_ROWS:
        raise VerificationError("too many positions")
    reader = Reader(payload, "a statement of positions")
    rows: List[Position] = []
    while reader.remaining:
        row = Position(reader.take(16), reader.number(8), reader.take(32))
        if (row.sequence == 0) != (row.hash == NO_HASH):
            raise VerificationError("a position's sequence and hash contradict each other")
        rows.append(row)
    if len({row.log_id for row in rows}) != len(rows):
        raise VerificationError("a log stands twice in a statement of positions")
    return rows


def parse_log(payload: bytes) -> Tuple[Descriptor, Head]:
    """Descriptor and newest head of a log; the head's signature is checked.

    Source: docs/protocol.md section 5.1.
    """
    reader = Reader(payload, "a LOG message")
    descriptor = parse_descriptor(reader.take(reader.number(2)))
    head = parse_head(reader.take(HEAD_BYTES))
    reader.finish()
    if not head.is_authentic(descriptor):
        raise VerificationError("the head of a log is not signed by its owner")
    return descriptor, head


def unreadable_nodes(comparison: bytes) -> bytes:
    """The payload of NODES that answers a COMPARE by one who cannot tell any hash.

    Source: docs/protocol.md section 5.4.
    """
    reader = Reader(comparison, "a COMPARE message")
    answer = [reader.take(24)]
    while reader.remaining:
        answer += [reader.take(9), NO_HASH]
    if len(answer) == 1:
        raise VerificationError("a COMPARE message without nodes")
    return b"".join(answer)


def unreadable_entries(question: bytes) -> bytes:
    """The payload of ENTRIES that answers a FETCH by one who cannot read any entry.

    Source: docs/protocol.md section 5.4.
    """
    reader = Reader(question, "a FETCH message")
    answer = [reader.take(16)]
    while reader.remaining:
        answer += [reader.take(8), bytes(4)]
    if len(answer) == 1:
        raise VerificationError("a FETCH message without sequences")
    return b"".join(answer)
