"""Checks that the man page of the configuration explains every setting that the program knows, and no other.

settings.py PAGE CONFIGURATION-SOURCES SAMPLE
"""

import pathlib
import re
import sys


def main():
    page, sources, sample = map(pathlib.Path, sys.argv[1:4])
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(sources.glob("*.swift")))
    known = re.search(r"static let settings = \[(.*?)\]", text, re.S)
    if not known:
        sys.exit("settings: the list of settings was not found in the sources")
    words = set(re.findall(r'"([a-z]+)"', known.group(1)))
    inner = set()
    for listed in re.findall(r"\.allow\(\s*\[(.*?)\]", text, re.S):
        inner |= set(re.findall(r'"([a-z]+)"', listed))
    told = page.read_text(encoding="utf-8")
    heads = set(re.findall(r"^\.B(?:I)? ([a-z.\\-]+):", told, re.M))
    heads = {head.replace("\\-", "-") for head in heads}
    top = {head.split(".")[0] for head in heads}
    for word in sorted(words - top):
        sys.exit(f"settings: {page} does not explain {word}")
    for word in sorted(top - words):
        sys.exit(f"settings: {page} explains {word}, which the program does not know")
    leaves = {part for head in heads for part in head.split(".")[1:]}
    for word in sorted(inner - leaves):
        sys.exit(f"settings: {page} does not explain the inner setting {word}")
    shown = sample.read_text(encoding="utf-8")
    for word in sorted(words):
        if not re.search(rf"^#? ?{word}:", shown, re.M):
            sys.exit(f"settings: {sample} does not show {word}")
    print(f"settings: {len(words)} settings with {len(leaves)} inner ones are explained")


main()
