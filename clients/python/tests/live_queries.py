"""Checks of verbs that read: GET, RESOLVE, LIST, HISTORY, NOTES, VERIFY, QUIT; and of lines."""

import hashlib
from typing import Any

from reportd import Client, ReportError, key_bytes
from reportd.jsontext import canonical
from reportd.proofs import verify_proof
from reportd.wire import escape

from .live_context import REGION, Context, expect, expect_equal, expect_error


def get_gives_the_current_and_older_versions(context: Context) -> Any:
    client = context.client
    record = client.get(context.key)
    expect_equal((record["key"], record["version"]["number"]), (context.key, 2))
    expect_equal(client.get(context.key + "@1")["version"]["number"], 1)
    by_id = client.get(f"{context.key}@{record['version']['id']}")
    expect_equal(by_id, record)
    expect_equal(record["schema"], "reportd.record/1")
    return record["version"]["id"]


def get_is_canonical_with_status_and_version_behind(context: Context) -> Any:
    printed = context.client.get_bytes(context.key)
    record = context.client.get(context.key)
    status, version = record.pop("status"), record.pop("version")
    expect(printed.startswith(canonical(record)[:-1] + b',"status":'), "the stored part")
    expect(printed.endswith(b"}}\n"), "the end of a record")
    return {"status": status, "members": sorted(version)}


def get_at_other_times(context: Context) -> Any:
    client = context.client
    first = client.get(context.key + "@1")["version"]["recordedAt"]
    expect_equal(client.get(context.key, as_of=first)["version"]["number"], 1)
    expect_error("not-found", lambda: client.get(context.key, as_of="2001-01-01"))
    expect_error("not-found", lambda: client.get(context.key, known_here="10000000000"))
    expect_error(
        "usage", lambda: client.get(context.key, as_of="2024-01-01", known_here="2024-01-01"))
    expect_error("usage", lambda: client.get(context.key, as_of="yesterday"))
    return first


def get_gives_people_and_sources(context: Context) -> Any:
    client = context.client
    people = client.people(context.key)
    expect_equal([one["name"] for one in people][:1], ["张三"])
    expect("张三" not in client.get_bytes(context.key).decode(), "a name stands in the record")
    data = client.source(context.key)
    expect_equal(data, context.report("219.40"))
    expect_equal(client.source(context.key + "@1", 0), context.report())
    stated = client.get(context.key)["sources"][0]["sha256"]
    expect_equal(hashlib.sha256(data).hexdigest(), stated)
    expect_error("not-found", lambda: client.source(context.key, 99))
    return {"people": len(people), "bytes": len(data)}


def get_tells_what_is_missing_or_ambiguous(context: Context) -> Any:
    client = context.client
    missing = expect_error("not-found", lambda: client.get("2023/没有这个单位"))
    ambiguous = expect_error("ambiguous", lambda: client.get("2023/麻章区"))
    return [missing, ambiguous]


