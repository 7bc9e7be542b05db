"""docx by python-docx, with the things of real life added by hand: text boxes, cut runs, tracked changes, bookmarks, auto numbers."""
from __future__ import annotations

import copy
import io

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def add_runs(rng, paragraph, text, tricks):
    """The text in runs that are cut anywhere, also inside numbers."""
    if not text:
        return
    if "runs" in tricks and len(text) > 4 and rng.random() < 0.6:
        cuts = sorted(rng.sample(range(1, len(text)), min(len(text) - 1, rng.randint(1, 5))))
        pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)])]
    else:
        pieces = [text]
    for i, piece in enumerate(pieces):
        if "changes" in tricks and rng.random() < 0.05:
            old = escape(rng.choice(["原文", "12.34", "初步", "（草稿）"]))
            paragraph._p.append(parse_xml(f'<w:del {W} w:id="{rng.randint(1, 9999)}" w:author="a" w:date="2024-01-01T00:00:00Z"><w:r><w:delText xml:space="preserve">{old}</w:delText></w:r></w:del>'))
            paragraph._p.append(parse_xml(f'<w:ins {W} w:id="{rng.randint(1, 9999)}" w:author="a" w:date="2024-01-01T00:00:00Z"><w:r><w:t xml:space="preserve">{escape(piece)}</w:t></w:r></w:ins>'))
            continue
        if "bookmarks" in tricks and rng.random() < 0.08:
            n = rng.randint(1, 99999)
            paragraph._p.append(parse_xml(f'<w:bookmarkStart {W} w:id="{n}" w:name="_Toc{n}"/>'))
            paragraph._p.append(parse_xml(f'<w:bookmarkEnd {W} w:id="{n}"/>'))
        run = paragraph.add_run(piece)
        if i % 2:
            run.bold = True


def text_box(paragraph, text):
    box = f'''<w:r {W} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape style="width:300pt;height:40pt"><v:textbox><w:txbxContent>
    <w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>'''
    paragraph._p.append(parse_xml(box))


def numbering(document):
    """Abstract numbering 一、 and （一） in a fresh numbering part; returns the two ids by level."""
    part = document.part.numbering_part.element
    abstract = parse_xml(f'''<w:abstractNum {W} w:abstractNumId="77"><w:multiLevelType w:val="multilevel"/>
    <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
    <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>''')
    part.insert(0, abstract)
    ids = []
    for number in range(300, 312):
        part.append(parse_xml(f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="77"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'))
        ids.append(number)
    return ids


def set_number(paragraph, num_id, level):
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>'))


def add_table(rng, document, table, tricks):
    grid = table.grid()
    rows, columns = len(grid), len(grid[0])
    t = document.add_table(rows=rows, cols=columns)
    t.style = "Table Grid"
    places: dict[int, list] = {}
    for r, line in enumerate(grid):
        for c, (cell, _) in enumerate(line):
            places.setdefault(id(cell), [cell, r, c, r, c])
            places[id(cell)][3:] = [r, c]
    cells = [list(row.cells) for row in t.rows]
    for cell, r0, c0, r1, c1 in places.values():
        target = cells[r0][c0]
        if (r0, c0) != (r1, c1):
            target = target.merge(cells[r1][c1])
        lines = cell.text.split("\n")
        target.paragraphs[0].text = ""
        for extra in target.paragraphs[1:]:
            extra._p.getparent().remove(extra._p)
        add_runs(rng, target.paragraphs[0], lines[0], tricks)
        for line in lines[1:]:
            target.add_paragraph(line)


def write(rng, blocks) -> bytes:
    document = Document()
    tricks = {t for t in ("runs", "changes", "bookmarks", "boxes", "auto", "header") if rng.random() < (0.25 if t in ("changes", "boxes", "auto") else 0.5)}
    ids = numbering(document) if "auto" in tricks else []
    group = 0
    if "header" in tricks:
        document.sections[0].header.paragraphs[0].text = next((b.text for b in blocks if b.kind == "title"), "")
        document.sections[0].footer.paragraphs[0].text = "第 1 页"
    for b in blocks:
        if b.kind == "table":
            add_table(rng, document, b.table, tricks)
            continue
        if b.kind == "page":
            document.add_page_break()
            group = min(group + 1, len(ids) - 1) if ids else 0
            continue
        p = document.add_paragraph()
        if b.kind in ("title", "center"):
            p.alignment = WD_ALIGN_PARAGRAPH.CENTER
            if b.kind == "center" and "boxes" in tricks:
                text_box(p, b.text)
                continue
            add_runs(rng, p, b.text, tricks - {"changes"})
            for run in p.runs:
                run.font.size = Pt(18)
        elif b.kind == "h":
            auto = ids and b.level in (1, 2) and b.number.endswith(("、", "）")) and not b.number[0].isdigit()
            if auto:
                if b.level == 1 and b.number.startswith("一"):
                    group = min(group + 1, len(ids) - 1)
                set_number(p, ids[group], b.level - 1)
            add_runs(rng, p, b.text if auto else b.number + b.text, tricks - {"changes"})
            if rng.random() < 0.3:
                p.style = document.styles[f"Heading {min(max(b.level, 1), 3)}"]
        else:
            if b.kind == "right":
                p.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            add_runs(rng, p, b.text, tricks)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
