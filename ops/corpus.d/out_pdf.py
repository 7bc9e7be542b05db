"""pdf by reportlab with a font that is not embedded, running heads and page numbers."""
from __future__ import annotations

import html
import io

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


def write(rng, blocks) -> bytes:
    size = rng.choice([11, 12, 14])
    base = ParagraphStyle("base", fontName="STSong-Light", fontSize=size, leading=size * 1.6, wordWrap="CJK")
    body = ParagraphStyle("body", parent=base, firstLineIndent=2 * size)
    middle = ParagraphStyle("middle", parent=base, alignment=1)
    title = ParagraphStyle("title", parent=base, alignment=1, fontSize=18, leading=28)
    right = ParagraphStyle("right", parent=base, alignment=2)
    small = ParagraphStyle("small", parent=base, fontSize=7.5, leading=10)
    wide = any(b.kind == "table" and len(b.table.grid()[0]) > 9 for b in blocks)
    page = landscape(A4) if wide else A4
    usable = page[0] - 40 * mm
    story = []
    for b in blocks:
        text = html.escape(b.number + b.text if b.kind == "h" else b.text, quote=False)
        if b.kind == "table":
            story += [make_table(b.table, small, usable), Spacer(1, 8)]
        elif b.kind == "page":
            story.append(PageBreak())
        elif text:
            story.append(Paragraph(text, {"title": title, "center": middle, "right": right, "p": body, "h": body}[b.kind]))
    head = next((b.text for b in blocks if b.kind == "title"), "") if rng.random() < 0.4 else ""
    form = rng.choice(["- {} -", "{}", "第{}页", "— {} —"])

    def decorate(canvas, document):
        canvas.setFont("STSong-Light", 9)
        canvas.drawCentredString(page[0] / 2, 10 * mm, form.format(canvas.getPageNumber()))
        if head:
            canvas.drawCentredString(page[0] / 2, page[1] - 10 * mm, head)

    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=page, leftMargin=20 * mm, rightMargin=20 * mm, topMargin=20 * mm, bottomMargin=20 * mm).build(story, onFirstPage=decorate, onLaterPages=decorate)
    return out.getvalue()


def make_table(table, style, usable):
    grid = table.grid()
    seen, spans, data = {}, [], []
    for r, line in enumerate(grid):
        row = []
        for c, (cell, _) in enumerate(line):
            if id(cell) in seen:
                seen[id(cell)][3:] = [c, r]
                row.append("")
            else:
                seen[id(cell)] = [cell, c, r, c, r]
                row.append(Paragraph(html.escape(cell.text, quote=False).replace("\n", "<br/>"), style))
        data.append(row)
    for cell, c0, r0, c1, r1 in seen.values():
        if (c0, r0) != (c1, r1):
            spans.append(("SPAN", (c0, r0), (c1, r1)))
    columns = len(grid[0])
    weights = [1.0] * columns
    for line in grid:
        for c, (cell, _) in enumerate(line):
            if cell.cols == 1:
                weights[c] = max(weights[c], min(len(cell.text), 14))
    total = sum(weights)
    return Table(data, colWidths=[usable * w / total for w in weights], style=TableStyle([("GRID", (0, 0), (-1, -1), 0.4, (0, 0, 0)), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *spans]))
