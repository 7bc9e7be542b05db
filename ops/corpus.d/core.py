"""What a document is before it has a format: blocks, tables, and the truth that grows while they are written."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

YUAN = {"元": Decimal(1), "万元": Decimal(10000), "万": Decimal(10000), "亿元": Decimal(100000000)}
CHINESE = "一二三四五六七八九十"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"
FULL = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")


def cn(number: int) -> str:
    if number <= 10:
        return CHINESE[number - 1]
    if number < 20:
        return "十" + CHINESE[number - 11]
    tens, ones = divmod(number, 10)
    return CHINESE[tens - 1] + "十" + (CHINESE[ones - 1] if ones else "")


def cn_digits(text: str, zero: str = "〇") -> str:
    return "".join(zero if c == "0" else CHINESE[int(c) - 1] if c.isdigit() else c for c in text)


@dataclass
class Cell:
    text: str = ""
    cols: int = 1
    rows: int = 1
    number: Decimal | None = None   # what a spreadsheet would hold
    percent: bool = False


@dataclass
class Table:
    rows: list[list[Cell]] = field(default_factory=list)

    def add(self, *cells):
        self.rows.append([c if isinstance(c, Cell) else Cell(str(c)) for c in cells])

    def grid(self) -> list[list[tuple[Cell | None, bool]]]:
        """(cell, is its first place) for each place of the grid, None where nothing stands."""
        out: list[list] = []
        pending: dict[tuple[int, int], Cell] = {}
        for r, row in enumerate(self.rows):
            line, c, queue = [], 0, list(row)
            while queue or (r, c) in pending:
                if (r, c) in pending:
                    line.append((pending.pop((r, c)), False))
                    c += 1
                    continue
                cell = queue.pop(0)
                for dc in range(cell.cols):
                    line.append((cell, dc == 0))
                    for dr in range(1, cell.rows):
                        pending[(r + dr, c + dc)] = cell
                c += cell.cols
            out.append(line)
        width = max((len(line) for line in out), default=0)
        for line in out:
            line.extend([(Cell(), True)] * (width - len(line)))
        return out


@dataclass
class Block:
    kind: str                 # title, center, right, h, p, table, page
    text: str = ""
    level: int = 0
    number: str = ""
    table: Table | None = None


class Style:
    """How one accountant writes, kept through one document."""

    def __init__(self, rng, unit="万元", plain=False):
        self.unit = unit
        self.trim = rng.random() < 0.35
        self.zero = rng.choice(["0", "0.00", "0"]) if not self.trim else "0"
        self.thousands = rng.choice(["", "", "", ",", ","]) if unit == "元" else rng.choice(["", "", "", "", ","])
        self.blank = "" if plain else rng.choice(["", "", "", "", " ", " "])
        self.wide = not plain and rng.random() < 0.05
        self.percent = rng.choice(["%", "%", "%", "％"])
        self.percent_places = rng.choice([2, 2, 2, 1, 2])
        self.numbering = rng.choice(["cn", "cn", "cn", "cn-half", "mixed", "arabic", "cn-stop"])
        self.quotes = rng.choice([("“", "”"), ("“", "”"), ("“", "”"), ('"', '"'), ("「", "」")])
        self.half_parens = rng.random() < 0.12
        self.half_marks = not plain and rng.random() < 0.07
        self.indent = rng.choice(["", "　　", "    ", ""])
        self.word_blanks = not plain and rng.random() < 0.06
        self.nbsp = not plain and rng.random() < 0.06
        self.residue = False
        self.dash = rng.choice(["", "—", "－", "-", "/", "\\"])

    def heading(self, level: int, n: int) -> str:
        style = self.numbering
        if level == 0:
            return f"第{cn(n)}部分  "
        if style == "arabic":
            return {1: f"{n}、", 2: f"{n}. ", 3: f"（{n}）", 4: CIRCLED[min(n, 15) - 1]}[level]
        if level == 1:
            return cn(n) + ("." if style == "cn-stop" else "、")
        if level == 2:
            return {"cn-half": f"({cn(n)})", "mixed": f"（{cn(n)}）" if n % 3 else f"（{cn(n)}）"}.get(style, f"（{cn(n)}）")
        if level == 3:
            return f"{n}、" if style == "mixed" else f"{n}."
        return f"（{n}）" if style != "cn-half" else f"({n})"


class Writer:
    """Collects blocks and truth. Every fact is written through it, so that text and truth cannot differ."""

    def __init__(self, rng, year: int, style: Style):
        self.rng, self.year, self.style = rng, year, style
        self.blocks: list[Block] = []
        self.part = -1
        self.wanted: list[str] = []       # rules still to be broken
        self.counter = [0] * 6
        self.truth = {
            "year": year, "region": {}, "unit": {}, "kind": None, "title": None, "reportDate": None, "parts": [],
            "staffing": [], "amounts": [], "rates": [], "indicators": [], "scores": [], "score": None, "grade": None,
            "executionRate": None, "problems": [], "improvements": [], "projects": [], "notAmounts": [],
            "expectedFindings": [], "clean": True,
        }

    # Choosing
    def pick(self, *options):
        """One of the options; callables are called only when chosen."""
        chosen = self.rng.choice(options)
        return chosen() if callable(chosen) else chosen

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def plant(self, rule: str) -> bool:
        """True once for a rule this document shall break."""
        if rule in self.wanted:
            self.wanted.remove(rule)
            return True
        return False

    def broke(self, rule, stated=None, computed=None, also=()):
        self.truth["expectedFindings"].append(
            {"rule": rule, "stated": stated, "computed": computed, "alsoAllowed": list(also)})
        self.truth["clean"] = False

    # Parts
    def begin(self, kind: str, title: str | None = None):
        self.truth["parts"].append({"kind": kind, "title": title})
        self.part = len(self.truth["parts"]) - 1
        self.counter = [0] * 6

    # Numbers
    def printed(self, fen: int, unit: str, places: int | None = None) -> str:
        value = Decimal(fen) / 100 / YUAN[unit]
        places = 2 if places is None else places
        value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if value == 0:
            return self.style.zero if places == 2 else format(value, "f")
        text = format(value, "f")
        if self.style.trim and "." in text and places == 2:
            text = text.rstrip("0").rstrip(".")
        return text

    def dress(self, text: str, wide=None) -> str:
        """The number as it stands on paper."""
        if self.style.thousands:
            head, dot, tail = text.partition(".")
            if len(head) > 3:
                text = f"{int(head):,}" + dot + tail
        if wide if wide is not None else self.style.wide:
            text = text.translate(FULL)
        return text

    def amount(self, label, role, value, unit, direction=None, approximate=False, also=(), labels=(), project=None, code=None):
        entry = {"label": label, "role": role, "value": value, "unit": unit, "direction": direction,
                 "yuan": format((Decimal(value) * YUAN[unit]).normalize() + 0, "f"), "part": self.part}
        if approximate:
            entry["approximate"] = True
        if also:
            entry["alsoRoles"] = list(also)
        if labels:
            entry["alsoLabels"] = list(labels)
        if project:
            entry["project"] = project
        if code:
            entry["functionCode"] = code
        self.truth["amounts"].append(entry)

    def m(self, label, role, fen, unit=None, direction=None, approximate="", places=None, **more) -> str:
        """An amount in running text, with its unit; `approximate` is 约, 近 (before) or 余, 多 (behind the number)."""
        unit = unit or self.style.unit
        value = self.printed(fen, unit, places)
        self.amount(label, role, value, unit, direction, bool(approximate), **more)
        number = self.dress(value)
        blank = self.style.blank
        if approximate in ("余", "多"):
            return f"{number}{approximate}{unit}"
        return f"{approximate}{blank}{number}{blank}{unit}"

    def cell(self, label, role, fen, unit=None, places=None, direction=None, **more) -> Cell:
        """An amount in a cell, the unit stands elsewhere."""
        unit = unit or self.style.unit
        value = self.printed(fen, unit, places)
        self.amount(label, role, value, unit, direction, **more)
        return Cell(self.dress(value, wide=False), number=Decimal(value))

    def pct(self, label, role, text, direction=None) -> str:
        self.truth["rates"].append({"label": label, "role": role, "percent": text, "direction": direction, "part": self.part})
        return self.dress(text) + self.style.percent

    def percent(self, part, whole, places=None) -> str:
        """part / whole as the document prints it, from the printed values."""
        places = self.style.percent_places if places is None else places
        if not whole:
            return "0"
        value = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text and (self.style.trim or value == 100 or value == 0) else text

    def shown(self, fen: int, unit=None) -> Decimal:
        """What is left of an amount once it is printed."""
        return Decimal(self.printed(fen, unit or self.style.unit))

    def staff(self, role, count, label, unit="人") -> str:
        self.truth["staffing"].append({"role": role, "count": str(count), "label": label, "part": self.part})
        blank = self.style.blank
        return f"{blank}{self.dress(str(count))}{blank}{unit}"

    def score(self, total, full=None, grade=None):
        self.truth["scores"].append({"total": total, "full": full, "grade": grade, "part": self.part})
        return self.dress(total)

    # Blocks
    def title(self, text):
        self.blocks.append(Block("title", text))

    def center(self, text):
        self.blocks.append(Block("center", text))

    def right(self, text):
        self.blocks.append(Block("right", text))

    def page(self):
        self.blocks.append(Block("page"))

    def h(self, level, text, number=None):
        self.counter[level] += 1
        if level == 1 and self.counter[1] == 3 and self.plant("NUMBERING"):
            self.counter[1] += 1
            self.broke("NUMBERING", "4", "3")
        for deeper in range(level + 1, 6):
            self.counter[deeper] = 0
        mark = self.style.heading(level, self.counter[level]) if number is None else number
        self.blocks.append(Block("h", self.finish(text), level, mark))

    def p(self, text):
        self.blocks.append(Block("p", self.finish(text)))

    def table(self, table):
        self.blocks.append(Block("table", table=table))

    def finish(self, text: str) -> str:
        """Typography that does not change facts."""
        style = self.style
        open_, close = style.quotes
        text = text.replace("“", open_).replace("”", close) if open_ != "“" else text
        if style.half_marks:
            text = text.replace("，", ",").replace("：", ":").replace("；", ";")
        if style.half_parens:
            text = text.replace("（", "(").replace("）", ")")
        if style.blank and self.chance(0.5):
            text = re.sub(r"(\d)(年|月|日|人|个|名)", r"\1 \2", text)
        if style.wide and self.chance(0.5):
            text = re.sub(r"\d", lambda d: d[0].translate(FULL), text)
        if style.word_blanks and self.chance(0.3):
            text = re.sub("(严|认|确)(格|真|保)", r"\1 \2", text, count=1)
        if style.nbsp and self.chance(0.3):
            text = text.replace("，", "，" + self.rng.choice(["\u00a0", "\u2009", "\u3000"]), 1)
        return text
