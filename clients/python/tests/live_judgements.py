"""Checks of verbs that judge, move, read anew and erase, and of those of administrators.

They speak of units of their own, so that what other checks read stays as it is.
"""

from typing import Any

from .live_context import REGION, Context, expect, expect_equal, expect_error


def a_review_returns_undoes_and_approves(context: Context) -> Any:
    unit = context.judged_unit
    key = context.key_of(unit)
    outcome = context.client.put(context.report(unit=unit), "评.txt", **context.given(unit))
    expect_equal((outcome["outcome"], outcome["key"]), ("stored", key))
    administrator = context.administrator
    for verdict, comment, status in (
        ("return", "请补充 100%", "returned"), ("undo", None, "submitted"),
        ("approve", None, "approved"),
    ):
        other = f"2023/{REGION}/没有这个单位/整体支出"
        judged, failed = administrator.review([key, other], verdict, comment, by="审核员")
        expect_equal((judged["key"], judged["number"], judged["status"]), (key, 1, status))
        expect_equal((failed["lookup"], failed["error"]["code"]), (other, "not-found"))
        expect_equal(context.client.get(key)["status"], status)
    expect_error("usage", lambda: administrator.review([key], "return"))
    expect_error("not-allowed", lambda: context.client.review([key], "approve"))
    kinds = [item["kind"] for item in context.client.history(key)]
    expect_equal(kinds, ["submit", "review", "review", "review"])
    return judged["entry"]


def a_document_is_read_anew(context: Context) -> Any:
    key = context.key_of(context.judged_unit)
    for rehearsal in (True, False):
        items = context.administrator.reparse([key], "试读", by="管理员", rehearsal=rehearsal)
        expect_equal([(one["key"], one["outcome"]) for one in items], [(key, "same")])
    skipped = context.administrator.reparse([key], "试读", older_than="0.0.0")
    expect_equal(skipped[0]["outcome"], "skipped")
    expect_error("not-allowed", lambda: context.client.reparse([key], "试读"))
    return items[0]["parser"]


def a_version_moves_to_another_key(context: Context) -> Any:
    key = context.key_of(context.judged_unit)
    target = key.replace("2023/", "2022/", 1)
    moved = context.administrator.rekey(key, target, "年度填错", by="管理员")
    expect_equal((moved["from"]["key"], moved["to"]["key"]), (key, target))
    expect_equal(moved["from"]["status"], context.client.get(key + "@1")["status"])
    expect_equal(context.client.get(target)["key"], target)
    expect_error("conflict", lambda: context.administrator.rekey(key, target, "再来"))
    expect_error("not-allowed", lambda: context.client.rekey(target, key, "x"))
    return [moved[side]["version"] for side in ("from", "to")]


def a_version_is_taken_back(context: Context) -> Any:
    unit = context.erased_unit
    key = context.key_of(unit)
    context.client.put(context.report(unit=unit), "撤.txt", **context.given(unit))
    judged = context.administrator.retract(key, "错报", by="管理员")
    expect_equal((judged["key"], judged["status"]), (key, "retracted"))
    expect_error("conflict", lambda: context.administrator.retract(key, "错报"))
    expect_error("not-allowed", lambda: context.client.retract(key, "x"))
    return judged["recordedAt"]


def parts_of_a_filing_are_erased(context: Context) -> Any:
    key = context.key_of(context.erased_unit) + "@1"
    erase = context.administrator.erase
    rehearsed = erase(key, ["people"], "本人申请", "个人信息保护法第四十七条", rehearsal=True)
    expect_equal((rehearsed["rehearsal"], rehearsed["parts"]), (True, ["people"]))
    expect(context.client.people(key), "a rehearsal erases")
    erased = erase(key, ["people", "sources"], "本人申请", "个人信息保护法第四十七条", by="管理员")
    expect_equal((erased["key"], erased["rehearsal"]), (key[:-2], False))
    expect_error("erased", lambda: context.client.source(key))
    expect_error("erased", lambda: context.client.people(key))
    expect_error("not-allowed", lambda: context.client.erase(key, ["people"], "x", "y"))
    return erased["erased"]


def the_audit_tells_all_of_it(context: Context) -> Any:
    found = [
        (item["kind"], item["key"], item["by"])
        for item in context.client.audit(f"2023/{REGION}", limit=1)
    ]
    moved, erased = context.key_of(context.judged_unit), context.key_of(context.erased_unit)
    for wanted in (("rekey", moved, "管理员"), ("erase", erased, "管理员")):
        expect(wanted in found, f"the audit lacks {wanted}: {found}")
    expect_equal(len(context.client.audit_page(limit=1)["items"]), 1)
    return len(found)


def peers_are_listed_for_administrators(context: Context) -> Any:
    answer = context.administrator.peer("list")
    expect(set(answer) >= {"hold", "forked", "peers"}, f"members of PEER: {sorted(answer)}")
    if not any(peer["established"] for peer in answer["peers"]):
        expect_error("unreachable", lambda: context.administrator.peer("resync", peer="all"))
    expect(isinstance(context.administrator.peer("evidence", log=None)["items"], list), "evidence")
    expect_equal(context.administrator.peer("proceed"), {"ended": None})
    expect_error("not-found", lambda: context.administrator.peer("release", log="00000000"))
    expect_error("not-allowed", lambda: context.client.peer("list"))
    return answer["peers"]


def a_bundle_is_taken(context: Context) -> Any:
    """With ``--bundle``: of a node that has a grant here, with entries that are not here."""
    bundle = context.administrator.bundle
    path = f"{context.folder}/no.bundle"
    with open(path, "wb") as file:
        file.write(b"this is no bundle")
    expect_error("unreadable", lambda: bundle(path))
    expect_error("not-found", lambda: bundle(f"{context.folder}/nothing.bundle"))
    expect_error("not-allowed", lambda: context.client.bundle(path))
    if context.bundle is None:
        return "no bundle was given"
    taken = bundle(context.bundle)
    expect(taken["entries"] > 0, f"no new entries: {taken}")
    expect_equal([log["error"] for log in taken["logs"]], [None] * len(taken["logs"]))
    expect_equal(bundle(context.bundle)["entries"], 0)
    return taken["logs"]


CHECKS = [
    a_review_returns_undoes_and_approves, a_document_is_read_anew, a_version_moves_to_another_key,
    a_version_is_taken_back, parts_of_a_filing_are_erased, the_audit_tells_all_of_it,
    peers_are_listed_for_administrators, a_bundle_is_taken,
]
