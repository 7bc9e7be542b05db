"""Kind C: the table of the department as a whole."""
from __future__ import annotations

from decimal import Decimal

from core import Cell, Table
from tables import Money, level_words, aims, break_rows, exec_points, fund_cells, indicator_rows, make_rows, points, record_row, total_score
from tables_project import contact_line, finish_total


def book_lines(w, b):
    total = Money("合计", b.initial, b.budget, b.spent)
    own = b.own_spent
    fiscal = Money("财政拨款", b.initial - own, b.budget - own, b.spent - own)
    other = Money("其他资金", own, own, own)
    basic = Money("基本支出", b.personnel_initial + b.public_initial, b.basic, b.basic)
    staff = Money("人员支出", b.personnel_initial, b.personnel, b.personnel)
    office = Money("公用支出", b.public_initial, b.public, b.public)
    project = Money("项目支出", sum(p.initial for p in b.projects), sum(p.budget for p in b.projects), b.project)
    return total, fiscal, other, basic, staff, office, project


def hunan(w, u, b):
    """Funds by source and by structure, as in 湖南 and its neighbours."""
    title = w.pick(f"{w.year}年度部门整体支出绩效自评表", f"部门整体支出绩效自评表（{w.year}年度）", f"{w.year}年部门整体支出绩效目标自评表")
    w.begin("department-overall-self-evaluation-table", title)
    w.headline(title, table=True)
    unit = w.style.unit
    t = Table()
    t.add(Cell("部门名称", cols=2), Cell(u.full, cols=7))
    count = f"负责联系服务辖区内{u.served}家单位；" if w.counting else ""
    t.add(Cell("部门职责", cols=2), Cell(count + "；".join(u.kind.duties) + "。", cols=7))
    w.staff("authorised", u.authorised, "人员编制")
    serving = u.serving
    if w.plant("STAFF-CAP"):
        serving = u.authorised + 3
        w.broke("STAFF-CAP", str(serving), str(u.authorised), also=["CROSS-STAFF"])
    w.staff("serving", serving, "实有人数")
    t.add(Cell("人员编制", cols=2), Cell(str(u.authorised), cols=3, number=Decimal(u.authorised)), "实有人数", Cell(str(serving), cols=3, number=Decimal(serving)))
    total, fiscal, other, basic, staff, office, project = book_lines(w, b)
    with_initial = w.chance(0.5)
    columns = ([("年初预算数", "initial")] if with_initial else []) + [("全年预算数", "budget"), ("全年执行数", "executed")]
    rate, got = exec_points(w, total, 10)
    spot = w.unit_place(t)
    t.add(Cell("整体资金" + (f"（{unit}）" if spot == "head" else ""), rows=9), Cell("项目", cols=2 if with_initial else 3), *[c + (f"（{unit}）" if spot == "columns" else "") for c, _ in columns], "执行率", "分值", "得分")
    dash = w.pick("－", "—", "")
    structure = Money("合计", total.initial, total.budget, total.executed)
    repeat = w.chance(0.6)
    empty = w.plant("TOTAL-EMPTY")
    if empty:
        w.broke("TOTAL-EMPTY", "", w.printed(total.executed, unit), also=["EXEC-SCORE"])
    wide = 1 if with_initial else 2

    def line(side, label, money, tail, rows=None, blank=False, role="-expenditure-part"):
        cells = [Cell(side, rows=rows)] if side else []
        cells.append(Cell(label, cols=wide))
        if blank:
            cells += [Cell("")] * (len(columns) + 1)
        else:
            cells += fund_cells(w, money, columns, None, role)
            r = w.percent(w.shown(money.executed), w.shown(money.budget), 2) if money.budget else ""
            if tail and r:
                r = rate
            cells.append(Cell(w.pct(f"{money.name}执行率", "execution", r) if r else "", percent=True))
        t.add(*cells, *([Cell("10", number=Decimal(10)), Cell(points(got), number=got)] if tail else [dash, dash]))

    line("资金来源", "合计", total, True, rows=3, blank=empty, role="-total")
    line(None, "（1）财政拨款", fiscal, False, role="-income-part")
    line(None, "（2）其他资金", other, False, role="-income-part")
    line("资金结构", "合计", structure, False, rows=5, blank=not repeat or empty, role="-expenditure-total")
    line(None, "（1）基本支出", basic, False)
    line(None, "其中：人员支出", staff, False)
    line(None, "　　　公用支出", office, False)
    line(None, "（2）项目支出", project, False)
    if not empty:
        w.truth["executionRate"] = w.truth["executionRate"] or rate
    goal, result = aims(w, u)
    t.add(Cell("年度总体目标", rows=2), Cell("年初设定目标", cols=4), Cell("全年完成情况", cols=4))
    t.add(Cell(goal, cols=4), Cell(result, cols=4))
    split = (50, 30, 10)
    if w.plant("WEIGHT-SPLIT"):
        split = (60, 20, 10)
        w.broke("WEIGHT-SPLIT", "60/20/10", "50/30/10")
    rows = make_rows(w, u, split)
    break_rows(w, rows)
    order = ["target", "actual", "weight", "score", "note"]
    t.add(Cell(w.pick("绩效指标", "绩\n效\n指\n标"), rows=len(rows) + 1), *level_words(w), "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
    indicator_rows(w, t, rows, {"columns": order, "prefix": w.chance(0.6)}, None)
    score = total_score(w, rows, got)
    text, letter = finish_total(w, score, grade="GRADE-BAND" in w.wanted)
    t.add(Cell("总分", cols=6), "100", text, "")
    w.table(t)
    if letter:
        w.p(f"评价等级：{letter}")
    contact_line(w, u)
    return text, letter


def chongqing(w, u, b):
    """重庆: units and kinds of indicators in columns of their own, weights, coefficients, core indicators."""
    title = f"{w.year}年度部门整体绩效自评表"
    w.begin("department-overall-self-evaluation-table", title)
    w.headline(title, table=True)
    unit = w.style.unit
    t = Table()
    t.add("部门（单位）名称", Cell(u.full, cols=4), "部门联系人", Cell(w.person(), cols=3))
    total, *_ = book_lines(w, b)
    rate, got = exec_points(w, total, 10)
    columns = [("年初预算数", "initial"), ("全年（调整）预算数", "budget"), ("全年执行数", "executed")]
    t.add(Cell(f"部门整体预算情况（{unit}）", rows=2), Cell("年初预算数", cols=2), Cell("全年（调整）预算数", cols=2), "全年执行数", "执行率（%）", "执行率权重", "执行率得分")
    cells = fund_cells(w, Money("部门整体预算", total.initial, total.budget, total.executed), columns, None, "-total")
    w.truth["rates"].append({"label": "执行率", "role": "execution", "percent": rate, "direction": None, "part": w.part})
    cells[0].cols = cells[1].cols = 2
    t.add(*cells, Cell(rate, number=Decimal(rate)), Cell("10", number=Decimal(10)), Cell(points(got), number=got))
    w.truth["executionRate"] = w.truth["executionRate"] or rate
    goal, result = aims(w, u)
    t.add("当年整体绩效目标", Cell(goal, cols=8))
    rows = make_rows(w, u)
    break_rows(w, rows)
    words = ["指标名称", "计量单位", "指标性质", "年初指标值", "调整指标值", "全年完成值", "得分系数（%）", "指标权重", "指标得分"]
    extra = w.chance(0.5)
    t.add(*words, *(["是否核心指标"] if extra else []))
    for r in rows:
        sign = r.sign or "定性"
        bare = r.actual[: -len(r.unit)] if r.unit and r.actual.endswith(r.unit) else r.actual
        factor = "100" if not r.weight else points(r.score * 100 / r.weight)
        t.add(r.level3, r.unit or w.style.dash, sign, r.value, r.value, bare, factor, points(r.weight), points(r.score), *([w.pick("是", "否")] if extra else []))
        record_row(w, r, note=False, target=sign + r.value + r.unit, actual=bare, level1=False, level2=False,
                   also_targets=[r.target, r.value + r.unit, sign + r.value + (r.unit or w.style.dash)])
    score = total_score(w, rows, got)
    text, letter = finish_total(w, score)
    t.add(Cell("合计", cols=7), "100", text)
    w.table(t)
    return text, letter


def write(w, u, b, form):
    return chongqing(w, u, b) if form == "重庆" else hunan(w, u, b)
