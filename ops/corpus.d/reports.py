"""Kinds A, B and F: reports in prose."""
from __future__ import annotations

from decimal import Decimal

import extra_tables
import filler
import prose_money
import prose_more
from account import yoy
from account_document import people, residue
from core import Block, cn_digits
from tables import grade_of, points

TITLES_A = ["{u}{y}年度部门整体支出预算绩效自评报告", "{u}{y}整体支出绩效自评报告", "{y}年度整体绩效自评报告", "{u}{h}年度部门整体支出绩效自评报告", "关于{u}{y}年度整体支出绩效自评情况的报告",
            "{y}年度部门整体支出绩效自评报告", "{u}{y}年度部门整体支出绩效自评报告", "{u}{y}年度整体支出绩效自评报告", "{y}年度{u}部门整体绩效自评报告", "{u}关于{y}年度部门整体支出绩效的自评报告", "{u}{y}年部门整体支出绩效自评情况报告"]
TITLES_B = ["{u}{y}年度部门整体支出绩效评价报告", "{y}年度{u}部门预算绩效评价报告", "{u}{y}年整体支出绩效评价报告"]


def cover(w, u, title, form):
    style = w.pick("plain", "cover", "cover", "plain")
    w.headline(title)
    if style == "cover":
        w.center(w.pick(f"评价年度：{w.year}年度", f"评价年度：{w.year}年"))
        if w.chance(0.2):
            w.center(f"（{w.pick('评价类型：部门整体支出绩效自评', '自评')}）")
        w.center(w.pick("单位名称", "部门（单位）名称", "评价单位", "预算单位") + "：" + u.full + w.pick("", "", "本级" if not u.full.endswith(("政府", "办事处")) else "", "（公章）"))
        w.date_line(w.pick("填报日期", "报告日期", "填报时间"))
        w.page()
        return True
    return False


def budget_sentences(w, u, b, form):
    """Budget, final account, rate: the hard core of a report."""
    y, own = w.year, u.own
    m = w.m
    spent = b.spent
    choice = w.rng.randrange(6)
    initial = w.chance(0.4) or "广东" == form
    rate_of = lambda fen, base: w.percent(w.shown(fen), w.shown(base), 2)
    rate = rate_of(spent, b.budget)
    if w.plant("EXEC-RATE"):
        wrong = format(Decimal(rate) - Decimal("5.2"), "f")
        w.broke("EXEC-RATE", wrong, rate)
        rate = wrong
    w.truth["executionRate"] = w.truth["executionRate"] or rate
    ex = ["final-expenditure-total"]
    if initial and b.initial != b.budget:
        w.p(w.pick(
            lambda: f"{y}年，财政批复{own}年初预算" + m("年初预算", "budget-initial", b.initial, labels=[f"财政批复{own}年初预算"]) + "，调整后全年预算" + m("调整后全年预算", "budget", b.budget, labels=["全年预算"]) + "。",
            lambda: f"{own}{y}年年初部门预算收入" + m("年初部门预算收入", "budget-initial-income", b.initial, labels=["年初预算收入"]) + "，年中追加（调减）后，全年预算数为" + m("全年预算数", "budget", b.budget) + "。"))
    sentences = [
        lambda: f"{y}年{u.full}整体支出预算" + m("整体支出预算", "budget-expenditure-total", b.budget, labels=["支出预算"]) + "，整体支出决算" + m("整体支出决算", "final-expenditure-total", spent, labels=["支出决算"], also=["executed"])
        + "，完成预算" + w.pct("整体支出完成预算", "execution", rate) + "。",
        lambda: f"{y}年度{own}全年预算数" + m("全年预算数", "budget-total", b.budget) + "，全年执行数" + m("全年执行数", "executed-total", spent, also=ex) + "，预算执行率" + w.pct("预算执行率", "execution", rate) + "。",
        lambda: f"截至{y}年12月31日，{own}部门整体支出" + m("部门整体支出", "executed-expenditure-total", spent, also=ex) + "，占全年预算" + m("全年预算", "budget-total", b.budget) + "的" + w.pct("占全年预算", "execution", rate) + "。",
        lambda: f"全年可用预算指标" + m("全年可用预算指标", "budget-total", b.budget, labels=["预算指标"]) + "，实际支出" + m("实际支出", "executed-expenditure-total", spent, also=ex) + f"，执行率为" + w.pct("执行率", "execution", rate) + "。",
        lambda: f"{u.full}{y}年度预算总额为" + m("预算总额", "budget-total", b.budget) + "，实际执行" + m("实际执行", "executed-total", spent, also=ex) + "，预算完成率" + w.pct("预算完成率", "execution", rate) + "。",
        lambda: f"{y}年财政下达预算资金" + m("财政下达预算资金", "budget-total", b.budget, labels=["预算资金"], also=["funds-received"]) + "，当年实际使用" + m("实际使用", "executed-total", spent, also=ex) + "，资金使用率达" + w.pct("资金使用率", "execution", rate) + "。",
    ]
    w.p(sentences[choice]())


