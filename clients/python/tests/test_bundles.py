"""Bundles that reportd wrote, and what is wrong with those that lie."""

import contextlib
import hashlib
import io
import json
import os
import tempfile
import unittest
import zlib
from typing import Any, Dict, List, Tuple
from unittest import mock

from reportd import ReportError, VerificationError, cli, ed25519, zstd
from reportd.batch import LogState
from reportd.bundles import MAGIC, SIGNED_PREFIX, verify_bundle
from reportd.jsontext import canonical

from .builder import SEED, LogBuilder
from .test_proofs import small_log
from .test_samples import SAMPLES, read

SENDER = "1be095fc5207f499e33702d0ffc66f42d0b5c98783031647258241a458a5f889"
RECEIVER = "cb0bf127aa9880df1450d08bb85bbe8cd46fc9ec1fa2153c227ec6d49837b7fa"
Section = Tuple[int, bytes]


def path(name: str) -> str:
    return os.path.join(SAMPLES, name)


def bundle(sections: List[Section], seed: bytes = SEED) -> bytes:
    """The sections with their signature behind them."""
    data = MAGIC + b"".join(
        bytes([kind]) + len(one).to_bytes(8, "big") + one for kind, one in sections)
    signature = ed25519.sign(seed, SIGNED_PREFIX + hashlib.sha256(data).digest())
    return data + bytes([255]) + (64).to_bytes(8, "big") + signature


def sections(log: LogBuilder, after: int = 0, **changes: Any) -> List[Section]:
    size = len(log.headers)
    manifest: Dict[str, Any] = {
        "format": "reportd.bundle/1", "node": "ed25519:" + log.key.hex(), "name": "n", "for": None,
        "logs": [{"log": log.log_id.hex(), "after": after, "sequence": size}],
        "madeAt": "2026-11-21T00:00:00.000Z", "program": "t",
    }
    manifest.update(changes)
    begin = len(log.descriptor).to_bytes(2, "big") + log.descriptor + log.head()
    return [(1, canonical(manifest)), (2, begin), (3, log.batch(after + 1, size))]


class BundleTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, "b")

    def verify(self, data: bytes, **options: Any) -> Dict[str, Any]:
        with open(self.file, "wb") as file:
            file.write(data)
        return verify_bundle(self.file, **options)

    def expect_fault(self, data: bytes, words: str) -> None:
        with self.assertRaises(VerificationError) as caught:
            self.verify(data)
        self.assertIn(words, caught.exception.message)

    def test_bundles_that_a_node_wrote(self) -> None:
        logs: Dict[bytes, LogState] = {}
        first = verify_bundle(path("bundle"), [bytes.fromhex(SENDER)], logs)
        self.assertEqual((first["entries"], first["bodies"], first["absentBodies"]), (2, 4, 0))
        self.assertEqual((first["node"], first["logs"][0]["proof"]), (SENDER, "tree"))
        later = verify_bundle(path("bundle-later"), logs=logs)
        self.assertEqual((later["entries"], later["logs"][0]["proof"]), (1, "tree"))
        self.assertEqual((later["logs"][0]["after"], later["logs"][0]["sequence"]), (2, 3))
        alone = verify_bundle(path("bundle-later"))
        self.assertEqual((alone["entries"], alone["logs"][0]["proof"]), (1, "chain"))
        answer = verify_bundle(path("bundle-acknowledged"))
        self.assertEqual((answer["node"], answer["for"], answer["entries"]), (RECEIVER, SENDER, 0))
        told = answer["acknowledgements"][0]
        self.assertEqual((told["by"], told["sequence"]), (RECEIVER, 2))

    def test_every_changed_byte_is_found(self) -> None:
        data = bytearray(read("bundle-acknowledged"))
        for index in range(len(data)):
            data[index] ^= 1
            with self.assertRaises(ReportError, msg=f"byte {index}"):
                self.verify(bytes(data))
            data[index] ^= 1
        for length in range(0, len(data), 7):
            with self.assertRaises(VerificationError):
                self.verify(bytes(data[:length]))
        self.expect_fault(bytes(data) + b"x", "signature")

    def test_another_key_is_told(self) -> None:
        with self.assertRaises(VerificationError):
            verify_bundle(path("bundle"), [bytes.fromhex(RECEIVER)])

    def test_bundles_made_here(self) -> None:
        log = small_log()
        told = self.verify(bundle(sections(log)))
        self.assertEqual(told["entries"], len(log.headers))
        self.assertEqual(told["logs"][0]["proof"], "tree")
        rest = self.verify(bundle(sections(log, after=1)))
        self.assertEqual(rest["logs"][0]["proof"], "chain")

    def test_what_is_missing_or_too_much(self) -> None:
        log = small_log()
        size = len(log.headers)
        whole = sections(log)
        self.expect_fault(bundle(whole[:2]), "ends with entry 0")
        self.expect_fault(bundle([whole[0], whole[2]]), "a log that did not begin")
        self.expect_fault(bundle(whole + [whole[1]]), "begins twice")
        self.expect_fault(bundle(whole + [(9, b"")]), "kind 9")
        self.expect_fault(bundle(whole + [whole[2]]), "begins at 1")
        self.expect_fault(bundle(sections(log, logs=[])), "does not name")
        self.expect_fault(bundle(whole[1:]), "first section")
        self.expect_fault(bundle(whole, seed=bytes(32)), "signature of the bundle")
        self.expect_fault(
            bundle([whole[0], whole[1], (3, log.batch(1, size - 1, size))]), "ends with entry")
        with self.assertRaises(ReportError) as caught:
            self.verify(bundle(sections(log, format="reportd.bundle/2")))
        self.assertEqual(caught.exception.code, "unsupported")

    def test_a_chain_needs_its_end(self) -> None:
        log = small_log()
        size = len(log.headers)
        part = sections(
            log, 1, logs=[{"log": log.log_id.hex(), "after": 1, "sequence": size - 1}])
        part[2] = (3, log.batch(2, size - 1, size))
        self.expect_fault(bundle(part), "cannot be proven without what is before entry 2")

    def test_a_later_batch_that_leaves_the_chain(self) -> None:
        log, other = small_log(), LogBuilder()
        for number in range(len(log.headers)):
            other.submit(f"2023/湛江市/单位{number}/整体支出", f"other {number}")
        part = sections(log, 1)
        size = len(log.headers)
        part[2:] = [(3, log.batch(2, 2)), (3, other.batch(3, size, size))]
        self.expect_fault(bundle(part), "does not follow")

    def test_declared_lengths_are_not_believed(self) -> None:
        head = MAGIC + bytes([1]) + (1 << 62).to_bytes(8, "big")
        self.expect_fault(head, "has 4611686018427387904 bytes")
        self.expect_fault(MAGIC + bytes([3]) + (1 << 20).to_bytes(8, "big") + b"x", "cut short")
        whole = sections(small_log())
        self.expect_fault(
            bundle(whole[:2] + [(5, (1 << 60).to_bytes(8, "big") + b"frame")]), "impossible size")
        self.expect_fault(bundle(whole[:2] + [(5, b"1")]), "cut short")
        frame = (100).to_bytes(8, "big") + zlib.compress(b"no zstd")
        self.expect_fault(bundle(whole[:2] + [(5, frame)]), "zstd frame")

    def test_without_zstd_it_is_said_what_to_do(self) -> None:
        with mock.patch.object(zstd, "_library", return_value=None), mock.patch.object(
            zstd, "_standard_module", return_value=None
        ):
            with self.assertRaises(ReportError) as caught:
                verify_bundle(path("bundle"))
        self.assertEqual(caught.exception.code, "unsupported")
        self.assertIn("libzstd", caught.exception.message)

    def test_the_command(self) -> None:
        def run(*arguments: str) -> Tuple[int, str]:
            raw = io.BytesIO()
            output = io.TextIOWrapper(raw, encoding="utf-8")
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
                code = cli.main(["bundle", "verify", *arguments])
            return code, raw.getvalue().decode("utf-8")

        code, out = run(path("bundle"), path("bundle-later"), "--key", SENDER)
        self.assertEqual(code, 0)
        told = [json.loads(line)["logs"][0]["proof"] for line in out.splitlines()]
        self.assertEqual(told, ["tree", "tree"])
        self.assertEqual(run(path("bundle"), "--key", RECEIVER)[0], 8)
        self.assertEqual(run(path("batch"))[0], 8)


if __name__ == "__main__":
    unittest.main()
