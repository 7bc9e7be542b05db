"""Checks that need an Ed25519 key: the handshake, a peer session, PUTREC."""

import os
import time
from typing import Any, Dict, List

from reportd import Client, Identity, ed25519, key_bytes
from reportd.batch import Batch, LogState
from reportd.connection import Address, Connection
from reportd.peer import Receiver
from reportd.structures import key_hash

from .live_context import Context, expect_equal, expect_error


def _identity(context: Context, seed: bytes) -> Identity:
    return Identity(seed, key_bytes(context.client.version()["node"]))


def a_key_without_grants_is_not_allowed(context: Context) -> Any:
    identity = _identity(context, ed25519.new_seed())
    client = Client(context.host, context.port, timeout=30, identity=identity)
    return expect_error("not-allowed", client.ping)


def another_node_is_recognised(context: Context) -> Any:
    seed = context.seed or ed25519.new_seed()
    other = Identity(seed, ed25519.public_key(ed25519.new_seed()))
    connection = Connection(Address(context.host, context.port), 30)
    receiver = Receiver(connection, other, lambda state, batch, payload: None)
    return expect_error("not-allowed", lambda: receiver.run(30))


def every_log_is_taken_over_and_verified(context: Context) -> Any:
    assert context.seed is not None
    names: Dict[str, List[int]] = {}

    def keep(state: LogState, batch: Batch, payload: bytes) -> None:
        path = os.path.join(context.folder, f"{batch.log_id.hex()}-{batch.first}.batch")
        with open(path, "wb") as file:
            file.write(payload)
            file.flush()
            os.fsync(file.fileno())
        for delivered in batch.entries:
            if delivered.entry.key_hash == key_hash(context.key):
                names.setdefault(delivered.entry.kind_name, []).append(delivered.entry.number)

    connection = Connection(Address(context.host, context.port), 30)
    logs = Receiver(connection, _identity(context, context.seed), keep).run(60)
    stated = {log["log"]: log for log in context.client.status()["logs"]}
    for log_id, state in logs.items():
        expect_equal(state.size, stated[log_id.hex()]["held"])
        expect_equal(state.last_hash.hex(), stated[log_id.hex()]["hash"])
    expect_equal(names.get("submit"), [1, 2, 3])
    return {log_id.hex(): state.size for log_id, state in logs.items()}


def what_was_acknowledged_is_in_status(context: Context) -> Any:
    assert context.seed is not None
    key = ed25519.public_key(context.seed).hex()
    for _ in range(100):
        # The node takes the acknowledgement after we said goodbye, so it may come a moment later.
        status = context.client.status()
        held = {log["log"]: log["held"] for log in status["logs"]}
        mine = [one for one in status["acknowledgements"] if one["by"].endswith(key)]
        if any(one["sequence"] == held[one["log"]] for one in mine):
            return mine
        time.sleep(0.05)
    raise AssertionError(f"not acknowledged by {key[:8]}: {mine}")


def a_client_with_a_key_may_import(context: Context) -> Any:
    assert context.seed is not None
    record = context.client.get(context.key)
    people = context.client.people(context.key)
    for name in ("status", "version"):
        del record[name]
    identity = _identity(context, context.seed)
    with Client(context.host, context.port, timeout=30, identity=identity) as client:
        expect_equal(client.ping(), "pong")
        # The files of a record are those of the version already: a duplicate, whatever else it says.
        record["title"] = "新的标题"
        same = client.put_record(record, people, if_version=3)
        expect_equal((same["outcome"], same["duplicateOf"]), ("duplicate", 3))
        record["key"] = context.key_of(context.imported_unit)
        outcome = client.put_record(record, people, if_version=0)
        expect_equal((outcome["outcome"], outcome["key"]), ("stored", record["key"]))
        stale = client.put_record({**record, "sources": []}, if_version=7)
        expect_equal((stale["outcome"], stale["error"]["code"]), ("rejected", "conflict"))
    expect_equal(context.client.get(record["key"])["title"], "新的标题")
    expect_error("not-found", lambda: context.client.source(record["key"]))
    return outcome["version"]


CHECKS = [a_key_without_grants_is_not_allowed, another_node_is_recognised]
CHECKS_WITH_KEY = [every_log_is_taken_over_and_verified, what_was_acknowledged_is_in_status]
CHECKS_AS_CLIENT = [a_client_with_a_key_may_import]
