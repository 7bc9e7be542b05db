"""Makes logs as a node would, for tests: entries, bodies, heads, batches."""

import hashlib
from typing import Any, Dict, List, Optional, Sequence, Tuple

from reportd import ed25519, merkle
from reportd.bodies import salted_hash
from reportd.jsontext import canonical

SEED = bytes(range(32))
START = 1_795_000_000_000


def record(key: str, text: str, name: str = "a.txt") -> Dict[str, Any]:
    """A record that is just large enough."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {
        "schema": "reportd.record/1", "key": key, "title": text,
        "sources": [{"name": name, "sha256": digest, "bytes": len(text.encode())}],
    }


class LogBuilder:
    """A log under one key, growing by submits."""

    def __init__(self, seed: bytes = SEED, name: str = "麻章区") -> None:
        self.seed = seed
        self.key = ed25519.public_key(seed)
        encoded = name.encode()
        self.descriptor = b"".join((
            b"rpl\x01", self.key, b"n" * 16, START.to_bytes(8, "big"),
            len(encoded).to_bytes(2, "big"), encoded,
        ))
        self.log_id = hashlib.sha256(self.descriptor).digest()[:16]
        self.headers: List[bytes] = []
        self.delivered: List[bytes] = []

    @property
    def hashes(self) -> List[bytes]:
        return [hashlib.sha256(header).digest() for header in self.headers]

    def submit(
        self, key: str, text: str, parents: Sequence[bytes] = (), number: int = 1,
        without_source: bool = False, **changes: Any,
    ) -> bytes:
        """Append one version; the hash of its entry."""
        value = record(key, text)
        digest_value = dict(value)
        digest_value["sources"] = [
            {name: part for name, part in source.items() if name != "name"}
            for source in value["sources"]
        ]
        bodies = [
            (1, b"r" * 32, canonical(value), canonical(digest_value)),
            (3, b"s" * 32, text.encode(), text.encode()),
        ]
        references = b"".join(
            bytes([kind, 0, 0, 0]) + len(form).to_bytes(8, "big") + salted_hash(salt, form)
            for kind, salt, _, form in bodies
        )
        header = self._header(key, parents, number, len(bodies), changes) + references
        self._append(header, bodies, without_source)
        return self.hashes[-1]

    def _header(
        self, key: str, parents: Sequence[bytes], number: int, bodies: int, changes: Dict[str, Any],
    ) -> bytes:
        sequence = changes.get("sequence", len(self.headers) + 1)
        previous = changes.get("previous", self.hashes[-1] if self.headers else bytes(32))
        recorded_at = changes.get("recorded_at", START + 1000 * len(self.headers))
        return b"".join((
            b"rpe\x01", (1).to_bytes(2, "big"), bytes(2), changes.get("log_id", self.log_id),
            sequence.to_bytes(8, "big"), previous, recorded_at.to_bytes(8, "big"),
            hashlib.sha256(b"reportd key 1\n" + key.encode()).digest(),
            number.to_bytes(4, "big"), len(parents).to_bytes(2, "big"), bytes(2),
            bodies.to_bytes(2, "big"), bytes(6), *parents,
        ))

    def _append(
        self, header: bytes, bodies: List[Tuple[int, bytes, bytes, bytes]], without_source: bool,
    ) -> None:
        data = len(header).to_bytes(4, "big") + header
        for kind, salt, body, _ in bodies:
            if kind == 3 and without_source:
                data += b"\x00"
            else:
                data += bytes([kind]) + salt + len(body).to_bytes(8, "big") + body
        self.headers.append(header)
        checksum = hashlib.sha256(data).digest()[:8]
        self.delivered.append(len(data).to_bytes(4, "big") + checksum + data)

    def head(self, size: Optional[int] = None, seed: Optional[bytes] = None) -> bytes:
        """The signed head over the first ``size`` entries."""
        size = len(self.headers) if size is None else size
        hashes = self.hashes[:size]
        seed = self.seed if seed is None else seed
        signed = b"".join((
            b"rph\x01", self.log_id, size.to_bytes(8, "big"), merkle.root(hashes),
            hashes[-1] if hashes else bytes(32), START.to_bytes(8, "big"),
            ed25519.public_key(seed),
        ))
        return signed + ed25519.sign(seed, signed)

    def batch(
        self, first: int, last: int, size: Optional[int] = None, head: Optional[bytes] = None,
    ) -> bytes:
        """The payload of a BATCH with entries ``first`` to ``last`` under the head of ``size``."""
        size = len(self.headers) if size is None else size
        proof = merkle.consistency_proof(self.hashes[:size], last)
        return b"".join((
            b"rpb\x01", self.log_id, first.to_bytes(8, "big"),
            (last - first + 1).to_bytes(2, "big"), len(proof).to_bytes(2, "big"),
            self.head(size) if head is None else head, *proof,
            *self.delivered[first - 1 : last],
        ))