def many_records_come_in_order(context: Context) -> Any:
    lookups = [context.key + "@1", "2023/没有这个单位", context.key + "@2"] * 100
    answers = context.client.get_many(lookups)
    for index, answer in enumerate(answers):
        if index % 3 == 1:
            expect(isinstance(answer, ReportError) and answer.code == "not-found", "an error")
        else:
            expect(not isinstance(answer, ReportError), str(answer)[:200])
            expect_equal(answer["version"]["number"], index % 3 // 2 + 1)
    return len(answers)


def resolve_tells_one_several_and_none(context: Context) -> Any:
    client = context.client
    one = client.resolve(context.key)
    expect_equal((one["outcome"], one["key"]), ("one", context.key))
    several = client.resolve("2023/麻章区")
    expect_equal((several["outcome"], several["key"]), ("several", None))
    expect(len(several["candidates"]) >= 2, "candidates")
    none = client.resolve(f"2023/{REGION}/没有这个单位")
    expect_equal((none["outcome"], none["candidates"]), ("none", []))
    wanted = {"outcome", "stage", "key", "candidates", "near", "more", "hint"}
    expect(set(none) >= wanted, f"RESOLVE lacks {wanted - set(none)}")
    return [value["stage"] for value in (one, several, none)]


def list_filters_and_pages(context: Context) -> Any:
    client = context.client
    everything = [row["key"] for row in client.list()]
    expect_equal([row["key"] for row in client.list(limit=1)], everything)
    expect(context.key in everything, "the key just stored")
    found = list(client.list("2023", unit=context.unit, kind="整体支出", status="submitted"))
    expect_equal([row["key"] for row in found], [context.key])
    row = found[0]
    wanted = {
        "key", "year", "unit", "kind", "title", "version", "id", "status", "score", "grade",
        "executionRate", "region", "recordedAt", "findings", "conflict",
    }
    expect(set(row) >= wanted, f"a row lacks {wanted - set(row)}")
    expect_equal((row["version"], row["region"], row["conflict"]), (2, "440811", False))
    expect_equal(list(client.list("2023/没有这个单位")), [])
    expect_error("usage", lambda: client.list_page(limit=0))
    expect_error("usage", lambda: client.list_page(limit=1001))
    return len(everything)


def the_queue_comes_in_its_order(context: Context) -> Any:
    client = context.client
    waiting = client.queue_page()["waiting"]
    for order in ("age", "open"):
        rows = list(client.queue(order=order, limit=1))
        expect_equal(len(rows), waiting)
        expect_equal(len({row["key"] for row in rows}), waiting)
        expect(all("days" in row and "deadline" in row for row in rows), "rows without days")
    expect_error("usage", lambda: client.queue_page(order="size"))
    return waiting


def history_is_oldest_first(context: Context) -> Any:
    items = context.client.history(context.key)
    expect_equal([item["kind"] for item in items], ["submit", "submit", "note", "note"])
    expect_equal([item["number"] for item in items[:2]], [1, 2])
    expect_equal([len(item["parents"]) for item in items[:2]], [0, 1])
    wanted = {
        "number", "id", "parents", "log", "sequence", "recordedAt", "node", "comment", "conflict",
        "key", "kind", "status", "findings", "sources",
    }
    expect(set(items[0]) >= wanted, f"an item lacks {wanted - set(items[0])}")
    expect_equal(items[0]["sources"], ["报告 1%.txt"])
    return [sorted(items[0]), sorted(items[2])]


def notes_are_items(context: Context) -> Any:
    items = context.client.notes(context.key)
    wanted = {"key", "version", "recordedAt", "node", "hash", "author", "fingerprint", "text"}
    expect(set(items[0]) >= wanted, f"a note lacks {wanted - set(items[0])}")
    return len(items)


def the_store_is_sound(context: Context) -> Any:
    values = list(context.client.verify())
    expect(all(value["total"] >= value["done"] for value in values[:-1]), "progress")
    expect_equal((values[-1]["sound"], values[-1]["problems"]), (True, []))
    return values[-1]


def a_proof_holds_without_the_node(context: Context) -> Any:
    """Skipped with a word when the node does not list PROVE."""
    client = context.client
    if not any(line.startswith("PROVE") for line in client.help().splitlines()):
        return "this node does not know PROVE"
    source, printed = f"{context.folder}/proven.txt", f"{context.folder}/proven.json"
    with open(source, "wb") as file:
        file.write(client.source(context.key + "@1"))
    with open(printed, "wb") as file:
        file.write(client.get_bytes(context.key + "@1"))
    proof = client.prove(context.key + "@1", since=1)
    keys = [key_bytes(client.version()["node"])]
    told = verify_proof(proof, [source, printed], keys)
    expect_equal((told["key"], told["version"][:2], told["earlier"]), (context.key, "1-", 1))
    expect_equal([one["kind"] for one in told["files"]], ["source", "record"])
    expect_error("integrity", lambda: verify_proof(proof, [__file__]))
    return told["hash"]


def every_byte_may_be_escaped(context: Context) -> Any:
    escaped = "".join(f"%{byte:02x}" for byte in context.key.encode())
    raw = f"get {escaped}\r\nPING\n".encode()
    replies = _raw(context, raw, 2)
    expect_equal(replies[0], context.client.get_bytes(context.key))
    expect_equal(escape("%41"), b"%2541")
    return None


def _raw(context: Context, data: bytes, replies: int) -> Any:
    connection = Client(context.host, context.port, timeout=30).dial()
    try:
        connection.send(data)
        return [connection.read_reply().payload for _ in range(replies)]
    finally:
        connection.close()


def lines_without_a_known_end_close_the_connection(context: Context) -> Any:
    told = []
    for line in (b"x" * 5000, b"PUT x name=a\n", b"NOVEL 12\n", b"PUT 99999999999 name=a\n"):
        connection = Client(context.host, context.port, timeout=30).dial()
        connection.send(line)
        told.append(expect_error(_code_of(line), connection.read_reply))
        expect(connection.at_end(), f"the node goes on after {line[:20]!r}")
        connection.close()
    return told


def _code_of(line: bytes) -> str:
    return "too-large" if line.startswith(b"PUT 9") else "usage"


def mistakes_leave_the_connection_open(context: Context) -> Any:
    for verb, arguments in (("NOVEL", ["x"]), ("GET", []), ("PING", ["x"]), ("LIST", ["a", "b"])):
        expect_error("usage", lambda: context.client.request(verb, *arguments))
    expect_error("usage", lambda: context.client.request("GET", context.key, novel="1"))
    expect_equal(context.client.ping(), "pong")
    return None


def quit_says_bye(context: Context) -> Any:
    expect_equal(context.client.quit(), "bye")
    return None


CHECKS = [
    get_gives_the_current_and_older_versions, get_is_canonical_with_status_and_version_behind,
    get_at_other_times, get_gives_people_and_sources, get_tells_what_is_missing_or_ambiguous,
    many_records_come_in_order, resolve_tells_one_several_and_none, list_filters_and_pages,
    the_queue_comes_in_its_order, history_is_oldest_first, notes_are_items, the_store_is_sound,
    a_proof_holds_without_the_node, every_byte_may_be_escaped,
    lines_without_a_known_end_close_the_connection, mistakes_leave_the_connection_open,
    quit_says_bye,
]
