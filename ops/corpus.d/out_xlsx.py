"""xlsx of the table kinds: merged ranges, number cells with formats, several sheets, a hidden one."""
from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.utils import get_column_letter


def number_format(text: str, style_thousands: bool) -> str:
    places = len(text.partition(".")[2])
    body = "#,##0" if "," in text else "0"
    return body + ("." + "0" * places if places else "")


def put(rng, sheet, r, c, cell, numbers):
    target = sheet.cell(r, c)
    text = cell.text
    plain = text.replace(",", "")
    if numbers and cell.number is not None and plain and plain.replace(".", "", 1).isdigit():
        target.value = float(cell.number) if "." in plain else int(plain)
        places = len(plain.partition(".")[2])
        if places == 2 and float(plain) > 1 and rng.random() < 0.3:  # more digits in the cell than on paper
            target.value = round(float(cell.number) + rng.uniform(-0.0045, 0.0045), 4)
        target.number_format = number_format(text, False)
    elif numbers and cell.percent and text.endswith("%") and text[:-1].replace(".", "", 1).isdigit():
        places = len(text[:-1].partition(".")[2])
        target.value = round(float(text[:-1]) / 100, places + 6)
        target.number_format = "0" + ("." + "0" * places if places else "") + "%"
    else:
        target.value = text or None
        if text.startswith("="):  # a target such as =20人, no formula
            target.data_type = "s"
        if plain.replace(".", "", 1).isdigit():
            target.number_format = "@"


def write(rng, blocks) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = rng.choice(["Sheet1", "自评表", "附件"])
    numbers = rng.random() < 0.65
    width = max([len(b.table.grid()[0]) for b in blocks if b.kind == "table"] + [1])
    row = 1
    count = 1
    for b in blocks:
        if b.kind == "page" and rng.random() < 0.6:
            count += 1
            sheet = book.create_sheet(f"表{count}")
            row = 1
        elif b.kind == "page":
            row += 2
        elif b.kind == "table":
            seen = {}
            grid = b.table.grid()
            for r, line in enumerate(grid):
                for c, (cell, _) in enumerate(line):
                    if id(cell) not in seen:
                        seen[id(cell)] = [cell, r, c, r, c]
                    seen[id(cell)][3:] = [r, c]
            for cell, r0, c0, r1, c1 in seen.values():
                put(rng, sheet, row + r0, 1 + c0, cell, numbers)
                if (r0, c0) != (r1, c1):
                    sheet.merge_cells(start_row=row + r0, start_column=1 + c0, end_row=row + r1, end_column=1 + c1)
            row += len(grid)
        else:
            sheet.cell(row, 1).value = (b.number + b.text) if b.kind == "h" else b.text
            if width > 1 and b.kind in ("title", "center", "p"):
                sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
            row += 1
    if rng.random() < 0.2:
        hidden = book.create_sheet("参数")
        hidden.sheet_state = "hidden"
        for i, word in enumerate(["定性", "≥", "≤", "=", "万元"]):
            hidden.cell(i + 1, 1).value = word
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
