"""Proof files: that a version was filed, when, and with which files.

Source: docs/format.md section 6 (``reportd.proof/1``).
"""

import os
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Union

from . import bodies, jsontext, limits, merkle
from .errors import ReportError, VerificationError
from .fields import Fields, hexadecimal
from .signed import (
    ACKNOWLEDGEMENT_BYTES, HEAD_BYTES, Acknowledgement, Head, parse_acknowledgement, parse_head,
)
from .structures import (
    BODY_KINDS, RECORD_BODY, Descriptor, Entry, key_hash, parse_descriptor, parse_entry,
)

FORMAT = "reportd.proof/1"
Path = Union[str, "os.PathLike[str]"]


class Sealed(NamedTuple):
    """What the first three steps establish: this entry, in this log, under this head."""

    entry: Entry
    descriptor: Descriptor
    head: Head


def verify_proof(
    proof: Union[Path, Dict[str, Any]], files: Sequence[Path] = (), keys: Sequence[bytes] = (),
) -> Dict[str, Any]:
    """Check a proof, and that ``files`` are bodies of the entry it proves.

    ``proof`` is a path (of a proof file, or of a receipt that holds one in ``proof``) or the object
    itself. Each of ``keys`` must have signed: the head, or an acknowledgement. Without keys a proof
    only shows that *somebody* signed; compare ``node`` with what you know.

    Returns what is proven. Raises VerificationError when it is not, ReportError ``unsupported`` for
    a later format.

    Source: docs/format.md section 6.
    """
    fields = Fields(proof if isinstance(proof, dict) else read_proof(proof), "the proof")
    fields.expect_format(FORMAT)
    sealed = _check_entry(fields)
    salts = _salts(fields, sealed.entry)
    earlier = _check_earlier(fields, sealed)
    acknowledgements = [
        _check_acknowledgement(one, sealed)
        for one in fields.array("acknowledgements", limits.PROOF_ACKNOWLEDGEMENTS)
    ]
    signers = {sealed.head.key.hex()} | {one["by"] for one in acknowledgements}
    for key in keys:
        if key.hex() not in signers:
            raise VerificationError(f"the key {key.hex()} signed nothing of this proof")
    entry = sealed.entry
    return {
        "key": fields.take("key"), "kind": entry.kind_name, "version": entry.version_id,
        "recordedAt": entry.recorded_at, "log": entry.log_id.hex(), "sequence": entry.sequence,
        "hash": entry.hash.hex(), "node": sealed.head.key.hex(), "name": sealed.descriptor.name,
        "size": sealed.head.size, "signedAt": sealed.head.signed_at, "earlier": earlier,
        "acknowledgements": acknowledgements,
        "files": [_find_file(path, entry, salts) for path in files],
    }


def read_proof(path: Path) -> Dict[str, Any]:
    """The proof in a file: canonical JSON and a line feed, or the member ``proof`` of a receipt.

    Source: docs/format.md section 6.
    """
    data = _read(path, limits.PROOF_FILE_BYTES)
    value = jsontext.parse(data[3:] if data.startswith(b"\xef\xbb\xbf") else data)
    if isinstance(value, dict) and "format" not in value and isinstance(value.get("proof"), dict):
        return dict(value["proof"])
    if not isinstance(value, dict):
        raise VerificationError("the proof is no object")
    if jsontext.canonical(value) + b"\n" != data:
        raise VerificationError("the proof file is not in canonical form")
    return value


def _read(path: Path, ceiling: int) -> bytes:
    with open(path, "rb") as file:
        data = file.read(ceiling + 1)
    if len(data) > ceiling:
        raise ReportError("too-large", f"{os.fspath(path)} has more than {ceiling} bytes")
    return data


def _check_entry(fields: Fields) -> Sealed:
    """Steps 1 to 3: log, key, head, inclusion."""
    entry = parse_entry(fields.octets("header"))
    descriptor = parse_descriptor(fields.octets("log"))
    head = parse_head(fields.octets("head", HEAD_BYTES))
    if entry.log_id != descriptor.log_id:
        raise VerificationError("the entry belongs to another log")
    if fields.take("key") is not None and key_hash(fields.text("key")) != entry.key_hash:
        raise VerificationError("the entry is about another key")
    if not head.is_authentic(descriptor):
        raise VerificationError("the head is not signed by the log's owner")
    path = fields.hashes("inclusion", limits.BATCH_PROOF_HASHES)
    if not merkle.verify_inclusion(entry.hash, entry.sequence - 1, head.size, path, head.root):
        raise VerificationError("the entry is not in the tree that was signed")
    if entry.sequence == head.size and entry.hash != head.last_hash:
        raise VerificationError("the head names another last entry")
    return Sealed(entry, descriptor, head)