def basic_and_project(w, u, b):
    m = w.m
    basic, project = b.basic, b.project
    if w.plant("PARTS-SUM"):
        basic += w.bump * 2460
        w.broke("PARTS-SUM", w.printed(b.spent, w.style.unit), w.printed(basic + project, w.style.unit), also=["CROSS-AMOUNT"])
    fp = ["final-expenditure-part", "final-expenditure-total"]
    w.p(w.pick(
        lambda: f"{w.year}年总支出" + m("总支出", "executed-expenditure-total", b.spent, also=fp, labels=["支出总额"]) + "，其中：基本支出" + m("基本支出", "executed-expenditure-part", basic, also=fp) + "，项目支出" + m("项目支出", "executed-expenditure-part", project, also=[*fp, "executed-project"]) + "。",
        lambda: "部门整体支出" + m("部门整体支出", "executed-expenditure-total", b.spent, also=fp) + "，包括基本支出" + m("基本支出", "executed-expenditure-part", basic, also=fp) + "、项目支出" + m("项目支出", "executed-expenditure-part", project, also=[*fp, "executed-project"]) + "。"))
    fp = ["final-expenditure-part"]
    w.p(w.pick(
        lambda: "基本支出中，人员经费" + m("人员经费", "executed-expenditure-part", b.personnel, also=fp) + "，主要用于在职人员工资、社会保障缴费、住房公积金等；日常公用经费" + m("日常公用经费", "executed-expenditure-part", b.public, also=fp) + "，主要用于办公费、差旅费、水电费等。",
        lambda: "用于工资福利等人员支出" + m("人员支出", "executed-expenditure-part", b.personnel, also=fp, labels=["工资福利等人员支出"]) + "，用于维持机关日常运转的公用支出" + m("公用支出", "executed-expenditure-part", b.public, also=fp) + "。"))


def project_list(w, u, b):
    m = w.m
    executed = ["executed-project", "final-expenditure-part"]
    total = m("项目支出", "executed-project-total", b.project, also=[*executed, "executed-expenditure-part"], labels=["项目支出总额", "专项支出"])
    items = list(b.projects)
    shown = [p.executed for p in items]
    if w.plant("PARTS-SUM"):
        shown[0] += w.bump * 1480
        w.broke("PARTS-SUM", w.printed(b.project, w.style.unit), w.printed(sum(shown), w.style.unit), also=["CROSS-AMOUNT"])
    for p in items:
        w.truth["projects"].append({"name": p.name})
    marks = w.rng.choice([lambda i: f"{'一二三四五'[i]}是", lambda i: f"（{i + 1}）", lambda i: "①②③④⑤"[i], lambda i: ""])
    verb = w.pick("支出", "使用资金", "", "，支出")
    texts = [marks(i) + p.name + verb + m(p.name, "executed-project", fen, also=["final-expenditure-part", "executed-project-part"], project=p.name) for i, (p, fen) in enumerate(zip(items, shown))]
    w.p(f"{w.year}年度{u.own}项目支出共计{total}，" + w.pick("其中：", "主要用于：", "具体为：") + w.pick("；", "；", "，").join(texts) + "。")


