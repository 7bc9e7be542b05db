"""Kinds C and D: self-evaluation tables in the forms of the provinces."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import filler
from core import Cell, Table


@dataclass
class Row:
    level1: str
    level2: str
    level3: str
    sign: str            # ≥ ≤ = or "" for words
    value: str
    unit: str
    actual: str
    weight: Decimal
    score: Decimal
    note: str = ""

    @property
    def target(self):
        return self.sign + self.value + self.unit


def share(rng, total: int, count: int) -> list[Decimal]:
    """`total` points over `count` rows, mostly whole, sometimes halves."""
    if count == 1:
        return [Decimal(total)]
    base = total // count
    out = [Decimal(base)] * count
    rest = total - base * count
    for i in range(rest):
        out[i % count] += 1
    for _ in range(count):
        i, j = rng.randrange(count), rng.randrange(count)
        step = Decimal(rng.choice(["1", "2", "0.5"])) if rng.random() < 0.25 else Decimal(1)
        if i != j and out[i] > step + 1:
            out[i] -= step
            out[j] += step
    return out


def points(value: Decimal) -> str:
    text = format(value.quantize(Decimal("0.01")), "f")
    return text.rstrip("0").rstrip(".")


def make_rows(w, u, split=(50, 30, 10), names=("产出指标", "效益指标", "满意度指标")) -> list[Row]:
    rng = w.rng
    rows: list[Row] = []
    chosen = rng.sample(u.kind.counts, rng.randint(2, len(u.kind.counts)))
    for what, unit, low, high in chosen:
        goal = rng.randint(low, high)
        sign = w.pick("≥", "≥", "≥", "=", "", "", ">=", "＞", "不低于", "不少于", "至少")
        missed = rng.random() < 0.1
        done = int(goal * rng.uniform(0.72, 0.96)) if missed else goal + (0 if sign == "=" else rng.randint(0, max(1, goal // 6)) + (sign == "＞"))
        rows.append(Row(names[0], "数量指标", what, sign, str(goal), unit, f"{done}{unit}", Decimal(0), Decimal(done) / goal if missed else Decimal(1)))
    quality = rng.sample([("验收合格率", "=", "100", "%", "100%"), ("资金使用合规率", "", "100", "%", "100%"), ("培训合格率", "≥", "95", "%", "97.3%"),
                          ("政策执行准确率", "≥", "98", "%", "99%"), ("任务完成质量", "", "达到规定标准", "", "达到规定标准"), ("补助对象准确率", "≥", "99", "%", "100%")], rng.randint(1, 3))
    rows += [Row(names[0], "质量指标", n, s, v, x, a, Decimal(0), Decimal(1)) for n, s, v, x, a in quality]
    timing = rng.sample([("项目完成时间", "", f"{w.year}年12月底前", "", "按时完成"), ("资金拨付及时率", "≥", "95", "%", "98%"), ("任务完成及时率", "", "100", "%", "100%"),
                         ("补助发放及时性", "", "及时", "", "及时发放")], rng.randint(1, 2))
    rows += [Row(names[0], "时效指标", n, s, v, x, a, Decimal(0), Decimal(1)) for n, s, v, x, a in timing]
    if rng.random() < 0.7:
        n, s, v, x, a = rng.choice([("成本控制率", "≤", "100", "%", "98%"), ("项目成本", "", "不超预算", "", "未超预算"), ("人均培训成本", "≤", "450", "元/人·天", "430元/人·天")])
        rows.append(Row(names[0], "成本指标", n, s, v, x, a, Decimal(0), Decimal(1)))
    for level2, n, target, actual in u.kind.effects:
        sign, rest = (target[0], target[1:]) if target[0] in "≥≤" else ("", target)
        rows.append(Row(names[1], level2, n, sign, rest, "", actual, Decimal(0), Decimal(1)))
    if rng.random() < 0.5:
        rows.append(Row(names[1], "可持续影响指标", w.pick("长效管理机制", "制度健全程度", "项目持续发挥作用期限"), "", w.pick("健全", "建立健全", "长期"), "", w.pick("基本健全", "健全", "长期"), Decimal(0), Decimal(1)))
    goal = rng.choice([85, 90, 95])
    rows.append(Row(names[2], w.pick("服务对象满意度指标", "服务对象满意度", "满意度指标"), f"{u.kind.people}满意度", w.pick("≥", "≥", ">", "＞", ">="), str(goal), "%", f"{rng.randint(goal + 1, 99)}%", Decimal(0), Decimal(1)))
    for name, total in zip(names, split):
        group = [r for r in rows if r.level1 == name]
        for row, weight in zip(group, share(rng, total, len(group))):
            missed = row.score < 1
            row.weight = weight
            row.score = (weight * row.score).quantize(Decimal("0.1") if rng.random() < 0.5 else Decimal("0.01")) if missed else weight
            if missed:
                row.note = w.pick("受客观因素影响，部分任务推迟到下年实施，今后将提前谋划", "年初目标设定偏高，下一步将合理设定指标值", "申报对象减少，将加大宣传力度")
    if rng.random() < 0.25:  # whole sentences instead of figures
        for row in rows:
            if row.level1 == names[1] and not row.sign and rng.random() < 0.7:
                row.value = w.pick(f"通过项目实施，{u.kind.duties[0]}，成效明显", f"进一步推动{u.kind.duties[-1]}", f"有效保障{u.kind.people}合法权益，提升服务能力和水平")
                row.actual = w.pick(f"{w.year}年{u.own}{u.kind.duties[0]}，取得较好成效，累计开展活动{rng.randint(2, 30)}场", f"已完成，{u.kind.people}普遍反映良好", "达到预期目标")
    if rng.random() < 0.3:  # a word of the qualitative kind, points taken with a reason
        row = rng.choice([r for r in rows if r.level1 == names[1]])
        row.score = (row.weight * Decimal("0.9")).quantize(Decimal("0.1"))
        row.note = w.pick("效果仍有提升空间，下一步持续推进", "社会知晓度有待提高，将加强宣传引导")
    return rows


def break_rows(w, rows: list[Row], full_scored=True):
    """Plants mistakes into the rows; returns nothing, the truth knows."""
    if w.plant("TARGET-SCORE"):
        row = rows[0]
        goal = int(row.value)
        done = int(goal * 0.8) if goal > 4 else goal - 1
        row.sign = "≥"
        row.actual, row.score, row.note = f"{done}{row.unit}", row.weight, ""
        w.broke("TARGET-SCORE", row.actual, row.target)
    if w.plant("WEIGHT-SUM"):
        row = rows[-1]
        more = w.pick(5, 10)
        row.weight += more
        row.note = row.note or "部分服务对象反映办理时限偏长"
        w.broke("WEIGHT-SUM", str(100 + more), "100", also=["SCORE-SUM", "SCORE-RANGE", "WEIGHT-SPLIT", "GRADE-BAND"])
    if w.plant("SCORE-RANGE"):
        row = rows[min(1, len(rows) - 1)]
        row.score = row.weight + 2
        row.note = ""
        w.broke("SCORE-RANGE", points(row.score), points(row.weight), also=["SCORE-SUM"])
    if w.plant("DEDUCTION-REASON"):
        row = rows[-2]
        row.score, row.note = row.weight - 1, ""
        w.broke("DEDUCTION-REASON", points(row.score), points(row.weight))


def record_row(w, row: Row, weight=True, score=True, note=True, project=None, target=None, actual=None, level1=True, level2=True, also_targets=()):
    entry = {"level1": row.level1 if level1 else None, "level2": row.level2 if level2 else None, "level3": row.level3, "target": row.target if target is None else target,
             "actual": row.actual if actual is None else actual, "unit": None, "weight": points(row.weight) if weight else None,
             "score": points(row.score) if score else None, "note": (row.note or None) if note else None, "project": project, "part": w.part}
    if also_targets:
        entry["alsoTargets"] = list(also_targets)
    w.truth["indicators"].append(entry)


def grade_of(total: Decimal) -> str:
    return "优" if total >= 90 else "良" if total >= 80 else "中" if total >= 60 else "差"


@dataclass
class Money:
    """One line of a fund block."""
    name: str
    initial: int
    budget: int
    executed: int


def fund_cells(w, line: Money, columns, project, role_tail, empty="", places=None, money_unit=None):
    """Cells of the columns 年初, 预算, 执行 of one line; zeros of lines without money stay empty."""
    cells = []
    for column, which in columns:
        fen = {"initial": line.initial, "budget": line.budget, "executed": line.executed}[which]
        role = {"initial": "budget-initial", "budget": "budget", "executed": "executed"}[which]
        if not line.budget and not line.executed and not line.initial:
            cells.append(Cell(empty))
            continue
        also = ["budget-initial", "budget"] if column in ("预算数", "年度预算数", "预算金额") else []
        if "结转" in line.name:
            also = [*also, "opening-carry-over"]
        cells.append(w.cell(f"{line.name} {column}", role + role_tail, fen, unit=money_unit, places=places, also=also,
                            labels=[line.name, f"{column}{line.name}", f"{project or ''}{column}"], project=project))
    return cells


def exec_points(w, line: Money, full: int):
    """(rate text, points) of the execution line."""
    rate = w.percent(w.shown(line.executed), w.shown(line.budget), 2)
    value = min(Decimal(full), (Decimal(full) * Decimal(rate) / 100)).quantize(Decimal("0.01"))
    if w.plant("EXEC-SCORE"):
        wrong = Decimal(full) if Decimal(rate) < 88 else value - Decimal("0.3") * full
        w.broke("EXEC-SCORE", points(wrong), points(value))
        value = wrong
    if w.plant("EXEC-RATE"):
        wrong = format(Decimal(rate) - Decimal("7.4"), "f")
        w.broke("EXEC-RATE", wrong, rate, also=["EXEC-SCORE"])
        rate = wrong
    return rate, value


def total_score(w, rows, execution, table_full=100):
    total = sum((r.score for r in rows), Decimal(0)) + execution
    stated = total
    if w.plant("SCORE-SUM"):
        stated = total - 3 if total > 97 else total + Decimal("2.5")
        w.broke("SCORE-SUM", points(stated), points(total), also=["GRADE-BAND", "CROSS-SCORE"])
    return stated


def level_words(w):
    """The heads of the three level columns."""
    return w.pick(*[("一级指标", "二级指标", "三级指标")] * 6, ("一级\n指标", "二级\n指标", "三级\n指标"), ("一级指标", "二级指标", "指标名称"), ("一级指标", "二级指标", "具体指标"),
                  ("指标类别", "指标类型", "指标名称"), ("一级指标", "二级指标", "三级指标（指标内容）"))


def indicator_rows(w, t: Table, rows, layout, project, lead=None):
    """Adds the rows with merged level cells. `layout` names the columns behind level 3."""
    previous1 = previous2 = None
    counter: dict[str, int] = {}
    blank = w.style.dash
    for i, row in enumerate(rows):
        cells = []
        if lead is not None and i == 0:
            cells.append(Cell(lead, rows=len(rows)))
        same1 = sum(1 for r in rows[i:] if r.level1 == row.level1) + bool(layout.get("subtotals"))
        if row.level1 != previous1:
            cells.append(Cell(row.level1 + (layout.get("level1_note", {}).get(row.level1, "")), rows=same1))
            previous2 = None
        if row.level2 != previous2:
            run = 0
            for r in rows[i:]:
                if r.level1 != row.level1 or r.level2 != row.level2:
                    break
                run += 1
            cells.append(Cell(row.level2, rows=run))
            counter["n"] = 0
        previous1, previous2 = row.level1, row.level2
        counter["n"] = counter.get("n", 0) + 1
        prefix = f"指标{counter['n']}：" if layout.get("prefix") else ""
        cells.append(Cell(prefix + row.level3))
        note = row.note
        for column in layout["columns"]:
            if column == "target":
                cells.append(Cell(row.target))
            elif column == "sign":
                cells.append(Cell(row.sign or layout.get("word", "定性")))
            elif column == "value":
                cells.append(Cell(row.value))
            elif column == "unit":
                cells.append(Cell(row.unit or blank))
            elif column == "actual":
                cells.append(Cell(row.actual, percent=False))
            elif column == "weight":
                cells.append(Cell(points(row.weight), number=row.weight))
            elif column == "score":
                cells.append(Cell(points(row.score), number=row.score))
            elif column == "note":
                cells.append(Cell(note))
        t.add(*cells)
        columns = layout["columns"]
        last = i + 1 == len(rows) or rows[i + 1].level1 != row.level1
        if layout.get("subtotals") and last:
            group = [r for r in rows if r.level1 == row.level1]
            figures = {"weight": sum(r.weight for r in group), "score": sum(r.score for r in group)}
            t.add(Cell("小计", cols=2), *[Cell(points(figures[c]), number=figures[c]) if c in figures else "" for c in columns])
        if "target" in columns:
            record_row(w, row, "weight" in columns, "score" in columns, "note" in columns, project)
        else:
            sign = row.sign or layout.get("word", "定性")
            joined = sign + row.value + row.unit
            record_row(w, row, "weight" in columns, "score" in columns, "note" in columns, project, target=joined,
                       also_targets=[row.target, row.value + row.unit, sign + row.value + (row.unit or blank)])


def aims(w, u, long=False):
    head = w.pick("一是", "1.", "（1）", "目标1：")
    return filler.aim(w, u), w.pick("已完成。", "按计划完成年度目标。", "") + filler.work(w, u)
