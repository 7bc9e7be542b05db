"""The payload of BATCH, and checking consecutive batches of one log.

Source: docs/protocol.md section 5.1; docs/format.md section 1.
"""

import hashlib
from typing import Dict, Iterable, List, NamedTuple, Optional, Tuple

from . import bodies, limits, merkle
from .errors import VerificationError
from .signed import HEAD_BYTES, Head, parse_head
from .structures import NO_HASH, SUBMIT, Descriptor, Entry, Reader, hashes, parse_entry


class Body(NamedTuple):
    """A body that came with an entry."""

    kind: int
    salt: bytes
    data: bytes


class Delivered(NamedTuple):
    """An entry with its bodies; None stands for one that is absent."""

    entry: Entry
    header: bytes
    bodies: Tuple[Optional[Body], ...]


class Batch(NamedTuple):
    """Consecutive entries of one log, parsed but not yet verified."""

    log_id: bytes
    first: int
    head: Head
    proof: List[bytes]
    entries: List[Delivered]

    @property
    def last(self) -> int:
        """The sequence of the last entry."""
        return self.first + len(self.entries) - 1


def parse_batch(payload: bytes) -> Batch:
    """A BATCH payload: its form and the checksum of each entry.

    Source: docs/protocol.md section 5.1.
    """
    if len(payload) > limits.BATCH_BYTES:
        raise VerificationError("a batch is too large")
    reader = Reader(payload, "a batch")
    reader.expect(b"rpb\x01", "its first bytes")
    log_id, first = reader.take(16), reader.number(8)
    entry_count, proof_count = reader.number(2), reader.number(2)
    if not 1 <= entry_count <= limits.BATCH_ENTRIES:
        raise VerificationError("a batch's number of entries is out of range")
    if proof_count > limits.BATCH_PROOF_HASHES:
        raise VerificationError("a batch's proof is too long")
    head = parse_head(reader.take(HEAD_BYTES))
    proof = hashes(reader.take(32 * proof_count), "a proof")
    entries = [_delivered(reader, first + index) for index in range(entry_count)]
    reader.finish()
    return Batch(log_id, first, head, proof, entries)


def _delivered(outer: Reader, sequence: int) -> Delivered:
    length, checksum = outer.number(4), outer.take(8)
    data = outer.take(length)
    if hashlib.sha256(data).digest()[:8] != checksum:
        raise VerificationError(f"entry {sequence} was damaged on the way")
    reader = Reader(data, f"entry {sequence} of a batch")
    header = reader.take(reader.number(4))
    entry = parse_entry(header)
    found: List[Optional[Body]] = []
    for reference in entry.bodies:
        kind = reader.number(1)
        if kind == 0:
            found.append(None)
            continue
        if kind != reference.kind:
            raise VerificationError(f"entry {sequence}: a body of another kind than named")
        salt = reader.take(bodies.SALT_BYTES)
        found.append(Body(kind, salt, reader.take(reader.number(8))))
    reader.finish()
    return Delivered(entry, header, tuple(found))


