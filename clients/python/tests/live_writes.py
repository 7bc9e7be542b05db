"""Checks of verbs that write: PUT, NOTE, PUTREC; and PARSE, which must not."""

from typing import Any

from .live_context import VERBS, Context, expect, expect_equal, expect_error


def ping_help_and_version(context: Context) -> Any:
    client = context.client
    expect_equal(client.ping(), "pong")
    listed = [line.split(" ")[0] for line in client.help().splitlines()]
    missing = [verb for verb in VERBS if verb not in listed]
    expect(not missing, f"HELP does not list {missing}")
    version = client.version()
    expect_equal(version["protocol"], 1)
    expect(set(version) >= {"program", "version", "protocol", "node"}, "members of VERSION")
    return version


def status_has_its_members(context: Context) -> Any:
    status = context.client.status()
    context.start_position = status["position"]
    wanted = {
        "node", "name", "ownLog", "keys", "versions", "position", "usedBytes", "logs",
        "acknowledgements", "peers", "inboxes",
    }
    expect(set(status) >= wanted, f"STATUS lacks {wanted - set(status)}")
    own = [log for log in status["logs"] if log["log"] == status["ownLog"]]
    expect_equal(len(own), 1)
    expect_equal(context.client.version()["node"], status["node"])
    return {"position": status["position"], "keys": status["keys"]}


def parse_stores_nothing(context: Context) -> Any:
    before = context.client.status()["versions"]
    seen = context.client.parse(context.report(), "报告 1.txt", **context.given())
    expect_equal(seen["key"], context.key)
    expect("people" not in seen, "people came without being asked for")
    people = context.client.parse(context.report(), "x.txt", people=True, **context.given())
    expect(people.get("people"), "no people although asked for")
    expect_equal(context.client.status()["versions"], before)
    return {"people": len(people["people"]), "findings": len(seen["findings"])}


def put_stores_a_version(context: Context) -> Any:
    outcome = context.client.put(context.report(), "报告 1%.txt", if_version=0, **context.given())
    expect_equal((outcome["outcome"], outcome["key"]), ("stored", context.key))
    expect_equal((outcome["file"], outcome["version"]["number"]), ("报告 1%.txt", 1))
    expect_equal(outcome["error"], None)
    return outcome["version"]


def put_of_the_same_bytes_is_a_duplicate(context: Context) -> Any:
    outcome = context.client.put(context.report(), "另一个名字.txt", **context.given())
    expect_equal((outcome["outcome"], outcome["duplicateOf"]), ("duplicate", 1))
    return None


def put_of_other_bytes_is_the_next_version(context: Context) -> Any:
    outcome = context.client.put(
        context.report("219.40"), "更正.txt", if_version=1, **context.given())
    expect_equal((outcome["outcome"], outcome["version"]["number"]), ("stored", 2))
    return outcome["version"]


def put_for_another_version_is_a_conflict(context: Context) -> Any:
    outcome = context.client.put(context.report("1.00"), "x.txt", if_version=1, **context.given())
    expect_equal((outcome["outcome"], outcome["error"]["code"]), ("rejected", "conflict"))
    return outcome["error"]


def put_of_an_empty_file_is_rejected(context: Context) -> Any:
    outcome = context.client.put(b"", "空.txt")
    expect_equal((outcome["outcome"], outcome["error"]["code"]), ("rejected", "empty"))
    expect_equal(context.client.ping(), "pong")
    return outcome["error"]


def put_of_a_second_unit(context: Context) -> Any:
    path = f"{context.folder}/图书馆.txt"
    with open(path, "wb") as file:
        file.write(context.report(unit=context.other_unit))
    outcome = context.client.put_path(path, **context.given(context.other_unit))
    expect_equal(outcome["outcome"], "stored")
    return outcome["key"]


def a_note_is_taken_at_the_socket(context: Context) -> Any:
    finding = context.client.get(context.key)["findings"][0]
    fingerprint = finding["fingerprint"]
    note = context.administrator.note(context.key, fingerprint, "结转 100% 说明", author="甲 乙")
    expect_equal((note["text"], note["author"]), ("结转 100% 说明", "甲 乙"))
    expect_equal((note["key"], note["fingerprint"]), (context.key, fingerprint))
    context.administrator.note(context.key, fingerprint, "")
    texts = [item["text"] for item in context.client.notes(context.key)]
    expect_equal(texts, ["结转 100% 说明", ""])
    return finding["rule"]


def a_note_over_tcp_is_not_allowed(context: Context) -> Any:
    message = expect_error(
        "not-allowed", lambda: context.client.note(context.key, "00", "text"))
    expect_equal(context.client.ping(), "pong")
    return message


def a_ready_record_needs_a_grant(context: Context) -> Any:
    message = expect_error("not-allowed", lambda: context.client.put_record({"key": context.key}))
    expect_equal(context.client.ping(), "pong")
    return message


CHECKS = [
    ping_help_and_version, status_has_its_members, parse_stores_nothing, put_stores_a_version,
    put_of_the_same_bytes_is_a_duplicate, put_of_other_bytes_is_the_next_version,
    put_for_another_version_is_a_conflict, put_of_an_empty_file_is_rejected, put_of_a_second_unit,
    a_note_is_taken_at_the_socket, a_note_over_tcp_is_not_allowed, a_ready_record_needs_a_grant,
]
