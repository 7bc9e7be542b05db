"""The verifier in one place: everything a program needs to check logs, proofs and exports.

Nothing here asks a node or trusts one. Functions named ``verify_…`` return what was verified and
raise VerificationError otherwise; functions named ``parse_…`` check form only.

Source: docs/format.md section 1; docs/protocol.md section 5.1.
"""

from .batch import (
    Batch, Body, Delivered, LogState, check_against_head, check_bodies, parse_batch,
    verify_batches,
)
from .bodies import check_body, digest_form, record_digest_form, salted_hash
from .bundles import verify_bundle
from .ed25519 import verify as verify_signature
from .errors import VerificationError
from .exports import ExportVerifier, verify_export
from .jsontext import canonical
from .merkle import Frontier, verify_consistency, verify_inclusion
from .messages import Position, parse_log, parse_positions
from .proofs import verify_proof
from .signed import Acknowledgement, Head, parse_acknowledgement, parse_head
from .structures import BodyReference, Descriptor, Entry, key_hash, parse_descriptor, parse_entry

__all__ = [
    "Acknowledgement", "Batch", "Body", "BodyReference", "Delivered", "Descriptor", "Entry",
    "ExportVerifier", "Frontier", "Head", "LogState", "Position", "VerificationError", "canonical",
    "check_against_head", "check_bodies", "check_body", "digest_form", "key_hash",
    "parse_acknowledgement", "parse_batch", "parse_descriptor", "parse_entry", "parse_head",
    "parse_log", "parse_positions", "record_digest_form", "salted_hash", "verify_batches",
    "verify_bundle", "verify_consistency", "verify_export", "verify_inclusion", "verify_proof", "verify_signature",
]
