"""Bundles: what one node sends another on removable media, checked without asking anybody.

Source: docs/format.md section 11 (``reportd.bundle/1``).
"""

import hashlib
import os
from typing import IO, Any, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

from . import ed25519, jsontext, limits, zstd
from .batch import Batch, LogState, check_bodies, parse_batch
from .errors import ReportError, VerificationError
from .fields import Fields
from .handshake import key_bytes
from .messages import parse_log
from .signed import Acknowledgement, parse_acknowledgement
from .structures import Descriptor

FORMAT = "reportd.bundle/1"
MAGIC = b"rpu\x01"
SIGNED_PREFIX = b"reportd bundle 1\n"
MANIFEST, LOG, BATCH, ACKNOWLEDGEMENT, COMPRESSED_BATCH, SIGNATURE = 1, 2, 3, 4, 5, 255
_HEAD_BYTES = 9
_SIGNATURE_BYTES = 64
Path = Union[str, "os.PathLike[str]"]


class Manifest(NamedTuple):
    """What a bundle says of itself."""

    node: bytes
    name: str
    recipient: Optional[bytes]
    made_at: str
    parts: Dict[bytes, Tuple[int, int]]
    """For each log the sequence before its first entry, and of its last."""


class _Part:
    """One log of the bundle: its entries are held together by its tree, or by their chain."""

    def __init__(self, descriptor: Descriptor, after: int, state: Optional[LogState]) -> None:
        self.descriptor = descriptor
        self.after = after
        self.sequence = after
        self.state = state
        self.last_hash: Optional[bytes] = None
        self.is_sealed = False
        """Whether a signed head names the last entry so far."""
        self.absent_bodies = 0
        self.bodies = 0

    def take(self, batch: Batch) -> None:
        """The next batch, from the log's beginning or from what earlier bundles held of it."""
        if batch.first != self.sequence + 1:
            raise VerificationError(f"a batch begins at {batch.first}, not at {self.sequence + 1}")
        if self.state is not None:
            self.state.take(batch)
            self.is_sealed = True
        else:
            self._take_chain(batch)
        self.sequence = batch.last
        for delivered in batch.entries:
            self.absent_bodies += delivered.bodies.count(None)
            self.bodies += len(delivered.bodies) - delivered.bodies.count(None)

    def _take_chain(self, batch: Batch) -> None:
        """Entries whose beginning is not here: each names the one before it, a head the last one."""
        if not batch.head.is_authentic(self.descriptor):
            raise VerificationError("a batch's head is not signed by the log's owner")
        if batch.head.size < batch.last:
            raise VerificationError("the head does not cover the last entry")
        for index, delivered in enumerate(batch.entries):
            entry = delivered.entry
            if (entry.log_id, entry.sequence) != (batch.log_id, batch.first + index):
                raise VerificationError(f"entry {batch.first + index} says it is another one")
            if self.last_hash is not None and entry.previous != self.last_hash:
                raise VerificationError(f"entry {entry.sequence} does not follow the one before")
            check_bodies(delivered)
            self.last_hash = entry.hash
        self.is_sealed = batch.head.size == batch.last
        if self.is_sealed and batch.head.last_hash != self.last_hash:
            raise VerificationError("the head names another last entry")

    def told(self) -> Dict[str, Any]:
        """For people."""
        return {
            "log": self.descriptor.log_id.hex(), "node": self.descriptor.node_key.hex(),
            "name": self.descriptor.name, "after": self.after, "sequence": self.sequence,
            "proof": "chain" if self.state is None else "tree",
        }


