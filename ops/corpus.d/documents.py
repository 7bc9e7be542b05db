"""Chooses what a document is about, lets the writers of the kinds write it, and closes the truth."""
from __future__ import annotations

import copy
import random
from decimal import Decimal

import account
import account_document
import base
import ledger
import places
import reports
import tables_overall
import tables_project
import unit as unit_module
from core import Block, Style, Writer, cn_digits

SURNAMES = "王李张刘陈杨黄周吴徐孙马朱胡郭何林罗高梁"
GIVEN = ["建国", "晓燕", "丽华", "志强", "敏", "伟", "海燕", "国庆", "文婷", "永平", "秀英", "磊"]

FORMS = {"湖南省": "湖南", "湖北省": "湖北", "四川省": "四川", "重庆市": "重庆", "安徽省": "安徽", "北京市": "北京", "云南省": "云南", "广东省": "广东",
         "浙江省": "浙江", "宁夏回族自治区": "宁夏", "陕西省": "陕西", "天津市": "天津", "青海省": "青海"}

RULES = {
    "E": ["PARTS-SUM", "INCOME-SUM", "FUNC-SUM", "FUNC-ITEM-SUM", "THREE-PUBLIC-SUM", "EXEC-RATE", "YOY-PERCENT", "YOY-BASE", "SHARE", "BALANCE",
          "DOUBLE-TOTAL", "OPERATING", "STAFF-CAP", "STAFF-SUM", "TEMPLATE-RESIDUE", "PROJECT-COUNT", "VEHICLE", "SHARE-SUM", "UNIT-MIX", "CLASS-NAME", "NUMBERING"],
    "A": ["EXEC-RATE", "PARTS-SUM", "GRADE-BAND", "GRADE-MISSING", "STAFF-CAP", "STAFF-SUM", "TEMPLATE-RESIDUE", "YEAR-CONFLICT", "SCOPE", "UNIT-NAME", "NUMBERING", "TARGET-NO-ACTUAL"],
    "C": ["EXEC-RATE", "EXEC-SCORE", "WEIGHT-SUM", "SCORE-SUM", "SCORE-RANGE", "TARGET-SCORE", "DEDUCTION-REASON", "STAFF-CAP", "TOTAL-EMPTY", "WEIGHT-SPLIT", "GRADE-BAND"],
    "D": ["EXEC-RATE", "EXEC-SCORE", "WEIGHT-SUM", "SCORE-SUM", "SCORE-RANGE", "TARGET-SCORE", "DEDUCTION-REASON", "TOTAL-EMPTY", "WEIGHT-SPLIT", "GRADE-BAND", "INDICATOR-COLUMN"],
    "F": ["EXEC-RATE", "GRADE-BAND", "GRADE-MISSING"],
    "G": ["THREE-PUBLIC-SUM"],
    "H": ["THREE-PUBLIC-SUM", "YOY-PERCENT", "YOY-BASE", "EXEC-RATE", "VEHICLE"],
    "CA": ["CROSS-COUNT", "CROSS-AMOUNT", "CROSS-STAFF", "CROSS-SCORE", "STAFF-CAP", "SCORE-SUM", "EXEC-SCORE", "PARTS-SUM"],
    "DF": ["CROSS-BUDGET", "UNIT-SLIP", "CROSS-SCORE", "CROSS-AMOUNT", "SCORE-SUM"],
    "EB": ["TITLE-REGION", "CROSS-AMOUNT", "FUNC-SUM", "BALANCE", "GRADE-BAND"],
    "EDBF": ["FUNC-ITEM-SUM", "DOUBLE-TOTAL", "STAFF-CAP", "INDICATOR-COLUMN", "YOY-PERCENT", "CROSS-AMOUNT"],
    "DD": ["SCORE-SUM", "WEIGHT-SUM", "TARGET-SCORE", "EXEC-SCORE"],
    "AG": ["PARTS-SUM", "THREE-PUBLIC-SUM", "CROSS-STAFF"],
}
RULES["B"] = RULES["A"]
KINDS = ["A", "A", "A", "B", "B", "C", "C", "D", "D", "D", "D", "E", "E", "E", "F", "F", "G", "H", "CA", "CA", "DF", "EB", "EDBF", "DD", "AG"]
KIND_ID = {"A": "department-overall-self-evaluation-report", "B": "department-overall-evaluation-report", "C": "department-overall-self-evaluation-table",
           "D": "project-self-evaluation-table", "E": "final-account-public-explanation", "F": "project-self-evaluation-report", "G": "base-data-table",
           "H": "three-public-explanation"}


