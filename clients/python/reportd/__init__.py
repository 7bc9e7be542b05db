"""Client of reportd's line protocol, and an independent verifier, on the standard library alone.

Written from docs/protocol.md and docs/format.md without looking at reportd's own code.
"""

from .client import Client
from .connection import tls_context
from .errors import ConnectionLost, ProtocolError, ReportError, VerificationError
from .handshake import Identity, key_bytes
from .identity_folder import load_identity, save_identity
from .watching import Watch

__version__ = "0.1.0"

__all__ = [
    "Client", "ConnectionLost", "Identity", "ProtocolError", "ReportError", "VerificationError",
    "Watch", "key_bytes", "load_identity", "save_identity", "tls_context",
]
