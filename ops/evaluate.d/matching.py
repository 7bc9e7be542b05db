"""How a parsed record is held against the truth: one document in, counts and named misses out."""
from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from decimal import Decimal, InvalidOperation

EMPTY = {"", "-", "--", "—", "－", "/", "\\", "无", "none", "null"}
# Rules that only inform (domain.md, severity I): their recall is listed, and not part of the threshold.
INFORMING = {"GRADE-MISSING", "UNIT-MIX", "NUMBERING", "VEHICLE", "YEAR-NOTICE", "WEIGHT-SPLIT", "TITLE-REGION", "NARRATIVE-MISMATCH"}


def plain(text) -> str:
    """Comparable form: compatibility characters folded, blanks and end marks gone, one sign for each comparison."""
    if text is None:
        return ""
    text = unicodedata.normalize("NFKC", str(text))
    text = re.sub(r"\s+", "", text).replace("≧", "≥").replace(">=", "≥").replace("<=", "≤").replace("≦", "≤")
    text = text.replace("\"", "").replace("“", "").replace("”", "").replace("「", "").replace("」", "")
    return text.rstrip("。;；.,，:：")


def cell(text) -> str:
    text = plain(text)
    return "" if text in EMPTY else text


def level(text) -> str:
    return re.sub(r"\(\d+(\.\d+)?分\)", "", cell(text))


def indicator_name(text) -> str:
    return re.sub(r"^(指标\d+:|★)", "", cell(text))


def bigrams(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)] or ([text] if text else [])


def dice(a: str, b: str) -> float:
    a, b = bigrams(a), bigrams(b)
    if not a or not b:
        return 1.0 if a == b else 0.0
    rest, common = list(b), 0
    for gram in a:
        if gram in rest:
            rest.remove(gram)
            common += 1
    return 2 * common / (len(a) + len(b))


def overlap(parsed: str, wanted: str) -> float:
    """The better of Dice and of the share of the wanted label that is there."""
    grams = set(bigrams(wanted))
    if not grams:
        return 1.0
    return max(dice(parsed, wanted), len(grams & set(bigrams(parsed))) / len(grams))


def number(text) -> Decimal | None:
    try:
        return Decimal(plain(text).replace(",", "").rstrip("%"))
    except (InvalidOperation, ValueError):
        return None


def same_number(a, b) -> bool:
    if not cell(a) and not cell(b):
        return True
    x, y = number(a), number(b)
    return x == y if x is not None and y is not None else cell(a) == cell(b)


def money_unit(unit) -> str:
    return {"万": "万元", "亿": "亿元"}.get(plain(unit), plain(unit))


def role_family(role: str) -> str:
    for family in ("budget-initial", "budget", "executed"):
        if role == family or (role.startswith(family + "-") and family != "budget") or (family == "budget" and role.startswith("budget-")):
            return family
    return role


class Result:
    """Counts of one document. `counts[metric] = [right, of]`; misses are lines."""

    def __init__(self, truth):
        self.truth = truth
        self.counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self.misses: list[tuple[str, str, str]] = []
        self.rules: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self.alarms: list[dict] = []

    def count(self, metric, right: bool, expected="", got=""):
        entry = self.counts[metric]
        entry[0] += bool(right)
        entry[1] += 1
        if not right:
            self.misses.append((metric, str(expected), str(got)))
        return right


def compare(truth: dict, record: dict) -> Result:
    r = Result(truth)
    keys(r, truth, record)
    amounts(r, truth.get("amounts", []), record.get("amounts") or [], truth.get("optionalAmounts", ()))
    pairs(r, "rates", truth.get("rates", []), record.get("rates") or [], lambda x: (number(x.get("percent")), x.get("role")), lambda x: f"{x.get('label')} {x.get('percent')}% {x.get('role')}")
    pairs(r, "staffing", truth.get("staffing", []), record.get("staffing") or [], lambda x: (number(x.get("count")), x.get("role")), lambda x: f"{x.get('label')} {x.get('count')} {x.get('role')}")
    indicators(r, truth.get("indicators", []), record.get("indicators") or [])
    totals(r, truth, record)
    for name in ("problems", "improvements"):
        texts(r, name, [x["text"] for x in truth.get(name, [])], [x["text"] for x in record.get(name) or []])
    names = [plain(x.get("name")) for x in record.get("projects") or []]
    for p in {x["name"] for x in truth.get("projects", [])}:
        r.count("projects.recall", any(dice(plain(p), n) >= 0.6 for n in names), p, names)
    findings(r, truth, record)
    return r


