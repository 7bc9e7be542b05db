"""Checks of JOIN and RENEW at a TLS port, with the line of a token (``--join``)."""

import os
from typing import Any

from reportd import Client, ed25519, load_identity, save_identity

from .live_context import Context, expect, expect_equal, expect_error


def a_newcomer_joins_with_a_token(context: Context) -> Any:
    line, seed = context.join_line, ed25519.new_seed()
    words = line.split("/")
    other_authority = "/".join(words[:3] + ["0" * 64] + words[4:])
    expect_error("not-allowed", lambda: Client.join(other_authority, seed))
    other_secret = "/".join(words[:5] + ["0" * 64])
    expect_error("not-allowed", lambda: Client.join(other_secret, seed))
    answer = Client.join(line, seed)
    wanted = {"certificate", "authority", "node", "name", "notAfter", "revoked"}
    expect(set(answer) >= wanted, f"JOIN lacks {wanted - set(answer)}")
    expect_error("not-allowed", lambda: Client.join(line, ed25519.new_seed()))
    context.identity = os.path.join(context.folder, "identity")
    save_identity(context.identity, words[2], seed, answer)
    return answer["name"]


def the_newcomer_asks_and_renews(context: Context) -> Any:
    address = context.join_line.split("/")[2]
    host, port = address.rsplit(":", 1)
    tls, identity = load_identity(context.identity, address)
    with Client(host, int(port), tls, timeout=30, identity=identity) as client:
        expect_equal(client.get(context.key)["key"], context.key)
        answer = client.renew()
    with open(os.path.join(context.identity, "certificate.pem"), encoding="ascii") as file:
        # One that is younger than a day is given once more.
        expect_equal(answer["certificate"], file.read())
    expect_error("not-allowed", context.client.renew)
    return answer["notAfter"]


def without_tls_nobody_joins(context: Context) -> Any:
    key = ed25519.public_key(ed25519.new_seed()).hex()
    return expect_error("not-allowed", lambda: context.client.request(
        "JOIN", "1", "0" * 16, "0" * 64, key, "0" * 128))


CHECKS = [without_tls_nobody_joins]
CHECKS_WITH_LINE = [a_newcomer_joins_with_a_token, the_newcomer_asks_and_renews]
