"""More voices: how other accountants put the same facts. Kept apart from prose_money so that each file stays readable."""
from __future__ import annotations

from decimal import Decimal

from core import Cell, Table
from prose_money import FINAL_PART, FINAL_TOTAL, rate

PROJECT = ["executed-project", "executed-expenditure-part", "final-expenditure-part", "executed", "other", "executed-project-part"]


def available(w, u, b):
    """What was there, what was spent, what is left."""
    m = w.m
    spent = lambda label: m(label, "executed-expenditure-total", b.spent, also=FINAL_TOTAL, labels=["支出", "实际支出"])
    if b.opening and b.closing:
        return w.p(w.pick(
            lambda: "上年结转" + m("上年结转", "opening-carry-over", b.opening) + "，本年财政安排" + m("本年财政安排", "final-income-total", b.income, also=["budget", "funds-received", "final-income-part"]) + f"，{w.year}年实际花费" + spent("实际花费") + "，年底剩余" + m("年底剩余", "closing-carry-over", b.closing) + "结转下年使用。",
            lambda: f"{u.own}年初账面结余" + m("年初账面结余", "opening-carry-over", b.opening) + "，当年拨入" + m("当年拨入", "final-income-total", b.income, also=["funds-received", "final-income-part"]) + "，当年列支" + spent("当年列支") + "，年末账面结余" + m("年末账面结余", "closing-carry-over", b.closing) + "。"))
    w.p(w.pick(
        lambda: f"全年共花费" + spent("全年共花费") + "，其中人员方面" + m("人员方面", "executed-expenditure-part", b.personnel, also=FINAL_PART) + "，公用方面" + m("公用方面", "executed-expenditure-part", b.public, also=FINAL_PART) + "，项目方面" + m("项目方面", "executed-expenditure-part", b.project, also=[*FINAL_PART, "executed-project"]) + "。",
        lambda: f"{w.year}年累计支出" + spent("累计支出") + "（人员经费" + m("人员经费", "executed-expenditure-part", b.personnel, also=FINAL_PART) + "、公用经费" + m("公用经费", "executed-expenditure-part", b.public, also=FINAL_PART) + "、项目经费" + m("项目经费", "executed-expenditure-part", b.project, also=[*FINAL_PART, "executed-project"]) + "）。",
        lambda: f"支出主要分为三块：一是人员支出" + m("人员支出", "executed-expenditure-part", b.personnel, also=FINAL_PART) + "；二是公用支出" + m("公用支出", "executed-expenditure-part", b.public, also=FINAL_PART) + "；三是项目支出" + m("项目支出", "executed-expenditure-part", b.project, also=[*FINAL_PART, "executed-project"]) + "。"))


def adjusted(w, u, b):
    """From the initial budget over the adjustment to the adjusted one."""
    m = w.m
    change = b.budget - b.initial
    if not change or abs(w.shown(b.budget) - w.shown(b.initial)) != w.shown(abs(change)):
        return available(w, u, b)
    word = w.pick("追加", "调增") if change > 0 else w.pick("调减", "压减")
    other = ["other", "budget", "yoy-delta"]
    w.p(w.pick(
        lambda: f"年初预算数" + m("年初预算数", "budget-initial", b.initial) + f"，年中{word}" + m(f"年中{word}", "other", abs(change), direction="up" if change > 0 else "down", labels=[word], also=other) + "，年终预算数" + m("年终预算数", "budget", b.budget) + "。",
        lambda: f"{w.year}年初，财政局批复{u.own}部门预算" + m("财政局批复部门预算", "budget-initial", b.initial, also=["budget"], labels=["部门预算", "批复"]) + f"，执行中{word}" + m(f"执行中{word}", "other", abs(change), direction="up" if change > 0 else "down", labels=[word], also=other) + "，最终预算" + m("最终预算", "budget", b.budget) + "。"))


def rates_in_a_row(w, u, b):
    """Parts before the whole: the rate of the whole comes last."""
    projects = sum(p.budget for p in b.projects)
    if w.shown(projects) == 0:
        return available(w, u, b)
    w.p(f"从执行情况看，基本支出执行率{w.pct('基本支出执行率', 'execution', rate(w, b.basic, b.basic))}，项目支出执行率{w.pct('项目支出执行率', 'execution', rate(w, b.project, projects))}，"
        f"部门整体支出执行率{w.pct('部门整体支出执行率', 'execution', rate(w, b.spent, b.budget))}。")


def formula(w, u, b):
    """The rate with its calculation; the bare numbers may count as amounts or not."""
    unit = w.style.unit
    spent, budget = w.printed(b.spent, unit), w.printed(b.budget, unit)
    for value in (spent, budget):
        w.truth.setdefault("optionalAmounts", []).append({"value": value, "unit": unit})
    w.p(f"预算完成率＝支出决算÷全年预算×100%＝{w.dress(spent)}÷{w.dress(budget)}×100%＝{w.pct('预算完成率', 'execution', rate(w, b.spent, b.budget))}。")


def against_last_year(w, u, b):
    """Spending against last year."""
    from account import yoy
    w.p(f"{w.year}年{w.pick('总支出', '支出总额', '部门支出')}" + w.m("部门支出", "executed-expenditure-total", b.spent, also=FINAL_TOTAL, labels=["总支出", "支出总额"]) + yoy(w, "部门支出", b.spent, b.prior_ratio, labels=["总支出", "支出总额"]) + "。")


