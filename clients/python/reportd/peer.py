"""A peer session that only receives: how an auditor takes over logs and checks them.

It states no forms, so every body comes as it is. What it is asked about logs (COMPARE, FETCH) it
cannot tell, and says so. It keeps what it acknowledges: ``keep`` is called with every verified
batch and must have it on disk when it returns, because the acknowledgement that follows is a signed
statement to that effect. Messages of later versions are passed over.

Source: docs/protocol.md section 5.
"""

import math
import time
from typing import Callable, Dict, List, Optional, Tuple

from . import limits
from .batch import Batch, LogState, parse_batch
from .connection import Connection
from .errors import ProtocolError, ReportError
from .handshake import Identity, greet
from .messages import (
    Position, parse_log, parse_positions, unreadable_entries, unreadable_nodes)
from .signed import ACKNOWLEDGEMENT_BYTES, make_acknowledgement
from .wire import decimal, is_verb, parse_error, request_line, split_line

Keep = Callable[[LogState, Batch, bytes], None]

_CEILINGS = {
    "POSITIONS": 56 * limits.POSITION_ROWS,
    "LOG": 1024,
    "BATCH": limits.BATCH_BYTES,
    "ACK": ACKNOWLEDGEMENT_BYTES,
    "WITNESS": ACKNOWLEDGEMENT_BYTES,
    "COMPARE": limits.COMPARE_BYTES,
    "NODES": limits.NODES_BYTES,
    "FETCH": limits.FETCH_BYTES,
    "ENTRIES": limits.BATCH_BYTES,
}
"""Messages with a payload, and its largest size."""
_LINES = ("FORMS", "REFUSE", "PING", "PONG", "BYE")
"""Messages without one."""
PING_SECONDS = 10.0
SILENCE_SECONDS = 30.0


class Receiver:
    """Takes every log that a node offers, until it holds what the node stated at first.

    ``logs`` maps log ids to what was verified of them; give it back to a later session to go on.

    Source: docs/protocol.md section 5.2.
    """

    def __init__(
        self, connection: Connection, identity: Identity, keep: Keep,
        logs: Optional[Dict[bytes, LogState]] = None,
    ) -> None:
        self.logs: Dict[bytes, LogState] = {} if logs is None else logs
        self._connection = connection
        self._identity = identity
        self._keep = keep
        self._last_ping = time.monotonic()
        self._deadline = math.inf

    def run(self, timeout: float = 60.0) -> Dict[bytes, LogState]:
        """Handshake, statements, batches, orderly end.

        Raises VerificationError for entries that do not hold, ReportError for what the node says,
        ``timed-out`` when the node does not send what it stated within ``timeout`` seconds, however
        slowly its bytes arrive.
        """
        self._deadline = time.monotonic() + timeout
        try:
            self._connection.set_timeout(SILENCE_SECONDS)
            self._connection.set_deadline(self._deadline)
            greet(self._connection, "peer", self._identity)
            wanted = self._read_statement()
            self._state_positions()
            while self._is_missing(wanted):
                self._expect_time()
                self._take_message()
            self._connection.send(b"BYE\n")
        finally:
            self._connection.close()
        return self.logs

    def _expect_time(self) -> None:
        if time.monotonic() > self._deadline:
            raise ReportError("timed-out", "the node does not send what it stated")

    def _is_missing(self, wanted: List[Position]) -> bool:
        for row in wanted:
            state = self.logs.get(row.log_id)
            if (0 if state is None else state.size) < row.sequence:
                return True
        return False

    def _read_statement(self) -> List[Position]:
        """The node's first statement: its forms, if any, and positions over several messages."""
        rows: List[Position] = []
        may_state_forms = True
        while True:
            verb, arguments, payload = self._read_message()
            if verb == "PING":
                self._pong(arguments)
                continue
            if verb == "FORMS" and may_state_forms:
                may_state_forms = False  # They are of no use to one who sends no bodies.
                continue
            if verb != "POSITIONS":
                raise ProtocolError(f"the node's statement has {verb[:40]} in place of POSITIONS")
            may_state_forms = False
            rows += parse_positions(payload)
            if len(rows) > limits.POSITION_ROWS:
                raise ProtocolError("the node states more positions than are taken")
            if "more=1" not in arguments:
                return rows

    def _state_positions(self) -> None:
        rows = [
            log_id + state.size.to_bytes(8, "big") + state.last_hash
            for log_id, state in self.logs.items()
        ]
        self._say("POSITIONS", b"".join(rows))

    def _take_message(self) -> None:
        verb, arguments, payload = self._read_message()
        if verb == "LOG":
            descriptor, _ = parse_log(payload)
            self.logs.setdefault(descriptor.log_id, LogState(descriptor))
        elif verb == "BATCH":
            self._take_batch(payload)
        elif verb == "PING":
            self._pong(arguments)
        elif verb == "COMPARE":
            self._say("NODES", unreadable_nodes(payload))
        elif verb == "FETCH":
            self._say("ENTRIES", unreadable_entries(payload))
        elif verb == "BYE":
            raise ReportError("unreachable", "the node ended the session")
        elif verb == "REFUSE":
            raise ReportError("not-allowed", f"the node refuses a log: {' '.join(arguments)[:200]}")
        elif verb in ("FORMS", "NODES", "ENTRIES"):
            raise ProtocolError(f"the node sends {verb} out of turn")
        if time.monotonic() - self._last_ping > PING_SECONDS:
            self._last_ping = time.monotonic()
            self._connection.send(b"PING 1\n")

    def _take_batch(self, payload: bytes) -> None:
        batch = parse_batch(payload)
        state = self.logs.get(batch.log_id)
        if state is None:
            raise ProtocolError("a batch of a log that was not announced")
        state.take(batch)
        self._keep(state, batch, payload)
        acknowledgement = make_acknowledgement(
            self._identity.seed, batch.log_id, state.size, state.last_hash,
            int(time.time() * 1000))
        self._say("ACK", acknowledgement)

    def _say(self, verb: str, payload: bytes) -> None:
        self._connection.send(request_line(verb, len(payload)), payload)

    def _pong(self, arguments: List[str]) -> None:
        number = arguments[0] if arguments else ""
        decimal(number, 10**20, "the number of a PING")
        self._connection.send(request_line("PONG", number))

    def _read_message(self) -> Tuple[str, List[str], bytes]:
        """The next message that this version has; what a later one added is passed over."""
        while True:
            self._expect_time()
            line = self._connection.read_line(limits.LINE_BYTES)
            error = parse_error(line)
            if error is not None:
                raise error
            verb, arguments = split_line(line)
            if verb in _LINES:
                return verb, arguments, b""
            if verb in _CEILINGS:
                if not arguments:
                    raise ProtocolError(f"{verb} without its size")
                count = decimal(arguments[0], _CEILINGS[verb], f"the size of {verb}")
                return verb, arguments[1:], self._connection.read_bytes(count)
            if not is_verb(verb) or len(verb) > limits.VERB_BYTES:
                raise ProtocolError("the node sends what is no message")
            if arguments and arguments[0].isascii() and arguments[0].isdigit():
                what = f"the size of {verb[:40]}"
                self._connection.skip_bytes(decimal(arguments[0], limits.BATCH_BYTES, what))