def keys(r, truth, record):
    region = record.get("region") or {}
    wanted = truth["region"]
    ok_year = r.count("year", record.get("year") == truth["year"], truth["year"], record.get("year"))
    code = plain(region.get("code")) or None
    district = plain(region.get("district"))
    if wanted.get("ambiguous"):
        ok_region = code is None
    else:
        ok_region = code == wanted["code"] and (district == plain(wanted["district"]) or wanted.get("level") == "province")
    r.count("region", ok_region, f"{wanted.get('code')} {wanted.get('city')} {wanted.get('district')}", f"{code} {region.get('city')} {region.get('district')}")
    name = plain((record.get("unit") or {}).get("name"))
    names = [plain(truth["unit"]["name"]), *map(plain, truth["unit"].get("alsoNames", []))]
    ok_unit = r.count("unit", name in names, names[0], name)
    ok_kind = r.count("kind", plain(record.get("kind")) == plain(truth["kind"]), truth["kind"], record.get("kind"))
    r.count("key (all four)", ok_year and ok_region and ok_unit and ok_kind, "", "see the four")
    r.count("title", dice(plain(truth["title"]), plain(record.get("title"))) >= 0.85, truth["title"], record.get("title"))
    r.count("reportDate", truth["reportDate"] == record.get("reportDate"), truth["reportDate"], record.get("reportDate"))
    kinds = sorted({p["kind"] for p in truth["parts"]})
    got = sorted({p.get("kind") for p in record.get("parts") or []})
    r.count("parts", kinds == got or got in truth.get("alsoParts", []), kinds, got)


def amounts(r, truth, parsed, optional=()):
    """`optional`: prices and standards that may be read as amounts or not."""
    neither = {(number(a["value"]), money_unit(a["unit"])) for a in optional}
    groups: dict = defaultdict(lambda: ([], []))
    for side, items in enumerate((truth, parsed)):
        for a in items:
            groups[(number(a.get("value")), money_unit(a.get("unit")))][side].append(a)
    for (value, unit), (wanted, got) in groups.items():
        scored = sorted(((label_score(t, g) + 0.4 * role_right(t, g), i, j) for i, t in enumerate(wanted) for j, g in enumerate(got)), key=lambda s: -s[0])
        used_t, used_g = {}, set()
        for _, i, j in scored:
            if i not in used_t and j not in used_g:
                used_t[i] = j
                used_g.add(j)
        for i, t in enumerate(wanted):
            shown = f"{t['label']} {t['value']}{t['unit']} {t['role']}"
            if not r.count("amounts.recall", i in used_t, shown, "not found"):
                r.counts["amounts.label"][1] += 1
                r.counts["amounts.role"][1] += 1
                continue
            g = got[used_t[i]]
            described = f"{g.get('label')} {g.get('value')}{g.get('unit')} {g.get('role')}"
            r.count("amounts.label", label_score(t, g) >= 0.5, shown, described)
            r.count("amounts.role", role_right(t, g), shown, described)
            r.count("amounts.yuan", number(t["yuan"]) == number(g.get("yuan")), f"{shown} yuan {t['yuan']}", g.get("yuan"))
            if t.get("direction") or g.get("direction"):
                r.count("amounts.direction", t.get("direction") == g.get("direction"), f"{shown} {t.get('direction')}", g.get("direction"))
            if t.get("approximate") or g.get("approximate"):
                r.count("amounts.approximate", bool(t.get("approximate")) == bool(g.get("approximate")), shown, g.get("approximate"))
        for j, g in enumerate(got):
            if j not in used_g and (value, unit) in neither:
                continue
            quote = ((g.get("place") or {}).get("quote") or "")[:60]
            r.count("amounts.precision", j in used_g, "no amount", f"{g.get('label')} {g.get('value')}{g.get('unit')} {g.get('role')} «{quote}»")


def label_score(t, g) -> float:
    got = plain(g.get("label"))
    return max(overlap(got, plain(label)) for label in [t["label"], *t.get("alsoLabels", [])] if label) if got else 0.0


def role_right(t, g) -> bool:
    role = g.get("role") or ""
    accepted = [t["role"], *t.get("alsoRoles", [])]
    return role in accepted or role_family(role) in {role_family(a) for a in accepted}


def pairs(r, metric, truth, parsed, key, show):
    rest = defaultdict(list)
    for g in parsed:
        rest[key(g)].append(g)
    for t in truth:
        found = bool(rest[key(t)])
        if found:
            rest[key(t)].pop()
        near = [show(g) for g in parsed if key(g)[0] == key(t)[0]][:3]
        r.count(metric + ".recall", found, show(t), near)
    for k, left in rest.items():
        for g in left:
            if g.get("role") != "other":  # shares of satisfaction and the like are nobody's mistake
                r.count(metric + ".precision", False, "nothing", show(g))
    right = len(parsed) - sum(len(v) for v in rest.values())
    r.counts[metric + ".precision"][0] += right
    r.counts[metric + ".precision"][1] += right


