"""The handshake by which a client or peer and a node prove their Ed25519 keys to each other.

Source: docs/protocol.md section 4.
"""

import re
import secrets
from typing import NamedTuple, Tuple

from . import ed25519
from .connection import Connection
from .errors import ProtocolError, ReportError, usage
from .wire import parse_error, split_line

ROLES = {"peer": 1, "client": 2}
_KEY = re.compile(r"(?:ed25519:)?([0-9a-f]{64})\Z")
_VERSION = "1"


class Identity(NamedTuple):
    """Who I am, and whom I expect at the other end."""

    seed: bytes
    """My 32-byte Ed25519 secret."""
    node_key: bytes
    """The node's 32-byte public key, known beforehand."""


def key_bytes(text: str) -> bytes:
    """A public key from 64 hexadecimal digits, with or without ``ed25519:`` in front."""
    match = _KEY.match(text.strip())
    if match is None:
        raise usage("a key is 64 lower-case hexadecimal digits")
    return bytes.fromhex(match.group(1))


def transcript(
    role: str, keys: Tuple[bytes, bytes], nonces: Tuple[bytes, bytes], channel_binding: bytes,
) -> bytes:
    """What both sides sign, the initiator's key and nonce first.

    Source: docs/protocol.md section 4.
    """
    parts = (b"\x00\x01", bytes([ROLES[role]]), *keys, *nonces, channel_binding)
    return b"".join(parts)


def acceptor_message(signed: bytes) -> bytes:
    """The transcript as the acceptor signs it."""
    return b"reportd acceptor 1\n" + signed


def initiator_message(signed: bytes) -> bytes:
    """The transcript as the initiator signs it."""
    return b"reportd initiator 1\n" + signed


def greet(connection: Connection, role: str, identity: Identity) -> None:
    """HELLO and AUTH as initiator. The answer to AUTH is left to the caller.

    Raises ReportError when the node refuses; ``not-allowed`` when it is another node than
    expected. The connection is closed then.

    Source: docs/protocol.md section 4.
    """
    try:
        _greet(connection, role, identity)
    except ReportError:
        connection.close()
        raise


def _greet(connection: Connection, role: str, identity: Identity) -> None:
    own_key = ed25519.public_key(identity.seed)
    if own_key == identity.node_key:
        raise usage("both sides have the same key")
    nonce = secrets.token_bytes(32)
    connection.send(f"HELLO {_VERSION} {role} {own_key.hex()} {nonce.hex()}\n".encode("ascii"))
    line = connection.read_line()
    error = parse_error(line)
    if error is not None:
        raise error
    verb, arguments = split_line(line)
    if verb != "HELLO" or len(arguments) != 5 or arguments[:2] != [_VERSION, role]:
        raise ProtocolError("the node's HELLO cannot be understood")
    key, their_nonce, signature = (
        _hexadecimal(text, count) for text, count in zip(arguments[2:], (32, 32, 64))
    )
    if key != identity.node_key:
        raise ReportError("not-allowed", "another node answers: its key is not the expected one")
    signed = transcript(role, (own_key, key), (nonce, their_nonce), connection.channel_binding)
    if not ed25519.verify(key, acceptor_message(signed), signature):
        raise ReportError("not-allowed", "the node's signature does not verify")
    proof = ed25519.sign(identity.seed, initiator_message(signed))
    connection.send(f"AUTH {proof.hex()}\n".encode("ascii"))


def _hexadecimal(text: str, count: int) -> bytes:
    if not re.fullmatch(r"[0-9a-f]*", text) or len(text) != 2 * count:
        raise ProtocolError("a field of HELLO is not fixed-size lower-case hexadecimal")
    return bytes.fromhex(text)


def authenticate_client(connection: Connection, identity: Identity) -> None:
    """The whole handshake with role ``client``; requests follow on the connection.

    Raises ReportError ``not-allowed`` when the key has no grants.
    """
    greet(connection, "client", identity)
    try:
        reply = connection.read_reply(ceiling=4096)
        if reply.payload != b"ok":
            raise ProtocolError("the node answers AUTH with something unknown")
    except ReportError:
        connection.close()
        raise
