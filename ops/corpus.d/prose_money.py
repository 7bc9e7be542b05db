"""Ways in which reports tell their money: each function writes one paragraph or more and leaves the truth behind."""
from __future__ import annotations

from core import Cell, Table

FINAL_PART = ["final-expenditure-part", "executed-expenditure-part"]
FINAL_TOTAL = ["final-expenditure-total", "executed-expenditure-total", "executed-total"]


def rate(w, part, whole):
    return w.percent(w.shown(part), w.shown(whole), 2)


def income_and_spending(w, u, b):
    """Income by source, spending, what is left."""
    m, y = w.m, w.year
    total = b.total
    income = lambda label: m(label, "final-income-total", b.income, also=["final-grand-total", "funds-received"], labels=["收入合计", "总收入"])
    sources = [("财政拨款收入", b.general_income + b.fund)] + [(n, v) for n, v in (("事业收入", b.business_income), ("其他收入", b.other_income)) if v]
    part = lambda n, v: m(n, "final-income-part", v, also=["executed", "funds-received"])
    text = w.pick(
        lambda: f"{y}年度{u.own}总收入{income('总收入')}，其中：" + "，".join(n + part(n, v) for n, v in sources),
        lambda: f"{y}年，{u.full}取得各项收入合计{income('各项收入合计')}，" + "，".join(f"{n}为{part(n, v)}" for n, v in sources),
        lambda: f"收入情况：全年收入{income('全年收入')}（" + "、".join(n + part(n, v) for n, v in sources) + "）")
    if b.opening:
        text += w.pick("，年初结转和结余", "，上年结转", "，上年结余结转") + m("年初结转和结余", "opening-carry-over", b.opening, labels=["上年结转", "上年结余结转", "年初结转"])
    text += "。"
    spent = lambda label: m(label, "final-expenditure-total", b.spent, also=FINAL_TOTAL, labels=["支出合计", "总支出"])
    text += w.pick(lambda: f"全年总支出{spent('总支出')}", lambda: f"支出情况：全年支出{spent('全年支出')}", lambda: f"{y}年实际支出合计{spent('实际支出合计')}")
    if b.closing:
        text += w.pick("，年末结转和结余", "，年末结余", "，结转下年") + m("年末结转和结余", "closing-carry-over", b.closing, labels=["年末结余", "结转下年", "年末结转"])
    elif w.chance(0.5):
        text += w.pick("，年末无结转结余", "，收支平衡，无结余")
    w.p(text + "。")


def behind(w, u, b):
    """The label stands behind the amount."""
    m = w.m
    w.p(w.pick(
        lambda: f"全年支出" + m("全年支出", "final-expenditure-total", b.spent, also=FINAL_TOTAL) + "，其中" + m("人员经费", "executed-expenditure-part", b.personnel, also=FINAL_PART, labels=["用于人员经费"]) + "用于人员经费，"
        + m("公用经费", "executed-expenditure-part", b.public, also=FINAL_PART, labels=["用于公用经费"]) + "用于公用经费，" + m("项目支出", "executed-expenditure-part", b.project, also=[*FINAL_PART, "executed-project"], labels=["用于项目支出"]) + "用于项目支出。",
        lambda: "在全部支出中，有" + m("基本支出", "executed-expenditure-part", b.basic, also=FINAL_PART) + "属于基本支出，有" + m("项目支出", "executed-expenditure-part", b.project, also=[*FINAL_PART, "executed-project"]) + "属于项目支出。"))


def colon_list(w, u, b):
    """One line for each kind of spending."""
    m = w.m
    lines = [("人员经费", b.personnel), ("公用经费", b.public), ("项目支出", b.project)]
    w.p(w.pick(f"{w.year}年度支出构成如下：", "支出按性质划分：", f"{u.own}支出情况具体为："))
    for i, (name, fen) in enumerate(lines):
        w.p(w.enumerate(i + 1) + f"{name}：" + m(name, "executed-expenditure-part", fen, also=[*FINAL_PART, "executed-project"]) + "；" * (i < 2) + "。" * (i == 2))


