"""Structures and batches: what is true is taken, everything else is refused."""

import unittest

from reportd import limits
from reportd.batch import LogState, parse_batch, verify_batches
from reportd.bodies import check_body, record_digest_form, salted_hash
from reportd.errors import VerificationError
from reportd.messages import parse_log, parse_positions
from reportd.signed import make_acknowledgement, parse_acknowledgement, parse_head
from reportd.structures import BodyReference, parse_descriptor, parse_entry

from .builder import SEED, START, LogBuilder, record

KEY = "2023/湛江市/麻章区/总工会/整体支出"
OTHER_SEED = bytes(32)


def small_log(count: int = 11) -> LogBuilder:
    log = LogBuilder()
    parents = []
    for number in range(1, count + 1):
        parents = [log.submit(KEY, f"text {number}", parents, number)]
    return log


class BatchTests(unittest.TestCase):
    def setUp(self) -> None:
        self.log = small_log()
        self.descriptor = parse_descriptor(self.log.descriptor)

    def refused(self, *payloads: bytes) -> str:
        with self.assertRaises(VerificationError) as caught:
            verify_batches(self.descriptor, payloads)
        return caught.exception.message

    def test_batches_of_every_cut_verify(self) -> None:
        for cut in range(1, 11):
            payloads = [self.log.batch(1, cut), self.log.batch(cut + 1, 11)]
            state = verify_batches(self.descriptor, payloads)
            self.assertEqual((state.size, state.last_hash), (11, self.log.hashes[-1]))

    def test_a_later_head_may_cover_more(self) -> None:
        state = verify_batches(self.descriptor, [self.log.batch(1, 3, 7)])
        state = verify_batches(self.descriptor, [self.log.batch(4, 11, 11)], state)
        self.assertEqual(state.size, 11)

    def test_an_absent_body_is_no_error_and_is_counted(self) -> None:
        log = LogBuilder()
        log.submit(KEY, "large", without_source=True)
        state = verify_batches(parse_descriptor(log.descriptor), [log.batch(1, 1)])
        self.assertEqual(state.absent_bodies, 1)

    def test_every_changed_byte_is_refused(self) -> None:
        payload = self.log.batch(1, 2, 3)
        for index in range(len(payload)):
            changed = bytearray(payload)
            changed[index] ^= 0x10
            self.refused(bytes(changed))

    def test_every_shortened_batch_is_refused(self) -> None:
        payload = self.log.batch(1, 2)
        for length in range(0, len(payload), 7):
            self.refused(payload[:length])
        self.assertIn("too many", self.refused(payload + b"\x00"))

    def test_gaps_repetition_and_other_order_are_refused(self) -> None:
        first, second = self.log.batch(1, 5), self.log.batch(6, 11)
        self.assertIn("begins at 6", self.refused(second))
        self.assertIn("begins at 1", self.refused(first, first))
        self.assertIn("begins at 6", self.refused(second, first))

    def test_a_failed_batch_leaves_the_state_as_it_was(self) -> None:
        state = verify_batches(self.descriptor, [self.log.batch(1, 5)])
        before = (state.size, state.last_hash, state.frontier.root())
        forged = self.log.batch(6, 11, head=self.log.head(seed=OTHER_SEED))
        with self.assertRaises(VerificationError):
            state.take(parse_batch(forged))
        self.assertEqual((state.size, state.last_hash, state.frontier.root()), before)

    def test_heads_of_others_and_of_other_trees_are_refused(self) -> None:
        self.assertIn(
            "not signed", self.refused(self.log.batch(1, 11, head=self.log.head(seed=OTHER_SEED))))
        self.assertIn("cover", self.refused(self.log.batch(1, 11, head=self.log.head(5))))
        fork = small_log(10)
        fork.submit(KEY, "another text", [fork.hashes[-1]], 11)
        self.assertIn("another last entry", self.refused(self.log.batch(1, 11, head=fork.head())))
        fork.submit(KEY, "more", [fork.hashes[-1]], 12)
        self.assertIn("root", self.refused(self.log.batch(1, 11, head=fork.head())))

    def test_entries_that_break_a_rule_are_refused(self) -> None:
        cases = {
            "follow": {"previous": b"x" * 32}, "says it is": {"sequence": 9},
            "older": {"recorded_at": START - 1}, "another log": {"log_id": b"x" * 16},
        }
        for word, change in cases.items():
            log = small_log(2)
            log.submit(KEY, "third", [log.hashes[-1]], 3, **change)
            self.assertIn(word, self.refused(log.batch(1, 3)))
        for number, key, word in ((4, KEY, "skips"), (2, KEY, "count on"), (3, "x", "another key")):
            log = small_log(2)
            log.submit(key, "third", [log.hashes[-1]], number)
            self.assertIn(word, self.refused(log.batch(1, 3)))

    def test_a_log_message_needs_the_owner_s_signature(self) -> None:
        def message(head: bytes) -> bytes:
            return len(self.log.descriptor).to_bytes(2, "big") + self.log.descriptor + head

        descriptor, head = parse_log(message(self.log.head()))
        self.assertEqual((descriptor.name, head.size), ("麻章区", 11))
        for forged in (self.log.head(seed=OTHER_SEED), LogBuilder(OTHER_SEED).head()):
            with self.assertRaises(VerificationError):
                parse_log(message(forged))

    def test_positions(self) -> None:
        row = b"a" * 16 + (3).to_bytes(8, "big") + b"h" * 32
        self.assertEqual(parse_positions(row)[0].sequence, 3)
        for payload in (row + row, row[:-1], b"a" * 16 + bytes(8) + b"h" * 32,
                        bytes(56 * (limits.POSITION_ROWS + 1))):
            with self.assertRaises(VerificationError):
                parse_positions(payload)

    def test_an_empty_state_is_that_of_an_empty_log(self) -> None:
        state = LogState(self.descriptor)
        self.assertEqual((state.size, state.last_hash), (0, bytes(32)))


