"""TLS, the handshake, and the peer session that only receives."""

import hashlib
import secrets
import ssl
import tempfile
import threading
import unittest
from typing import Any, Callable, List, Optional, Tuple

from reportd import Client, Identity, ReportError, key_bytes, tls_context
from reportd import ed25519
from reportd.batch import LogState, parse_batch
from reportd.connection import Address, Connection
from reportd.errors import VerificationError
from reportd.peer import Receiver
from reportd.signed import parse_acknowledgement
from reportd.structures import parse_descriptor

from . import certificates
from .builder import LogBuilder
from .fake_node import FakeNode, Link, Request, ok

NODE_SEED = b"n" * 32
NODE_KEY = ed25519.public_key(NODE_SEED)
MY_SEED = b"m" * 32
IDENTITY = Identity(MY_SEED, NODE_KEY)
FORMS = b"FORMS zstd held\n"


class Acceptor:
    """The acceptor's side of docs/protocol.md section 4, word for word."""

    def __init__(self, role: int = 2, binding: bytes = bytes(32), **changes: Any) -> None:
        self.role = role
        self.binding = binding
        self.changes = changes
        self.transcript = b""
        self.key = b""

    def __call__(self, link: Link, request: Request) -> Optional[bytes]:
        if request.verb == "HELLO":
            return self.hello(request)
        if request.verb == "AUTH":
            signature = bytes.fromhex(request.arguments[0])
            message = b"reportd initiator 1\n" + self.transcript
            if not ed25519.verify(self.key, message, signature):
                link.send(b"-ERR not-allowed signature\n")
                return None
            return self.changes.get("answer", ok(b"ok", "text/plain"))
        return ok(b"pong", "text/plain")

    def hello(self, request: Request) -> bytes:
        version, role, key, nonce = request.arguments
        assert (version, role) == ("1", "client" if self.role == 2 else "peer"), request.line
        self.key = bytes.fromhex(key)
        own_nonce = secrets.token_bytes(32)
        seed = self.changes.get("seed", NODE_SEED)
        own_key = ed25519.public_key(seed)
        self.transcript = (
            b"\x00\x01" + bytes([self.role]) + self.key + own_key + bytes.fromhex(nonce)
            + own_nonce + self.binding
        )
        prefix = self.changes.get("prefix", b"reportd acceptor 1\n")
        signature = ed25519.sign(seed, prefix + self.transcript)
        shown = self.changes.get("shown_key", own_key)
        return (
            f"HELLO {self.changes.get('version', '1')} {role} {shown.hex()} {own_nonce.hex()} "
            f"{signature.hex()}\n"
        ).encode()


class HandshakeTests(unittest.TestCase):
    def refused(self, acceptor: Any, identity: Identity = IDENTITY) -> str:
        with FakeNode(acceptor) as node:
            with Client(port=node.port, timeout=5, identity=identity) as client:
                with self.assertRaises(ReportError) as caught:
                    client.ping()
            self.assertEqual(node.failures, [])
        return caught.exception.code

    def test_both_prove_their_keys_on_every_connection(self) -> None:
        with FakeNode(Acceptor()) as node:
            with Client(port=node.port, timeout=5, identity=IDENTITY) as client:
                self.assertEqual(client.ping(), "pong")
                client.close()
                self.assertEqual(client.ping(), "pong")
        verbs = [request.verb for request in node.requests]
        self.assertEqual(verbs, ["HELLO", "AUTH", "PING"] * 2)
        self.assertNotEqual(node.requests[0].arguments[3], node.requests[3].arguments[3])

    def test_another_node_is_refused_before_anything_is_signed(self) -> None:
        for changes in (
            {"seed": b"x" * 32}, {"seed": b"x" * 32, "shown_key": NODE_KEY},
            {"prefix": b"reportd initiator 1\n"}, {"binding": b"b" * 32},
        ):
            acceptor = Acceptor(**changes)  # type: ignore[arg-type]
            self.assertEqual(self.refused(acceptor), "not-allowed")

    def test_answers_that_are_no_hello(self) -> None:
        self.assertEqual(self.refused(Acceptor(version="2")), "internal")
        for line in (b"+OK text/plain 2\nok\n", b"HELLO 1 client 00 00 00\n", b"HELLO\n", b"\n",
                     b"HELLO 1 client " + b"Z" * 64 + b" " + b"0" * 64 + b" " + b"0" * 128 + b"\n"):
            self.assertEqual(self.refused(lambda link, request: line), "internal", line)
        refusal = b"-ERR unsupported version 1 is not known\n"
        self.assertEqual(self.refused(lambda link, request: refusal), "unsupported")

    def test_a_key_without_grants_is_told_so(self) -> None:
        acceptor = Acceptor(answer=b"-ERR not-allowed no grants\n")
        self.assertEqual(self.refused(acceptor), "not-allowed")

    def test_my_own_key_at_the_other_side_is_refused(self) -> None:
        own = Identity(MY_SEED, ed25519.public_key(MY_SEED))
        self.assertEqual(self.refused(Acceptor(), own), "usage")

    def test_keys_are_read_with_and_without_their_kind(self) -> None:
        self.assertEqual(key_bytes("ed25519:" + NODE_KEY.hex() + "\n"), NODE_KEY)
        for text in ("", "00", NODE_KEY.hex().upper(), "rsa:" + NODE_KEY.hex()):
            with self.assertRaises(ReportError):
                key_bytes(text)


class TLSTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.node_files = certificates.make(folder.name, "node")
        self.client_files = certificates.make(folder.name, "client")
        self.server = certificates.server_context(*self.node_files, clients=self.client_files[0])

    def binding(self) -> bytes:
        with open(self.node_files[0], encoding="ascii") as file:
            return hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read())).digest()

    def test_mutual_tls_with_the_handshake_inside(self) -> None:
        tls = tls_context(self.node_files[0], *self.client_files)
        with FakeNode(Acceptor(binding=self.binding()), tls=self.server) as node:
            with Client(port=node.port, tls=tls, timeout=5, identity=IDENTITY) as client:
                self.assertEqual(client.ping(), "pong")
                self.assertEqual(client.ping(), "pong")
            self.assertEqual(node.connections, 1)

    def test_somebody_between_two_tls_connections_is_noticed(self) -> None:
        tls = tls_context(None, *self.client_files)
        with FakeNode(Acceptor(binding=b"o" * 32), tls=self.server) as node:
            with Client(port=node.port, tls=tls, timeout=5, identity=IDENTITY) as client:
                with self.assertRaises(ReportError) as caught:
                    client.ping()
        self.assertEqual(caught.exception.code, "not-allowed")

    def test_a_certificate_of_nobody_we_know_is_refused(self) -> None:
        tls = tls_context(self.client_files[0], *self.client_files)
        self.unreachable(tls, self.server)

    def test_without_a_certificate_the_node_hangs_up(self) -> None:
        self.unreachable(tls_context(self.node_files[0]), self.server)

    def test_names_are_checked_when_asked_for(self) -> None:
        tls = tls_context(self.node_files[0], *self.client_files, check_name=True)
        with FakeNode(Acceptor(), tls=self.server) as node:
            with Client("127.0.0.1", node.port, tls, timeout=5) as client:
                self.assertEqual(client.ping(), "pong")

    def test_a_node_without_tls_is_no_node(self) -> None:
        with FakeNode(lambda link, request: None) as node:
            with Client(port=node.port, tls=tls_context(None), timeout=5) as client:
                with self.assertRaises(ReportError):
                    client.ping()

    def test_a_watch_over_tls_resumes(self) -> None:
        def handler(link: Link, request: Request) -> Optional[bytes]:
            link.send(ok({"position": int(request.options["from"]) + 1, "kind": "submit"}))
            return None

        tls = tls_context(self.node_files[0], *self.client_files)
        with FakeNode(handler, tls=self.server) as node:
            client = Client(port=node.port, tls=tls, timeout=5)
            with client.watch(start=0, first_pause=0.01) as watch:
                self.assertEqual([next(watch)["position"] for _ in range(4)], [1, 2, 3, 4])
            with self.assertRaises(ReportError) as caught:
                list(client.feed())
            self.assertEqual(caught.exception.code, "usage")

    def unreachable(self, tls: ssl.SSLContext, server: ssl.SSLContext) -> None:
        with FakeNode(Acceptor(), tls=server) as node:
            with Client(port=node.port, tls=tls, timeout=5) as client:
                with self.assertRaises(ReportError) as caught:
                    client.ping()
        self.assertEqual(caught.exception.code, "unreachable")