def line_by_line(w, u, b):
    """Budget, final and rate of each kind of spending in a line of its own."""
    m = w.m
    project_budget = sum(p.budget for p in b.projects)
    for i, (name, budget, spent) in enumerate([("基本支出", b.basic, b.basic), ("项目支出", project_budget, b.project)]):
        shape = w.rng.randrange(3)
        r = rate(w, spent, budget)
        bud = lambda: m(f"{name}预算", "budget-expenditure-part", budget, labels=[name, "预算数"], also=["budget-project"])
        fin = lambda: m(f"{name}决算", "executed-expenditure-part", spent, labels=[name, "决算数", "实际支出"], also=[*FINAL_PART, "executed-project"])
        pct = lambda: w.pct(f"{name}执行率", "execution", r)
        w.p([lambda: f"{w.enumerate(i + 1)}{name}。预算{bud()}，决算{fin()}，执行率{pct()}。",
             lambda: f"{w.enumerate(i + 1)}{name}预算数{bud()}，实际支出{fin()}，预算完成率为{pct()}；",
             lambda: f"{name}：全年预算安排{bud()}，实际执行{fin()}，执行进度{pct()}。"][shape]())


def economic(w, u, b):
    """By economic classification."""
    m = w.m
    wages = b.personnel * 9 // 10 // w.bump * w.bump
    home = b.personnel - wages
    capital = b.public // 8 // w.bump * w.bump if w.chance(0.5) else 0
    goods = b.public - capital
    shown = [w.shown(v) for v in (wages, home, goods, capital)]
    if sum(shown) != w.shown(b.basic):
        return behind(w, u, b)
    part = lambda n, v: m(n, "executed-expenditure-part", v, also=FINAL_PART)
    text = f"按经济分类，基本支出" + m("基本支出", "executed-expenditure-part", b.basic, also=FINAL_PART) + w.pick("，其中：", "，包括：") + "工资福利支出" + part("工资福利支出", wages) + "，商品和服务支出" + part("商品和服务支出", goods) + "，对个人和家庭的补助" + part("对个人和家庭的补助", home)
    if capital:
        text += "，资本性支出" + part("资本性支出", capital)
    w.p(text + "。")


def small_table(w, u, b):
    """A table in the middle of the report."""
    unit = w.style.unit
    w.p(w.pick(f"{w.year}年度预算执行情况见下表（单位：{unit}）：", f"收支情况表　　　单位：{unit}"))
    t = Table()
    heads = w.pick(("项目", "全年预算数", "决算数", "执行率"), ("支出类别", "预算数", "实际支出数", "执行率（%）"), ("支出项目", "调整预算", "支出决算", "完成率"))
    t.add(*heads)
    projects = sum(p.budget for p in b.projects)
    rows = [("基本支出", b.basic, b.basic, 0), ("其中：人员经费", b.personnel, b.personnel, 1), ("　　　公用经费", b.public, b.public, 1), ("项目支出", projects, b.project, 0), ("合计", b.budget, b.spent, 2)]
    for name, budget, spent, level in rows:
        plain = name.strip("　").replace("其中：", "")
        tail = "-total" if level == 2 else "-part"
        r = rate(w, spent, budget)
        sign = "" if "%" in heads[3] else "%"
        w.truth["rates"].append({"label": f"{plain} {heads[3]}", "role": "execution", "percent": r, "direction": None, "part": w.part})
        t.add(name, w.cell(f"{plain} {heads[1]}", "budget-expenditure" + tail, budget, labels=[plain], also=["budget-project"]),
              w.cell(f"{plain} {heads[2]}", "executed-expenditure" + tail, spent, labels=[plain], also=["final-expenditure" + tail, "executed-project", "final-grand-total"]), Cell(r + sign, percent=bool(sign)))
    w.table(t)


def against_initial(w, u, b):
    """Final against the initial budget, often above 100 %."""
    m, y = w.m, w.year
    if b.initial == b.spent:
        return behind(w, u, b)
    more = b.spent > b.initial
    delta = abs(b.spent - b.initial)
    if w.shown(b.spent) - w.shown(b.initial) not in (w.shown(delta), -w.shown(delta)):
        return behind(w, u, b)
    word = "增加" if more else "减少"
    w.truth.setdefault("alsoExecutionRates", []).append(rate(w, b.spent, b.initial))  # a rate of the whole as well
    w.p(f"{y}年年初预算支出" + m("年初预算支出", "budget-initial", b.initial) + "，决算支出" + m("决算支出", "final-expenditure-total", b.spent, also=FINAL_TOTAL) + f"，比年初预算{word}"
        + m(f"比年初预算{word}", "yoy-delta", delta, direction="up" if more else "down", also=["other"], labels=[word]) + "，完成年初预算的" + w.pct("完成年初预算", "execution", rate(w, b.spent, b.initial)) + w.pick("，主要是年中追加人员经费和项目资金。" if more else "，主要是压减一般性支出。", "。"))


