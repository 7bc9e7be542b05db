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
import out_ofd
import out_office
import out_pdf
import out_text
import out_xlsx
import out_zip

TEXT = ["txt", "txt-gb18030", "txt-utf16", "txt-bom-crlf", "txt-wrapped", "md", "html", "html-gb2312", "docx", "docx", "docx", "docx", "pdf", "pdf", "pdf-office", "doc", "wps", "rtf", "odt", "ofd"]
TABLES = TEXT + ["xlsx", "xlsx", "xlsx", "xls", "et", "html-xls"]


def choose_format(rng, kinds, allowed):
    pool = list(TABLES if set(kinds) <= set("CDG") else TEXT)
    if len(kinds) > 1:
        pool += ["zip", "zip", "zip"]
    chosen = [f for f in pool if not allowed or f.split("-")[0] in allowed or f in allowed]
    return rng.choice(chosen or [f for f in TABLES + ["zip"] if f.split("-")[0] in allowed or f in allowed])


def render(rng, blocks, form) -> tuple[str, bytes]:
    """(extension, bytes); formats of LibreOffice come as the docx or xlsx to convert."""
    if form in out_office.FROM and form != "pdf" or form == "pdf-office":
        first = out_office.FROM[form.split("-")[0]][0]
        return form.split("-")[0], (out_docx if first == "docx" else out_xlsx).write(rng, blocks)
    if form == "pdf":
        return "pdf", out_pdf.write(rng, blocks)
    if form == "ofd":
        return "ofd", out_ofd.write(rng, blocks)
    if form == "zip":
        return "zip", bundle(rng, blocks)
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
    if form == "txt-wrapped":
        content = out_text.wrapped(rng, content)
    encoding, newline = {"txt": ("utf8", "\n"), "txt-gb18030": ("gb18030", "\r\n"), "txt-utf16": (rng.choice(["utf16", "utf16be"]), "\n"), "txt-bom-crlf": ("utf8-bom", "\r\n"), "txt-wrapped": ("utf8", "\n")}[form]
    return "txt", out_text.encode(rng, content, encoding, newline)


def bundle(rng, blocks) -> bytes:
    """The parts of a filing as files of their own."""
    entries = []
    folder = rng.choice(["", "自评材料/", "报送资料/"])
    for number, part in enumerate(out_zip.split(blocks)):
        table = any(b.kind == "table" for b in part) and sum(b.kind in ("p", "h") for b in part) < 8
        extension, data = render(rng, part, rng.choice(["xlsx", "docx"] if table else ["docx", "docx", "txt-gb18030", "txt"]))
        title = next((b.text for b in part if b.kind == "title"), "附件").replace("/", "")[:40]
        name = f"{folder}{'' if number == 0 else f'附件{number}：'}{title}.{extension}"
        entries.append((name, data))
    entries += out_zip.litter(rng, entries[0][0].split("/")[-1])
    return out_zip.archive(entries, rng.choice(["gb18030", "gb18030", "utf-8"]))


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
    jobs = []
    for index in range(options.count):
        rng = random.Random(f"format {options.seed}:{index}")
        kind = rng.choice(kinds) if kinds else None
        writer, truth = documents.make(options.seed, index, left, kind, False if options.clean else None)
        form = choose_format(rng, truth["kinds"], allowed)
        extension, data = render(rng, writer.blocks, form)
        truth["format"] = form
        name = f"{index:04}-{truth['kinds']}-{form}.{extension}"
        if form in out_office.FROM and form != "pdf" or form == "pdf-office":
            jobs.append((extension, data, options.out / name))
        else:
            (options.out / name).write_bytes(data)
        truth["file"] = name
        (options.out / (name + ".truth.json")).write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
    out_office.convert(jobs)
    print(f"corpus: {options.count} documents in {options.out}")


if __name__ == "__main__":
    main()
