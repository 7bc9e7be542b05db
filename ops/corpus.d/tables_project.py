"""Kind D: project tables, one function for each form."""
from __future__ import annotations

from decimal import Decimal

import filler
from core import Cell, Table
from tables import (Money, level_words, Row, aims, break_rows, exec_points, fund_cells, grade_of, indicator_rows, make_rows, points, record_row, total_score)


def money_lines(w, p, first, second, third, lines=None):
    """The project's money, wholly or partly from the year's own grant."""
    rest = p.budget // 5 // w.step * w.step if w.chance(0.25) else 0
    spent_rest = min(rest, p.executed)
    whole = Money(first, p.initial, p.budget, p.executed)
    grant = Money(second, p.initial, p.budget - rest, p.executed - spent_rest)
    other = Money(third, 0, rest, spent_rest)
    return whole, grant, other


def record_project(w, p, unit, code=None):
    w.truth["projects"].append({"name": p.name, "code": code, "budget": w.printed(p.budget, w.style.unit), "executed": w.printed(p.executed, w.style.unit), "unit": unit})


def finish_total(w, total, grade=False, full="100"):
    text = points(total)
    letter = None
    if grade:
        letter = grade_of(total)
        if w.plant("GRADE-BAND"):
            letter = w.pick("良", "优良", "合格") if letter == "优" else "优"
            w.broke("GRADE-BAND", letter, grade_of(total))
    w.score(text, full, letter)
    return text, letter


