"""The whole of kind E, section after section, and kind H."""
from __future__ import annotations

import account
import extra_tables
import filler
from account import yoy
from core import Cell, Table
from units import class_name


def overview(w, u):
    w.h(0, w.pick("部门概况", "单位概况", f"{u.short}概况"))
    w.h(1, w.pick("部门职责", "主要职能", "主要职责"))
    for n, duty in enumerate(u.kind.duties):
        w.p(f"（{n + 1}）{duty}。")
    w.p(filler.work(w, u))
    w.h(1, w.pick("机构设置", "机构设置及人员情况"))
    w.p(f"{u.full}内设机构{len(u.depts)}个，分别为：{'、'.join(u.depts)}。" + w.pick(
        f"纳入{w.year}年度部门决算编制范围的单位共1个，即{u.full}本级。", "本单位无下属二级预算单位。", f"本部门决算为{u.full}本级决算。"))
    if w.chance(0.6):
        people(w, u)


def people(w, u):
    """Staff, in the words of one of several accountants."""
    authorised, serving = u.authorised, u.serving
    if w.plant("STAFF-CAP"):
        serving = authorised + w.rng.randint(2, 6)
        w.broke("STAFF-CAP", str(serving), str(authorised), also=["STAFF-SUM", "CROSS-STAFF"])
    split = bool(u.authorised_office and u.authorised_other)
    office, other = u.authorised_office, u.authorised_other
    if split and w.plant("STAFF-SUM"):
        other += 3
        w.broke("STAFF-SUM", str(authorised), str(office + other), also=["STAFF-CAP", "CROSS-STAFF"])
        shape = 0
    else:
        shape = w.rng.choice([0, 0, 0, 1, 2, 3]) if serving == u.serving else w.rng.choice([0, 1])
    s, y = w.staff, w.year
    third = others(w, u)
    if shape == 1:
        w.p(w.pick(
            lambda: f"{u.own}实有人员{s('serving', serving, '实有人员')}（核定编制{s('authorised', authorised, '核定编制', '名')}）{third}。",
            lambda: f"截至{y}年底，{u.full}在职在编{s('serving', serving, '在职在编')}，编制数为{s('authorised', authorised, '编制数', w.pick('人', '名', '个'))}{third}。"))
        return
    if shape == 2 and split:
        w.p(f"行政编制{s('authorised-administrative', office, '行政编制', '名')}，实有{s('serving-administrative', u.serving_office, '行政实有')}；事业编制{s('authorised-institution', other, '事业编制', '名')}，实有{s('serving-institution', u.serving_other, '事业实有')}{third}。")
        return
    if shape == 3:
        for i, line in enumerate([f"编制人数：{s('authorised', authorised, '编制人数')}；", f"实有在职人数：{s('serving', serving, '实有在职人数')}{third}。"]):
            w.p(w.enumerate(i + 1) + line)
        return
    first = w.pick(
        lambda: f"{u.own}编制人数{s('authorised', authorised, '编制人数')}", lambda: f"核定编制{s('authorised', authorised, '核定编制', w.pick('名', '个', '人'))}",
        lambda: f"现有编制{s('authorised', authorised, '编制', w.pick('个', '名'))}", lambda: f"机构编制部门核定{u.own}编制{s('authorised', authorised, '核定编制', '名')}",
        lambda: f"总编制{s('authorised', authorised, '总编制', '名')}", lambda: f"根据三定方案，{u.own}人员编制为{s('authorised', authorised, '人员编制', '名')}",
        lambda: f"{u.place.short}编办批复人员编制{s('authorised', authorised, '人员编制', '个')}")
    if split:
        first += w.pick(
            lambda: f"，其中：行政编制{s('authorised-administrative', office, '行政编制', '名')}、事业编制{s('authorised-institution', other, '事业编制', '名')}",
            lambda: f"（行政编制{s('authorised-administrative', office, '行政编制', '个')}，事业编制{s('authorised-institution', other, '事业编制', '个')}）")
    second = w.pick(
        lambda: f"实有在职人员{s('serving', serving, '实有在职人员')}", lambda: f"截至{y}年12月31日，在职人员{s('serving', serving, '在职人员')}",
        lambda: f"年末实有人数{s('serving', serving, '年末实有人数')}", lambda: f"{y}年末在职职工{s('serving', serving, '在职职工', w.pick('人', '名'))}",
        lambda: f"实际在编在岗{s('serving', serving, '在编在岗')}", lambda: f"现有在职干部职工{s('serving', serving, '在职干部职工')}", lambda: f"年末财政供养在职{s('serving', serving, '财政供养在职')}")
    w.p(f"{first}{w.pick('，', '；', '。')}{second}{third}。")


