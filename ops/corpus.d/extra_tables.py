"""Tables that stand beside a report or an account: the scoring sheet of the department, the open table of the 三公 money."""
from __future__ import annotations

from decimal import Decimal

from core import Cell, Table
from tables import Row, points, record_row

SHEET = [
    ("投入", "目标设定", "绩效目标合理性", 4, "目标符合政策和职责，计2分；与年度任务对应，计2分"), ("投入", "目标设定", "绩效指标明确性", 4, "指标细化量化，每缺一项扣1分"),
    ("投入", "预算配置", "在职人员控制率", 5, "以100%为标准，每超一个百分点扣1分"), ("投入", "预算配置", "“三公经费”变动率", 5, "小于等于0计满分"),
    ("过程", "预算执行", "预算完成率", 6, "95%以上计满分，每低一个百分点扣0.5分"), ("过程", "预算执行", "预算控制率", 4, "预算调整率在10%以内计满分"),
    ("过程", "预算执行", "公用经费控制率", 5, "不超过100%计满分"), ("过程", "预算管理", "管理制度健全性", 6, "制度合法、完整、有效执行，各计2分"),
    ("过程", "预算管理", "资金使用合规性", 6, "出现截留、挤占、挪用的，一次扣3分"), ("过程", "预算管理", "预决算信息公开性", 5, "按规定内容和时限公开"),
    ("过程", "资产管理", "资产管理安全性", 5, "账实相符，处置规范"), ("过程", "资产管理", "固定资产利用率", 5, "利用率×分值"),
    ("产出", "职责履行", "重点工作完成率", 10, "完成率×分值"), ("产出", "职责履行", "项目质量达标率", 10, "达标率×分值"),
    ("效果", "履职效益", "经济效益", 6, "根据实际效果评价计分"), ("效果", "履职效益", "社会效益", 8, "根据实际效果评价计分"),
    ("效果", "履职效益", "服务对象满意度", 6, "90%以上计满分"),
]


def scoring_sheet(w, u, total: Decimal):
    """The sheet behind the score of a department; its sum is `total`."""
    lost = Decimal(100) - total
    rows = []
    for level1, level2, level3, weight, standard in SHEET:
        rows.append([level1, level2, level3, Decimal(weight), standard, Decimal(weight), ""])
    order = [12, 8, 15, 4, 13, 7, 11, 14, 16]
    for index in order:
        if lost <= 0:
            break
        taken = min(lost, rows[index][3] - 1, Decimal("2.5"))
        rows[index][5] -= taken
        rows[index][6] = w.pick("完成情况与目标有差距，将加强管理", "个别工作推进较慢，已列入下年计划")
        lost -= taken
    if lost > 0:
        return
    w.p(w.pick("附表：部门整体支出绩效评价指标评分表", "附：整体支出绩效评分表"))
    t = Table()
    with_reason = w.chance(0.7)
    t.add("一级指标", "二级指标", "三级指标", "分值", w.pick("评价标准", "评分标准", "指标说明及评分标准"), w.pick("得分", "自评得分"), *(["扣分原因"] if with_reason else []))
    for i, (a, b, c, weight, standard, score, note) in enumerate(rows):
        cells = []
        if i == 0 or rows[i - 1][0] != a:
            cells.append(Cell(a, rows=sum(1 for r in rows if r[0] == a)))
        if i == 0 or (rows[i - 1][0], rows[i - 1][1]) != (a, b):
            cells.append(Cell(b, rows=sum(1 for r in rows if (r[0], r[1]) == (a, b))))
        cells += [Cell(c), Cell(points(weight), number=weight), Cell(standard), Cell(points(score), number=score)]
        if with_reason:
            cells.append(Cell(note))
        t.add(*cells)
        record_row(w, Row(a, b, c, "", standard, "", "", weight, score, note if with_reason else ""), also_targets=["", None], actual="")
    t.add(Cell("合计", cols=3), "100", "", points(total), *([""] if with_reason else []))
    w.score(points(total), "100", None)
    w.table(t)
    kinds = sorted({p["kind"] for p in w.truth["parts"]} | {"department-overall-self-evaluation-table"})
    w.truth.setdefault("alsoParts", []).append(kinds)


def three_public(w, tp):
    """One line of figures under three lines of heads, as the open table has it."""
    unit = w.style.unit
    vehicle = tp["purchase"] + tp["running"]
    total = tp["abroad"] + vehicle + tp["reception"]
    more = max(tp["budget"] - total, 0)
    w.center("财政拨款“三公”经费支出决算表")
    w.p(w.pick(f"金额单位：{unit}", f"单位：{unit}"))
    t = Table()
    t.add(Cell("预算数", cols=6), Cell("决算数", cols=6))
    heads = ["合计", "因公出国（境）费", "公务用车购置及运行维护费", "公务接待费"]
    t.add(*[Cell(h, cols=3) if h.startswith("公务用车") else Cell(h, rows=2) for _ in range(2) for h in heads])
    t.add(*["小计", "公务用车购置费", "公务用车运行维护费"] * 2)
    if w.chance(0.6):
        t.add(*[str(i + 1) for i in range(12)])
    names = ["合计", "因公出国（境）费", "公务用车购置及运行维护费 小计", "公务用车购置费", "公务用车运行维护费", "公务接待费"]
    budget = [total + more, tp["abroad"], vehicle, tp["purchase"], tp["running"], tp["reception"] + more]
    final = [total, tp["abroad"], vehicle, tp["purchase"], tp["running"], tp["reception"]]
    cells = [w.cell(f"预算数 {n}", "three-public-budget", v, labels=[n, "“三公”经费预算数"], also=["budget"]) for n, v in zip(names, budget)]
    cells += [w.cell(f"决算数 {n}", "three-public-total" if i == 0 else "three-public-part", v, labels=[n, "“三公”经费决算数"]) for i, (n, v) in enumerate(zip(names, final))]
    t.add(*cells)
    w.table(t)