def indicators(r, truth, parsed):
    def likeness(t, g):
        targets = [t["target"], *t.get("alsoTargets", [])]
        same = 0.6 * dice(indicator_name(t["level3"]), indicator_name(g.get("level3"))) + 0.4 * max(dice(cell(x), cell(g.get("target"))) for x in targets)
        return same + 0.02 * (cell(t.get("project")) == cell(g.get("project")))
    scored = sorted(((likeness(t, g), -abs(i - j), i, j) for i, t in enumerate(truth) for j, g in enumerate(parsed)), reverse=True)
    match, used = {}, set()
    for score, _, i, j in scored:
        if score >= 0.5 and i not in match and j not in used:
            match[i] = j
            used.add(j)
    for i, t in enumerate(truth):
        shown = f"{t['level3']} | {t['target']}"
        found = r.count("indicators.rows", i in match, shown, "no such row")
        names = [("level1", level), ("level2", level), ("level3", indicator_name), ("target", cell), ("actual", cell), ("note", cell)]
        if not found:
            r.counts["indicators.cells"][1] += len(names)
            r.counts["indicators.points"][1] += 2
            continue
        g = parsed[match[i]]
        for name, form in names:
            right = form(t.get(name)) == form(g.get(name)) or (name == "target" and cell(g.get(name)) in [cell(x) for x in t.get("alsoTargets", [])])
            if name == "actual" and not right and t.get("alsoTargets"):
                right = cell(g.get(name)).startswith(cell(t.get(name))) and bool(cell(t.get(name)))
            r.count("indicators.cells", right, f"{shown}: {name} {t.get(name)!r}", repr(g.get(name)))
        for name in ("weight", "score"):
            r.count("indicators.points", same_number(t.get(name), g.get(name)), f"{shown}: {name} {t.get(name)}", g.get(name))
    for j, g in enumerate(parsed):
        r.count("indicators.precision", j in used, "no row", f"{g.get('level3')} | {g.get('target')} | {g.get('actual')} | {g.get('weight')} | {g.get('score')}")


def totals(r, truth, record):
    also = truth.get("alsoScores")
    got = record.get("score")
    r.count("score", same_number(truth["score"], got) or (also is not None and any(same_number(a, got) for a in also)), truth["score"], got)
    grades = [truth["grade"], *truth.get("alsoGrades", [])]
    r.count("grade", any(cell(g) == cell(record.get("grade")) for g in grades), truth["grade"], record.get("grade"))
    if truth["executionRate"] is not None or record.get("executionRate") is None:
        rates = [truth["executionRate"], *truth.get("alsoExecutionRates", [])]
        r.count("executionRate", any(same_number(x, record.get("executionRate")) for x in rates), truth["executionRate"], record.get("executionRate"))
    pairs(r, "scores", [s for s in truth["scores"] if s["total"]], record.get("scores") or [], lambda s: (number(s.get("total")),), lambda s: f"{s.get('total')} {s.get('grade')}")


def texts(r, name, truth, parsed):
    rest = [plain(p) for p in parsed]
    for t in truth:
        best = max(rest, key=lambda p: dice(plain(t), p), default=None)
        ok = best is not None and (dice(plain(t), best) >= 0.7)
        if ok:
            rest.remove(best)
        r.count(name + ".recall", ok, t, best)
    for p in rest:
        r.count(name + ".precision", False, "nothing", p)
    r.counts[name + ".precision"][0] += len(parsed) - len(rest)
    r.counts[name + ".precision"][1] += len(parsed) - len(rest)


def findings(r, truth, record):
    found = record.get("findings") or []
    rules = {f.get("rule") for f in found}
    explained = set()
    for e in truth.get("expectedFindings", []):
        explained |= {e["rule"], *e.get("alsoAllowed", [])}
        ok = e["rule"] in rules
        r.rules[e["rule"]][0] += ok
        r.rules[e["rule"]][1] += 1
        if not ok:
            r.misses.append((f"rule {e['rule']}", f"stated {e.get('stated')} computed {e.get('computed')}", ", ".join(sorted(filter(None, rules)))))
    for f in found:
        if f.get("severity") in ("high", "medium") and f.get("rule") not in explained:
            r.alarms.append(f)
            kind = "false alarm" if truth.get("clean") else "unplanned finding"
            r.misses.append((kind, "nothing", f"{f.get('severity')} {f.get('rule')}: {f.get('message')}"))
