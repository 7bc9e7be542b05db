"""The folder of a client's identity: ``reportctl pki join --client`` and ``save_identity`` make it.

Source: docs/protocol.md sections 3.6 and 4; RFC 8410 section 7 for the key.
"""

import base64
import os
import ssl
from typing import Any, Dict, Tuple, Union

from .connection import tls_context
from .errors import ProtocolError, usage
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


def save_identity(
    folder: Union[str, "os.PathLike[str]"], address: str, seed: bytes, answer: Dict[str, Any],
) -> None:
    """Make the folder that ``load_identity`` and reportctl read, of the answer to JOIN.

    ``address`` is the node's, ``HOST:PORT``. The secret is readable by its owner only.
    """
    texts = {"certificate.pem": answer.get("certificate"), "authority.pem": answer.get("authority")}
    if not isinstance(answer.get("node"), str) or not all(
        isinstance(text, str) for text in texts.values()
    ):
        raise ProtocolError("the answer holds no certificate")
    path = os.fspath(folder)
    os.makedirs(path, mode=0o700, exist_ok=True)
    texts["key.pem"] = pem_from_seed(seed)
    texts["nodes"] = f"{address} ed25519:{key_bytes(answer['node']).hex()}\n"
    if answer.get("revoked") is not None:
        texts["revoked"] = answer["revoked"]
    for name, text in texts.items():
        draft = os.path.join(path, name + ".new")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
                  encoding="utf-8") as file:
            file.write(str(text))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, os.path.join(path, name))


def pem_from_seed(seed: bytes) -> str:
    """The key of 32 secret bytes in PKCS 8, PEM. Source: RFC 8410 section 7."""
    text = base64.b64encode(_PKCS8_PREFIX + seed).decode("ascii")
    return f"-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n"


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read(_FILE_BYTES)