def others(w, u) -> str:
    s, text = w.staff, ""
    if u.retired and w.chance(0.7):
        text += w.pick(lambda: f"，退休人员{s('retired', u.retired, '退休人员')}", lambda: f"，离退休人员{s('retired', u.retired, '离退休人员')}", lambda: f"，退休{s('retired', u.retired, '退休')}")
    if u.contract and w.chance(0.6):
        word = w.pick("临聘人员", "编外聘用人员", "劳务派遣人员", "政府购买服务人员", "公益性岗位人员")
        text += f"，{word}{s('contract', u.contract, word)}"
    return text


def total_table(w, b):
    """收入支出决算总表, two halves side by side."""
    w.center("收入支出决算总表")
    unit = w.style.unit
    w.p(w.pick(f"金额单位：{unit}", f"单位：{unit}"))
    t = Table()
    t.add(Cell("收入", cols=2), Cell("支出", cols=2))
    t.add("项目", "决算数", "项目", "决算数")
    left = [("一、一般公共预算财政拨款收入", "final-income-part", b.general_income), ("二、政府性基金预算财政拨款收入", "final-income-part", b.fund),
            ("三、事业收入", "final-income-part", b.business_income), ("四、其他收入", "final-income-part", b.other_income)]
    right = [(f"{class_name(c, w.year)}支出", "final-expenditure-function", v, c) for c, v in class_totals(b)]
    count = max(len(left), len(right))
    for i in range(count):
        cells = []
        if i < len(left):
            name, role, fen = left[i]
            cells += [name, w.cell(name.split("、")[1], role, fen) if fen else ""]
        else:
            cells += ["", ""]
        if i < len(right):
            name, role, fen, code = right[i]
            cells += [f"{i + 1}. {name}" if w.tidy else name, w.cell(name, role, fen, code=code)]
        else:
            cells += ["", ""]
        t.add(*cells)
    t.add("本年收入合计", w.cell("本年收入合计", "final-income-total", b.income), "本年支出合计", w.cell("本年支出合计", "final-expenditure-total", b.spent))
    t.add("年初结转和结余", w.cell("年初结转和结余", "opening-carry-over", b.opening) if b.opening else "",
          "年末结转和结余", w.cell("年末结转和结余", "closing-carry-over", b.closing) if b.closing else "")
    t.add("总计", w.cell("收入总计", "final-grand-total", b.total, also=["final-income-total"], labels=["总计"]), "总计",
          w.cell("支出总计", "final-grand-total", b.total, also=["final-expenditure-total"], labels=["总计"]))
    w.table(t)
    w.p("注：本表反映部门本年度的总收支和年末结转结余情况。")


def class_totals(b):
    sums = dict(b.classes())
    outside = b.fund + b.own_spent
    if outside:
        sums["212"] = sums.get("212", 0) + b.fund
        first = sorted(sums)[0] if b.own_spent else None
        if first:
            sums[first] += b.own_spent
    return sorted((c, v) for c, v in sums.items() if v)


def basic_section(w, b):
    basic = b.basic
    public = b.public
    if w.plant("PARTS-SUM"):
        public += w.bump * 1234
        w.broke("PARTS-SUM", w.printed(basic, w.style.unit), w.printed(b.personnel + public, w.style.unit), also=["OPERATING", "CROSS-AMOUNT"])
    total = w.m("一般公共预算财政拨款基本支出", "final-expenditure-part", basic, labels=["基本支出"])
    staff = w.m("人员经费", "final-expenditure-part", b.personnel)
    office = w.m("公用经费", "final-expenditure-part", public, labels=["日常公用经费"])
    w.p(f"{w.year}年度一般公共预算财政拨款基本支出{total}，其中：")
    w.p(f"人员经费{staff}，主要包括：基本工资、津贴补贴、奖金、绩效工资、机关事业单位基本养老保险缴费、职业年金缴费、住房公积金等。")
    w.p(f"{w.pick('公用经费', '日常公用经费')}{office}，主要包括：办公费、印刷费、水费、电费、邮电费、差旅费、维修（护）费、会议费、培训费、劳务费等。")