def extra_money(w, u, b):
    """Amounts that are facts of the year's work but no part of the balance: approximate and in other units."""
    r = w.rng
    if w.chance(0.5):
        fen = r.randint(3, 90) * 10 * 1_000_000
        w.p(w.pick(
            lambda: f"全年争取上级资金" + w.m("争取上级资金", "other", fen, unit="万元", approximate=w.pick("余", "多"), places=0, also=["funds-received"]) + f"，带动社会力量参与，惠及群众{r.randint(100, 900)}余人。",
            lambda: "开展慰问活动，发放慰问物资折合" + w.m("慰问物资折合", "other", fen, unit="万元", approximate=w.pick("约", "近"), places=0, labels=["发放慰问物资"], also=["executed"]) + f"，覆盖{r.randint(3, 30)}个村（社区）。"))
    if w.chance(0.2):
        fen = r.randint(2, 60) * 1_000_000
        w.p(f"{u.own}从工作经费中拿出" + w.m("拿出", "executed", fen, unit="万", places=0, labels=["从工作经费中拿出", "慰问困难群众"], also=["other", "executed-project", "executed-project-part", "executed-expenditure-part", "final-expenditure-part"]) + f"慰问困难群众{r.randint(20, 300)}户。")
    if w.chance(0.15):
        fen = r.randint(101, 999) * 1_000_000_00
        w.p(f"全{u.place.here}相关领域完成投资" + w.m("完成投资", "other", fen, unit="亿元", places=2) + f"，同比实现较快增长，较“十三五”末翻一番。")


def self_process(w, u):
    for text in filler.process(w, u):
        w.p(text)


def score_paragraph(w, u, total, full_name="部门整体支出"):
    text = points(total)
    grade = grade_of(total)
    printed = w.pick(grade, grade, grade, None)
    if w.plant("GRADE-MISSING"):
        printed = None
        w.broke("GRADE-MISSING", text)
    if w.plant("GRADE-BAND"):
        printed = w.pick("良", "优良", "优秀良好") if grade == "优" else "优"
        printed = "良" if printed == "优秀良好" else printed
        w.broke("GRADE-BAND", printed, grade, also=["CROSS-SCORE"])
    s = w.score(text, None, printed)
    if full_name == "部门整体支出" and w.chance(0.3):
        w.p(prose_more.score(w, u, s, printed))
        return text, printed
    full = ""
    if w.chance(0.2):
        full = "（满分100分）"
        w.truth["scores"][-1]["full"] = "100"
    quote = w.pick("“{}”", "{}", "“{}”").format(printed) if printed else ""
    body = w.pick(
        f"根据绩效评价指标体系逐项评分，{w.year}年度{full_name}绩效自评得分{s}分{full}",
        f"经综合评定，{u.own}{w.year}年{full_name}自评总分为{s}分{full}",
        f"对照评分标准，{full_name}绩效自评得分为{s}分{full}",
        f"自评分数{s}分{full}", f"自评综合得分：{s}分{full}",
        f"经自评小组集体评议，{u.full}{w.year}年度{full_name}绩效评价最终得分{s}分{full}",
        f"本次自评从投入、过程、产出、效果四个方面设置指标{w.rng.randint(12, 38)}个，综合得分{s}分{full}",
        f"按百分制计分，自评结果为{s}分", f"{full_name}绩效自评价得分：{s}分{full}")
    tail = w.pick(f"，评价等级为{quote}", f"，等级为{quote}", f"，评定等次为{quote}", f"，绩效等级{quote}", f"，评价结果为{quote}", f"，属于{quote}等次", f"。自评等级：{printed}") if printed else ""
    split = ""
    if w.chance(0.2) and total >= 90:
        lost = 100 - total
        split = w.pick(f"其中：预算执行10分，产出指标50分，效益指标30分，满意度指标{points(10 - lost)}分。", f"各部分得分情况：决策20分、过程20分、产出{points(40 - lost)}分、效益20分。")
    w.p(body + tail + "。" + split)
    return text, printed


