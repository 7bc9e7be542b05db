"""Checks of verbs that look at many records: SEARCH, DIFF, STATS, TREND, MISSING, WITNESSES, DU."""

import time
from typing import Any

from .live_context import REGION, Context, expect, expect_equal, expect_error


def search_finds_words_of_a_report(context: Context) -> Any:
    client = context.client
    deadline = time.monotonic() + 120
    while True:
        # What arrived a moment ago is indexed a moment later.
        page = client.search_page(context.unit)
        if page["indexedUpTo"] >= page["position"]:
            break
        expect(time.monotonic() < deadline, "the index does not follow")
        time.sleep(0.05)
    rows = list(client.search(f"{context.unit} 年度:2023", limit=1))
    expect_equal([row["key"] for row in rows], [context.key])
    expect(rows[0]["snippets"], "a row without snippets")
    expect_equal(list(client.search(f"{context.unit} -{context.unit[-3:]}")), [])
    versions = list(client.search(context.unit, context.key, all_versions=True, limit=1))
    expect_equal(len(versions), client.get(context.key)["version"]["number"])
    expect_error("usage", lambda: client.search_page("甲 乙"))
    return page["total"]


def diff_tells_what_changed(context: Context) -> Any:
    client = context.client
    changed = client.diff(context.key + "@1", context.key + "@2")
    expect_equal(changed["identical"], False)
    expect(changed["amounts"], "no changed amounts")
    expect_equal((changed["from"]["version"], changed["to"]["version"]), (1, 2))
    expect_equal(client.diff(context.key + "@2")["amounts"], changed["amounts"])
    expect_equal(client.diff(context.key, context.key)["identical"], True)
    expect_error("not-found", lambda: client.diff(context.key + "@1"))
    return len(changed["amounts"])


def stats_are_figures_over_records(context: Context) -> Any:
    answer = context.client.stats("2023", of="score", by="unit,year", unit=context.unit)
    expect_equal(answer["total"]["count"], 1)
    expect_equal(
        [(group["by"]["unit"], group["values"]["score"]["sum"]) for group in answer["groups"]],
        [(context.unit, "97")])
    expect_error("usage", lambda: context.client.stats(of="beauty"))
    return answer["kinds"]


def trend_is_one_unit_over_the_years(context: Context) -> Any:
    client = context.client
    answer = client.trend(f"麻章区/{context.unit}", of="score", year="2022..2024")
    expect_equal(answer["unit"]["unit"], context.unit)
    rows = {row["year"]: row["values"] for row in answer["rows"]}
    expect_equal(rows[2023]["score"]["value"], "97")
    expect_error("not-found", lambda: client.trend("麻章区/没有这个单位"))
    return sorted(rows)


def missing_follows_the_roster(context: Context) -> Any:
    """With a word when the node has no roster."""
    client = context.client
    try:
        answer = client.missing(year=2023, region=REGION, day="2024-06-30")
    except Exception as error:
        expect_equal(getattr(error, "code", None), "usage")
        expect("roster" in str(error), str(error))
        return "this node has no roster"
    expect_equal(len(answer["rows"]) >= answer["summary"]["missing"], True)
    return answer["summary"]


def witnesses_are_those_who_signed(context: Context) -> Any:
    answer = context.client.witnesses(context.key + "@1")
    expect_equal((answer["key"], answer["version"]), (context.key, 1))
    node = context.client.version()["node"]
    expect_equal((answer["storedHere"], answer["recordedBy"]["node"]), (node, node))
    return [one["node"] for one in answer["witnesses"]]


def disk_use_has_its_tables(context: Context) -> Any:
    answer = context.client.disk_use()
    wanted = {"file", "fileSystem", "tables", "bodies", "others"}
    expect(set(answer) >= wanted, f"DU lacks {wanted - set(answer)}")
    expect_equal(
        sum(table["bytes"] for table in answer["tables"]) <= answer["file"]["bytes"], True)
    return len(answer["tables"])


CHECKS = [
    search_finds_words_of_a_report, diff_tells_what_changed, stats_are_figures_over_records,
    trend_is_one_unit_over_the_years, missing_follows_the_roster, witnesses_are_those_who_signed,
    disk_use_has_its_tables,
]