def uses(w, u, b):
    """What single projects paid for, in verbs instead of names; all are parts of the first project."""
    m = w.m
    p = max(b.projects, key=lambda x: x.executed)
    first = p.executed * w.rng.randint(20, 45) // 100 // w.bump * w.bump
    second = p.executed * w.rng.randint(10, 30) // 100 // w.bump * w.bump
    if not first or not second:
        return available(w, u, b)
    w.p(w.pick(
        lambda: f"{p.name}项目中，投入" + m("设备更新", "executed-project-part", first, labels=["投入", "用于设备更新", p.name], also=PROJECT) + "用于设备更新，安排" + m("宣传培训", "executed-project-part", second, labels=["安排", "开展宣传培训", p.name], also=PROJECT) + "开展宣传培训，其余用于日常运转。",
        lambda: f"在{p.name}上，购买服务花费" + m("购买服务花费", "executed-project-part", first, labels=["购买服务", p.name], also=PROJECT) + "，印制资料花费" + m("印制资料花费", "executed-project-part", second, labels=["印制资料", p.name], also=PROJECT) + "。",
        lambda: f"{u.own}从{p.name}中列支劳务费" + m("劳务费", "executed-project-part", first, labels=["列支劳务费", p.name], also=PROJECT) + "、差旅费" + m("差旅费", "executed-project-part", second, labels=[p.name], also=PROJECT) + "。"))


MORE = [available, adjusted, rates_in_a_row, formula, against_last_year, uses]


def people(w, u) -> bool:
    """Staff in the less common shapes; False when this unit does not fit any."""
    s, y = w.staff, w.year
    office, other = u.authorised_office, u.authorised_other
    if office and other:
        shape = w.rng.randrange(3)
        if shape == 0:
            w.p(f"{u.full}行政编制{s('authorised-administrative', office, '行政编制')}，事业编制{s('authorised-institution', other, '事业编制')}，合计{s('authorised', u.authorised, '合计')}；年末在职{s('serving', u.serving, '年末在职')}，离退休{s('retired', u.retired, '离退休')}。")
        elif shape == 1:
            w.p(f"机关行政编制{s('authorised-administrative', office, '行政编制', '名')}，实有{s('serving-administrative', u.serving_office, '实有')}；下属事业编制{s('authorised-institution', other, '事业编制', '名')}，实有{s('serving-institution', u.serving_other, '实有')}。")
        else:
            w.p(f"现有在职在编干部职工{s('serving', u.serving, '在职在编干部职工')}，其中：行政人员{s('serving-administrative', u.serving_office, '行政人员')}、事业人员{s('serving-institution', u.serving_other, '事业人员')}。核定编制{s('authorised', u.authorised, '核定编制', '名')}。")
        return True
    if other:
        word = w.pick("教职工", "在编职工", "在岗在编人员")
        w.p(w.pick(
            lambda: f"编办核定事业编制{s('authorised-institution', other, '事业编制', '名')}，{y}年底实际在编{s('serving', u.serving, '实际在编')}，另有退休{s('retired', u.retired, '退休')}、编外{s('contract', u.contract, '编外')}。",
            lambda: f"核定全额拨款事业编制{s('authorised-institution', other, '全额拨款事业编制', '个')}，现有{word}{s('serving', u.serving, word)}。"))
        return True
    return False


def score(w, u, text, printed) -> str:
    """A sentence that names the score in passing."""
    quote = w.pick(f"“{printed}”", printed) if printed else ""
    tail = {True: w.pick(f"，评定为{quote}", f"，等级{quote}", f"，等次为{quote}", f"，结果为{quote}"), False: ""}[bool(printed)]
    return w.pick(
        f"对照评分表，预算执行扣分项较少，自评{text}分{tail}。",
        f"自评{text}分{tail}。",
        f"综上，{u.own}{w.year}年度整体支出绩效自评为{text}分{tail}。",
        f"评价小组一致认为，{u.own}较好完成了年度目标，给予{text}分{tail}。",
        f"部门整体支出绩效自评结果：{text}分{tail}。")


def function_class_lines(w, b):
    """One paragraph for each class with its items inside, codes in brackets, as 云南 and its neighbours write."""
    from units import class_name
    for n, (code, total) in enumerate(b.classes()):
        name = class_name(code, w.year) + w.same_suffix
        items = [i for i in b.items if i.code.startswith(code)]
        text = w.enumerate(n + 1) + f"{name}（类）支出" + w.m(f"{name}（类）支出", "final-expenditure-function", total, code=code, labels=[name])
        text += "，占一般公共预算财政拨款总支出的" + w.pct(name, "share", w.percent(w.shown(total), w.shown(b.general))) + w.pick("，主要用于：", "。其中：")
        parts = []
        for i in items:
            executed = i.executed
            if w.plant("FUNC-ITEM-SUM"):
                executed += w.bump * 2870
                w.broke("FUNC-ITEM-SUM", w.printed(executed, w.style.unit), w.printed(i.executed, w.style.unit), also=["FUNC-SUM", "CROSS-AMOUNT"])
            parts.append(w.pick(f"{i.name}（{i.code}）", f"{i.code}{i.name}") + w.m(f"{i.name}（{i.code}）", "final-expenditure-item", executed, code=i.code, labels=[i.name]))
        w.p(text + w.pick("；", "，").join(parts) + "。")