def national(w, u, p, form="national"):
    title = w.pick(f"{w.year}年度项目支出绩效自评表", f"项目支出绩效自评表（{w.year}年度）", f"{u.place.full}{w.year}年度项目支出绩效自评表", f"{w.year}年项目支出绩效目标自评表")
    w.begin("project-self-evaluation-table", title)
    w.headline(title, table=True)
    places = 6 if form == "北京" else None
    unit = w.style.unit
    t = Table()
    code = None
    unit_cell = u.full
    if form == "安徽":
        unit_cell = f"[{u.code[:3]}001]{u.full}"
        w.p(f"单位：{unit}")
    if form == "四川":
        code = u.place.code + str(w.year)[2:] + "T" + f"{w.rng.randint(10**11, 10**12 - 1)}"
    width = 9
    boss = unit_cell
    if u.kind.nature == "institution" and u.place.level in ("district", "city") and w.chance(0.6):
        parent = {"我校": "教育局", "我院": "卫生健康局", "我馆": "文化和旅游局", "我中心": "人力资源和社会保障局"}.get(u.own, "财政局")
        boss = u.place.full + ("教育局" if u.short.endswith(("中学", "小学", "幼儿园", "学校")) else parent)
        if u.short.endswith("党校"):
            boss = unit_cell
    name_text = ("★" if form == "安徽" and w.chance(0.4) else "") + p.name
    t.add(Cell("项目名称", cols=2), Cell((f"{code}-" if code else "") + name_text, cols=width - 2))
    t.add(Cell("主管部门", cols=2), Cell(boss, cols=3), Cell("实施单位", cols=1), Cell(unit_cell, cols=3))
    if form == "北京":
        t.add(Cell("项目负责人", cols=2), Cell(w.person(), cols=3), Cell("联系电话"), Cell(w.phone(), cols=3))
    head = {"北京": "年初预算数"}.get(form, w.pick("年初预算数", "年初预算数", "年初预算"))
    columns = [(head, "initial"), ("全年预算数", "budget"), ("全年执行数", "executed")]
    second = "当年财政拨款" if form in ("北京",) else w.pick("当年财政拨款", "财政拨款", "其中：当年财政拨款")
    whole, grant, rest = money_lines(w, p, w.pick("年度资金总额", "资金总额", "年度资金总额"), second, "上年结转资金")
    rate, got = exec_points(w, whole, 10)
    dash = w.style.dash
    inside = form == "national" and w.chance(0.2) and not {"TOTAL-EMPTY", "EXEC-SCORE"} & set(w.wanted)
    spot = w.unit_place(t)
    t.add(Cell(w.pick("项目资金", "项目资金", "预算执行情况", "项目资金\n") + (f"（{unit}）" if spot == "head" else ""), cols=2, rows=5), "",
          *[c + (w.pick(f"（{unit}）", f"\n（{unit}）") if spot == "columns" else "") for c, _ in columns], *([Cell("执行率", cols=3)] if inside else w.fund_tail))
    empty_total = w.plant("TOTAL-EMPTY")
    cell_rate = Cell(w.pct(f"{whole.name}执行率", "execution", rate) if not empty_total else "", percent=True)
    by_name = {"分值": Cell("10", number=Decimal(10)), "执行率": cell_rate, "得分": Cell(points(got), number=got)}
    tail = [Cell(cell_rate.text, cols=3, percent=True)] if inside else [by_name[n] for n in w.fund_tail]
    if empty_total:
        w.broke("TOTAL-EMPTY", "", w.printed(whole.executed, unit), also=["EXEC-SCORE"])
        t.add(whole.name, "", "", "", *tail)
    else:
        w.truth["executionRate"] = w.truth["executionRate"] or rate
        t.add(whole.name, *fund_cells(w, whole, columns, p.name, "-project", places=places), *tail)
    for line in (grant, rest, Money("其他资金", 0, 0, 0)):
        label = line.name if line is not grant or "其中" in line.name else w.pick("其中：", "") + line.name
        again = form == "安徽" and line is grant
        cells = fund_cells(w, line, columns, p.name, "-project-part", dash, places=places)
        mark = w.pick("—", "—", "-", dash)
        extra = {"分值": "10" if again else mark, "执行率": mark, "得分": points(got) if again else mark}
        t.add(label, *cells, *([Cell(mark, cols=3)] if inside else [extra[n] for n in w.fund_tail]))
    goal, result = aims(w, u)
    t.add(Cell("年度总体目标", rows=2), Cell("预期目标", cols=4), Cell("实际完成情况", cols=4))
    t.add(Cell(goal, cols=4), Cell(result, cols=4))
    split = (50, 30, 10)
    if w.plant("WEIGHT-SPLIT"):
        split = (60, 20, 10)
        w.broke("WEIGHT-SPLIT", "60/20/10", "50/30/10")
    rows = make_rows(w, u, split)
    break_rows(w, rows)
    if inside:
        rows.insert(0, Row(w.pick("预算执行", "预算执行指标", "预算执行率"), "预算执行率", w.pick("预算执行率", "项目资金预算执行率"), "", "100%", "", f"{rate}%", Decimal(10), got, "" if got == 10 else "支付进度偏慢，将加快支付"))
    order = {"安徽": ["weight", "target", "actual", "score", "note"]}.get(form, w.pick(["target", "actual", "weight", "score", "note"], ["target", "actual", "weight", "score", "note"], ["weight", "target", "actual", "score", "note"]))
    words = {"target": w.pick("年度指标值", "年度指标值（A）", "预期指标值", "年度指标值", "目标值", "计划指标值", "年初目标值"), "actual": w.pick("实际完成值", "实际完成值（B）", "全年完成值", "实际完成值", "实际完成情况", "完成情况"), "weight": w.pick("分值", "分值", "权重", "分值权重", "标准分"), "score": w.pick("得分", "自评得分", "得分", "自评分"),
             "note": w.pick("偏差原因分析及改进措施", "偏差原因分析及改进措施", "未完成原因及拟采取的改进措施", "备注")}
    subtotals = form == "national" and w.chance(0.12)
    notes = {r.level1: f"（{points(sum(x.weight for x in rows if x.level1 == r.level1))}分）" for r in rows} if w.chance(0.15) else {}
    lead_rows = len(rows) + 1 + (len({r.level1 for r in rows}) if subtotals else 0)
    if form == "四川":
        order = ["sign", "value", "unit", "actual", "weight", "score", "note"]
        words |= {"sign": "指标性质", "value": "指标值", "unit": "度量单位", "weight": "权重"}
        t.add(Cell("绩效指标", rows=lead_rows), *level_words(w), *[words[c] for c in order])
    else:
        t.add(Cell(w.pick("绩效指标", "绩\n效\n指\n标"), rows=lead_rows), *level_words(w), *[words[c] for c in order])
    indicator_rows(w, t, rows, {"columns": order, "prefix": w.chance(0.2), "word": "定性", "subtotals": subtotals, "level1_note": notes}, p.name)
    total = total_score(w, rows, Decimal(0) if inside else got)
    text, letter = finish_total(w, total, grade=w.chance(0.3) or "GRADE-BAND" in w.wanted)
    columns_left = 4 + len(order)
    if order.index("weight") > 1:
        t.add(Cell(w.pick("总分", "合计", "总  分"), cols=4 + order.index("weight")), "100", text, *[""] * (columns_left - 4 - order.index("weight") - 2))
    else:
        t.add(Cell("总分", cols=4), "100", "", "", text, "")
    w.table(t)
    if letter:
        w.p(f"自评等级：{letter}")
    contact_line(w, u)
    record_project(w, p, w.style.unit, code)
    return text, letter