def lists(w, u, kind, nested=False):
    """Problems or improvements, in one of the shapes they take."""
    pool = filler.PROBLEMS if kind == "problems" else filler.IMPROVEMENTS
    add = lambda text: w.truth[kind].append({"text": text, "part": w.part})
    shape = w.pick("numbered", "numbered", "numbered", "inline", "inline", "sentences", "single", "none", "headed", "subheads", "subheads", "bare")
    if shape == "none" and not w.chance(0.5):
        shape = "numbered"
    if shape == "none":
        w.p(w.pick("无。", "无", "暂无。", "无。"))
        return
    texts = w.rng.sample(pool, 1 if shape == "single" else w.rng.randint(2, 4))
    lead = w.pick("从自评情况看，还存在以下不足：", "主要表现在：", "", "通过自评，我们也发现一些问题：") if kind == "problems" else w.pick("针对上述问题，下一步将从以下方面改进：", "下一步，", "", "针对以上问题，拟采取以下措施：")
    if shape == "single":
        w.p(texts[0] + "。")
        add(texts[0])
    elif shape == "inline":
        w.p(lead + "；".join(f"{'一二三四'[i]}是{t}" for i, t in enumerate(texts)) + "。")
        for t in texts:
            add(t)
    elif shape == "sentences":
        marks = w.pick([f"{c}是" for c in "一二三四"], ["首先，", "其次，", "再次，", "最后，"], [f"第{c}，" for c in "一二三四"])
        w.p(lead + "".join(f"{m}{t}。" for m, t in zip(marks, texts)))
        for t in texts:
            add(t)
    elif shape == "bare":
        for t in texts:
            w.p(t + "。")
            add(t)
    elif shape == "subheads":
        mark = w.rng.choice([lambda i: f"{i + 1}.", lambda i: f"（{i + 1}）", *([] if nested else [lambda i: f"（{'一二三四'[i]}）"] * 2)])
        for i, t in enumerate(texts):
            head, _, rest = t.partition("，")
            rest = rest or "需要在今后工作中加以重视"
            w.blocks.append(Block("h", w.finish(head + w.pick("。", "", "")), 3 if nested else 2, mark(i)))
            body = rest + w.pick("，在一定程度上影响了资金使用效益" if kind == "problems" else "，力争取得更好成效", "")
            w.p(body + "。")
            add(f"{head}。{body}")
    else:
        marks = [lambda i: f"{i + 1}.", lambda i: f"{i + 1}、", lambda i: f"（{i + 1}）", lambda i: "①②③④"[i], lambda i: f"{'一二三四'[i]}是"]
        mark = w.rng.choice(marks if nested else [*marks, lambda i: f"（{'一二三四'[i]}）"])
        if lead and lead.endswith("："):
            w.p(lead)
        for i, t in enumerate(texts):
            if shape == "headed":
                head, _, rest = t.partition("，")
                line = f"{head}。{rest}" if rest else t
                w.p(f"{mark(i)}{line}。")
                add(line)
            else:
                w.p(f"{mark(i)}{t}{w.pick('。', '；') if i < len(texts) - 1 else '。'}")
                add(t)


def indicator_prose(w, u, b):
    r = w.rng
    w.p(w.pick("产出指标完成情况。", "") + "；".join(f"{what}目标{(g := r.randint(lo, hi))}{unit}，实际完成{g + r.randint(0, 9)}{unit}" for what, unit, lo, hi in r.sample(u.kind.counts, 2)) + "。")
    w.p(f"满意度方面，通过发放问卷{r.randint(50, 300)}份，{u.kind.people}满意度为{r.randint(90, 99)}%，高于目标值。")


def cross_money(w, u, b):
    """The sentence of the other part of a bundle that restates the total."""
    return b.spent


