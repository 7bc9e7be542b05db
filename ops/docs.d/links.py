"""Checks that documents lead where they say: links, anchors, headings that are named, headings with nothing below.

links.py [--named-in FOLDER]… DOCUMENT…
A link to a path must find it, one with an anchor the heading. `see The disk is bad`, `section The disk is bad` and
`operations.md, The disk is bad` name a heading, in the documents and in the texts of programs below the folders.
"""

import pathlib
import re
import sys

# What may tell people of a heading, beside the documents.
TEXTS = {".swift", ".py", ".yml", ".yaml", ".sh", ".service", ""}


def anchor(title, seen):
    """The anchor of a heading, as forges make it; the second of one name gets a number."""
    title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title.replace("`", "")).strip().lower()
    name = "".join(letter for letter in title if letter.isalnum() or letter in " -_").replace(" ", "-")
    seen[name] = seen.get(name, -1) + 1
    return name if seen[name] == 0 else f"{name}-{seen[name]}"


class Document:
    """A document: its headings with their anchors, and its lines outside of blocks of code."""

    def __init__(self, path):
        self.path = path
        self.lines = []
        self.headings = []
        seen = {}
        is_code = False
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if line.lstrip().startswith("```"):
                is_code = not is_code
            heading = None if is_code else re.match(r"(#{1,6}) (.+)", line)
            if heading:
                title = heading.group(2).strip()
                self.headings.append((number, len(heading.group(1)), title, anchor(title, seen)))
            self.lines.append((number, line, is_code, bool(heading)))

    def has(self, name):
        return any(found == name for _, _, _, found in self.headings)

    def empty(self):
        """Headings with nothing below them, not even a deeper one."""
        following = self.headings[1:] + [(len(self.lines) + 1, 0, "", "")]
        for (number, level, title, _), (end, next_level, _, _) in zip(self.headings, following):
            has_text = any(line.strip() for _, line, _, _ in self.lines[number : end - 1])
            if not has_text and next_level <= level:
                yield number, title


def is_named(text, titles):
    """Whether a text begins with one of the titles, or with that in one language of two."""
    parts = [part for title in titles for part in [title, *title.split(" / ")]]
    return any(re.match(re.escape(part) + r"(?!\w)", text) for part in parts)


def named(text, titles_of):
    """Names of headings that a text gives and that no document has."""
    # A sentence that goes on in the next line, of a program or of a remark.
    text = re.sub(r'"\s*\n\s*\+ "', "", text)
    for match in re.finditer(r"\b([a-z-]+\.md)(?:\)|`)?(?:, \"?| 的 )(?=([A-Z][^\n]{2,60}))", text):
        document, rest = match.groups()
        if document in titles_of and not is_named(rest, titles_of[document]):
            yield f"{document} has no heading '{rest}'"


def check(path, documents, titles_of):
    document = documents[path]
    for number, line, is_code, is_heading in document.lines:
        if is_code or is_heading:
            continue
        for target in re.findall(r"\[[^\]\n]*\]\(([^)\s]+)\)", line):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, name = target.partition("#")
            place = (path.parent / file).resolve() if file else path.resolve()
            if not place.exists():
                yield f"{path}:{number}: {target} is not there"
            elif name and not Document(place).has(name):
                yield f"{path}:{number}: {target}: there is no such heading"
        titles = [title for _, _, title, _ in document.headings]
        # Another document that the line speaks of may have the heading.
        for other in re.findall(r"\b([a-z-]+\.md)", line):
            titles += titles_of.get(other, [])
        for rest in re.findall(r"(?:\bsee|\bSee|\bsection|\bsections) (?=([A-Z][^\n]{2,60}))", line):
            if not is_named(rest, titles):
                yield f"{path}:{number}: no heading is called '{rest}'"
    for number, title in document.empty():
        yield f"{path}:{number}: there is nothing below '{title}'"


def main():
    paths, folders = [], []
    words = sys.argv[1:]
    while words:
        word = words.pop(0)
        if word == "--named-in":
            folders.append(pathlib.Path(words.pop(0)))
        else:
            paths.append(pathlib.Path(word))
    if not paths:
        sys.exit(__doc__)
    documents = {path: Document(path) for path in paths}
    titles_of = {path.name: [title for _, _, title, _ in documents[path].headings] for path in paths}
    faults = []
    for path in paths:
        faults += check(path, documents, titles_of)
        faults += [f"{path}: {fault}" for fault in named(path.read_text(encoding="utf-8"), titles_of)]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in TEXTS and path.is_file():
                text = path.read_text(encoding="utf-8", errors="replace")
                faults += [f"{path}: {fault}" for fault in named(text, titles_of)]
    for fault in faults:
        print("links: " + fault, file=sys.stderr)
    if faults:
        sys.exit(1)
    print(f"links: {len(paths)} documents lead where they say")


main()
