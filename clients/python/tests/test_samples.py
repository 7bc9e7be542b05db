"""Files that reportd itself wrote: a batch, a proof, an export of the same log."""

import os
import unittest

from reportd import ed25519
from reportd.batch import parse_batch, verify_batches
from reportd.exports import verify_export
from reportd.jsontext import parse
from reportd.proofs import verify_proof
from reportd.structures import key_hash, parse_descriptor

SAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "samples")
DOCUMENTS = os.path.join(SAMPLES, "../../../../ops/demo-documents")
NODE = "e0726bc5b397648c8efad76729066482792e1308f6bd370172e831bdac3048f0"
RECEIVER = ed25519.public_key(bytes(range(32)))
KEY = "2023/湛江市/麻章区/文化馆/整体支出"
HASHES = ("8dcfc9a9feb7f2cf", "08f3a848d7c47180")
"""The beginnings of the hashes of the first and the last entry."""


def read(name: str) -> bytes:
    with open(os.path.join(SAMPLES, name), "rb") as file:
        return file.read()


class SampleTests(unittest.TestCase):
    def test_the_export(self) -> None:
        told = verify_export(read("export.jsonl").splitlines(keepends=True))
        self.assertEqual((told["entries"], told["absentBodies"]), (3, 0))
        log = told["logs"][0]
        self.assertEqual((log["node"], log["name"], log["held"]), (NODE, "样例", 3))
        self.assertTrue(log["hash"].startswith(HASHES[1]))

    def test_the_batch_holds_the_same_log(self) -> None:
        lines = [parse(line) for line in read("export.jsonl").splitlines()]
        descriptor = parse_descriptor(bytes.fromhex(lines[1]["descriptor"]))
        state = verify_batches(descriptor, [read("batch")])
        self.assertEqual((state.size, state.absent_bodies), (3, 0))
        entries = [delivered.entry for delivered in parse_batch(read("batch")).entries]
        self.assertEqual([one.kind_name for one in entries], ["submit", "submit", "note"])
        self.assertEqual([one.number for one in entries], [1, 2, 0])
        self.assertEqual(entries[0].key_hash, key_hash(KEY))
        self.assertEqual(entries[1].parents, (entries[0].hash,))
        self.assertEqual(entries[0].hash.hex()[:16], HASHES[0])

    def test_the_proof_and_the_file_it_speaks_of(self) -> None:
        files = [os.path.join(DOCUMENTS, "first.txt")]
        if not os.path.exists(files[0]):
            files = []
        told = verify_proof(
            os.path.join(SAMPLES, "proof.json"), files, [bytes.fromhex(NODE), RECEIVER])
        self.assertEqual((told["key"], told["version"]), (KEY, "1-8dcfc9a9"))
        self.assertEqual([one["kind"] for one in told["files"]], ["source"] * len(files))
        acknowledged = told["acknowledgements"][0]
        self.assertEqual((acknowledged["sequence"], acknowledged["coversEntry"]), (3, True))


if __name__ == "__main__":
    unittest.main()