def three_public_line(w, u, tp):
    """The 三公 money in one sentence of a report."""
    m = w.m
    vehicle = tp["purchase"] + tp["running"]
    total = tp["abroad"] + vehicle + tp["reception"]
    part = lambda n, v: m(n, "three-public-part", v)
    w.p(w.pick(
        lambda: f"{w.year}年“三公”经费支出" + m("“三公”经费支出", "three-public-total", total, labels=["三公经费"]) + "，其中：因公出国（境）费" + part("因公出国（境）费", tp["abroad"]) + "，公务用车购置及运行费" + part("公务用车购置及运行费", vehicle) + "，公务接待费" + part("公务接待费", tp["reception"]) + "。",
        lambda: f"严格控制“三公”经费，全年共支出" + m("“三公”经费", "three-public-total", total, labels=["全年共支出", "三公经费全年共支出"]) + "，其中公务接待费" + part("公务接待费", tp["reception"]) + "、公车运行维护费" + part("公车运行维护费", vehicle) + "、出国费" + part("出国费", tp["abroad"]) + "。",
        lambda: f"“三公”经费：预算" + m("“三公”经费预算", "three-public-budget", max(tp["budget"], total), labels=["三公经费"]) + "，决算" + m("“三公”经费决算", "three-public-total", total, labels=["决算", "三公经费"]) + "，未超预算。"))


def project_lines(w, u, b):
    """Each project in a line with its budget, spending and rate."""
    m = w.m
    w.p(w.pick(f"{w.year}年{u.own}共安排项目{len(b.projects)}个，具体情况如下：", f"{u.own}本年度实施的项目共{len(b.projects)}个："))
    for i, p in enumerate(b.projects):
        w.truth["projects"].append({"name": p.name})
        bud = lambda: m(f"{p.name}预算", "budget-project", p.budget, project=p.name, labels=[p.name, "预算"])
        fin = lambda: m(f"{p.name}支出", "executed-project", p.executed, project=p.name, labels=[p.name, "支出"], also=["executed-expenditure-part"])
        pct = lambda: w.pct(f"{p.name}执行率", "execution", rate(w, p.executed, p.budget))
        w.p(w.enumerate(i + 1) + w.pick(
            lambda: f"{p.name}：预算{bud()}，支出{fin()}，执行率{pct()}。", lambda: f"{p.name}项目。年度预算{bud()}，实际支出{fin()}，预算执行率为{pct()}。",
            lambda: f"{p.name}（预算{bud()}，支出{fin()}，执行率{pct()}）。"))


def standards(w, u):
    """Sentences with prices and thresholds, which are nobody's spending."""
    r = w.rng
    money = [f"每人每月{r.randint(6, 30) * 10}元", f"每户{r.randint(5, 40) * 100}元", f"每人每天{r.choice([110, 130, 150, 180])}元", f"每亩{r.randint(10, 90) * 10}元"]
    chosen = r.choice(money)
    value = "".join(c for c in chosen if c.isdigit())
    w.truth.setdefault("optionalAmounts", []).append({"value": value, "unit": "元"})
    limit = r.choice(["5", "10", "20", "30"])
    w.truth["notAmounts"].append(f"{limit}万元以上")
    w.p(w.pick(f"按照规定，补助标准为{chosen}，由{u.depts[1]}会同业务股室审核后发放。", f"严格执行“三重一大”制度，{limit}万元以上大额资金支出由党组会集体研究决定。", f"制定了资金管理办法，明确单笔{limit}万元及以上的支出须经集体研究；补助按{chosen}执行。"))


SPENDING = [income_and_spending, behind, colon_list, line_by_line, economic, small_table, against_initial]