def contact_line(w, u):
    if w.chance(0.5):
        w.p(w.pick(f"填表人：{w.person()}　　联系电话：{w.phone()}", f"填报单位负责人：{w.person()}  填报人：{w.person()}", f"填报日期：{w.date_text()}　填表人：{w.person()}"))


def hubei(w, u, p):
    """湖北: 20 points for execution, 80 for the indicators, often without weights."""
    title = w.pick(f"{w.year}年度{p.name}项目自评表", f"{w.year}年度{p.name}项目绩效自评表")
    w.begin("project-self-evaluation-table", title)
    w.headline(title, table=True)
    w.p(f"单位名称：{u.full}　　　　填报日期：{w.date_text()}")
    t = Table()
    t.add("项目名称", Cell(p.name, cols=6))
    t.add("主管部门", Cell(u.full, cols=2), "项目实施单位", Cell(u.full, cols=3))
    t.add("项目类别", Cell("1、部门预算项目 ☑　2、区直专项 □　3、转移支付项目 □", cols=6))
    t.add("项目属性", Cell("1、持续性项目 ☑　2、新增性项目 □", cols=6))
    whole = Money("年度财政资金总额", p.initial, p.budget, p.executed)
    rate, got = exec_points(w, whole, 20)
    t.add(Cell(f"预算执行情况（{w.style.unit}）（20分）", rows=2), "", "预算数（A）", "执行数（B）", "执行率（B/A）", Cell("得分（20分*执行率）", cols=2))
    cells = fund_cells(w, whole, [("预算数", "budget"), ("执行数", "executed")], p.name, "-project")
    w.truth["executionRate"] = w.truth["executionRate"] or rate
    t.add("年度财政资金总额", *cells, Cell(w.pct("年度财政资金总额执行率", "execution", rate), percent=True), Cell(points(got), cols=2, number=got))
    weighted = w.chance(0.35)
    rows = make_rows(w, u, (40, 30, 10))
    break_rows(w, rows)
    order = ["target", "actual", "weight", "score"] if weighted else ["target", "actual", "score"]
    heads = [{"target": "年初目标值（A）", "actual": "实际完成值（B）", "weight": "分值", "score": "得分"}[c] for c in order]
    if w.chance(0.35):  # several goals, each with its rows
        half = len(rows) // 2
        for number, part in enumerate((rows[:half], rows[half:])):
            t.add(f"年度绩效目标{number + 1}（{points(sum(r.weight for r in part))}分）", Cell(filler.aim(w, u), cols=3 + len(order)))
            t.add("", *level_words(w), *heads)
            for r in part:
                t.add("", r.level1, r.level2, r.level3, *[{"target": Cell(r.target), "actual": Cell(r.actual), "weight": Cell(points(r.weight), number=r.weight), "score": Cell(points(r.score), number=r.score)}[c] for c in order])
                record_row(w, r, weighted, True, False, p.name)
    else:
        t.add(Cell("年度绩效目标（80分）", rows=len(rows) + 1), *level_words(w), *heads)
        indicator_rows(w, t, rows, {"columns": order}, p.name)
    total = total_score(w, rows, got)
    text, letter = finish_total(w, total)
    t.add(Cell("总分", cols=2), Cell(text, cols=len(order) + 2))
    t.add("偏差大或目标未完成原因分析", Cell(w.pick("无", "部分任务受客观因素影响推迟实施"), cols=6))
    t.add("改进措施及结果应用方案", Cell("加强项目管理，强化结果应用。", cols=6))
    w.table(t)
    record_project(w, p, w.style.unit)
    return text, letter


