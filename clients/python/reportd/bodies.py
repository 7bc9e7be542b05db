"""Bodies of entries: their digest form and salted hash.

Source: docs/format.md section 1.3.
"""

import hashlib
from typing import Any, Dict

from . import jsontext
from .errors import VerificationError
from .structures import BODY_KINDS, RECORD_BODY, BodyReference

SALT_BYTES = 32


def salted_hash(salt: bytes, digest_form: bytes) -> bytes:
    """Source: docs/format.md section 1.3."""
    digest = hashlib.sha256(b"reportd body 1\n" + salt)
    digest.update(digest_form)
    return digest.digest()


def digest_form(kind: int, data: bytes) -> bytes:
    """The bytes that are hashed for a body: its own, or a record's without file names.

    Raises VerificationError when a record is no canonical JSON object.

    Source: docs/format.md section 1.3.
    """
    if kind != RECORD_BODY:
        return data
    return record_digest_form(parse_record(data))


def parse_record(data: bytes) -> Dict[str, Any]:
    """A record body, which must be RFC 8785 canonical JSON.

    Source: docs/format.md section 1.3.
    """
    record = jsontext.parse(data)
    if not isinstance(record, dict):
        raise VerificationError("a record is no JSON object")
    if jsontext.canonical(record) != data:
        raise VerificationError("a record is not in its canonical form")
    return record


def record_digest_form(record: Dict[str, Any]) -> bytes:
    """RFC 8785 JSON after ``name`` was removed from each element of the array ``sources``.

    Source: docs/format.md section 1.3.
    """
    sources = record.get("sources")
    if isinstance(sources, list):
        record = dict(record)
        record["sources"] = [
            {name: value for name, value in source.items() if name != "name"}
            if isinstance(source, dict) else source
            for source in sources
        ]
    return jsontext.canonical(record)


def check_body(reference: BodyReference, salt: bytes, data: bytes) -> None:
    """Check a body against what the header of its entry says of it.

    Raises VerificationError when it is another one.

    Source: docs/format.md section 1.3.
    """
    what = BODY_KINDS.get(reference.kind, f"body of kind {reference.kind}")
    if len(salt) != SALT_BYTES:
        raise VerificationError(f"{what}: a salt has 32 bytes")
    form = digest_form(reference.kind, data)
    if len(form) != reference.byte_count:
        raise VerificationError(f"{what}: {len(form)} bytes, its entry says {reference.byte_count}")
    if salted_hash(salt, form) != reference.salted_hash:
        raise VerificationError(f"{what}: not what its entry names")
