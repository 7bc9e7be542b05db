"""The folder of a client's identity, as ``reportctl pki join --client`` makes it.

Source: docs/protocol.md sections 3.6 and 4; RFC 8410 section 7 for the key.
"""

import base64
import os
import ssl
from typing import Tuple, Union

from .connection import tls_context
from .errors import usage
from .handshake import Identity, key_bytes

_PKCS8_PREFIX = bytes.fromhex("302e020100300506032b657004220420")
_FILE_BYTES = 1 << 20


def seed_from_pem(text: str) -> bytes:
    """The 32 secret bytes of an Ed25519 key in PKCS 8, PEM."""
    begin, end = "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"
    start, stop = text.find(begin), text.find(end)
    if start < 0 or stop < start:
        raise usage("this is no private key in PEM")
    try:
        der = base64.b64decode("".join(text[start + len(begin):stop].split()), validate=True)
    except ValueError:
        raise usage("this is no private key in PEM") from None
    if not der.startswith(_PKCS8_PREFIX) or len(der) != len(_PKCS8_PREFIX) + 32:
        raise usage("this is no Ed25519 key")
    return der[len(_PKCS8_PREFIX):]


def load_identity(
    folder: Union[str, "os.PathLike[str]"], address: str,
) -> Tuple[ssl.SSLContext, Identity]:
    """TLS and handshake for the node at ``address`` (``HOST:PORT``), for ``Client``.

    The private key must be readable by its owner only; the node's key must stand in the file
    ``nodes``. Both are ``usage`` errors otherwise.
    """
    path = os.fspath(folder)
    key = os.path.join(path, "key.pem")
    if os.stat(key).st_mode & 0o077:
        raise usage(f"{key} may be read by others")
    seed = seed_from_pem(_read(key))
    for line in _read(os.path.join(path, "nodes")).splitlines():
        words = line.split()
        if len(words) == 2 and words[0] == address:
            context = tls_context(
                os.path.join(path, "authority.pem"), os.path.join(path, "certificate.pem"), key)
            return context, Identity(seed, key_bytes(words[1]))
    raise usage(f"the key of the node at {address} is not in {path}/nodes")


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read(_FILE_BYTES)
