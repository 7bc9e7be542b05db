"""The docx of ops/bench: makes it, and measures python-docx reading it (word_file.py FILE SECONDS, in the bench's own environment)."""

import json
import random
import statistics
import sys
import time
import zipfile
from xml.sax.saxutils import escape

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FONT = '<w:rPr><w:rFonts w:ascii="仿宋_GB2312" w:eastAsia="仿宋_GB2312" w:hint="eastAsia"/><w:sz w:val="32"/></w:rPr>'


def run(text):
    return f'<w:r>{FONT}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(text):
    """Word cuts runs wherever somebody edited: here in three."""
    third = max(1, len(text) // 3)
    runs = "".join(run(piece) for piece in (text[:third], text[third:2 * third], text[2 * third:]) if piece)
    return f'<w:p><w:pPr><w:spacing w:line="560" w:lineRule="exact"/><w:ind w:firstLine="640"/></w:pPr>{runs}</w:p>'


def table(rows):
    width = max(map(len, rows))
    text = '<w:tbl><w:tblPr><w:tblW w:w="9000" w:type="dxa"/></w:tblPr><w:tblGrid>'
    text += '<w:gridCol w:w="1000"/>' * width + "</w:tblGrid>"
    for row in rows:
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="1000" w:type="dxa"/></w:tcPr><w:p>{run(cell) if cell else ""}</w:p></w:tc>' for cell in row
        )
        text += f"<w:tr>{cells}</w:tr>"
    return text + "</w:tbl>"


def make(path, lines, size=0):
    """Writes lines as a docx, those with pipes as tables; a thumbnail fills it up to a size, as made-up text packs too well."""
    body, rows = [], []
    for line in [*lines, ""]:
        if line.startswith("|"):
            if "---" not in line:
                rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        if rows:
            body.append(table(rows))
            rows = []
        if line:
            body.append(paragraph(line))
    kinds = f'{PACKAGE}/content-types'
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}"><Default Extension="rels" ContentType="{relations}"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{"".join(body)}</w:body></w:document>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
        packed = sum(item.compress_size + 200 for item in file.infolist())
        file.writestr("docProps/thumbnail.jpeg", random.Random(7).randbytes(max(0, size - packed)))


def measure(path, seconds):
    """Milliseconds for opening the file with python-docx and collecting the text of paragraphs and cells; the median."""
    import docx

    times, count, until = [], 0, time.monotonic() + seconds
    while not times or time.monotonic() < until:
        started = time.perf_counter()
        document = docx.Document(path)
        texts = [paragraph.text for paragraph in document.paragraphs]
        texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        times.append((time.perf_counter() - started) * 1000)
        count = sum(map(len, texts))
    print(json.dumps({"microseconds": round(statistics.median(times) * 1000), "characters": count}))


if __name__ == "__main__":
    measure(sys.argv[1], float(sys.argv[2]))