class LogState:
    """What a verifier remembers of one log: enough to check the next batch.

    One time and one number for each entry are kept for the rules about parents; everything else is
    of fixed size.
    """

    def __init__(self, descriptor: Descriptor) -> None:
        self.descriptor = descriptor
        self.last_hash = NO_HASH
        self.last_time = 0
        self.frontier = merkle.Frontier()
        self.absent_bodies = 0
        self._known: Dict[bytes, Tuple[int, int, bytes]] = {}

    @property
    def size(self) -> int:
        """How many entries were verified."""
        return self.frontier.size

    def take(self, batch: Batch, bodies_are_checked: bool = False) -> List[Delivered]:
        """Verify the next batch: head, chain, bodies, root and proof. All of it or nothing.

        ``bodies_are_checked`` says that the caller did so entry by entry, to keep less in memory.
        Raises VerificationError with the first thing that is wrong; the state is as before then.

        Source: docs/protocol.md section 5.2; docs/format.md sections 1.4 and 4.
        """
        if batch.log_id != self.descriptor.log_id:
            raise VerificationError("a batch of another log")
        if batch.first != self.size + 1:
            raise VerificationError(f"a batch begins at {batch.first}, not at {self.size + 1}")
        if not batch.head.is_authentic(self.descriptor):
            raise VerificationError("a batch's head is not signed by the log's owner")
        frontier = self.frontier.copy()
        previous, time = self.last_hash, self.last_time
        added: Dict[bytes, Tuple[int, int, bytes]] = {}
        for index, delivered in enumerate(batch.entries):
            entry = delivered.entry
            self._check_place(entry, batch.first + index, previous, time)
            self._check_references(entry, added)
            if not bodies_are_checked:
                check_bodies(delivered)
            frontier.append(entry.hash)
            previous, time = entry.hash, entry.recorded_at
            number = entry.number if entry.kind == SUBMIT else 0
            added[entry.hash] = (entry.recorded_at, number, entry.key_hash)
        check_against_head(frontier, previous, batch.head, batch.proof)
        self.frontier, self.last_hash, self.last_time = frontier, previous, time
        self._known.update(added)
        self.absent_bodies += sum(d.bodies.count(None) for d in batch.entries)
        return batch.entries

    def _check_place(self, entry: Entry, sequence: int, previous: bytes, time: int) -> None:
        if entry.log_id != self.descriptor.log_id:
            raise VerificationError(f"entry {sequence} says it belongs to another log")
        if entry.sequence != sequence:
            raise VerificationError(f"entry {sequence} says it is {entry.sequence}")
        if entry.previous != previous:
            raise VerificationError(f"entry {sequence} does not follow the one before")
        if entry.recorded_at < time:
            raise VerificationError(f"entry {sequence} is older than the one before")

    def _check_references(
        self, entry: Entry, added: Dict[bytes, Tuple[int, int, bytes]],
    ) -> None:
        """Rules about entries it names, as far as those stand in this log."""
        numbers = []
        for name in entry.parents + entry.subjects:
            known = added.get(name) or self._known.get(name)
            if known is not None and entry.recorded_at < known[0]:
                raise VerificationError(f"entry {entry.sequence} is older than one it names")
        for name in entry.parents:
            known = added.get(name) or self._known.get(name)
            if known is not None and entry.kind == SUBMIT:
                numbers.append(known[1])
                if known[2] != entry.key_hash:
                    raise VerificationError(f"entry {entry.sequence} follows another key")
        if numbers and entry.number <= max(numbers):
            raise VerificationError(f"entry {entry.sequence} does not count on from its parents")
        if len(numbers) == len(entry.parents) and numbers and entry.number != max(numbers) + 1:
            raise VerificationError(f"entry {entry.sequence} skips a version number")


def check_bodies(delivered: Delivered) -> None:
    """Check the bodies that are there against the header of their entry."""
    for reference, body in zip(delivered.entry.bodies, delivered.bodies):
        if body is None:
            continue
        try:
            bodies.check_body(reference, body.salt, body.data)
        except VerificationError as error:
            place = f"entry {delivered.entry.sequence}"
            raise VerificationError(f"{place}: {error.message}") from None


def check_against_head(
    frontier: merkle.Frontier, last_hash: bytes, head: Head, proof: List[bytes],
) -> None:
    """Check a tree against a head of the same log that covers it.

    Source: docs/protocol.md section 5.1 (the consistency proof of a batch).
    """
    if head.size < frontier.size:
        raise VerificationError("the head does not cover the last entry")
    if head.size == frontier.size and head.last_hash != last_hash:
        raise VerificationError("the head names another last entry")
    if not merkle.verify_consistency(
        frontier.size, head.size, proof, frontier.root(), head.root,
    ):
        raise VerificationError("the entries do not lead to the root that was signed")


def verify_batches(
    descriptor: Descriptor, payloads: Iterable[bytes], state: Optional[LogState] = None,
) -> LogState:
    """Verify consecutive batches of one log from its beginning, or on from ``state``.

    Returns what was verified; ``state`` itself grows. Raises VerificationError at the first
    payload that does not hold.
    """
    if state is None:
        state = LogState(descriptor)
    for payload in payloads:
        state.take(parse_batch(payload))
    return state
