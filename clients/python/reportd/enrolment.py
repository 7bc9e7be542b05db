"""How a newcomer gets a certificate with a token.

Source: docs/protocol.md section 4.1.
"""

import hashlib
import re
import ssl
from typing import Any, Dict, NamedTuple

from . import ed25519
from .asking import parsed_object
from .connection import Address, Connection
from .errors import ReportError, usage
from .wire import request_line

_LINE = re.compile(
    r"reportd-join/1/(?P<host>[^/]+):(?P<port>[0-9]{1,5})/(?P<authority>[0-9a-f]{64})"
    r"/(?P<token>[0-9a-f]{16})/(?P<secret>[0-9a-f]{64})\Z")


class JoinLine(NamedTuple):
    """What the line of ``reportctl pki token`` says."""

    address: Address
    authority: bytes
    """SHA-256 of the authority's certificate."""
    token: bytes
    secret: bytes


def parse_join_line(line: str) -> JoinLine:
    """The parts of ``reportd-join/1/HOST:PORT/FINGERPRINT/TOKEN/SECRET``."""
    match = _LINE.match(line.strip())
    if match is None:
        raise usage("this is no line of reportctl pki token")
    host = match["host"]
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    return JoinLine(
        Address(host, int(match["port"])), bytes.fromhex(match["authority"]),
        bytes.fromhex(match["token"]), bytes.fromhex(match["secret"]))


def join(line: str, seed: bytes, timeout: float) -> Dict[str, Any]:
    """See ``Client.join``.

    Two connections: the first shows the chain, of which nothing is believed but the certificate
    with the line's fingerprint; on the second TLS itself checks that this one signed the node's.
    """
    told = parse_join_line(line)
    authority = _authority(told, timeout)
    context = _context()
    context.load_verify_locations(cadata=authority)
    context.verify_mode = ssl.CERT_REQUIRED
    connection = Connection(told.address, timeout, context)
    try:
        key = ed25519.public_key(seed)
        signed = b"".join(
            (b"reportd join 1\n", told.token, told.secret, key, connection.channel_binding))
        signature = ed25519.sign(seed, signed)
        connection.send(request_line(
            "JOIN", "1", told.token.hex(), told.secret.hex(), key.hex(), signature.hex()))
        return parsed_object(connection.read_reply().payload)
    finally:
        connection.close()


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _authority(told: JoinLine, timeout: float) -> bytes:
    """The second certificate of the node's chain, DER, which must have the line's fingerprint."""
    connection = Connection(told.address, timeout, _context())
    try:
        chain = connection.certificate_chain()
    finally:
        connection.close()
    if len(chain) < 2 or hashlib.sha256(chain[1]).digest() != told.authority:
        raise ReportError("not-allowed", "another authority answers than the line names")
    return chain[1]

