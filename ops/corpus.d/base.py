"""Kind G: the base data table of 湖南."""
from __future__ import annotations

from decimal import Decimal

from core import Cell, Table


def write(w, u, b, tp):
    title = w.pick(f"{w.year}年度部门整体支出绩效评价基础数据表", f"部门整体支出绩效评价基础数据表（{w.year}年度）")
    w.begin("base-data-table", title)
    w.headline(title, table=True)
    w.p(f"填报单位：{u.full}　　　　单位：{w.style.unit}")
    t = Table()
    y = w.year
    t.add("财政供养人员情况", Cell("编制数", cols=1), Cell(f"{y}年实际在职人数", cols=1), Cell("控制率", cols=1))
    serving = u.serving
    authorised = u.authorised
    rate = w.percent(serving, authorised, 2)
    w.staff("authorised", authorised, "编制数")
    w.staff("serving", serving, f"{y}年实际在职人数")
    t.add("", Cell(str(authorised), number=Decimal(authorised)), Cell(str(serving), number=Decimal(serving)), Cell(w.pct("控制率", "control", rate), percent=True))
    t.add("经费控制情况", f"{y - 1}年决算数", f"{y}年预算数", f"{y}年决算数")
    step = w.step
    ratio = b.prior_ratio
    prior = lambda v: int(v / ratio) // step * step

    vehicle = tp["purchase"] + tp["running"]
    total = tp["abroad"] + vehicle + tp["reception"]
    stated = total
    if w.plant("THREE-PUBLIC-SUM"):
        stated = total + w.bump * 215
        w.broke("THREE-PUBLIC-SUM", w.printed(stated, w.style.unit), w.printed(total, w.style.unit), also=["PARTS-SUM"])

    def line(name, old, budget, final, role_budget, role_final, label=None):
        label = label or name.strip("　 0123456789、.：其中")
        t.add(name, w.cell(f"{label} {y - 1}年决算数", "prior-final", old, labels=[label], also=[role_final]),
              w.cell(f"{label} {y}年预算数", role_budget, budget, labels=[label], also=["budget", "budget-initial"]),
              w.cell(f"{label} {y}年决算数", role_final, final, labels=[label], also=["final-expenditure-part", "final-expenditure-total", "executed"]))

    parts = [tp["reception"], vehicle, tp["abroad"]]
    olds = [prior(v) for v in parts]
    budgets = [int(v * 1.2) // step * step for v in parts]
    line("三公经费", sum(olds), sum(budgets), stated, "three-public-budget", "three-public-total")
    line("1、公务用车购置和维护经费", olds[1], budgets[1], vehicle, "three-public-budget", "three-public-part")
    line("　其中：公车购置", prior(tp["purchase"]), int(tp["purchase"] * 1.2) // step * step, tp["purchase"], "three-public-budget", "three-public-part", "公车购置")
    line("　　　　公车运行维护", olds[1] - prior(tp["purchase"]), budgets[1] - int(tp["purchase"] * 1.2) // step * step, tp["running"], "three-public-budget", "three-public-part", "公车运行维护")
    line("2、出国经费", olds[2], budgets[2], tp["abroad"], "three-public-budget", "three-public-part")
    line("3、公务接待", olds[0], budgets[0], tp["reception"], "three-public-budget", "three-public-part")
    line("项目支出：", prior(b.project), sum(p.budget for p in b.projects), b.project, "budget", "final-expenditure-part", "项目支出")
    for p in b.projects:
        line(f"　　{p.name}", prior(p.executed), p.budget, p.executed, "budget-project", "executed-project", p.name)
        w.truth["projects"].append({"name": p.name})
    line("公用经费", prior(b.public), b.public, b.public, "budget", "final-expenditure-part")
    t.add("厉行节约保障措施", Cell("严格执行中央八项规定及其实施细则，压减一般性支出。", cols=3))
    w.table(t)
    if w.chance(0.5):
        w.p(f"说明：“项目支出”需要填报基本支出以外的所有项目支出情况，“公用经费”填报基本支出中的一般商品和服务支出。")
    w.p(f"填表人：{w.person()}　填报日期：{w.date_text()}　联系电话：{w.phone()}　单位负责人签字：")
