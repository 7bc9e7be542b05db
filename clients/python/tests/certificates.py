"""Self-signed certificates for tests, made by the openssl command."""

import os
import shutil
import ssl
import subprocess
import unittest
from typing import Tuple


def make(folder: str, name: str) -> Tuple[str, str]:
    """Paths of a new certificate and its key; skips the test when openssl is missing."""
    if shutil.which("openssl") is None:
        raise unittest.SkipTest("the openssl command is missing, so there are no certificates")
    certificate = os.path.join(folder, name + ".pem")
    key = os.path.join(folder, name + ".key")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", f"/CN={name}",
         "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"],
        check=True, capture_output=True)
    return certificate, key


def server_context(certificate: str, key: str, clients: str = "") -> ssl.SSLContext:
    """The context of a node; with ``clients`` it demands a certificate signed by that one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, key)
    if clients:
        context.load_verify_locations(clients)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
