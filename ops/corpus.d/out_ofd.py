"""OFD (GB/T 33190): text objects placed by coordinates, lines cut into pieces, tables as text and strokes."""
from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 210.0, 297.0, 22.0, 22.0, 275.0


class Layout:
    """Pieces of text and strokes on pages, in millimetres from the top left corner."""

    def __init__(self, rng):
        self.rng = rng
        self.pages: list[tuple[list, list]] = [([], [])]
        self.y = TOP

    def need(self, height):
        if self.y + height > BOTTOM:
            self.pages.append(([], []))
            self.y = TOP

    def line(self, x, text, size):
        self.pages[-1][0].append((x, self.y, size, text))

    def wrap(self, text, size, width):
        lines, current, used = [], "", 0.0
        for char in text:
            advance = size if ord(char) > 0x2E80 or char in "“”—…≥≤①②③④⑤" else size * 0.5
            if used + advance > width or char == "\n":
                lines.append(current)
                current, used = "", 0.0
            if char != "\n":
                current += char
                used += advance
        return lines + [current] if current or not lines else lines

    def paragraph(self, text, size=4.2, align="left", indent=0.0):
        for i, line in enumerate(self.wrap(("　　" if indent else "") + text, size, WIDTH - 2 * LEFT)):
            self.need(size * 1.6)
            width = sum(size if ord(c) > 0x2E80 else size * 0.5 for c in line)
            x = LEFT if align == "left" else (WIDTH - width) / 2 if align == "center" else WIDTH - LEFT - width
            self.line(x, line, size)
            self.y += size * 1.6

    def table(self, table, size=2.8):
        grid = table.grid()
        columns = len(grid[0])
        weights = [1.0] * columns
        for line in grid:
            for c, (cell, _) in enumerate(line):
                if cell.cols == 1:
                    weights[c] = max(weights[c], min(len(cell.text), 12))
        usable = WIDTH - 2 * 12
        edges = [12.0]
        for w in weights:
            edges.append(edges[-1] + usable * w / sum(weights))
        seen = set()
        for line in grid:
            cells = []
            for c, (cell, _) in enumerate(line):
                if id(cell) in seen:
                    continue
                seen.add(id(cell))
                right = edges[min(c + cell.cols, columns)]
                cells.append((edges[c] + 0.8, self.wrap(cell.text, size, right - edges[c] - 1.6), cell.rows))
            height = max([len(lines) for _, lines, rows in cells if rows == 1] + [1]) * size * 1.4 + 1.5
            self.need(height)
            top = self.y
            strokes = self.pages[-1][1]
            strokes.append((edges[0], top, edges[-1], top))
            for x, lines, _ in cells:
                for i, text in enumerate(lines):
                    self.pages[-1][0].append((x, top + 1 + i * size * 1.4, size, text))
            for edge in edges:
                strokes.append((edge, top, edge, top + height))
            self.y = top + height
            strokes.append((edges[0], self.y, edges[-1], self.y))
        self.y += 3


def pieces(rng, x, y, size, text):
    """One line as one or several text objects."""
    if len(text) > 6 and rng.random() < 0.5:
        cut = rng.randint(2, len(text) - 2)
        offset = sum(size if ord(c) > 0x2E80 else size * 0.5 for c in text[:cut])
        return [(x, y, size, text[:cut]), (x + offset, y, size, text[cut:])]
    return [(x, y, size, text)]


def page_xml(rng, texts, strokes) -> str:
    number = 10
    body = []
    order = list(texts)
    if rng.random() < 0.3:
        rng.shuffle(order)
    for x0, y0, size0, text0 in order:
        for x, y, size, text in pieces(rng, x0, y0, size0, text0):
            if not text.strip():
                continue
            number += 1
            deltas = " ".join(f"{size if ord(c) > 0x2E80 else size * 0.5:.2f}" for c in text[:-1])
            if len(set(deltas.split())) == 1 and len(text) > 3:
                deltas = f"g {len(text) - 1} {deltas.split()[0]}"
            delta = f' DeltaX="{deltas}"' if deltas else ""
            width = len(text) * size
            body.append(f'<ofd:TextObject ID="{number}" Boundary="{x:.2f} {y:.2f} {width:.2f} {size * 1.3:.2f}" Font="3" Size="{size}"><ofd:FillColor Value="0 0 0"/>'
                        f'<ofd:TextCode X="0" Y="{size * 0.9:.2f}"{delta}>{escape(text)}</ofd:TextCode></ofd:TextObject>')
    for x1, y1, x2, y2 in strokes:
        number += 1
        body.append(f'<ofd:PathObject ID="{number}" Boundary="{x1:.2f} {y1:.2f} {max(x2 - x1, 0.1):.2f} {max(y2 - y1, 0.1):.2f}" LineWidth="0.2"><ofd:AbbreviatedData>M 0 0 L {x2 - x1:.2f} {y2 - y1:.2f}</ofd:AbbreviatedData></ofd:PathObject>')
    return (f'<?xml version="1.0" encoding="UTF-8"?><ofd:Page {NS}><ofd:Area><ofd:PhysicalBox>0 0 {WIDTH} {HEIGHT}</ofd:PhysicalBox></ofd:Area>'
            f'<ofd:Content><ofd:Layer ID="5" Type="Body">{"".join(body)}</ofd:Layer></ofd:Content></ofd:Page>')


def write(rng, blocks) -> bytes:
    layout = Layout(rng)
    for b in blocks:
        text = b.number + b.text if b.kind == "h" else b.text
        if b.kind == "table":
            layout.table(b.table)
        elif b.kind == "page":
            layout.pages.append(([], []))
            layout.y = TOP
        elif b.kind == "title":
            layout.paragraph(text, 6.0, "center")
        elif text:
            layout.paragraph(text, 4.2, {"center": "center", "right": "right"}.get(b.kind, "left"), indent=b.kind in ("p", "h"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("OFD.xml", f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {NS} DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo><ofd:DocID>0</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>')
        z.writestr("Doc_0/PublicRes.xml", f'<?xml version="1.0" encoding="UTF-8"?><ofd:Res {NS} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>')
        pages = "".join(f'<ofd:Page ID="{i + 1000}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(layout.pages)))
        z.writestr("Doc_0/Document.xml", f'<?xml version="1.0" encoding="UTF-8"?><ofd:Document {NS}><ofd:CommonData><ofd:MaxUnitID>9999</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 {WIDTH} {HEIGHT}</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>{pages}</ofd:Pages></ofd:Document>')
        for i, (texts, strokes) in enumerate(layout.pages):
            z.writestr(f"Doc_0/Pages/Page_{i}/Content.xml", page_xml(rng, texts, strokes))
    return out.getvalue()
