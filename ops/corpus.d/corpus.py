"""ops/corpus: documents with truth from a seed. See docs/testing of the corpus in docs/parsing.md."""
from __future__ import annotations

import argparse
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import documents
import out_docx
import out_text
import out_xlsx

TEXT = ["txt", "txt-gb18030", "txt-utf16", "txt-bom-crlf", "md", "html", "html-gb2312", "html-xls", "docx", "docx", "docx"]
TABLES = TEXT + ["xlsx", "xlsx", "xlsx"]


def choose_format(rng, kinds, allowed):
    pool = TABLES if set(kinds) <= set("CDG") else TEXT
    pool = [f for f in pool if not allowed or f.split("-")[0] in allowed or f in allowed]
    return rng.choice(pool or list(allowed))


def render(rng, blocks, form) -> tuple[str, bytes]:
    """(extension, bytes)"""
    if form == "docx":
        return "docx", out_docx.write(rng, blocks)
    if form == "xlsx":
        return "xlsx", out_xlsx.write(rng, blocks)
    if form == "md":
        return "md", out_text.text(rng, blocks, "md").encode()
    if form == "html":
        return "html", out_text.html_page(rng, blocks)
    if form == "html-gb2312":
        return "htm", out_text.html_page(rng, blocks, "gb2312")
    if form == "html-xls":
        return "xls", out_text.html_page(rng, blocks, rng.choice(["gb2312", "utf-8"]), excel=True)
    content = out_text.text(rng, blocks)
    encoding, newline = {"txt": ("utf8", "\n"), "txt-gb18030": ("gb18030", "\r\n"), "txt-utf16": (rng.choice(["utf16", "utf16be"]), "\n"), "txt-bom-crlf": ("utf8-bom", "\r\n")}[form]
    return "txt", out_text.encode(rng, content, encoding, newline)


def main():
    parser = argparse.ArgumentParser(description="Writes invented documents with truth files.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--formats", help="comma separated: txt,md,html,docx,xlsx,pdf,doc,xls,rtf,odt,ofd,zip")
    parser.add_argument("--kinds", help="comma separated: A,B,C,D,E,F,G,H,CA,DF,EB,EDBF,DD,AG")
    parser.add_argument("--clean", action="store_true", help="no planted mistakes")
    parser.add_argument("out", type=pathlib.Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    allowed = set(options.formats.split(",")) if options.formats else set()
    kinds = options.kinds.split(",") if options.kinds else None
    left: dict[str, int] = {}
    for index in range(options.count):
        rng = random.Random(f"format {options.seed}:{index}")
        kind = rng.choice(kinds) if kinds else None
        writer, truth = documents.make(options.seed, index, left, kind, False if options.clean else None)
        form = choose_format(rng, truth["kinds"], allowed)
        extension, data = render(rng, writer.blocks, form)
        truth["format"] = form
        name = f"{index:04}-{truth['kinds']}-{form}.{extension}"
        (options.out / name).write_bytes(data)
        truth["file"] = name
        (options.out / (name + ".truth.json")).write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"corpus: {options.count} documents in {options.out}")


if __name__ == "__main__":
    main()
