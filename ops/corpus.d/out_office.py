"""Formats that LibreOffice writes, many files a call."""
from __future__ import annotations

import pathlib
import shutil
import subprocess
import tempfile

# final extension: (what we write first, what soffice is told)
FROM = {"doc": ("docx", "doc:MS Word 97"), "wps": ("docx", "doc:MS Word 97"), "rtf": ("docx", "rtf"), "odt": ("docx", "odt"), "pdf": ("docx", "pdf"),
        "xls": ("xlsx", "xls:MS Excel 97"), "et": ("xlsx", "xls:MS Excel 97")}


def convert(jobs: list[tuple[str, bytes, pathlib.Path]]):
    """Each job: final format, docx or xlsx bytes, where the result goes."""
    if not jobs:
        return
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if not program:
        raise SystemExit("corpus: soffice is missing; leave out doc, xls, rtf, odt and pdf-office with --formats")
    with tempfile.TemporaryDirectory() as folder:
        base = pathlib.Path(folder)
        groups: dict[tuple[str, str], list] = {}
        for number, (form, data, target) in enumerate(jobs):
            first, filter_name = FROM[form]
            source = base / f"in{number}.{first}"
            source.write_bytes(data)
            groups.setdefault((form, filter_name), []).append((source, target))
        for (form, filter_name), items in groups.items():
            out = base / f"out-{form}"
            out.mkdir()
            for start in range(0, len(items), 25):
                part = items[start : start + 25]
                subprocess.run([program, f"-env:UserInstallation=file://{base}/profile", "--headless", "--convert-to", filter_name, "--outdir", str(out), *[str(s) for s, _ in part]],
                               check=True, capture_output=True, timeout=600)
                for source, target in part:
                    results = list(out.glob(source.stem + ".*"))
                    if not results:
                        raise SystemExit(f"corpus: soffice wrote nothing for {target.name}")
                    target.write_bytes(results[0].read_bytes())