def ningxia(w, u, p):
    """银川: 决策, 管理, 产出, 效益; the execution rate is one row of 管理."""
    title = f"{w.year}年度{p.name}项目支出绩效自评表"
    w.begin("project-self-evaluation-table", title)
    w.headline(title, table=True)
    t = Table()
    t.add("项目名称", Cell(p.name, cols=7))
    t.add("项目单位", Cell(u.full, cols=3), "主管部门", Cell(u.full, cols=3))
    whole = Money("项目资金", p.initial, p.budget, p.executed)
    cells = fund_cells(w, whole, [("预算金额", "budget"), ("实际支出", "executed")], p.name, "-project")
    rate = w.percent(w.shown(p.executed), w.shown(p.budget), 2)
    w.truth["executionRate"] = w.truth["executionRate"] or rate
    t.add(f"预算金额（{w.style.unit}）", Cell(cells[0].text, cols=2, number=cells[0].number), f"实际支出（{w.style.unit}）", Cell(cells[1].text, cols=2, number=cells[1].number), "预算执行率", w.pct("预算执行率", "execution", rate))
    t.add(*level_words(w), "目标值", "完成值", "分值", "得分", "扣分原因")
    got = min(Decimal(5), Decimal(5) * Decimal(rate) / 100).quantize(Decimal("0.01"))
    fixed = [("决策", "项目立项", "立项依据充分性", "充分", "充分", 5, 5), ("决策", "绩效目标", "绩效目标合理性", "合理", "合理", 5, 5),
             ("管理", "投入管理", "预算执行率", "100%", f"{rate}%", 5, got), ("管理", "财务管理", "资金使用合规性", "合规", "合规", 10, 10),
             ("管理", "项目实施", "管理制度健全性", "健全", "健全", 10, 10)]
    reason = "资金结算进度慢，将加快支付"
    rows = [Row(a, b, c, "", d, "", e, Decimal(f), Decimal(g), reason if Decimal(g) < f else "") for a, b, c, d, e, f, g in fixed]
    rest = make_rows(w, u, (30, 25, 10), ("产出", "效益", "满意度"))
    for r in rest:
        if r.level1 == "满意度":
            r.level1 = "效益"
    rows += rest
    break_rows(w, rest)
    indicator_rows(w, t, rows, {"columns": ["target", "actual", "weight", "score", "note"], "level1_note": {"决策": "（10分）", "管理": "（25分）", "产出": "（30分）", "效益": "（35分）"} if w.chance(0.5) else {}}, p.name)
    total = total_score(w, rows, Decimal(0))
    text, letter = finish_total(w, total)
    t.add(Cell("合计", cols=5), "100", text, "")
    w.table(t)
    record_project(w, p, w.style.unit)
    return text, letter


