"""Export lines: whole logs in a file, checked line by line.

Source: docs/format.md, export of entries (``reportd.export/1``).
"""

from typing import Any, Dict, Iterable, List, Optional

from . import bodies, jsontext, limits
from .batch import Batch, Body, Delivered, LogState
from .errors import ReportError, VerificationError
from .fields import Fields
from .signed import HEAD_BYTES, parse_head
from .structures import BODY_KINDS, BodyReference, parse_descriptor, parse_entry

FORMAT = "reportd.export/1"


class _OpenLog:
    """A log of the file: what was verified of it, and the entries since its last head."""

    def __init__(self, state: LogState, after: int) -> None:
        self.state = state
        self.after = after
        self.pending: List[Delivered] = []
        self.has_exact_head = True
        """Whether the last head covers all entries so far and no more."""


class ExportVerifier:
    """Takes the lines of one export in their order.

    ``logs`` maps log ids to what earlier files held of them, so that a file with a later part of a
    log can be verified; it grows with each head.
    """

    def __init__(self, logs: Optional[Dict[bytes, LogState]] = None) -> None:
        self.logs: Dict[bytes, LogState] = {} if logs is None else logs
        self.entries = 0
        self.bodies = 0
        self.absent_bodies = 0
        self.people = False
        self.sources = False
        self._open: Dict[bytes, _OpenLog] = {}
        self._has_begun = False
        self._has_ended = False

    def take(self, line: bytes) -> None:
        """The next line. Raises VerificationError for one that does not hold."""
        if self._has_ended:
            raise VerificationError("a line after the end")
        if len(line) > limits.EXPORT_LINE_BYTES:
            raise ReportError("too-large", f"more than {limits.EXPORT_LINE_BYTES} bytes")
        fields = Fields(jsontext.parse(line), "the line")
        kind = fields.text("type")
        if not self._has_begun:
            if kind != "export":
                raise VerificationError("the first line is not that of an export")
            fields.expect_format(FORMAT)
            self.people, self.sources = fields.flag("people"), fields.flag("sources")
            self._has_begun = True
            return
        takers = {
            "log": self._take_log, "entry": self._take_entry, "head": self._take_head,
            "end": self._take_end,
        }
        if kind not in takers:
            raise VerificationError(f"a line of the unknown type {kind[:40]!r}")
        takers[kind](fields)

    def finish(self) -> Dict[str, Any]:
        """What the file held. Raises VerificationError when its end is missing."""
        if not self._has_ended:
            raise VerificationError("the file has no end: it was cut short")
        return {
            "format": FORMAT, "entries": self.entries, "bodies": self.bodies,
            "absentBodies": self.absent_bodies,
            "logs": [
                {
                    "log": log_id.hex(), "node": log.state.descriptor.node_key.hex(),
                    "name": log.state.descriptor.name, "after": log.after,
                    "held": log.state.size, "hash": log.state.last_hash.hex(),
                }
                for log_id, log in self._open.items()
            ],
        }

    def _take_log(self, fields: Fields) -> None:
        descriptor = parse_descriptor(fields.octets("descriptor"))
        after = fields.number("after")
        if fields.octets("log", 16) != descriptor.log_id:
            raise VerificationError("the descriptor is that of another log")
        if descriptor.log_id in self._open:
            raise VerificationError("a log begins twice")
        state = self.logs.get(descriptor.log_id) or LogState(descriptor)
        if state.size != after:
            raise VerificationError(
                f"log {descriptor.log_id.hex()} goes on after {after}, {state.size} are known: "
                "verify the file with the part before it first")
        self._open[descriptor.log_id] = _OpenLog(state, after)

    def _log(self, fields: Fields) -> _OpenLog:
        log = self._open.get(fields.octets("log", 16))
        if log is None:
            raise VerificationError("a line of a log that did not begin")
        return log

    def _take_entry(self, fields: Fields) -> None:
        log = self._log(fields)
        header = fields.octets("header")
        entry = parse_entry(header)
        if (entry.log_id, entry.sequence) != (fields.octets("log", 16), fields.number("sequence")):
            raise VerificationError("the header is that of another entry")
        if entry.hash != fields.octets("hash", 32):
            raise VerificationError("the header does not have the hash stated")
        if entry.sequence != log.state.size + len(log.pending) + 1:
            raise VerificationError(f"entry {entry.sequence} is not the next one of its log")
        if sum(len(one.pending) for one in self._open.values()) >= (
            limits.EXPORT_ENTRIES_BEFORE_HEAD
        ):
            raise VerificationError("too many entries without a head")
        stated = fields.array("bodies", limits.BODIES)
        if len(stated) != len(entry.bodies):
            raise VerificationError("another number of bodies than the header names")
        found = [self._body(one, reference) for one, reference in zip(stated, entry.bodies)]
        log.pending.append(Delivered(entry, header, tuple(found)))
        log.has_exact_head = False
        self.entries += 1

    def _body(self, value: Any, reference: BodyReference) -> Optional[Body]:
        """Check one body; what comes back is only a sign that it was there."""
        if value is None:
            self.absent_bodies += 1
            return None
        fields = Fields(value, "a body")
        name = BODY_KINDS.get(reference.kind)
        if fields.text("kind") != name:
            raise VerificationError("a body of another kind than the header names")
        if (name == "people" and not self.people) or (name == "source" and not self.sources):
            raise VerificationError(f"a body of {name}, which the file says it does not hold")
        salt = fields.octets("salt", bodies.SALT_BYTES)
        if "base64" in fields:
            data = fields.base64("base64")
        else:
            data = jsontext.canonical(fields.take("json"))
        bodies.check_body(reference, salt, data)
        self.bodies += 1
        return Body(reference.kind, salt, b"")

    def _take_head(self, fields: Fields) -> None:
        log = self._log(fields)
        head = parse_head(fields.octets("head", HEAD_BYTES))
        proof = fields.hashes("proof", limits.BATCH_PROOF_HASHES)
        if head.size != fields.number("size"):
            raise VerificationError("the head has another size than stated")
        covers = fields.number("covers")
        if not log.pending and log.state.size > log.after:
            raise VerificationError("a head without entries before it")
        if covers != log.state.size + len(log.pending):
            raise VerificationError("the head does not stand behind the entries it says")
        batch = Batch(log.state.descriptor.log_id, log.state.size + 1, head, proof, log.pending)
        log.state.take(batch, bodies_are_checked=True)
        log.pending = []
        log.has_exact_head = head.size == covers
        self.logs[log.state.descriptor.log_id] = log.state

    def _take_end(self, fields: Fields) -> None:
        if fields.number("entries") != self.entries:
            raise VerificationError("the file does not hold as many entries as its end says")
        for log in self._open.values():
            if log.pending or not log.has_exact_head:
                raise VerificationError("the last head of a log does not cover its entries")
        self._has_ended = True


def verify_export(
    lines: Iterable[bytes], logs: Optional[Dict[bytes, LogState]] = None,
) -> Dict[str, Any]:
    """Verify the lines of one export: every header, chain, body, root and signature.

    Returns counts and logs. Raises VerificationError with the number of the first line that does
    not hold; ``logs`` then has what was verified up to the last head before it.

    Source: docs/format.md, export of entries.
    """
    verifier = ExportVerifier(logs)
    for number, line in enumerate(lines, 1):
        try:
            verifier.take(line)
        except ReportError as error:
            error.message = f"line {number}: {error.message}"
            error.args = (f"{error.code}: {error.message}",)
            raise
    return verifier.finish()