class StructureTests(unittest.TestCase):
    def test_an_entry_with_numbers_out_of_range_is_refused(self) -> None:
        header = small_log(1).headers[0]
        places = {4: "kind", 6: "zero", 24: "sequence", 64: "time", 114: "zero"}
        for offset in places:
            changed = bytearray(header)
            changed[offset] = 0xFF
            if offset == 4:
                self.assertEqual(parse_entry(bytes(changed)).kind_name, "unknown-65281")
                continue
            with self.assertRaises(VerificationError, msg=offset):
                parse_entry(bytes(changed))
        for offset, count in ((108, 65), (110, 1025), (112, 1004)):
            changed = bytearray(header)
            changed[offset : offset + 2] = count.to_bytes(2, "big")
            with self.assertRaises(VerificationError, msg=offset):
                parse_entry(bytes(changed) + bytes(60000))

    def test_a_trailer_is_kept_up_to_its_ceiling(self) -> None:
        header = small_log(1).headers[0]
        self.assertEqual(parse_entry(header + b"later").trailer, b"later")
        with self.assertRaises(VerificationError):
            parse_entry(header + bytes(limits.TRAILER_BYTES + 1))

    def test_version_id_and_kind(self) -> None:
        entry = parse_entry(small_log(1).headers[0])
        self.assertEqual(entry.version_id, f"1-{entry.hash.hex()[:8]}")
        self.assertEqual(entry.kind_name, "submit")

    def test_acknowledgements_are_signed(self) -> None:
        data = make_acknowledgement(SEED, b"l" * 16, 7, b"h" * 32, START)
        self.assertEqual(len(data), 164)
        self.assertTrue(parse_acknowledgement(data).is_authentic())
        for offset in (5, 21, 30, 61, 70, 120):
            changed = bytearray(data)
            changed[offset] ^= 1
            self.assertFalse(parse_acknowledgement(bytes(changed)).is_authentic())

    def test_a_head_of_an_empty_log_names_no_entry(self) -> None:
        log = LogBuilder()
        head = parse_head(log.head())
        self.assertTrue(head.is_authentic(parse_descriptor(log.descriptor)))
        changed = bytearray(log.head())
        changed[60] = 1
        with self.assertRaises(VerificationError):
            parse_head(bytes(changed))

    def test_the_name_of_a_file_is_not_hashed(self) -> None:
        one, other = record(KEY, "t", "a.txt"), record(KEY, "t", "b.txt")
        self.assertEqual(record_digest_form(one), record_digest_form(other))
        self.assertNotIn(b"a.txt", record_digest_form(one))
        self.assertIn("name", one["sources"][0])

    def test_a_record_that_is_not_canonical_is_refused(self) -> None:
        data = b'{"b":1,"a":2}'
        reference = BodyReference(1, len(data), salted_hash(b"s" * 32, data))
        for body in (data, b"[]", b"{"):
            with self.assertRaises(VerificationError):
                check_body(reference, b"s" * 32, body)


if __name__ == "__main__":
    unittest.main()
