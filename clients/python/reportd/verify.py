"""The verifier in one place: everything a program needs to check logs, proofs and exports.

Nothing here asks a node or trusts one. Functions named ``verify_…`` return what was verified and
raise VerificationError otherwise; functions named ``parse_…`` check form only.

Source: docs/format.md section 1; docs/protocol.md section 5.1.
"""

from .batch import (
    Batch, Body, Delivered, LogState, Position, check_against_head, check_bodies, parse_batch,
    parse_log, parse_positions, verify_batches,
)
from .bodies import check_body, digest_form, record_digest_form, salted_hash
from .ed25519 import verify as verify_signature
from .errors import VerificationError
from .jsontext import canonical
from .merkle import Frontier, verify_consistency, verify_inclusion
from .structures import (
    Acknowledgement, BodyReference, Descriptor, Entry, Head, key_hash, parse_acknowledgement,
    parse_descriptor, parse_entry, parse_head,
)

__all__ = [
    "Acknowledgement", "Batch", "Body", "BodyReference", "Delivered", "Descriptor", "Entry",
    "Frontier", "Head", "LogState", "Position", "VerificationError", "canonical",
    "check_against_head", "check_bodies", "check_body", "digest_form", "key_hash",
    "parse_acknowledgement", "parse_batch", "parse_descriptor", "parse_entry", "parse_head",
    "parse_log", "parse_positions", "record_digest_form", "salted_hash", "verify_batches",
    "verify_consistency", "verify_inclusion", "verify_signature",
]