def other_matters(w, u, b, ratio):
    w.h(2, w.pick("机关运行经费支出情况", "机关运行经费"))
    if u.kind.nature == "institution":
        w.p(w.pick("本单位为事业单位，按规定未使用机关运行经费。", "本单位不属于机关运行经费统计范围。"))
    else:
        operating = b.public
        if w.plant("OPERATING"):
            operating += w.bump * 921
            w.broke("OPERATING", w.printed(operating, w.style.unit), w.printed(b.public, w.style.unit))
        w.p(f"{w.year}年度{w.pick('', u.full)}机关运行经费支出" + w.m("机关运行经费支出", "operating-funds", operating, labels=["机关运行经费"])
            + yoy(w, "机关运行经费", operating, ratio) + "。")
    w.h(2, w.pick("政府采购支出情况", "政府采购情况"))
    goods, works, services = (w.rng.randint(0, 90) * w.step * w.rng.choice([0, 1, 40]) for _ in range(3))
    total = goods + works + services
    q = lambda label, fen: w.m(label, "procurement", fen)
    text = (f"{w.year}年度政府采购支出总额{q('政府采购支出总额', total)}，其中：政府采购货物支出{q('政府采购货物支出', goods)}、"
            f"政府采购工程支出{q('政府采购工程支出', works)}、政府采购服务支出{q('政府采购服务支出', services)}。")
    if total:
        text += f"授予中小企业合同金额{q('授予中小企业合同金额', total)}，占政府采购支出总额的{w.pct('授予中小企业合同金额占政府采购支出总额', 'share', '100')}。"
    w.p(text)
    w.h(2, w.pick("国有资产占用情况", "国有资产占有使用情况"))
    w.p(f"截至{w.year}年12月31日，{u.full}共有车辆{w.vehicles}辆，其中：机要通信用车0辆、应急保障用车{w.vehicles}辆。单价{w.pick('50万元', '100万元')}以上通用设备0台（套）。")
    w.truth["notAmounts"].append("单价50/100万元以上设备")
    w.h(2, w.pick("预算绩效管理情况", "预算绩效情况说明", "绩效评价工作开展情况"))
    count = len(b.projects)
    stated = count
    if w.plant("PROJECT-COUNT"):
        stated = count + 2
        w.broke("PROJECT-COUNT", str(stated), str(count))
    spent = sum(p.executed for p in b.projects)
    w.p(f"根据预算绩效管理要求，{u.own}组织对{w.year}年度{stated}个项目开展绩效自评，涉及资金"
        + w.m("绩效自评涉及资金", "executed", spent, labels=["项目绩效自评涉及资金", "涉及资金", "绩效自评"], also=["other", "budget", "final-expenditure-part"]) + f"，自评覆盖率达到{w.pct('自评覆盖率', 'other', '100')}。"
        + w.pick("从评价情况看，项目立项程序完整、规范，预算执行及时，绩效目标得到较好实现。", "自评结果显示，绩效目标设定合理，资金使用规范。"))
    for p in b.projects[:3] if w.mention_projects and w.chance(0.6) else []:
        score = str(w.rng.choice([92, 95, 96, 98, 99, 94.5, 97.2]))
        rate = w.percent(w.shown(p.executed), w.shown(p.budget))
        w.truth["projects"].append({"name": p.name})
        w.p(f"{p.name}项目绩效自评综述：根据年初设定的绩效目标，项目绩效自评得分为{w.score(score)}分。项目全年预算数为"
            + w.m(f"{p.name}全年预算数", "budget-project", p.budget, project=p.name, labels=["全年预算数", p.name]) + "，执行数为"
            + w.m(f"{p.name}执行数", "executed-project", p.executed, project=p.name, labels=["执行数", p.name]) + "，完成预算的" + w.pct(f"{p.name}完成预算", "execution", rate)
            + f"。主要产出和效果：{filler.work(w, u)}")