class BundleVerifier:
    """Takes the sections of a bundle whose signature holds, in their order."""

    def __init__(self, logs: Dict[bytes, LogState], manifest: Manifest) -> None:
        self.logs = logs
        self.manifest = manifest
        self.acknowledgements: List[Acknowledgement] = []
        self._parts: Dict[bytes, _Part] = {}
        self._current: Optional[_Part] = None

    def take(self, kind: int, data: bytes) -> None:
        """The next section behind the manifest."""
        if kind == LOG:
            self._take_log(data)
        elif kind == BATCH:
            self._take_batch(data)
        elif kind == COMPRESSED_BATCH:
            self._take_batch(_decompressed(data))
        elif kind == ACKNOWLEDGEMENT:
            one = parse_acknowledgement(data)
            if not one.is_authentic():
                raise VerificationError("an acknowledgement is not signed by its key")
            self.acknowledgements.append(one)
        else:
            raise VerificationError(f"a section of the unknown kind {kind}")

    def _take_log(self, data: bytes) -> None:
        descriptor, _ = parse_log(data)
        if descriptor.log_id in self._parts:
            raise VerificationError("a log begins twice")
        stated = self.manifest.parts.get(descriptor.log_id)
        if stated is None:
            raise VerificationError("a log that the first section does not name")
        after, _ = stated
        known = self.logs.get(descriptor.log_id)
        state = None
        if after == 0 and known is None:
            state = LogState(descriptor)
        elif known is not None and known.size == after:
            state = known
        self._current = _Part(descriptor, after, state)
        self._parts[descriptor.log_id] = self._current

    def _take_batch(self, payload: bytes) -> None:
        batch = parse_batch(payload)
        part = self._current
        if part is None or part.descriptor.log_id != batch.log_id:
            raise VerificationError("a batch of a log that did not begin")
        part.take(batch)

    def finish(self) -> Dict[str, Any]:
        """What the bundle held. Raises VerificationError when something that it names is missing."""
        for log_id, (after, sequence) in self.manifest.parts.items():
            part = self._parts.get(log_id)
            found = after if part is None else part.sequence
            if found != sequence:
                raise VerificationError(
                    f"log {log_id.hex()} ends with entry {found}, not {sequence} as stated")
            if part is not None and part.sequence > part.after and not part.is_sealed:
                raise VerificationError(
                    f"log {log_id.hex()} cannot be proven without what is before entry {after + 1}: "
                    "verify the bundle behind the ones before it")
        for part in self._parts.values():
            if part.state is not None:
                self.logs[part.descriptor.log_id] = part.state
        manifest, parts = self.manifest, list(self._parts.values())
        return {
            "format": FORMAT, "node": manifest.node.hex(), "name": manifest.name,
            "for": None if manifest.recipient is None else manifest.recipient.hex(),
            "madeAt": manifest.made_at,
            "entries": sum(part.sequence - part.after for part in parts),
            "bodies": sum(part.bodies for part in parts),
            "absentBodies": sum(part.absent_bodies for part in parts),
            "logs": [part.told() for part in parts],
            "acknowledgements": [
                {
                    "by": one.key.hex(), "log": one.log_id.hex(), "sequence": one.sequence,
                    "receivedAt": one.received_at,
                }
                for one in self.acknowledgements
            ],
        }


def verify_bundle(
    path: Path, keys: Sequence[bytes] = (), logs: Optional[Dict[bytes, LogState]] = None,
) -> Dict[str, Any]:
    """Verify a bundle: its signature, every header, chain, body, root, head and acknowledgement.

    ``keys``: one of them must have signed the bundle; without keys it only shows that *somebody*
    did: compare ``node`` with what you know. ``logs`` maps log ids to what earlier bundles held of
    them; it grows. A log whose beginning is in neither is verified by its chain up to a signed
    head; ``proof`` says which.

    Returns what it held. Raises VerificationError when it does not hold, ReportError
    ``unsupported`` for a later format.

    Source: docs/format.md section 11.
    """
    with open(path, "rb") as file:
        manifest = _check_signature(file)
        if keys and manifest.node not in keys:
            raise VerificationError(f"the bundle is signed by {manifest.node.hex()}, no key given")
        verifier = BundleVerifier({} if logs is None else logs, manifest)
        for number, (kind, data) in enumerate(_sections(file), 1):
            if number == 1 or kind == SIGNATURE:
                continue
            try:
                verifier.take(kind, data)
            except ReportError as error:
                error.message = f"section {number}: {error.message}"
                error.args = (f"{error.code}: {error.message}",)
                raise
        return verifier.finish()