def overall(w, u, b, form, kind="A", score=None, cross=None):
    kind_name = "department-overall-self-evaluation-report" if kind == "A" else "department-overall-evaluation-report"
    title = w.pick(*(TITLES_A if kind == "A" else TITLES_B)).format(y=w.year, u=u.full, h=cn_digits(str(w.year), w.pick("〇", "○", "零")))
    w.begin(kind_name, title)
    if w.part > 0 and u.place.level == "district" and w.plant("TITLE-REGION"):
        title = f"{w.year}年{u.place.here}{u.short}预算绩效评价报告"
        w.truth["parts"][w.part]["title"] = title
        w.broke("TITLE-REGION", title, u.full)
    dated = cover(w, u, title, form)
    scope = w.plant("SCOPE")
    if scope:
        w.center("（报告范围包括机关和下属单位）")
        w.broke("SCOPE", "机关和下属单位", "无下属单位")
    if form in ("广东", "湖北") or w.chance(0.3):
        w.p(f"根据{u.place.short}财政局《关于开展{w.year + 1}年度{u.place.here}级财政资金绩效自评工作的通知》（{u.place.short[0]}财〔{w.year + 1}〕{w.rng.randint(5, 120)}号）要求，{u.own}认真组织开展自评，现将{w.year}年度{u.full}整体绩效自评情况报告如下：")
    order = "四川" if form == "四川" else w.pick("standard", "standard", "short")
    w.h(1, w.pick("部门基本情况", "部门（单位）概况", "单位基本情况", "部门概况"))
    w.h(2, w.pick("机构设置及职能", "部门职责", "单位机构设置、部门职能情况"))
    w.p(f"{u.full}" + w.pick("为一级预算单位", "是财政全额拨款单位", f"内设{len(u.depts)}个股室") + f"，主要职责：" + w.pick("；", "。").join(u.kind.duties) + "。")
    if scope:
        w.p(f"{u.full}无下属二级预算单位。")
    if w.counting:
        served = u.served
        if w.plant("CROSS-COUNT"):
            served += 471
            w.broke("CROSS-COUNT", str(served), str(u.served))
        w.p(f"{u.own}负责联系服务辖区内{served}家单位，{filler.work(w, u)}")
    if u.place.level == "district" and u.place.city in u.full and w.plant("UNIT-NAME"):
        alias = u.full.replace(u.place.city, u.place.city[:-1], 1)
        w.p(f"{w.year}年，{alias}严格执行财经纪律，各项工作有序开展。")
        w.broke("UNIT-NAME", alias, u.full)
    w.h(2, w.pick("人员情况", "人员概况", "人员编制情况"))
    if {"STAFF-CAP", "STAFF-SUM"} & set(w.wanted) or w.chance(0.65) or not prose_more.people(w, u):
        people(w, u)
    w.h(2, w.pick("年度总体工作和重点工作任务", "年度主要工作任务"))
    w.p(filler.work(w, u))
    w.h(2, w.pick("部门整体支出绩效目标", "整体绩效目标"))
    w.p(filler.aim(w, u))
    if w.plant("TARGET-NO-ACTUAL"):
        w.p("具体目标：全年至少召开专题会议3次，参会率达95%以上；至少审计基层单位15家。")
        w.broke("TARGET-NO-ACTUAL", "至少召开专题会议3次")
    w.h(1, w.pick("部门财政资金收支情况", "部门整体支出管理及使用情况", "预算执行情况", "资金收支情况"))
    w.h(2, w.pick("收入支出总体情况", "整体支出情况", "预算安排及执行情况"))
    budget_sentences(w, u, b, form)
    if order == "四川" or w.chance(0.3):
        classes = [(c, v) for c, v in b.classes()]
        from units import class_name
        role = "final-expenditure-function"
        if not (b.fund or b.own_spent):
            w.p(f"按功能分类，{w.year}年决算支出总额为" + w.m("决算支出总额", "final-expenditure-total", b.spent) + "，其中：" + "，".join(
                class_name(c, w.year) + "支出" + w.m(class_name(c, w.year) + "支出", role, v, code=c) for c, v in classes) + "。")
            w.p(w.pick(f"{w.year}年末无结转和结余资金。" if not b.closing else "", "") or f"{filler.work(w, u)}")
    w.h(2, w.pick("基本支出和项目支出", "支出情况", "资金使用情况", "基本支出"))
    if "PARTS-SUM" in w.wanted or w.chance(0.4):
        basic_and_project(w, u, b)
    for writer in w.rng.sample(prose_money.SPENDING + prose_more.MORE, w.rng.choice([1, 2, 2, 3])):
        writer(w, u, b)
    if w.chance(0.7) or "PARTS-SUM" in w.wanted:
        w.h(2, w.pick("项目支出情况", "专项支出", "重点项目支出情况", "项目资金安排落实情况"))
        if "PARTS-SUM" in w.wanted or w.chance(0.5):
            project_list(w, u, b)
        else:
            prose_money.project_lines(w, u, b)
    if w.three_public and w.chance(0.4):
        w.h(2, w.pick("“三公”经费情况", "“三公”经费使用和管理情况"))
        prose_money.three_public_line(w, u, w.three_public)
    if w.chance(0.4):
        prose_money.standards(w, u)
    if w.chance(0.2):
        limit = w.pick("100万", "50万", "200万元", "500万元")
        w.h(3, f"{limit}以上项目")
        w.p(f"{w.year}年{u.own}无{limit}以上的项目。" if max(p.executed for p in b.projects) < 40_000_000 else f"{limit}以上项目均按规定组织了事前绩效评估。")
        w.truth["notAmounts"].append(f"{limit}以上")
    if cross:
        cross(w)
    if order != "short":
        w.h(1, w.pick("绩效自评工作开展情况", "自评工作组织实施情况", "绩效评价工作开展情况"))
        self_process(w, u)
    w.h(1, w.pick("绩效自评结果及分析", "部门整体支出绩效情况", "综合评价情况及评价结论", "绩效评价结论"))
    total = score if score is not None else Decimal(w.rng.choice(["96", "97.5", "98", "95", "93.6", "91", "88", "85.5", "99", "92.35", "94"]))
    w.h(2, w.pick("自评结论", "评价结论", "自评结果"))
    text, grade = score_paragraph(w, u, total)
    w.h(2, w.pick("绩效指标完成情况分析", "部门整体支出绩效指标分析", "履职效益情况"))
    w.p(filler.work(w, u))
    indicator_prose(w, u, b)
    extra_money(w, u, b)
    tail = w.pick("split", "split", "merged")
    if tail == "split":
        w.h(1, w.pick("存在的主要问题", "存在问题", "存在的主要问题及原因分析"))
        lists(w, u, "problems")
        w.h(1, w.pick("下一步改进措施", "改进措施和有关建议", "下一步改进措施和有关建议", "改进建议"))
        lists(w, u, "improvements")
    else:
        w.h(1, w.pick("存在问题及建议", "存在的问题和改进措施", "评价结论及建议"))
        w.h(2, w.pick("存在的问题", "存在问题", "存在不足"))
        lists(w, u, "problems", nested=True)
        w.h(2, w.pick("改进措施", "改进建议", "相关建议"))
        lists(w, u, "improvements", nested=True)
    if w.chance(0.5):
        w.h(1, w.pick("其他需要说明的情况", "其他自评情况"))
        w.p("无。")
    residue(w)
    if not dated:
        w.signature(u)
    if kind == "A" and w.part == 0 and score is None and not w.truth["expectedFindings"] and w.chance(0.3):
        extra_tables.scoring_sheet(w, u, total)
    return text, grade


