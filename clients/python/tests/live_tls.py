"""A node under TLS: ``live_tls.py HOST PORT FOLDER KEY``, FOLDER an identity that may read, KEY a record.

Prints one line and ends with 0 when all is as it should be.
"""

import os
import ssl
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from reportd import Client, ReportError, ed25519  # noqa: E402
from reportd.handshake import Identity  # noqa: E402
from reportd.identity_folder import load_identity  # noqa: E402

from tests.live_context import expect_equal, expect_error  # noqa: E402


def main() -> int:
    """Run the checks."""
    host, port, folder, key = sys.argv[1:5]
    tls, identity = load_identity(folder, f"{host}:{port}")
    with Client(host, int(port), tls, identity=identity) as client:
        expect_equal(client.ping(), "pong")
        expect_equal(client.get(key)["key"], key)
        socket = client.dial()._live_socket()
        assert isinstance(socket, ssl.SSLSocket)
        expect_equal(socket.version(), "TLSv1.3")
        socket.close()
    other_key = Identity(ed25519.new_seed(), identity.node_key)
    expect_error("not-allowed", Client(host, int(port), tls, identity=other_key).ping)
    other_node = Identity(identity.seed, ed25519.public_key(ed25519.new_seed()))
    expect_error("not-allowed", Client(host, int(port), tls, identity=other_node).ping)
    expect_error("not-allowed", Client(host, int(port), tls).ping)
    bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    bare.minimum_version = ssl.TLSVersion.TLSv1_3
    bare.load_verify_locations(os.path.join(folder, "authority.pem"))
    bare.check_hostname = False
    expect_error("not-allowed", Client(host, int(port), bare, identity=identity).ping)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    old.check_hostname = False
    old.verify_mode = ssl.CERT_NONE
    try:
        Client(host, int(port), old).ping()
    except ReportError as error:
        expect_equal(error.code, "unreachable")
    else:
        raise AssertionError("TLS 1.2 is spoken")
    print("ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