class PeerTests(unittest.TestCase):
    def setUp(self) -> None:
        self.log = LogBuilder(NODE_SEED)
        for number in range(1, 6):
            self.log.submit(f"2023/单位{number}", f"text {number}")
        self.kept: List[int] = []

    def script(
        self, messages: Tuple[bytes, ...], first: bytes,
    ) -> Callable[[Link, Request], Optional[bytes]]:
        """A node that states its log, waits for our statement, and then says ``messages``."""
        row = self.log.log_id + (5).to_bytes(8, "big") + self.log.hashes[-1]
        statement = first + b"POSITIONS 0 more=1\nPING 7\nPOSITIONS 56\n" + row

        class Peer(Acceptor):
            def __call__(peer, link: Link, request: Request) -> Optional[bytes]:
                if request.verb in ("POSITIONS", "ACK", "NODES", "ENTRIES"):
                    request.payload = link.file.read(int(request.arguments[0]))
                if request.verb == "POSITIONS":
                    return b"".join(messages)
                if request.verb in ("ACK", "NODES", "ENTRIES", "PONG", "BYE"):
                    return b""
                return super().__call__(link, request)

        return Peer(role=1, answer=statement)

    def message(self, verb: str, payload: bytes) -> bytes:
        return f"{verb} {len(payload)}\n".encode() + payload

    def announcement(self) -> bytes:
        descriptor = self.log.descriptor
        return self.message(
            "LOG", len(descriptor).to_bytes(2, "big") + descriptor + self.log.head())

    def run_against(self, *messages: bytes, logs: Any = None, first: bytes = FORMS) -> Any:
        def keep(state: LogState, batch: Any, payload: bytes) -> None:
            self.kept.append(batch.last)

        with FakeNode(self.script(messages, first)) as node:
            connection = Connection(Address("127.0.0.1", node.port), 5)
            try:
                return Receiver(connection, IDENTITY, keep, logs).run(5), node
            finally:
                node.wait()
                self.assertEqual(node.failures, [])

    def test_logs_are_taken_verified_kept_and_acknowledged(self) -> None:
        logs, node = self.run_against(
            self.announcement(), b"PING 3\n", self.message("BATCH", self.log.batch(1, 2)),
            self.message("BATCH", self.log.batch(3, 5)))
        self.assertEqual(logs[self.log.log_id].size, 5)
        self.assertEqual(self.kept, [2, 5])
        said = {request.verb: request for request in node.requests}
        self.assertEqual(said["POSITIONS"].payload, b"")
        acknowledgements = [
            parse_acknowledgement(request.payload)
            for request in node.requests if request.verb == "ACK"
        ]
        self.assertTrue(all(one.is_authentic() for one in acknowledgements))
        self.assertEqual([one.sequence for one in acknowledgements], [2, 5])
        self.assertEqual(said["PONG"].arguments, ["3"])

    def test_a_later_session_goes_on(self) -> None:
        state = LogState(parse_descriptor(self.log.descriptor))
        state.take(parse_batch(self.log.batch(1, 2)))
        logs, node = self.run_against(
            self.announcement(), self.message("BATCH", self.log.batch(3, 5)),
            logs={self.log.log_id: state})
        self.assertEqual(logs[self.log.log_id].size, 5)
        statement = [one for one in node.requests if one.verb == "POSITIONS"][0].payload
        self.assertEqual(
            statement, self.log.log_id + (2).to_bytes(8, "big") + self.log.hashes[1])

    def test_entries_that_do_not_hold_are_neither_kept_nor_acknowledged(self) -> None:
        payload = bytearray(self.log.batch(1, 5))
        payload[-1] ^= 1
        with self.assertRaises(VerificationError):
            self.run_against(self.announcement(), self.message("BATCH", bytes(payload)))
        self.assertEqual(self.kept, [])

    def test_a_node_begins_with_its_forms_or_without(self) -> None:
        for first in (b"", b"FORMS\n", b"FORMS zstd later a=b\n", b"PING 1\nFORMS held\n"):
            logs, _ = self.run_against(
                self.announcement(), self.message("BATCH", self.log.batch(1, 5)), first=first)
            self.assertEqual(logs[self.log.log_id].size, 5, first)
        for first in (b"FORMS zstd\nFORMS zstd\n", b"POSITIONS 0 more=1\nFORMS zstd\n", b"BYE\n"):
            with self.assertRaises(ReportError, msg=first):
                self.run_against(first=first)

    def test_what_a_later_version_added_is_passed_over(self) -> None:
        novel = b"NOVEL\nNOVEL-2 word 7 a=b\nNOVEL 11 x=y\nPING 1\nBYE\nNOVEL 0\n"
        logs, node = self.run_against(
            novel, self.announcement(), novel, self.message("BATCH", self.log.batch(1, 5)),
            first=novel + FORMS + novel)
        self.assertEqual(logs[self.log.log_id].size, 5)
        pongs = [one.arguments for one in node.requests if one.verb == "PONG"]
        self.assertEqual(pongs[:1], [["7"]])

    def test_what_cannot_be_told_of_a_log_is_answered_so(self) -> None:
        question = self.log.log_id + (5).to_bytes(8, "big") + b"\x01" + bytes(8)
        sequences = [(one).to_bytes(8, "big") for one in (3, 4)]
        _, node = self.run_against(
            self.message("COMPARE", question),
            self.message("FETCH", self.log.log_id + b"".join(sequences)),
            self.message("WITNESS", bytes(164)),
            self.announcement(), self.message("BATCH", self.log.batch(1, 5)))
        said = {request.verb: request.payload for request in node.requests}
        self.assertEqual(said["NODES"], question + bytes(32))
        self.assertEqual(
            said["ENTRIES"], self.log.log_id + b"".join(one + bytes(4) for one in sequences))

    def test_a_trickling_peer_does_not_hold_the_receiver(self) -> None:
        ended = threading.Event()

        class Trickling(Acceptor):
            def __call__(peer, link: Link, request: Request) -> Optional[bytes]:
                if request.verb != "POSITIONS":
                    return super().__call__(link, request)
                link.send(peer.beginning)
                for _ in range(400):  # Twenty seconds, unless the receiver has gone.
                    if ended.wait(0.05):
                        break
                    link.send(b"x")
                return None

        row = self.log.log_id + (5).to_bytes(8, "big") + self.log.hashes[-1]
        # In a payload that is passed over, in one that is read, and in a line.
        for beginning in (b"NOVEL 100000\n", b"LOG 1000\n", b"NOVEL-"):
            ended.clear()
            peer = Trickling(role=1, answer=FORMS + self.message("POSITIONS", row))
            peer.beginning = beginning
            with FakeNode(peer) as node:
                connection = Connection(Address("127.0.0.1", node.port), 5)
                try:
                    with self.assertRaises(ReportError, msg=beginning) as raised:
                        Receiver(connection, IDENTITY, lambda *_: None).run(1)
                finally:
                    ended.set()
            self.assertEqual(raised.exception.code, "timed-out", beginning)

    def test_what_a_peer_must_not_send(self) -> None:
        for messages in (
            [self.message("BATCH", self.log.batch(1, 5))], [b"NOVEL 134217729\n"], [b"LOG 99999\n"],
            [b"BATCH\n"], [b"BYE\n"], [b"-ERR internal gone\n"], [b"PING x\n"],
            [b"REFUSE " + b"0" * 32 + b" integrity no\n"], [b"x" * 5000 + b"\n"],
            [b"NODES 0\n"], [b"ENTRIES 0\n"], [FORMS], [b"COMPARE 24\n" + bytes(24)],
            [b"no/message 1\n"], [b"\xe7\xba\xa6 1\n"],
        ):
            with self.assertRaises(ReportError, msg=messages[0][:20]):
                self.run_against(*messages)


if __name__ == "__main__":
    unittest.main()