def write(w, u, b, tp, form):
    title = w.pick(f"{w.year}年度{u.full}部门决算", f"{u.full}{w.year}年度部门决算公开说明", f"{w.year}年{u.full}部门决算情况说明", f"{w.year}年度{u.full}单位决算")
    w.begin("final-account-public-explanation", title)
    w.headline(title)
    ratio = b.prior_ratio
    if form == "云南":
        w.center(f"监督索引号{w.rng.randint(10**13, 10**14 - 1)}")
    overview(w, u)
    if w.chance(0.35):
        w.h(0, f"{w.year}年度部门决算表")
        total_table(w, b)
        if not w.long_public and "THREE-PUBLIC-SUM" not in w.wanted and w.chance(0.5):
            extra_tables.three_public(w, tp)
    elif w.chance(0.5):
        w.h(0, f"{w.year}年度部门决算报表（见附表）")
        for name in ("收入支出决算总表", "收入决算表", "支出决算表", "财政拨款收入支出决算总表"):
            w.p(f"（{'一二三四'[['收入支出决算总表', '收入决算表', '支出决算表', '财政拨款收入支出决算总表'].index(name)]}）{name}")
    w.h(0, w.pick(f"{w.year}年度部门决算情况说明", f"{w.year}年度决算情况说明"))
    w.h(1, w.pick("收入支出决算总体情况说明", "收入支出总体情况"))
    account.totals_section(w, b, ratio)
    w.h(1, w.pick("收入决算情况说明", "收入情况说明"))
    account.income_section(w, b, u.full)
    w.h(1, w.pick("支出决算情况说明", "支出情况说明"))
    account.expenditure_section(w, b, u.full)
    w.h(1, "财政拨款收入支出决算总体情况说明")
    account.fiscal_section(w, b, ratio)
    w.h(1, w.pick("一般公共预算财政拨款支出决算情况说明", "财政拨款支出决算情况说明"))
    account.general_section(w, b, ratio)
    if not b.own_spent or b.own_spent <= b.project:
        w.h(1, "一般公共预算财政拨款基本支出决算情况说明")
        basic_section(w, b)
    w.h(1, w.pick("财政拨款“三公”经费支出决算情况说明", "“三公”经费决算情况说明"))
    account.three_public(w, u, tp, b)
    w.h(1, "政府性基金预算支出决算情况说明")
    if b.fund:
        w.p(f"{w.year}年度政府性基金预算财政拨款支出" + w.m("政府性基金预算财政拨款支出", "final-expenditure-total", b.fund, also=["final-expenditure-part"]) + "，主要用于城乡社区支出。")
    else:
        w.p(w.pick(lambda: f"{w.year}年度政府性基金预算财政拨款支出" + w.m("政府性基金预算财政拨款支出", "final-expenditure-total", 0, also=["final-expenditure-part"]) + "。",
                   "本单位无政府性基金预算财政拨款收支，故本表为空表。", f"{u.own}{w.year}年度没有政府性基金预算拨款安排的支出。"))
    w.h(1, "国有资本经营预算支出决算情况说明")
    w.p(w.pick(lambda: f"{w.year}年度国有资本经营预算财政拨款支出" + w.m("国有资本经营预算财政拨款支出", "final-expenditure-total", 0, also=["final-expenditure-part"]) + "。", "本单位无国有资本经营预算财政拨款支出。"))
    if form in ("陕西", "天津", "青海"):
        w.h(1, w.pick("会议费、培训费支出情况", "培训费和会议费情况"))
        train, meet = w.rng.randint(0, 60) * w.step * 3, w.rng.randint(0, 30) * w.step * 3
        w.p(f"{w.year}年度培训费支出" + w.m("培训费支出", "other", train, also=["three-public-part", "final-expenditure-part"]) + "，会议费支出"
            + w.m("会议费支出", "other", meet, also=["three-public-part", "final-expenditure-part"]) + "。本部门决算公开信息已按规定进行保密审查。")
    w.h(1, "其他重要事项的情况说明")
    other_matters(w, u, b, ratio)
    if w.chance(0.7):
        w.h(0, "名词解释")
        for n, line in enumerate(w.rng.sample(filler.GLOSSARY, 4)):
            w.p(f"{n + 1}.{line}")
    residue(w)


def residue(w):
    if w.plant("TEMPLATE-RESIDUE"):
        text = w.pick("（注：请根据各部门实际情况增减，不涉及的内容请自行删除）", "（此处简要说明××项目情况，100字以内）", "XX单位XX项目绩效自评情况见附件（项目名称）。", "主要原因是：……（或与上年度决算数持平）。")
        w.p(text)
        w.broke("TEMPLATE-RESIDUE", text)


def three_public_document(w, u, b, tp):
    """Kind H."""
    title = w.pick(f"{u.full}{w.year}年度“三公”经费决算情况说明", f"{w.year}年度{u.full}“三公”经费支出决算公开说明", f"关于{u.full}{w.year}年“三公”经费决算情况的说明")
    w.begin("three-public-explanation", title)
    w.headline(title)
    w.p(f"根据{filler.law(w)}等规定，现将{u.full}{w.year}年度“三公”经费决算情况说明如下：")
    w.p(filler.work(w, u))
    w.h(1, "“三公”经费支出情况")
    account.three_public(w, u, tp, b, alone=True)
    w.h(1, "“三公”经费增减变化原因说明")
    w.p(f"{u.own}认真贯彻落实中央八项规定精神，严格执行{w.year - 6}年印发的公务接待标准，{filler.REASONS_DOWN[3] if w.chance(0.5) else filler.REASONS_DOWN[0]}。")
    w.signature(u)
