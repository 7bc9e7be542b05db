"""What is signed: the head of a log, and the acknowledgement of its receiver.

``parse`` functions check form; whether a signature holds is what ``is_authentic`` answers.

Source: docs/format.md sections 1.4 and 1.5.
"""

from typing import NamedTuple

from . import ed25519
from .errors import VerificationError
from .structures import NO_HASH, Descriptor, Reader

HEAD_BYTES = 196
ACKNOWLEDGEMENT_BYTES = 164


class Head(NamedTuple):
    """A signed head. Source: docs/format.md section 1.4."""

    log_id: bytes
    size: int
    root: bytes
    last_hash: bytes
    signed_at: int
    key: bytes
    signature: bytes
    signed_bytes: bytes

    def is_authentic(self, descriptor: Descriptor) -> bool:
        """Whether the owner of the log signed it."""
        return (
            self.log_id == descriptor.log_id
            and self.key == descriptor.node_key
            and ed25519.verify(self.key, self.signed_bytes, self.signature)
        )


def parse_head(data: bytes) -> Head:
    """Source: docs/format.md section 1.4."""
    reader = Reader(data, "a signed head")
    reader.expect(b"rph\x01", "its first bytes")
    log_id, size, root = reader.take(16), reader.number(8), reader.take(32)
    last_hash, signed_at = reader.take(32), reader.number(8)
    key, signature = reader.take(32), reader.take(64)
    reader.finish()
    if (size == 0) != (last_hash == NO_HASH):
        raise VerificationError("only the head of an empty log names no last entry")
    return Head(log_id, size, root, last_hash, signed_at, key, signature, bytes(data[:132]))


class Acknowledgement(NamedTuple):
    """A receiver's word that it holds a log. Source: docs/format.md section 1.5."""

    log_id: bytes
    sequence: int
    entry_hash: bytes
    received_at: int
    key: bytes
    signature: bytes
    signed_bytes: bytes

    def is_authentic(self) -> bool:
        """Whether the key in it signed it. Whose key that is, the reader must know."""
        return ed25519.verify(self.key, self.signed_bytes, self.signature)


def parse_acknowledgement(data: bytes) -> Acknowledgement:
    """Source: docs/format.md section 1.5."""
    reader = Reader(data, "an acknowledgement")
    reader.expect(b"rpa\x01", "its first bytes")
    log_id, sequence, entry_hash = reader.take(16), reader.number(8), reader.take(32)
    received_at, key, signature = reader.number(8), reader.take(32), reader.take(64)
    reader.finish()
    return Acknowledgement(
        log_id, sequence, entry_hash, received_at, key, signature, bytes(data[:100]))


def make_acknowledgement(
    seed: bytes, log_id: bytes, sequence: int, entry_hash: bytes, received_at: int,
) -> bytes:
    """The 164 bytes by which the holder of ``seed`` says that it holds a log.

    Source: docs/format.md section 1.5.
    """
    key = ed25519.public_key(seed)
    signed = b"".join((
        b"rpa\x01", log_id, sequence.to_bytes(8, "big"), entry_hash,
        received_at.to_bytes(8, "big"), key,
    ))
    return signed + ed25519.sign(seed, signed)
