"""Random damage: whatever arrives, the answer is a result or a ReportError, and comes soon."""

import random
import unittest
from typing import Any, Callable, Dict

from reportd import jsontext
from reportd.batch import parse_batch
from reportd.errors import ReportError, VerificationError
from reportd.messages import parse_log, parse_positions
from reportd.signed import make_acknowledgement, parse_acknowledgement, parse_head
from reportd.structures import parse_descriptor, parse_entry
from reportd.wire import parse_error, parse_reply_line, split_line

from .builder import SEED, LogBuilder

ROUNDS = 1500


def damaged(source: random.Random, data: bytes) -> bytes:
    """Bytes changed, taken out, doubled, or put in."""
    changed = bytearray(data)
    for _ in range(source.randint(1, 4)):
        at = source.randrange(len(changed) + 1)
        kind = source.randrange(4)
        if kind == 0 and at < len(changed):
            changed[at] = source.choice((0, 1, 0x7F, 0x80, 0xFF, source.randrange(256)))
        elif kind == 1:
            del changed[at : at + source.randint(1, 40)]
        elif kind == 2:
            changed[at:at] = changed[at : at + source.randint(1, 40)]
        else:
            changed[at:at] = bytes(source.randrange(256) for _ in range(source.randint(1, 9)))
    return bytes(changed)


class HostileTests(unittest.TestCase):
    def hammer(self, parse: Callable[[bytes], Any], good: bytes, allowed: type) -> None:
        parse(good)
        source = random.Random(good)
        for number in range(ROUNDS):
            data = damaged(source, good)
            try:
                parse(data)
            except allowed:
                pass
            except Exception as error:  # The seed is the good bytes; the number finds it again.
                self.fail(f"round {number} of {parse.__name__}: {error!r} for {data[:200]!r}")

    def test_structures(self) -> None:
        log = LogBuilder()
        log.submit("2023/a", "text")
        log.submit("2023/b", "text")
        row = b"a" * 16 + (3).to_bytes(8, "big") + b"h" * 32
        announced = len(log.descriptor).to_bytes(2, "big") + log.descriptor + log.head()
        samples: Dict[Callable[[bytes], Any], bytes] = {
            parse_descriptor: log.descriptor, parse_entry: log.headers[1], parse_head: log.head(),
            parse_acknowledgement: make_acknowledgement(SEED, b"l" * 16, 1, b"h" * 32, 5),
            parse_batch: log.batch(1, 1, 2), parse_positions: row,
        }
        for parse, good in samples.items():
            with self.subTest(parse=parse.__name__):
                self.hammer(parse, good, VerificationError)
        for seed in range(40):
            data = damaged(random.Random(seed), announced)
            if data != announced:
                with self.assertRaises(VerificationError, msg=seed):
                    parse_log(data)

    def test_lines(self) -> None:
        self.hammer(split_line, "REFUSE 00 integrity 一%20二".encode(), ReportError)
        self.hammer(parse_reply_line, b"+OK application/json 42", ReportError)
        self.hammer(parse_error, "-ERR not-found 没有%0A".encode(), ReportError)

    def test_json(self) -> None:
        good = '{"a":[1,2.5e3,null,true,"\\u00e9\\n湛"],"b":{"c":{}}}'.encode()
        self.hammer(lambda data: jsontext.canonical(jsontext.parse(data)), good, VerificationError)


if __name__ == "__main__":
    unittest.main()