def _check_signature(file: IO[bytes]) -> Manifest:
    """The first section, once the last one is a signature over everything before it."""
    manifest = None
    for kind, data in _sections(file):
        manifest = _parse_manifest(kind, data)
        break
    if manifest is None:
        raise VerificationError("the bundle is empty")
    size = file.seek(0, os.SEEK_END)
    signed = size - _HEAD_BYTES - _SIGNATURE_BYTES
    if signed < len(MAGIC):
        raise VerificationError("the bundle is cut short")
    file.seek(signed)
    tail = file.read()
    if tail[:_HEAD_BYTES] != bytes([SIGNATURE]) + _SIGNATURE_BYTES.to_bytes(8, "big"):
        raise VerificationError("the bundle does not end with its signature: it was cut short")
    digest = hashlib.sha256()
    file.seek(0)
    left = signed
    while left > 0:
        chunk = file.read(min(left, 1 << 20))
        if not chunk:
            raise VerificationError("the bundle changes while it is read")
        digest.update(chunk)
        left -= len(chunk)
    if not ed25519.verify(
        manifest.node, SIGNED_PREFIX + digest.digest(), tail[_HEAD_BYTES:],
    ):
        raise VerificationError("the signature of the bundle does not hold")
    return manifest


def _sections(file: IO[bytes]) -> Iterator[Tuple[int, bytes]]:
    """Kind and bytes of each section; nothing is read by a length that the file does not have."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if file.read(len(MAGIC)) != MAGIC:
        raise VerificationError("this is no bundle")
    while True:
        head = file.read(_HEAD_BYTES)
        if not head:
            return
        if len(head) < _HEAD_BYTES:
            raise VerificationError("the bundle is cut short")
        kind, length = head[0], int.from_bytes(head[1:], "big")
        if length > limits.BUNDLE_SECTION_BYTES.get(kind, 0):
            raise VerificationError(f"a section of kind {kind} has {length} bytes")
        if length > size - file.tell():
            raise VerificationError("the bundle is cut short")
        yield kind, file.read(length)
        if kind == SIGNATURE and file.tell() != size:
            raise VerificationError("there are bytes behind the signature")


def _parse_manifest(kind: int, data: bytes) -> Manifest:
    if kind != MANIFEST:
        raise VerificationError("the first section does not say what the bundle is")
    value = jsontext.parse(data)
    fields = Fields(value, "the first section")
    fields.expect_format(FORMAT)
    if jsontext.canonical(value) != data:
        raise VerificationError("the first section is not in canonical form")
    parts: Dict[bytes, Tuple[int, int]] = {}
    for one in fields.array("logs", limits.POSITION_ROWS):
        row = Fields(one, "a log of the first section")
        log_id, after, sequence = row.octets("log", 16), row.number("after"), row.number("sequence")
        if log_id in parts or sequence < after:
            raise VerificationError("the first section contradicts itself")
        parts[log_id] = (after, sequence)
    recipient = fields.take("for")
    return Manifest(
        _key(fields.text("node")), fields.text("name"),
        None if recipient is None else _key(fields.text("for")), fields.text("madeAt"), parts)


def _key(text: str) -> bytes:
    try:
        return key_bytes(text)
    except ReportError:
        raise VerificationError("the first section names a key that is none") from None


def _decompressed(data: bytes) -> bytes:
    """Source: docs/format.md section 11, kind 5."""
    if len(data) < 8:
        raise VerificationError("a compressed batch is cut short")
    size, frame = int.from_bytes(data[:8], "big"), data[8:]
    if size > min(limits.BATCH_BYTES, limits.ZSTD_RATIO * len(frame)):
        raise VerificationError("a compressed batch states an impossible size")
    return zstd.decompress(frame, size)