def project_report(w, u, b, p, form, score=None):
    """Kind F."""
    title = w.pick(f"{w.year}年度{p.name}项目绩效自评报告", f"{u.full}{w.year}年{p.name}项目支出绩效自评报告", f"{p.name}项目{w.year}年度绩效自评报告")
    w.begin("project-self-evaluation-report", title)
    w.headline(title)
    if w.part == 0 and w.chance(0.65):
        lines = [("项目名称", p.name), (w.pick("项目单位", "实施单位", "项目实施单位"), u.full), ("主管部门", u.full)]
        for label, value in lines[: w.rng.choice([2, 2, 3])]:
            w.center(f"{label}：{value}{'（盖章）' if label != '项目名称' and w.chance(0.3) else ''}")
        w.date_line(w.pick("填报日期", "报告日期"))
        w.page()
    m, y = w.m, w.year
    bp, ep = "budget-project", "executed-project"
    w.h(1, "项目概况")
    w.h(2, w.pick("项目背景及基本情况", "项目基本情况"))
    w.p(f"{p.name}项目由{u.full}组织实施，{w.pick('属于常年性项目', f'{y}年新增项目', '为延续性项目')}，{filler.aim(w, u)}")
    w.h(2, w.pick("资金安排及使用情况", "预算安排及执行情况", "项目资金情况"))
    rate = w.percent(w.shown(p.executed), w.shown(p.budget), 2)
    if w.plant("EXEC-RATE"):
        wrong = format(Decimal(rate) - Decimal("6.6"), "f")
        w.broke("EXEC-RATE", wrong, rate)
        rate = wrong
    w.truth["executionRate"] = w.truth["executionRate"] or rate
    more = dict(project=p.name)
    w.p(w.pick(
        lambda: f"{p.name}项目全年预算数" + m("全年预算数", bp, p.budget, **more) + "，执行数为" + m("执行数", ep, p.executed, **more) + "，完成预算的" + w.pct("完成预算", "execution", rate) + "。",
        lambda: f"{y}年项目预算批复金额" + m("项目预算批复金额", bp, p.budget, **more) + "，资金到位" + m("资金到位", "funds-received", p.budget, **more) + f"，资金到位率{w.pct('资金到位率', 'other', '100')}；实际支出" + m("实际支出", ep, p.executed, **more) + "，预算执行率" + w.pct("预算执行率", "execution", rate) + "。",
        lambda: f"项目总投资" + m("项目总投资", bp, p.budget, also=["other", "budget"], **more) + f"，截至{y}年底累计支付" + m("累计支付", ep, p.executed, **more) + "，支付率" + w.pct("支付率", "execution", rate) + "。"))
    if w.chance(0.5):
        first = p.executed * 6 // 10 // w.step * w.step
        second = p.executed - first
        part = ["executed-project", "final-expenditure-part", "procurement", "other"]
        if w.shown(first) + w.shown(second) == w.shown(p.executed):
            one, two = w.pick("购买服务", "设备购置", "工程款"), w.pick("劳务费", "宣传费", "补助发放")
            w.p("资金使用方向：" + one + m(one, "executed-project-part", first, also=part, **more) + "，" + two + m(two, "executed-project-part", second, also=part, **more) + "。")
    w.h(1, w.pick("评价工作开展情况", "评价实施"))
    for text in filler.process(w, u)[:2]:
        w.p(text)
    w.h(1, w.pick("绩效分析", "绩效目标完成情况分析"))
    w.h(2, "产出指标完成情况")
    indicator_prose(w, u, b)
    w.h(2, "效益指标完成情况")
    w.p(filler.work(w, u))
    w.h(1, w.pick("评价结论", "自评结论"))
    total = score if score is not None else Decimal(w.rng.choice(["96", "97.5", "98", "95", "93.6", "91", "87", "99.2"]))
    text, grade = score_paragraph(w, u, total, p.name + "项目")
    w.h(1, w.pick("存在主要问题", "存在的问题及原因"))
    lists(w, u, "problems")
    w.h(1, w.pick("改进建议", "下一步改进措施"))
    lists(w, u, "improvements")
    w.truth["projects"].append({"name": p.name})
    residue(w)
    if w.part == 0 and not w.dated:
        w.signature(u)
    return text, grade