class Author(Writer):
    """A writer with the habits of one office: names, dates, headlines."""

    def prepare(self, step):
        rng = self.rng
        self.step = step
        self.bump = max(step, 10000)  # the size of a planted mistake: visible in every unit
        self.same_suffix = rng.choice(["支出", ""])
        self.share_word = rng.choice(["，占", "，占", "，占比", "（占", "，占比为", "（占比", "，占总额的", "，所占比重为"])
        self.short_lists = rng.random() < 0.4
        self.only_final = rng.random() < 0.25
        self.tidy = rng.random() < 0.3
        self.enumeration = rng.choice([lambda n: f"{n}.", lambda n: f"（{n}）", lambda n: f"{n}、", lambda n: f"{n}．" if False else f"{n}."])
        year = self.year + (1 if rng.random() < 0.96 else 2)
        self.date = (year, rng.randint(2, 9), rng.randint(1, 28))
        self.date_form = rng.choice(["cn", "cn", "cn", "slash", "dot", "dash", "han", "han-month", "month", "blank"])
        self.dated = False
        self.vehicles = 0
        self.attachments = 0
        self.fund_tail = rng.choice([["分值", "执行率", "得分"], ["分值", "执行率", "得分"], ["执行率", "分值", "得分"]])
        self.mention_projects = True
        self.mixed = False
        self.lines = rng.random() < 0.25
        self.long_public = rng.random() < 0.35

    def enumerate(self, n):
        return self.enumeration(n)

    def person(self):
        return self.rng.choice(SURNAMES) + self.rng.choice(GIVEN)

    def phone(self):
        return self.pick(lambda: f"0{self.rng.randint(311, 998)}-{self.rng.randint(2000000, 8999999)}", lambda: f"1{self.rng.choice('3578')}{self.rng.randint(100000000, 999999999)}")

    def date_text(self) -> str:
        y, m, d = self.date
        form = self.date_form
        if "YEAR-CONFLICT" in self.wanted:
            self.wanted.remove("YEAR-CONFLICT")
            y = self.year - 2
            self.date = (y, m, d)
            self.broke("YEAR-CONFLICT", str(y), str(self.year))
        iso = f"{y}-{m:02}" if form in ("han-month", "month") else f"{y}-{m:02}-{d:02}"
        self.truth["reportDate"] = iso
        zero = "〇" if (y + m) % 2 else "○"
        han = lambda n: "十" if n == 10 else (("" if n < 20 else "二三"[n // 10 - 2]) + "十" + ("一二三四五六七八九"[n % 10 - 1] if n % 10 else "") if n > 10 else "一二三四五六七八九"[n - 1])
        return {"cn": f"{y}年{m}月{d}日", "slash": f"{y}/{m}/{d}", "dot": f"{y}.{m}.{d}", "dash": f"{y}-{m:02}-{d:02}", "blank": f"{y} 年 {m} 月 {d} 日",
                "han": f"{cn_digits(str(y), zero)}年{han(m)}月{han(d)}日", "han-month": f"{cn_digits(str(y), zero)}年{han(m)}月", "month": f"{y}年{m}月"}[form]

    def date_line(self, label):
        self.center(f"{label}：{self.date_text()}")
        self.dated = True

    def headline(self, title, table=False):
        if self.truth["title"] is None:
            self.truth["title"] = title
        elif self.attachments:
            self.blocks.append(Block("page", "part"))
            self.blocks.append(Block("p", f"附件{self.attachments}"))
        self.attachments += 1
        self.title(title)

    def unit_place(self, table) -> str:
        """Where the unit of a table's money stands: in the head of the block, in each column, or in a line above the table."""
        spot = self.pick("head", "head", "columns", "line")
        if spot == "line":
            self.p(self.pick(f"金额单位：{self.style.unit}", f"单位：{self.style.unit}", f"（{self.style.unit}）"))
        return spot

    def signature(self, u):
        if self.chance(0.75) or "YEAR-CONFLICT" in self.wanted:
            self.right(u.full)
            if self.chance(0.85) or "YEAR-CONFLICT" in self.wanted:
                self.right(self.date_text())


def region_truth(place, ambiguous):
    if ambiguous:
        return {"code": None, "province": None, "city": None, "district": place.district, "local": False, "ambiguous": True}
    city = place.city
    return {"code": place.code, "province": place.province, "city": city, "district": place.district, "local": place.level == "zone", "level": place.level}


def print_name(rng, u, place):
    """How much of the region stands before the unit's name; returns True when that leaves it open which one it is."""
    fixed = u.full.startswith(("中共", "共青团"))
    draw = rng.random()
    if place.level == "district" and not fixed and u.full.startswith(place.full):
        if not place.shared and draw < 0.12:
            u.full = u.full[len(place.city):]
        elif place.shared and draw < 0.06 and place.city != place.province:
            u.full = u.full[len(place.city):]
            return True
    if draw > 0.93 and place.level in ("district", "city", "zone") and not fixed and place.province != place.city and u.full.startswith(place.city):
        u.full = place.province + u.full
    if place.level == "province":
        u.full = u.full.replace("局", "厅") if u.full.endswith("局") else u.full
        u.short = u.short.replace("局", "厅") if u.short.endswith("局") else u.short
    return False


def alter(w, rule, u, b):
    """The second part of a bundle tells another story."""
    second_unit, second_book = u, b
    if w.plant("CROSS-STAFF"):
        second_unit = copy.copy(u)
        second_unit.authorised_office += 2
        second_unit.authorised_other += 2 if not u.authorised_office else 0
        if u.kind.nature == "institution":
            second_unit.authorised_office = 0
        w.broke("CROSS-STAFF", str(second_unit.authorised), str(u.authorised))
    if w.plant("CROSS-AMOUNT"):
        second_book = copy.deepcopy(b)
        second_book.personnel += w.bump * 3120
        second_book.items[0].executed += w.bump * 3120
        w.broke("CROSS-AMOUNT", w.printed(second_book.spent, w.style.unit), w.printed(b.spent, w.style.unit), also=["CROSS-BUDGET"])
    return second_unit, second_book


def make(seed: int, index: int, rules_left: dict[str, int], kind: str | None = None, broken: bool | None = None) -> tuple[Author, dict]:
    rng = random.Random(f"{seed}:{index}")
    kind = kind or rng.choice(KINDS)
    year = rng.choices(range(2018, 2026), [2, 4, 6, 10, 14, 18, 20, 10])[0]
    province = rng.choice(list(FORMS)) if rng.random() < 0.72 else None
    place = places.choose(rng, province, year)
    form = FORMS.get(place.province, "national")
    if "D" in kind and rng.random() < 0.15:
        form = "转移支付"
    if kind in ("G", "AG"):
        place = places.choose(rng, "湖南省", year)
        form = "湖南"
    yuan = form == "云南" and kind in ("A", "E", "H", "EB", "B", "F") or rng.random() < (0.1 if set(kind) <= set('CDG') else 0.04)
    style = Style(rng, "元" if yuan else "万元")
    u = unit_module.make(rng, place)
    ambiguous = print_name(rng, u, place)
    exact = rng.random() < 0.7
    b = ledger.make(rng, u.kind, year, exact and not yuan)
    tp = account.make_three_public(rng, b.step, 1 + b.public // 100_000_000)
    w = Author(rng, year, style)
    w.prepare(b.step)
    w.vehicles = tp["vehicles"]
    w.three_public = tp
    if broken if broken is not None else rng.random() < 0.5:
        choice = sorted(RULES[kind], key=lambda r: (rules_left.get(r, 0), rng.random()))[0]
        w.wanted = [choice]
        rules_left[choice] = rules_left.get(choice, 0) + 1
        if choice == "VEHICLE":
            tp.update(running=0, purchase=0, vehicles=2)
            w.vehicles = 2
    w.counting = kind == "CA" and (rng.random() < 0.4 or "CROSS-COUNT" in w.wanted) and form != "重庆"
    compose(w, kind, u, b, tp, form)
    for rule in w.wanted:
        rules_left[rule] -= 1
    w.wanted = []
    truth = w.truth
    truth["region"] = region_truth(place, ambiguous)
    truth["unit"] = {"name": u.full}
    if u.full.startswith(place.province) and place.province != place.city and place.level != "province":
        truth["unit"]["alsoNames"] = [u.full[len(place.province):]]
    truth["kind"] = record_kind(kind, w)
    truth["form"], truth["kinds"], truth["seed"], truth["index"] = form, kind, seed, index
    return w, truth


def record_kind(kind, w):
    if "E" in kind:
        return "部门决算"
    if any(c in kind for c in "ABC"):
        return "整体支出"
    if kind == "H":
        return "三公经费"
    if kind == "G":
        return "基础数据"
    names = {a.get("project") for a in w.truth["amounts"] if a.get("project")}
    return f"项目支出/{names.pop()}" if len(names) == 1 else "项目支出"


def compose(w, kind, u, b, tp, form):
    project = b.projects[0]
    if kind in ("A", "B"):
        reports.overall(w, u, b, form, kind)
    elif kind == "C":
        text, grade = tables_overall.write(w, u, b, form)
        set_score(w, text, grade)
    elif kind == "D":
        set_score(w, *tables_project.write(w, u, project, form))
    elif kind == "DD":
        results = [tables_project.write(w, u, p, form) for p in b.projects[:3]]
        set_score(w, *results[0])
        w.truth["executionRate"] = None
    elif kind == "E":
        account_document.write(w, u, b, tp, form)
        w.truth["executionRate"] = None
    elif kind == "F":
        set_score(w, *reports.project_report(w, u, b, project, form))
    elif kind == "G":
        base.write(w, u, b, tp)
    elif kind == "H":
        account_document.three_public_document(w, u, b, tp)
    elif kind == "CA":
        score, grade = tables_overall.write(w, u, b, "湖南" if form == "重庆" and w.chance(0.3) else form)
        rate = w.truth["executionRate"]
        u2, b2 = alter(w, None, u, b)
        total = Decimal(score)
        if w.plant("CROSS-SCORE"):
            total = total - 2
            w.broke("CROSS-SCORE", str(total), score, also=["GRADE-BAND", "SCORE-SUM"])
        reports.overall(w, u2, b2, form, "A", score=total)
        w.truth["executionRate"] = rate or w.truth["executionRate"]
        set_score(w, score, grade)
    elif kind == "DF":
        score, grade = tables_project.write(w, u, project, "national" if form == "转移支付" else form)
        second = copy.copy(project)
        if w.plant("UNIT-SLIP"):
            second.budget, second.executed = second.budget * 10000, second.executed * 10000
            w.broke("UNIT-SLIP", w.printed(second.executed, w.style.unit), w.printed(project.executed, w.style.unit), also=["CROSS-AMOUNT", "CROSS-BUDGET"])
        if w.plant("CROSS-BUDGET"):
            second.budget += w.bump * 3310
            w.broke("CROSS-BUDGET", w.printed(second.budget, w.style.unit), w.printed(project.budget, w.style.unit), also=["CROSS-AMOUNT", "EXEC-RATE"])
        if w.plant("CROSS-AMOUNT"):
            second.executed -= second.executed // 7 // w.step * w.step
            w.broke("CROSS-AMOUNT", w.printed(second.executed, w.style.unit), w.printed(project.executed, w.style.unit), also=["EXEC-RATE"])
        total = Decimal(score) if score else None
        if total is not None and w.plant("CROSS-SCORE"):
            total -= 3
            w.broke("CROSS-SCORE", str(total), score)
        reports.project_report(w, u, b, second, form, score=total)
        set_score(w, score, grade)
    elif kind == "EB":
        account_document.write(w, u, b, tp, form)
        w.truth["executionRate"] = None
        u2, b2 = alter(w, None, u, b)
        reports.overall(w, u2, b2, form, "B")
        w.truth["executionRate"] = None
    elif kind == "EDBF":
        w.mention_projects = False
        account_document.write(w, u, b, tp, form)
        score, _ = tables_project.write(w, u, project, form if form != "转移支付" else "national")
        u2, b2 = alter(w, None, u, b)
        reports.overall(w, u2, b2, form, "B")
        reports.project_report(w, u, b, project, form, score=Decimal(score) if score else None)
        w.truth["executionRate"] = None
    elif kind == "AG":
        reports.overall(w, u, b, form, "A")
        u2, b2 = alter(w, None, u, b)
        base.write(w, u2, b2, tp)
    if kind == "DD":  # several projects: the first table's score, or none
        w.truth["alsoScores"] = [None, *[s["total"] for s in w.truth["scores"]]]
    if kind in ("CA", "DF", "DD"):
        w.truth["alsoGrades"] = [None] * (kind == "DD") + [s["grade"] for s in w.truth["scores"]]
    if kind in ("A", "B", "AG", "E", "EB", "EDBF"):
        first = next((s for s in w.truth["scores"] if s["part"] == 0), None)
        if first:
            set_score(w, first["total"], first["grade"])
        if "E" in kind:  # the account's own score is that of the department, where the bundle holds one
            others = [s for s in w.truth["scores"] if s["part"] > 0]
            w.truth["alsoScores"] = [None] + [s["total"] for s in others]
            w.truth["alsoGrades"] = [None] + [s["grade"] for s in others]


def set_score(w, text, grade):
    """The record's own score; a bundle may take the grade from any of its parts."""
    w.truth["score"], w.truth["grade"] = text, grade
