"""One unit's money of one year, right to the cent: everything a document can state is derived from it."""
from __future__ import annotations

from dataclasses import dataclass, field

from units import class_name


@dataclass
class Project:
    name: str
    initial: int
    budget: int
    executed: int


@dataclass
class Item:
    code: str
    section: str   # 款
    name: str      # 项
    executed: int
    initial: int


@dataclass
class Ledger:
    personnel: int = 0
    public: int = 0
    personnel_initial: int = 0
    public_initial: int = 0
    projects: list[Project] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    fund: int = 0             # government fund, spent in 212
    opening: int = 0
    closing: int = 0
    other_income: int = 0
    business_income: int = 0
    prior_ratio: float = 1.0
    step: int = 1

    @property
    def basic(self):
        return self.personnel + self.public

    @property
    def project(self):
        return sum(p.executed for p in self.projects)

    @property
    def spent(self):
        return self.basic + self.project

    @property
    def general(self):
        """Spent from the general public budget: the fund comes on top of nothing else."""
        return self.spent - self.fund - self.own_spent

    own_spent: int = 0        # spent from own income

    @property
    def income(self):
        return self.spent + self.closing - self.opening

    @property
    def general_income(self):
        return self.income - self.fund - self.other_income - self.business_income

    @property
    def total(self):
        return self.spent + self.closing

    @property
    def initial(self):
        return self.personnel_initial + self.public_initial + sum(p.initial for p in self.projects)

    @property
    def budget(self):
        return self.basic + sum(p.budget for p in self.projects)

    def classes(self) -> list[tuple[str, int]]:
        sums: dict[str, int] = {}
        for item in self.items:
            sums[item.code[:3]] = sums.get(item.code[:3], 0) + item.executed
        return sorted(sums.items())


def make(rng, kind, year: int, exact: bool) -> Ledger:
    step = 10000 if exact else rng.choice([1, 1, 100])
    scale = rng.choice([1, 1, 2, 3, 5, 8, 20, 45])

    def draw(low, high):
        """Between low and high 万元, in 分."""
        return max(step, int(rng.uniform(low, high) * scale * 1_000_000) // step * step)

    book = Ledger(step=step)
    book.personnel, book.public = draw(70, 420), draw(9, 70)
    near = lambda v, lo, hi: max(step, int(v * rng.uniform(lo, hi)) // step * step)
    book.personnel_initial, book.public_initial = near(book.personnel, 0.85, 1.02), near(book.public, 0.9, 1.1)
    names = list(kind.projects)
    rng.shuffle(names)
    for name in names[: rng.randint(2, min(5, len(names)))]:
        executed = draw(2, 130)
        budget = executed if rng.random() < 0.45 else near(executed, 1.005, 1.25)
        initial = budget if rng.random() < 0.5 else near(budget, 0.6, 1.1)
        book.projects.append(Project(name, initial, budget, executed))
    if rng.random() < 0.35:
        book.opening = draw(1, 40)
    if rng.random() < 0.35:
        book.closing = draw(1, 30)
    if rng.random() < 0.25:
        book.other_income = book.own_spent = min(draw(0.3, 9), book.projects[-1].executed // 2 // step * step)
    if kind.nature == "institution" and rng.random() < 0.4:
        book.business_income = near(book.public, 0.2, 0.7)
        book.own_spent += book.business_income
    if rng.random() < 0.15:
        book.fund = book.projects[0].executed // 3 // step * step
    fill_items(rng, kind, book, year, near)
    book.prior_ratio = rng.choice([rng.uniform(0.72, 0.98), rng.uniform(1.02, 1.35)])
    return book


def fill_items(rng, kind, book, year, near):
    """Spreads what the general public budget paid over the classification."""
    insured = kind.nature == "institution"
    pension, annuity = near(book.personnel, 0.08, 0.11), near(book.personnel, 0.03, 0.055)
    medical, housing = near(book.personnel, 0.03, 0.06), near(book.personnel, 0.07, 0.1)
    extras = [("2080505", "行政事业单位养老支出" if year >= 2020 else "行政事业单位离退休", "机关事业单位基本养老保险缴费支出", pension),
              ("2080506", "行政事业单位养老支出" if year >= 2020 else "行政事业单位离退休", "机关事业单位职业年金缴费支出", annuity),
              ("2101102" if insured else "2101101", "行政事业单位医疗", "事业单位医疗" if insured else "行政单位医疗", medical),
              ("2210201", "住房改革支出", "住房公积金", housing)]
    if rng.random() < 0.4:
        extras.insert(3, ("2101103", "行政事业单位医疗", "公务员医疗补助", near(medical, 0.1, 0.3)))
    if rng.random() < 0.3:
        extras.pop(1)
    money = book.general
    taken = sum(e[3] for e in extras)
    rest = money - taken
    step = book.step
    chosen = [kind.items[0]] + [i for i in kind.items[1:] if rng.random() < 0.75]
    shares = [rng.uniform(0.45, 0.75)] + [rng.uniform(0.05, 0.35) for _ in chosen[1:]]
    total = sum(shares)
    values = [max(step, int(rest * s / total) // step * step) for s in shares]
    values[0] += rest - sum(values)
    for (code, section, name), value in zip(chosen, values):
        book.items.append(Item(code, section, name, value, 0))
    for code, section, name, value in extras:
        book.items.append(Item(code, section, name, value, 0))
    for item in book.items:
        item.initial = item.executed if rng.random() < 0.3 else near(item.executed, 0.75, 1.12)
    book.items.sort(key=lambda i: i.code)