def _salts(fields: Fields, entry: Entry) -> List[Optional[bytes]]:
    stated = fields.array("bodies", limits.BODIES)
    if len(stated) != len(entry.bodies):
        raise VerificationError("the proof names another number of bodies than its entry")
    salts: List[Optional[bytes]] = []
    for value, reference in zip(stated, entry.bodies):
        body = Fields(value, "a body")
        kind = body.take("kind")
        # The page does not say whether a kind is its number or its name. Nodes write the name.
        if kind != BODY_KINDS.get(reference.kind, reference.kind):
            raise VerificationError("the proof names another kind of body than its entry")
        salt = body.take("salt")
        salts.append(None if salt is None else hexadecimal(salt, "a salt", bodies.SALT_BYTES))
    return salts


def _check_earlier(fields: Fields, sealed: Sealed) -> Optional[int]:
    """Step 4: the log goes on from an older head. Its size, or None."""
    if fields.take("earlier") is None:
        return None
    earlier = Fields(fields.take("earlier"), "the earlier head")
    size, root = earlier.number("size"), earlier.octets("root", 32)
    path = earlier.hashes("consistency", limits.BATCH_PROOF_HASHES)
    head = sealed.head
    if not merkle.verify_consistency(size, head.size, path, root, head.root):
        raise VerificationError("the log does not go on from the earlier head")
    if earlier.take("head") is not None:
        older = parse_head(earlier.octets("head", HEAD_BYTES))
        if not older.is_authentic(sealed.descriptor):
            raise VerificationError("the earlier head is not signed by the log's owner")
        if (older.size, older.root) != (size, root):
            raise VerificationError("the earlier head has another size or root")
    return size


def _check_acknowledgement(value: Any, sealed: Sealed) -> Dict[str, Any]:
    """Step 5: who says that the log was there, when, and whether that covers this very entry."""
    fields = Fields(value, "an acknowledgement")
    acknowledgement = parse_acknowledgement(
        fields.octets("acknowledgement", ACKNOWLEDGEMENT_BYTES))
    if not acknowledgement.is_authentic():
        raise VerificationError("an acknowledgement is not signed by its key")
    if acknowledgement.log_id != sealed.entry.log_id:
        raise VerificationError("an acknowledgement of another log")
    if ("chain" in fields) == ("inclusion" in fields):
        raise VerificationError("an acknowledgement has either a chain or an inclusion")
    if "chain" in fields:
        _check_chain(fields, acknowledgement, sealed.entry)
    else:
        _check_position(fields, acknowledgement, sealed)
    return {
        "by": acknowledgement.key.hex(), "receivedAt": acknowledgement.received_at,
        "sequence": acknowledgement.sequence, "coversEntry": "chain" in fields,
    }


def _check_chain(fields: Fields, acknowledgement: Acknowledgement, entry: Entry) -> None:
    last = entry
    for header in fields.array("chain", limits.PROOF_CHAIN):
        following = parse_entry(hexadecimal(header, "a header of a chain"))
        if (following.log_id, following.sequence) != (last.log_id, last.sequence + 1):
            raise VerificationError("a chain leaves its log or skips an entry")
        if following.previous != last.hash:
            raise VerificationError("a chain does not hold together")
        last = following
    if (acknowledgement.sequence, acknowledgement.entry_hash) != (last.sequence, last.hash):
        raise VerificationError("a chain ends at another entry than was acknowledged")


def _check_position(fields: Fields, acknowledgement: Acknowledgement, sealed: Sealed) -> None:
    if acknowledgement.sequence < sealed.entry.sequence:
        raise VerificationError("an acknowledgement of a position before the entry")
    path = fields.hashes("inclusion", limits.BATCH_PROOF_HASHES)
    if not merkle.verify_inclusion(
        acknowledgement.entry_hash, acknowledgement.sequence - 1, sealed.head.size, path,
        sealed.head.root,
    ):
        raise VerificationError("an acknowledged position is not in the tree that was signed")


def _find_file(path: Path, entry: Entry, salts: List[Optional[bytes]]) -> Dict[str, Any]:
    """Which body of the entry a file is."""
    data = _read(path, limits.FILE_BYTES)
    for index, (reference, salt) in enumerate(zip(entry.bodies, salts)):
        if salt is None:
            continue
        for form in _digest_forms(reference.kind, data):
            if len(form) == reference.byte_count and (
                bodies.salted_hash(salt, form) == reference.salted_hash
            ):
                kind = BODY_KINDS.get(reference.kind, str(reference.kind))
                return {"file": os.fspath(path), "body": index, "kind": kind}
    raise VerificationError(f"{os.fspath(path)} is none of the files of this entry")


def _digest_forms(kind: int, data: bytes) -> List[bytes]:
    """How a file may have been hashed; a record also with what ``get`` adds to it."""
    if kind != RECORD_BODY:
        return [data]
    try:
        record = jsontext.parse(data)
        if not isinstance(record, dict):
            return []
        stored = {name: one for name, one in record.items() if name not in ("status", "version")}
        return [bodies.record_digest_form(record), bodies.record_digest_form(stored)]
    except VerificationError:
        return []