def transfer(w, u, p):
    """转移支付: three departments, no weights, no scores."""
    name = p.name + w.pick("补助资金", "专项转移支付资金")
    title = w.pick(f"{w.year}年度{name}转移支付区域（项目）绩效目标自评表", f"中央对地方专项转移支付绩效目标自评表（{w.year}年度）", f"{w.year}年转移支付区域绩效自评表")
    w.begin("project-self-evaluation-table", title)
    w.headline(title, table=True)
    t = Table()
    t.add(Cell("转移支付（项目）名称", cols=2), Cell(name, cols=5))
    ministry = w.pick("财政部", "国家卫生健康委员会", "农业农村部", "民政部")
    t.add(Cell("中央主管部门", cols=2), Cell(ministry, cols=5))
    t.add(Cell("地方主管部门", cols=2), Cell(u.place.province + w.pick("财政厅", "民政厅", "农业农村厅"), cols=2), "资金使用单位", Cell(u.full, cols=2))
    unit = w.style.unit
    rest = p.budget // 4 // w.step * w.step
    spent = min(rest, p.executed)
    lines = [Money("年度资金总额", 0, p.budget, p.executed), Money("其中：中央财政资金", 0, p.budget - rest, p.executed - spent), Money("地方资金", 0, rest, spent), Money("其他资金", 0, 0, 0)]
    t.add(Cell("资金投入情况（" + unit + "）", cols=2, rows=5), "", "全年预算数（A）", "全年执行数（B）", Cell("预算执行率（B/A×100%）", cols=2))
    for i, line in enumerate(lines):
        columns = [("全年预算数", "budget"), ("全年执行数", "executed")]
        cells = fund_cells(w, line, columns, name, "-project" if i == 0 else "-project-part")
        rate = w.percent(w.shown(line.executed), w.shown(line.budget), 2) if line.budget else ""
        if i == 0:
            w.truth["executionRate"] = w.truth["executionRate"] or rate
        t.add(line.name, *cells, Cell(w.pct(f"{line.name}执行率", "execution", rate) if rate else "", cols=2))
    goal, result = aims(w, u)
    t.add(Cell("总体目标完成情况", rows=2), Cell("总体目标", cols=3), Cell("全年实际完成情况", cols=3))
    t.add(Cell(goal, cols=3), Cell(result, cols=3))
    rows = make_rows(w, u)
    for r in rows:
        r.note = ""
    t.add(Cell("绩效指标", rows=len(rows) + 1), *level_words(w), "指标值", "全年实际完成值", "未完成原因和改进措施")
    indicator_rows(w, t, rows, {"columns": ["target", "actual", "note"]}, name)
    t.add("说明", Cell("无", cols=6))
    w.table(t)
    w.truth["projects"].append({"name": name, "code": None, "budget": w.printed(p.budget, unit), "executed": w.printed(p.executed, unit), "unit": unit})
    p.name_used = name
    return None, None


def weight_column(w, u, p):
    """The mistake of a whole form: the value columns hold the weights."""
    title = f"{w.year}年部门预算项目绩效目标自评"
    w.begin("project-self-evaluation-table", title)
    w.headline(title, table=True)
    unit = w.style.unit
    t = Table()
    t.add("项目名称", Cell(p.name, cols=4))
    t.add("主管部门", Cell(u.full, cols=4))
    a = w.cell("预算数", "budget-project", p.budget, project=p.name, labels=[f"{p.name}预算数"])
    b = w.cell("执行数", "executed-project", p.executed, project=p.name, labels=[f"{p.name}执行数"])
    t.add(f"项目预算执行情况（{unit}）", "预算数：", a, "执行数：", b)
    rows = make_rows(w, u)
    t.add("绩效指标完成情况", *level_words(w), "预期指标值", "实际完成指标值")
    for r in rows:
        text = points(r.weight)
        t.add("", r.level1, r.level2, r.level3, text, text)
        record_row(w, r, False, False, False, p.name, target=text, actual=text)
    w.table(t)
    w.plant("INDICATOR-COLUMN")
    w.broke("INDICATOR-COLUMN", "value columns hold weights", None, also=["SCORE-SUM", "TARGET-SCORE"])
    record_project(w, p, unit)
    return None, None


FORMS = {"湖北": hubei, "宁夏": ningxia, "转移支付": transfer}


def write(w, u, p, form):
    if "INDICATOR-COLUMN" in w.wanted:
        return weight_column(w, u, p)
    if form in FORMS:
        return FORMS[form](w, u, p)
    return national(w, u, p, form)
