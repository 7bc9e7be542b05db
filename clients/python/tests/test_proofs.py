"""Proofs: those that hold, and every way in which one can lie."""

import copy
import hashlib
import json
import os
import tempfile
import unittest
from typing import Any, Dict, List

from reportd import ReportError, VerificationError, ed25519, merkle
from reportd.jsontext import canonical
from reportd.proofs import verify_proof
from reportd.signed import make_acknowledgement

from .builder import SEED, START, LogBuilder, record

CITY = b"c" * 32
COUNT = 9
PROVEN = 4


def key(number: int) -> str:
    return f"2023/湛江市/麻章区/单位{number}/整体支出"


def small_log(count: int = COUNT) -> LogBuilder:
    log = LogBuilder()
    for number in range(1, count + 1):
        log.submit(key(number), f"text {number}")
    return log


def acknowledge(log: LogBuilder, sequence: int, seed: bytes = CITY) -> str:
    return make_acknowledgement(
        seed, log.log_id, sequence, log.hashes[sequence - 1], START).hex()


def make_proof(log: LogBuilder, sequence: int = PROVEN) -> Dict[str, Any]:
    """A proof as docs/format.md section 6 describes it."""
    hashes = log.hashes
    inclusion = [one.hex() for one in merkle.inclusion_proof(hashes, sequence - 1)]
    return {
        "format": "reportd.proof/1", "key": key(sequence),
        "header": log.headers[sequence - 1].hex(),
        "bodies": [
            {"kind": "record", "salt": (b"r" * 32).hex()},
            {"kind": "source", "salt": (b"s" * 32).hex()},
        ],
        "log": log.descriptor.hex(), "head": log.head().hex(), "inclusion": inclusion,
        "earlier": {
            "size": 3, "root": merkle.root(hashes[:3]).hex(), "head": log.head(3).hex(),
            "consistency": [one.hex() for one in merkle.consistency_proof(hashes, 3)],
        },
        "acknowledgements": [
            {"acknowledgement": acknowledge(log, sequence), "chain": []},
            {"acknowledgement": acknowledge(log, sequence + 2),
             "chain": [one.hex() for one in log.headers[sequence : sequence + 2]]},
            {"acknowledgement": acknowledge(log, COUNT),
             "inclusion": [one.hex() for one in merkle.inclusion_proof(hashes, COUNT - 1)]},
        ],
    }


def changed(proof: Dict[str, Any], *path: Any, to: Any) -> Dict[str, Any]:
    """The proof with one member replaced."""
    other = copy.deepcopy(proof)
    place: Any = other
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return other


