"""Times python-docx over a Word file, in process, its import not counted: pythondocx.py FILE…

Prints a JSON object for each file: seconds of the median run for the text of the paragraphs alone, and for paragraphs and
tables. The counterpart is `Extractors.extract` timed in process.
"""

import json
import statistics
import sys
import time

import docx

RUNS = 9


def paragraphs(path):
    return "\n".join(paragraph.text for paragraph in docx.Document(path).paragraphs)


def everything(path):
    document = docx.Document(path)
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        for row in table.rows:
            lines.append("\t".join(cell.text for cell in row.cells))
    return "\n".join(lines)


def median(work, path):
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work(path)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


for name in sys.argv[1:]:
    print(json.dumps({
        "file": name,
        "paragraphs": median(paragraphs, name),
        "everything": median(everything, name),
    }, ensure_ascii=False))
