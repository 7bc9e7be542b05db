"""Kinds E and H: the public explanation of the final account, and of the 三公 money alone."""
from __future__ import annotations

from decimal import Decimal

import filler
import prose_more
from core import Cell, Table, Writer, cn
from units import class_name


def up_down(delta: int):
    return ("增加", "增长", "up") if delta >= 0 else ("减少", "下降", "down")


def yoy(w: Writer, name: str, now: int, ratio: float, reason=True, state_prior=None, labels=()) -> str:
    """The sentence that compares with last year; `now` is printed elsewhere, directly before."""
    step = w.step
    before = max(int(now / ratio) // step * step, step)
    delta = now - before
    if delta == 0 or now == 0:
        return w.pick(f"，与{w.year - 1}年度持平", "，与上年持平")
    verb, grow, direction = up_down(delta)
    rate = w.percent(abs(delta), before, 2)  # from the exact values, as a spreadsheet has them
    if w.plant("YOY-PERCENT"):
        wrong = format(Decimal(rate) * 10, "f") if w.chance(0.4) else format(Decimal(rate) + Decimal(w.pick("1.7", "2.31", "3.05")), "f")
        w.broke("YOY-PERCENT", wrong, rate)
        rate = wrong
    amount = lambda: w.m(f"{name}比上年{verb}", "yoy-delta", abs(delta), direction=direction,
                         labels=[f"{verb}", name, *labels, f"比{w.year - 1}年度{verb}"])
    percent = lambda: w.pct(f"{name}{grow}", "growth", rate, direction)
    prior = ""
    y = w.year - 1
    stated = before
    if state_prior or (state_prior is None and w.chance(0.12)) or "YOY-BASE" in w.wanted:
        if w.plant("YOY-BASE"):
            stated = before + max(w.bump * 137, before // 400 // step * step)
            w.broke("YOY-BASE", w.printed(stated, w.style.unit), w.printed(before, w.style.unit), also=["YOY-PERCENT"])
        prior = w.pick(f"，{y}年度决算数为", "，上年决算数为", f"，{y}年为") + w.m(
            f"{name}上年决算数", "prior-final", stated, labels=["上年决算数", f"{y}年度决算数", name])
    if not prior and w.chance(0.1):  # last year's value in passing
        spot = w.m(f"{name}上年", "prior-final", before, labels=["上年", f"{y}年", f"{y}年度", name])
        prior = w.pick(f"（上年{spot}）", f"，{y}年度为{spot}")
    better = w.pick(f"与{y}年度相比，", f"与{y}年相比，", f"较{y}年度", f"比{y}年度", "较上年", "比上年", "与上年决算数相比", f"与{y}年度决算数相比，", "同比", f"相比{y}年")
    phrase = w.pick(f"{verb}", f"{verb}", f"{verb}了", ("上升" if delta > 0 else "降低") if w.chance(0.3) else verb)
    text = prior + w.pick("，", "。", "，") + better
    mid = w.pick(lambda: f"{phrase}{amount()}，{grow}{percent()}", lambda: f"{phrase}{amount()}，{w.pick('增幅' if delta > 0 else '降幅', '增长率' if delta > 0 else '下降幅度')}{percent()}",
                 lambda: f"{phrase}{amount()}，{grow}{percent()}", lambda: f"{phrase}{amount()}（{grow}{percent()}）")
    text += mid
    if reason:
        text += w.pick("，主要原因是", "，主要是", "。主要变动原因：", "，原因是") + filler.why(w, delta > 0)
    return text


def parts_list(w, items, share_of=None, bad_share=False) -> str:
    """items: (name, role, fen, also, code). `其中：A 1 万元，占 2%；…`"""
    chunks, shares = [], []
    whole = w.shown(share_of) if share_of else None
    for name, role, fen, also, code in items:
        text = w.pick(name, name, name + "为") if not name.endswith("为") else name
        text += w.m(name, role, fen, also=also, code=code, unit="元" if w.mixed and not fen else None)
        if whole:
            share = w.percent(w.shown(fen), whole)
            if bad_share and fen and w.plant("SHARE"):
                wrong = format(Decimal(share) + Decimal(w.pick("3.4", "5.18", "-1.25") if Decimal(share) > 10 else "4.2"), "f")
                w.broke("SHARE", wrong, share, also=["SHARE-SUM"])
                share = wrong
            elif bad_share and fen and Decimal(share) < 90 and w.plant("SHARE-SUM"):
                wrong = format(Decimal(share) + Decimal("6.5"), "f")
                w.broke("SHARE-SUM", wrong, share, also=["SHARE"])
                share = wrong
            text += w.share_word + w.pct(name, "share", share) + ("）" if w.share_word.startswith("（") else "")
        chunks.append(text)
    return w.pick("；", "；", "，" if not whole else "；").join(chunks)


def one_a_line(w, lead, items, whole):
    """Each part in a line of its own, some with their change against last year."""
    w.p(lead)
    for n, (name, role, fen, also, code) in enumerate(items):
        text = w.enumerate(n + 1) + w.pick(name, name + "：", name + "为") + w.m(name, role, fen, also=also, code=code)
        share = w.percent(w.shown(fen), w.shown(whole))
        if fen and w.plant("SHARE"):
            wrong = format(Decimal(share) + Decimal("4.6"), "f")
            w.broke("SHARE", wrong, share, also=["SHARE-SUM"])
            share = wrong
        text += w.pick("，占", "，占比") + w.pct(name, "share", share)
        if fen and w.chance(0.5):
            text += yoy(w, name, fen, w.rng.choice([0.83, 0.94, 1.07, 1.19]), reason=w.chance(0.5))
        w.p(text + "。")


def income_section(w, b, name):
    items = [("一般公共预算财政拨款收入", b.general_income), ("政府性基金预算财政拨款收入", b.fund), ("国有资本经营预算财政拨款收入", 0),
             ("上级补助收入", 0), ("事业收入", b.business_income), ("经营收入", 0), ("附属单位上缴收入", 0), ("其他收入", b.other_income)]
    if w.short_lists:
        items = [i for i in items if i[1]]
    if w.plant("INCOME-SUM"):
        wrong = b.general_income + w.bump * 3170 + b.general_income // 50 // w.bump * w.bump
        w.broke("INCOME-SUM", w.printed(b.income, w.style.unit), None, also=["SHARE", "BALANCE", "CROSS-AMOUNT", "SHARE-SUM"])
        items[0] = (items[0][0], wrong)
    listed = [(n, "final-income-part", v, (), None) for n, v in items]
    if "UNIT-MIX" in w.wanted and not w.short_lists and w.style.unit == "万元":
        w.plant("UNIT-MIX")
        w.lines = False
        w.mixed = True
        w.broke("UNIT-MIX", "0元")
    total = w.m("本年收入合计", "final-income-total", b.income, labels=["收入合计", "收入决算"])
    lead = w.pick(f"{w.year}年度本年收入合计{total}，其中：", f"本年收入合计{total}，其中：", f"{w.year}年度收入决算总额{total}，包括：", f"{name}{w.year}年度收入合计{total}。其中：")
    if w.lines:
        one_a_line(w, lead, listed, b.income)
    else:
        w.p(lead + parts_list(w, listed, b.income, bad_share=True) + "。")
    w.mixed = False


def expenditure_section(w, b, name):
    spent, basic, project = b.spent, b.basic, b.project
    if w.plant("PARTS-SUM"):
        project = project + w.bump * 2710
        w.broke("PARTS-SUM", w.printed(spent, w.style.unit), w.printed(basic + project, w.style.unit), also=["SHARE", "SHARE-SUM", "CROSS-AMOUNT"])
    total = w.m("本年支出合计", "final-expenditure-total", spent, labels=["支出合计", "支出决算"])
    items = [("基本支出", "final-expenditure-part", basic, (), None), ("项目支出", "final-expenditure-part", project, (), None)]
    if not w.short_lists:
        items += [(n, "final-expenditure-part", 0, (), None) for n in ("上缴上级支出", "经营支出", "对附属单位补助支出")]
    lead = w.pick(f"{w.year}年度本年支出合计{total}，其中：", f"本年支出合计{total}，其中：", f"{w.year}年度支出决算总额{total}，包括：")
    if w.lines:
        one_a_line(w, lead, items, spent)
    else:
        w.p(lead + parts_list(w, items, spent, bad_share=True) + "。")


def totals_section(w, b, ratio):
    total = b.total
    printed_total = total
    if w.plant("DOUBLE-TOTAL"):
        printed_total = 2 * b.spent
        w.broke("DOUBLE-TOTAL", w.printed(printed_total, w.style.unit), w.printed(b.spent, w.style.unit), also=["BALANCE", "CROSS-AMOUNT", "YOY-PERCENT", "YOY-BASE", "PARTS-SUM"])
    role = "final-grand-total"
    both = lambda: w.m("收入、支出总计", role, printed_total, labels=["收、支总计", "收入总计", "支出总计", "收入支出总计"], also=["final-income-total"])
    first = w.pick(lambda: f"{w.year}年度收入、支出总计均为{both()}", lambda: f"{w.year}年度收、支总计{both()}",
                   lambda: f"本部门{w.year}年度收入总计、支出总计均为{both()}", lambda: f"{w.year}年度收支总计{both()}",
                   lambda: "收入总计" + w.m("收入总计", role, printed_total, also=["final-income-total"]) + "，支出总计" + w.m("支出总计", role, printed_total, also=["final-expenditure-total"]))
    w.p(first + yoy(w, "收入、支出总计", printed_total, ratio, labels=["收、支总计", "收支总计"]) + "。")
    if b.opening or b.closing or "BALANCE" in w.wanted:
        closing = b.closing
        if w.plant("BALANCE"):
            closing = b.closing + w.bump * 4170
            w.broke("BALANCE", w.printed(closing, w.style.unit), w.printed(b.closing, w.style.unit), also=["CROSS-AMOUNT"])
        opening = w.m("年初结转和结余", "opening-carry-over", b.opening, labels=["年初结转结余"])
        end = w.m("年末结转和结余", "closing-carry-over", closing, labels=["年末结转结余"])
        spent = w.m("本年支出", "final-expenditure-total", b.spent, labels=["本年支出合计"])
        income = w.m("本年收入", "final-income-total", b.income, labels=["本年收入合计"])
        w.p(w.pick(f"收入总计包括：本年收入{income}，年初结转和结余{opening}；支出总计包括：本年支出{spent}，年末结转和结余{end}。",
                   f"其中：本年收入{income}，年初结转结余{opening}，本年支出{spent}，年末结转结余{end}。"))


def fiscal_section(w, b, ratio):
    total = b.total - b.own_spent
    role = "final-grand-total"
    both = lambda: w.m("财政拨款收入、支出总计", role, total, labels=["财政拨款收、支总计", "财政拨款收支总计", "收入、支出总计"], also=["final-income-total"])
    w.p(w.pick(lambda: f"{w.year}年度财政拨款收入、支出总计均为{both()}", lambda: f"{w.year}年度财政拨款收、支总计{both()}")
        + yoy(w, "财政拨款收入、支出总计", total, ratio, labels=["财政拨款收支总计", "财政拨款收、支总计"]) + "。")


def general_section(w, b, ratio):
    general = b.general
    total = lambda: w.m("一般公共预算财政拨款支出", "final-expenditure-total", general, also=["final-expenditure-part"])
    w.h(2, w.pick("一般公共预算财政拨款支出决算总体情况", "财政拨款支出决算总体情况", "总体情况"))
    share = w.percent(w.shown(general), w.shown(b.spent))
    text = w.pick(lambda: f"{w.year}年度一般公共预算财政拨款支出{total()}，占本年支出合计的", lambda: f"{w.year}年度财政拨款支出{total()}，占本年支出合计的")
    w.p(text + w.pct("一般公共预算财政拨款支出占本年支出合计", "share", share) + yoy(w, "一般公共预算财政拨款支出", general, ratio) + "。")
    w.h(2, w.pick("一般公共预算财政拨款支出决算结构情况", "支出决算结构情况"))
    classes = b.classes()
    if w.plant("FUNC-SUM"):
        code, value = classes[0]
        classes[0] = (code, value + w.bump * 3330)
        w.broke("FUNC-SUM", w.printed(general, w.style.unit), None, also=["FUNC-ITEM-SUM", "SHARE", "SHARE-SUM", "CROSS-AMOUNT"])
    suffix = w.pick("支出", "支出", "（类）支出", "")
    items = [(class_name(c, w.year) + suffix, "final-expenditure-function", v, (), c) for c, v in classes]
    w.p(f"{w.year}年度一般公共预算财政拨款支出{total()}，主要用于以下方面：" + parts_list(w, items, general, bad_share=True) + "。")
    w.h(2, w.pick("一般公共预算财政拨款支出决算具体情况", "具体支出情况"))
    initial = sum(i.initial for i in b.items)
    w.p(w.pick(
        lambda: f"{w.year}年度一般公共预算财政拨款支出年初预算为" + w.m("一般公共预算财政拨款支出年初预算", "budget-initial", initial, labels=["年初预算"])
        + "，支出决算为" + w.m("一般公共预算财政拨款支出决算", "final-expenditure-total", general, labels=["支出决算"]) + "，完成年初预算的"
        + w.pct("一般公共预算财政拨款支出完成年初预算", "execution", w.percent(w.shown(general), w.shown(initial))) + "。其中：",
        lambda: f"{w.year}年度一般公共预算财政拨款支出决算数为" + w.m("一般公共预算财政拨款支出决算数", "final-expenditure-total", general) + "。其中："))
    function_items(w, b)


def function_items(w, b):
    if w.chance(0.22):
        return prose_more.function_class_lines(w, b)
    form = w.pick("long", "long", "short", "grouped")
    for n, item in enumerate(b.items):
        name = class_name(item.code[:3], w.year)
        executed = item.executed
        if n == 0 and w.plant("FUNC-ITEM-SUM"):
            executed += w.bump * 2870
            w.broke("FUNC-ITEM-SUM", w.printed(executed, w.style.unit), w.printed(item.executed, w.style.unit), also=["FUNC-SUM", "EXEC-RATE", "CROSS-AMOUNT"])
        if item.code == "2101103" and w.plant("CLASS-NAME"):
            item.name = "行政单位医疗补助"
            w.broke("CLASS-NAME", item.name, "公务员医疗补助")
        long = f"{name}{w.same_suffix}（类）{item.section}（款）{item.name}（项）"
        label = long if form != "short" else f"{item.name}（{item.code}）"
        labels = [item.name, f"{item.section}{item.name}", long]
        rate = w.percent(w.shown(executed), w.shown(item.initial))
        if w.plant("EXEC-RATE"):
            wrong = format(Decimal(rate) + Decimal("6.3"), "f")
            w.broke("EXEC-RATE", wrong, rate)
            rate = wrong
        initial = lambda: w.m(f"{label}年初预算", "budget-initial", item.initial, labels=["年初预算", *labels], code=item.code)
        final = lambda: w.m(label, "final-expenditure-item", executed, labels=["支出决算", *labels], code=item.code)
        percent = lambda: w.pct(f"{label}完成年初预算", "execution", rate)
        diff = item.executed - item.initial
        reason = w.pick("，决算数与年初预算数持平。" if diff == 0 else f"。决算数{'大于' if diff > 0 else '小于'}年初预算数的主要原因是{filler.why(w, diff > 0)}。", "。")
        colon = w.pick("：", ":", "。", "，") if form != "grouped" else "："
        body = w.pick(
            lambda: f"{label}{colon}年初预算为{initial()}，支出决算为{final()}，完成年初预算的{percent()}{reason}",
            lambda: f"{label}{colon}年初预算{initial()}，支出决算{final()}，完成年初预算{percent()}{reason}",
            lambda: f"{label}{colon}支出决算为{final()}，年初预算为{initial()}，完成年初预算的{percent()}{reason}") if not w.only_final else f"{label}{colon}支出决算为{final()}{reason}"
        w.p(w.enumerate(n + 1) + body)


def three_public(w: Writer, u, tp, b, alone=False):
    """tp: dict of abroad, purchase, running, reception, budgets, counts"""
    vehicle = tp["purchase"] + tp["running"]
    total = tp["abroad"] + vehicle + tp["reception"]
    budget = tp["budget"]
    stated = total
    if w.plant("THREE-PUBLIC-SUM"):
        stated = total + w.bump * 173
        w.broke("THREE-PUBLIC-SUM", w.printed(stated, w.style.unit), w.printed(total, w.style.unit), also=["SHARE", "EXEC-RATE", "CROSS-AMOUNT", "PARTS-SUM"])
    rate = w.percent(w.shown(stated), w.shown(budget)) if budget else "0"
    name = "“三公”经费财政拨款支出决算"
    w.h(2, w.pick("“三公”经费财政拨款支出决算总体情况说明", "“三公”经费支出总体情况", "“三公”经费一般公共预算财政拨款支出决算总体情况说明"))
    text = w.pick(
        lambda: f"{w.year}年度{name}为" + w.m("“三公”经费支出决算", "three-public-total", stated, labels=["“三公”经费财政拨款支出决算", "三公经费"])
        + ("，完成预算" + w.pct("“三公”经费完成预算", "execution", rate) if budget else ""),
        lambda: f"{w.year}年度“三公”经费财政拨款支出预算为" + w.m("“三公”经费支出预算", "three-public-budget", budget, labels=["“三公”经费预算"]) + "，支出决算为"
        + w.m("“三公”经费支出决算", "three-public-total", stated, labels=["支出决算", "三公经费"]) + ("，完成预算的" + w.pct("“三公”经费完成预算", "execution", rate) if budget else ""))
    w.p(text + (yoy(w, "“三公”经费", stated, tp["ratio"], labels=["三公经费"]) if stated else "，与上年持平") + "。")
    w.h(2, w.pick("“三公”经费财政拨款支出决算具体情况说明", "具体情况"))
    part = lambda label, fen, **more: w.m(label, "three-public-part", fen, **more)
    w.p(f"{w.year}年度“三公”经费财政拨款支出决算中，因公出国（境）费支出决算{part('因公出国（境）费支出决算', tp['abroad'])}，"
        f"公务用车购置及运行维护费支出决算{part('公务用车购置及运行维护费支出决算', vehicle)}，公务接待费支出决算{part('公务接待费支出决算', tp['reception'])}。"
        + w.pick("具体情况如下：", "其中："))
    if w.long_public:
        return three_public_long(w, u, tp, part, vehicle)
    w.p(w.enumerate(1) + w.pick(
        lambda: f"因公出国（境）费{part('因公出国（境）费', tp['abroad'])}，全年安排因公出国（境）团组{tp['groups']}个，累计{tp['travellers']}人次。",
        lambda: f"因公出国（境）费支出{part('因公出国（境）费支出', tp['abroad'])}。全年使用财政拨款安排出国团组{tp['groups']}个，参加{tp['travellers']}人次。"))
    held = tp["vehicles"]
    if w.plant("VEHICLE"):
        w.broke("VEHICLE", f"{held}辆")
    w.p(w.enumerate(2) + f"公务用车购置及运行维护费{part('公务用车购置及运行维护费', vehicle)}。其中：公务用车购置支出{part('公务用车购置支出', tp['purchase'])}，当年购置公务用车{tp['bought']}辆；"
        f"公务用车运行维护费支出{part('公务用车运行维护费支出', tp['running'], labels=['公务用车运行支出'])}，主要用于燃料费、维修费、过路过桥费、保险费等。截至{w.year}年12月31日，开支财政拨款的公务用车保有量为{held}辆。")
    w.p(w.enumerate(3) + f"公务接待费支出{part('公务接待费支出', tp['reception'])}。{w.year}年共接待国内来访团组{tp['visits']}个，来访{tp['guests']}人次" + w.pick("（不包括陪同人员）。", "，主要用于上级检查和兄弟单位学习交流。"))


def three_public_long(w, u, tp, part, vehicle):
    """Each of the three with its budget, its rate and its change."""
    budget_left = tp["budget"]
    for n, (name, fen) in enumerate([("因公出国（境）费", tp["abroad"]), ("公务用车购置及运行维护费", vehicle), ("公务接待费", tp["reception"])]):
        budget = fen if not fen else min(max(fen, fen * 11 // 10 // w.bump * w.bump), max(budget_left, fen))
        text = w.enumerate(n + 1) + name
        if fen:
            text += w.pick(
                lambda: "预算为" + w.m(f"{name}预算", "three-public-budget", budget, labels=[name, "预算"]) + "，支出决算为" + part(f"{name}支出决算", fen, labels=[name, "支出决算"]) + "，完成预算的" + w.pct(f"{name}完成预算", "execution", w.percent(w.shown(fen), w.shown(budget))),
                lambda: "支出" + part(f"{name}支出", fen) + "，完成预算" + w.pct(f"{name}完成预算", "execution", w.percent(w.shown(fen), w.shown(budget))) if fen == budget else "支出" + part(f"{name}支出", fen))
            text += yoy(w, name, fen, w.rng.choice([0.78, 0.9, 1.05, 1.3]), reason=w.chance(0.5)) + "。"
        else:
            text += "支出决算" + part(f"{name}支出决算", 0, labels=[name]) + w.pick("，与上年持平。", "，本年度未安排此项支出。")
        if name.startswith("公务用车"):
            text += "其中：公务用车购置费" + part("公务用车购置费", tp["purchase"]) + "，公务用车运行维护费" + part("公务用车运行维护费", tp["running"]) + f"，公务用车保有量{tp['vehicles']}辆。"
            if w.plant("VEHICLE"):
                w.broke("VEHICLE", f"{tp['vehicles']}辆")
        if name.startswith("公务接待") and fen:
            text += f"国内公务接待{tp['visits']}批次，{tp['guests']}人次。"
        w.p(text)


def make_three_public(rng, step, scale):
    def draw(hi):
        return max(step, int(rng.uniform(0.1, hi) * scale * 1_000_000) // step * step)
    abroad = draw(3) if rng.random() < 0.06 else 0
    purchase = draw(18) if rng.random() < 0.1 else 0
    running = draw(6) if rng.random() < 0.65 else 0
    reception = draw(1.6) if rng.random() < 0.8 else 0
    total = abroad + purchase + running + reception
    return dict(abroad=abroad, purchase=purchase, running=running, reception=reception,
                budget=total if rng.random() < 0.3 else int(total * rng.uniform(1.02, 1.7)) // step * step,
                ratio=rng.choice([0.71, 0.86, 0.93, 1.08, 1.21]), groups=1 if abroad else 0, travellers=rng.randint(1, 3) if abroad else 0,
                bought=1 if purchase else 0, vehicles=rng.randint(1, 6) if running or purchase else 0,
                visits=rng.randint(2, 40) if reception else 0, guests=rng.randint(41, 420) if reception else 0)