class ProofTests(unittest.TestCase):
    def setUp(self) -> None:
        self.log = small_log()
        self.proof = make_proof(self.log)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, name: str, data: bytes) -> str:
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def refused(self, proof: Any, **settings: Any) -> str:
        with self.assertRaises(VerificationError) as caught:
            verify_proof(proof, **settings)
        return caught.exception.message

    def test_what_is_proven_is_told(self) -> None:
        told = verify_proof(self.proof)
        self.assertEqual(
            (told["key"], told["sequence"], told["size"]), (key(PROVEN), PROVEN, COUNT))
        self.assertEqual(told["node"], ed25519.public_key(SEED).hex())
        self.assertEqual(told["earlier"], 3)
        self.assertEqual(
            [(one["sequence"], one["coversEntry"]) for one in told["acknowledgements"]],
            [(4, True), (6, True), (9, False)])

    def test_every_entry_of_logs_of_every_size(self) -> None:
        for size in range(1, COUNT + 1):
            log = small_log(size)
            for sequence in range(1, size + 1):
                proof = make_proof(log, sequence) if size == COUNT and sequence < 8 else None
                if proof is None:
                    proof = changed(self.proof, "acknowledgements", to=[])
                    path = merkle.inclusion_proof(log.hashes, sequence - 1)
                    proof.update(
                        key=key(sequence), header=log.headers[sequence - 1].hex(), earlier=None,
                        head=log.head().hex(), inclusion=[one.hex() for one in path])
                self.assertEqual(verify_proof(proof)["sequence"], sequence)

    def test_files_are_found_among_the_bodies(self) -> None:
        text = f"text {PROVEN}"
        source = self.file("a.txt", text.encode())
        stored = record(key(PROVEN), text, name="another name.txt")
        plain = self.file("record.json", canonical(stored))
        printed = self.file("get.json", json.dumps(
            {**stored, "status": "submitted", "version": {"number": 1}}).encode())
        told = verify_proof(self.proof, [source, plain, printed])
        self.assertEqual([one["body"] for one in told["files"]], [1, 0, 0])
        other = self.file("b.txt", b"text 5")
        self.assertIn("none of the files", self.refused(self.proof, files=[other]))
        without = changed(self.proof, "bodies", 1, "salt", to=None)
        self.assertIn("none of the files", self.refused(without, files=[source]))

    def test_keys_must_have_signed(self) -> None:
        owner, city = ed25519.public_key(SEED), ed25519.public_key(CITY)
        verify_proof(self.proof, keys=[owner, city])
        self.assertIn("signed nothing", self.refused(self.proof, keys=[bytes(32)]))

    def test_what_a_liar_may_change(self) -> None:
        log, other = self.log, small_log(8)
        hashes = [one.hex() for one in log.hashes]
        cases: Dict[str, List[Any]] = {
            "another key": ["key", key(5)],
            "another log": ["log", LogBuilder(CITY).descriptor.hex()],
            "not signed by the log": ["head", log.head(seed=CITY).hex()],
            "not in the tree": ["inclusion", self.proof["inclusion"][1:]],
            "another number of bodies": ["bodies", self.proof["bodies"][:1]],
            "another kind of body": ["bodies", 0, "kind", "people"],
            "go on from": ["earlier", "root", hashes[0]],
            "another size or root": ["earlier", "head", other.head(4).hex()],
            "earlier head is not signed": ["earlier", "head", log.head(3, seed=CITY).hex()],
            "not signed by its key": ["acknowledgements", 0, "acknowledgement",
                                      "727061" + "01" + "00" * 160],
            "ends at another entry": ["acknowledgements", 1, "chain", []],
            "skips": ["acknowledgements", 1, "chain", [log.headers[5].hex()]],
            "either a chain": ["acknowledgements", 1, "inclusion", []],
            "no array of at most": ["acknowledgements", [self.proof["acknowledgements"][0]] * 17],
            "hexadecimal": ["header", self.proof["header"].upper()],
            "cut short": ["header", self.proof["header"][:200]],
        }
        for message, (*path, value) in cases.items():
            self.assertIn(message, self.refused(changed(self.proof, *path, to=value)), message)

    def test_an_acknowledgement_of_an_older_position_proves_nothing(self) -> None:
        path = [one.hex() for one in merkle.inclusion_proof(self.log.hashes, 1)]
        older = {"acknowledgement": acknowledge(self.log, 2), "inclusion": path}
        self.assertIn("before", self.refused(changed(self.proof, "acknowledgements", to=[older])))

    def test_an_acknowledgement_of_another_branch_is_refused(self) -> None:
        fork = small_log(PROVEN - 1)
        for number in range(PROVEN, COUNT + 1):
            fork.submit(key(number), f"other text {number}")
        for chain in ([], [one.hex() for one in fork.headers[PROVEN : PROVEN + 2]]):
            sequence = PROVEN + len(chain)
            lie = {"acknowledgement": acknowledge(fork, sequence), "chain": chain}
            self.refused(changed(self.proof, "acknowledgements", to=[lie]))

    def test_every_member_must_be_there_and_of_its_type(self) -> None:
        for name in self.proof:
            other = dict(self.proof)
            del other[name]
            self.refused(other)
            for value in (7, -1, [], {}, "zz", [7], [None], True):
                if not (name == "acknowledgements" and value == []):
                    self.refused({**self.proof, name: value})
        with self.assertRaises(ReportError) as caught:
            verify_proof({**self.proof, "format": "reportd.proof/2"})
        self.assertEqual(caught.exception.code, "unsupported")

    def test_files_and_receipts(self) -> None:
        data = canonical(self.proof) + b"\n"
        self.assertEqual(verify_proof(self.file("p.json", data))["sequence"], PROVEN)
        receipt = json.dumps({"outcome": "stored", "proof": self.proof}, indent=2)
        path = self.file("a.回执.json", b"\xef\xbb\xbf" + receipt.encode())
        self.assertEqual(verify_proof(path)["sequence"], PROVEN)
        self.assertIn("canonical", self.refused(self.file("q.json", data[:-1])))
        self.assertIn("canonical", self.refused(self.file("q.json", data + b"\n")))
        self.refused(self.file("q.json", b"[1]"))
        self.refused(self.file("q.json", b'{"outcome":"stored"}'))
        with self.assertRaises(ReportError) as caught:
            verify_proof(self.file("q.json", b" " * (5 << 20)))
        self.assertEqual(caught.exception.code, "too-large")

    def test_every_changed_byte_of_a_file_is_refused(self) -> None:
        data = canonical(self.proof) + b"\n"
        digest = hashlib.sha256(data).digest()
        for index in range(digest[0] % 31, len(data), 31):
            other = bytearray(data)
            other[index] ^= 1
            self.salts_only(bytes(other), index)

    def salts_only(self, data: bytes, index: int) -> None:
        """Salts are proven by files alone: a changed one is found when a file is compared."""
        path = self.file("q.json", data)
        try:
            verify_proof(path)
        except ReportError:
            return
        with self.assertRaises(VerificationError, msg=index):
            text = f"text {PROVEN}"
            verify_proof(path, [
                self.file("a.txt", text.encode()),
                self.file("r.json", canonical(record(key(PROVEN), text)))])


if __name__ == "__main__":
    unittest.main()
