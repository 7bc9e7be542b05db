"""What is hashed: the descriptor of a log and the header of an entry.

Each ``parse`` function takes exactly the bytes of one structure, checks every rule of its form and
raises VerificationError for anything else.

Source: docs/format.md sections 1.1, 1.2 and 2.
"""

import hashlib
from typing import List, NamedTuple, Tuple

from . import limits
from .errors import VerificationError

KINDS = {
    1: "submit", 2: "review", 3: "retract", 4: "note", 5: "reparse", 6: "rekey", 7: "erase",
}
SUBMIT = 1
BODY_KINDS = {1: "record", 2: "people", 3: "source", 4: "detail"}
RECORD_BODY = 1
NO_HASH = bytes(32)


class Reader:
    """Takes fields off the front of bytes, never past the end."""

    def __init__(self, data: bytes, what: str) -> None:
        self._data = memoryview(data)
        self._offset = 0
        self._what = what

    @property
    def remaining(self) -> int:
        """How many bytes are left."""
        return len(self._data) - self._offset

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        if count > self.remaining:
            raise VerificationError(f"{self._what} is cut short")
        taken = self._data[self._offset : self._offset + count]
        self._offset += count
        return bytes(taken)

    def number(self, count: int) -> int:
        """The next ``count`` bytes as a number, most significant byte first."""
        return int.from_bytes(self.take(count), "big")

    def expect(self, literal: bytes, field: str) -> None:
        """The next bytes must be these."""
        if self.take(len(literal)) != literal:
            raise VerificationError(f"{self._what}: {field} is not as it must be")

    def finish(self) -> None:
        """Nothing may be left."""
        if self.remaining:
            raise VerificationError(f"{self._what} has {self.remaining} bytes too many")


class Descriptor(NamedTuple):
    """Whose log it is. Source: docs/format.md section 1.1."""

    node_key: bytes
    nonce: bytes
    created_at: int
    name: str
    log_id: bytes


def parse_descriptor(data: bytes) -> Descriptor:
    """Source: docs/format.md section 1.1."""
    reader = Reader(data, "a log descriptor")
    reader.expect(b"rpl\x01", "its first bytes")
    key, nonce, created_at = reader.take(32), reader.take(16), reader.number(8)
    length = reader.number(2)
    if length > limits.NAME_BYTES:
        raise VerificationError("a log descriptor's name is too long")
    try:
        name = reader.take(length).decode("utf-8")
    except UnicodeDecodeError:
        raise VerificationError("a log descriptor's name is not UTF-8") from None
    reader.finish()
    return Descriptor(key, nonce, created_at, name, hashlib.sha256(data).digest()[:16])


class BodyReference(NamedTuple):
    """What an entry's header says of one body. Source: docs/format.md section 1.2."""

    kind: int
    byte_count: int
    """Bytes that are hashed: those of the digest form."""
    salted_hash: bytes


class Entry(NamedTuple):
    """The header of an entry. Source: docs/format.md section 1.2."""

    kind: int
    log_id: bytes
    sequence: int
    previous: bytes
    recorded_at: int
    key_hash: bytes
    number: int
    parents: Tuple[bytes, ...]
    subjects: Tuple[bytes, ...]
    bodies: Tuple[BodyReference, ...]
    trailer: bytes
    hash: bytes

    @property
    def kind_name(self) -> str:
        """The kind as the protocol writes it."""
        return KINDS.get(self.kind, f"unknown-{self.kind}")

    @property
    def version_id(self) -> str:
        """``N-xxxxxxxx``. Source: docs/format.md section 2."""
        return f"{self.number}-{self.hash.hex()[:8]}"


def parse_entry(header: bytes) -> Entry:
    """The header of an entry; its hash is that of the bytes given.

    Source: docs/format.md section 1.2.
    """
    reader = Reader(header, "an entry")
    reader.expect(b"rpe\x01", "its first bytes")
    kind = reader.number(2)
    reader.expect(bytes(2), "the zeros after its kind")
    log_id, sequence, previous = reader.take(16), reader.number(8), reader.take(32)
    recorded_at, key_hash, number = reader.number(8), reader.take(32), reader.number(4)
    counts = (reader.number(2), reader.number(2), reader.number(2))
    reader.expect(bytes(6), "the zeros after its counts")
    if any(n > most for n, most in zip(counts, (limits.PARENTS, limits.SUBJECTS, limits.BODIES))):
        raise VerificationError("an entry names more than it may")
    parents = tuple(reader.take(32) for _ in range(counts[0]))
    subjects = tuple(reader.take(32) for _ in range(counts[1]))
    bodies = tuple(_body_reference(reader) for _ in range(counts[2]))
    if reader.remaining > limits.TRAILER_BYTES:
        raise VerificationError("an entry's trailer is too long")
    trailer = reader.take(reader.remaining)
    entry = Entry(
        kind, log_id, sequence, previous, recorded_at, key_hash, number, parents, subjects,
        bodies, trailer, hashlib.sha256(header).digest(),
    )
    _check_entry(entry)
    return entry


def _body_reference(reader: Reader) -> BodyReference:
    kind = reader.number(1)
    reader.expect(bytes(3), "the zeros after a body's kind")
    count = reader.number(8)
    if count >= limits.BODY_BYTES:
        raise VerificationError("an entry names a body that is too large")
    return BodyReference(kind, count, reader.take(32))


def _check_entry(entry: Entry) -> None:
    """What the header alone can contradict. Source: docs/format.md sections 1.2 and 2."""
    if entry.sequence == 0:
        raise VerificationError("an entry's sequence is 0")
    if (entry.sequence == 1) != (entry.previous == NO_HASH):
        raise VerificationError("only the first entry of a log follows nothing")
    if entry.recorded_at >= limits.RECORDED_AT:
        raise VerificationError("an entry's time is out of range")
    if entry.kind == SUBMIT:
        _check_submit(entry)


def _check_submit(entry: Entry) -> None:
    kinds = [body.kind for body in entry.bodies]
    if not kinds or kinds[0] != RECORD_BODY or RECORD_BODY in kinds[1:]:
        raise VerificationError("a submit's first body, and no other, must be its record")
    if not 1 <= entry.number <= limits.VERSION_NUMBER:
        raise VerificationError("a submit's version number is out of range")
    if (entry.number == 1) != (not entry.parents):
        raise VerificationError("a submit is version 1 exactly when it has no parents")
    if entry.key_hash == NO_HASH:
        raise VerificationError("a submit without a key")


def key_hash(key: str) -> bytes:
    """How an entry names a key. Source: docs/format.md section 1.2."""
    return hashlib.sha256(b"reportd key 1\n" + key.encode("utf-8")).digest()


def hashes(data: bytes, what: str) -> List[bytes]:
    """A run of 32-byte hashes."""
    if len(data) % 32:
        raise VerificationError(f"{what} is no run of hashes")
    return [data[start : start + 32] for start in range(0, len(data), 32)]
