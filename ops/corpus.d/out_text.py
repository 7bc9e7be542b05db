"""Plain text in its encodings, markdown, and html that calls itself what it likes."""
from __future__ import annotations

import html


def heading(block) -> str:
    return block.number + block.text


def table_cells(table) -> list[str]:
    """One cell a line with a tab before it, as word processors dump tables; an empty line between rows."""
    lines = []
    for row in table.grid():
        done = None
        for cell, first in row:
            if cell is done:
                continue
            done = cell
            lines.append("\t" + (cell.text if first and not getattr(cell, "dumped", False) else ""))
            cell.dumped = True
        lines.append("")
    for row in table.rows:
        for cell in row:
            cell.dumped = False
    return lines


def table_tabs(table) -> list[str]:
    lines, seen = [], set()
    for row in table.grid():
        texts = []
        for cell, first in row:
            texts.append("" if id(cell) in seen else cell.text.replace("\n", ""))
            seen.add(id(cell))
        lines.append("\t".join(texts))
    return lines


def table_pipes(table) -> list[str]:
    rows = [t.split("\t") for t in table_tabs(table)]
    lines = ["| " + " | ".join(r) + " |" for r in rows]
    return lines[:1] + ["|" + " --- |" * len(rows[0])] + lines[1:]


def text(rng, blocks, kind="txt") -> str:
    style = "pipes" if kind == "md" else rng.choice(["cells", "cells", "tabs", "pipes"])
    gap = kind == "md" or rng.random() < 0.4
    bookmarks = kind == "txt" and rng.random() < 0.08  # what a converter leaves of a word processor's anchors
    dashes = kind == "txt" and rng.random() < 0.06  # lists as some converters write them
    indent = rng.choice(["", "　　", "    ", "  "]) if kind == "txt" else ""
    out = []
    for b in blocks:
        if b.kind == "table":
            out += {"cells": table_cells, "tabs": table_tabs, "pipes": table_pipes}[style](b.table)
            out.append("")
            continue
        if b.kind == "page":
            out.append("\f" if rng.random() < 0.2 else "")
            continue
        line = heading(b) if b.kind == "h" else b.text
        if bookmarks and b.kind in ("h", "p") and rng.random() < 0.3:
            line = f"[bookmark: _Toc{rng.randint(10**7, 10**8)}]" * rng.randint(1, 2) + line
        if kind == "md":
            line = {"title": "# ", "h": "#" * (b.level + 2) + " "}.get(b.kind, "") + line
        elif b.kind == "p":
            line = ("- " if dashes and line[:1] in "123456789" else indent) + line
        elif b.kind == "title":
            line = rng.choice(["", "      "]) + line
        elif b.kind == "right":
            line = " " * 30 + line
        out.append(line)
        if gap:
            out.append("")
    return "\n".join(out) + "\n"


def wrapped(rng, content: str) -> str:
    """Hard line ends after so many characters, as text taken from a printed page has them."""
    width = rng.randint(34, 46)
    out = []
    for line in content.split("\n"):
        if line.startswith(("\t", "|")) or "\t" in line:
            out.append(line)
            continue
        while len(line) > width:
            out.append(line[:width])
            line = line[width:]
        out.append(line)
    return "\n".join(out)


ENCODINGS = {"utf8": "utf-8", "utf8-bom": "utf-8-sig", "gb18030": "gb18030", "gbk": "gb18030", "utf16": "utf-16", "utf16be": "utf-16-be"}


def encode(rng, content: str, encoding: str, newline="\n") -> bytes:
    if newline != "\n":
        content = content.replace("\n", newline)
    if encoding == "utf16be":
        return b"\xfe\xff" + content.encode("utf-16-be")
    return content.encode(ENCODINGS[encoding])


def html_page(rng, blocks, charset="utf-8", excel=False) -> bytes:
    e = lambda s: html.escape(s, quote=False).replace("\n", "<br/>").replace("\u00a0", "&nbsp;")
    tag = rng.choice(["p", "div", "p"])
    parts = []
    breaks = not excel and rng.random() < 0.15   # paragraphs of one element, parted by line breaks
    layout = not excel and rng.random() < 0.15   # the page of an old site: everything in one big cell
    for b in blocks:
        if breaks and b.kind in ("p", "h"):
            line = f"&emsp;&emsp;{e(heading(b) if b.kind == 'h' else b.text)}"
            if parts and parts[-1].endswith("<!--open--></div>"):
                parts[-1] = parts[-1][: -len("<!--open--></div>")] + "<br/>" + line + "<!--open--></div>"
            else:
                parts.append(f"<div>{line}<!--open--></div>")
            continue
        if b.kind == "table":
            rows = []
            for row in b.table.rows:
                cells = []
                for c in row:
                    span = (f' colspan="{c.cols}"' if c.cols > 1 else "") + (f' rowspan="{c.rows}"' if c.rows > 1 else "")
                    cells.append(f"<td{span}>{e(c.text) or '&nbsp;'}</td>")
                rows.append("<tr>" + "".join(cells) + "</tr>")
            parts.append('<table border="1" cellspacing="0">\n' + "\n".join(rows) + "\n</table>")
        elif b.kind == "title":
            parts.append(f"<h1 align=\"center\">{e(b.text)}</h1>" if rng.random() < 0.5 else f'<p style="text-align:center"><strong>{e(b.text)}</strong></p>')
        elif b.kind == "h":
            parts.append(f"<{tag}><b>{e(b.number)}</b>{e(b.text)}</{tag}>" if rng.random() < 0.5 else f"<h{min(b.level + 2, 6)}>{e(heading(b))}</h{min(b.level + 2, 6)}>")
        elif b.kind == "page":
            parts.append("<hr/>")
        else:
            body = e(b.text)
            if rng.random() < 0.25 and "，" in body:
                body = f'<span style="font-family:仿宋">{body}</span>'
            parts.append(f"<{tag}>&emsp;&emsp;{body}</{tag}>" if b.kind == "p" and tag == "p" else f"<{tag}>{body}</{tag}>")
    declared = charset
    title = next((b.text for b in blocks if b.kind == "title"), "")
    noise = "" if excel else '<div class="nav"><a href="/">首页</a> &gt; <a href="/zfxxgk/">政府信息公开</a></div><script>var a = 1 < 2;</script>'
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"/><title>{e(title)}</title><style>td{{border:1px solid}}</style></head><body>{noise}'
    body = "\n".join(parts)
    if layout:
        body = f'<table width="1000" border="0"><tr><td width="20%">栏目导航</td><td>{body}</td></tr></table>'
    page = head + body + "</body></html>\n"
    return page.encode("gb18030" if declared in ("gb2312", "gbk") else declared, errors="xmlcharrefreplace")
