"""Writes man pages from what the programs say of themselves (--experimental-dump-help of swift-argument-parser).

manual.py PROGRAM SECTION [--merge NAME PROGRAM]… > PAGE
--merge takes the command NAME from another program: reportctl becomes reportctl-pki for `reportctl pki`.
"""

import json
import subprocess
import sys

EXIT_CODES = [
    ("0", "done"),
    ("1", "internal"),
    ("2", "usage"),
    ("3", "not found, or erased"),
    ("4", "ambiguous, or conflict"),
    ("5", "the document's fault"),
    ("6", "no node answers"),
    ("7", "not allowed"),
    ("8", "stored data is damaged"),
    ("9", "no space, or read-only"),
    ("10", "timed out, or silent"),
    ("11", "several files or faults, not all alike"),
]

SEE_ALSO = {
    "reportd": "reportctl(1), reportd.yaml(5), reportd-worker(8)",
    "reportctl": "reportd.yaml(5), reportd(8)",
}

FILES = [
    ("/etc/reportd/reportd.yaml", "the configuration"),
    ("/etc/default/reportd", "environment of the service"),
    ("/var/lib/reportd/store", "the store, with the node's key node.key"),
    ("/var/lib/reportd/identity", "certificate of the node and of its authority"),
    ("/var/spool/reportd", "the inbox, when it is nowhere else"),
    ("/usr/share/doc/reportd/guide.md", "from a fresh machine to a county that feeds a city"),
]


def dump(program):
    output = subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True).stdout
    return json.loads(output)["command"]


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in ".'" else line for line in text.split("\n"))


def paragraphs(text, program):
    """Text whose indented lines, and those that begin with the program's name, are examples."""
    lines = []
    example = False
    for line in text.split("\n"):
        indented = line.startswith(("  ", program + " "))
        if indented != example:
            lines.append(".RS 4\n.nf" if indented else ".fi\n.RE")
            example = indented
        lines.append(escaped(line.strip()) if line.strip() else ".PP" if not example else "")
    if example:
        lines.append(".fi\n.RE")
    return "\n".join(lines)


def name_of(name):
    return ("-" if name["kind"] == "short" else "--") + name["name"]


def option_head(argument):
    if argument["kind"] == "positional":
        return "\\fI" + escaped(argument["valueName"]) + "\\fR" + (" ..." if argument["isRepeating"] else "")
    names = ", ".join("\\fB" + escaped(name_of(name)) + "\\fR" for name in argument["names"])
    if argument["kind"] == "option":
        names += " \\fI" + escaped(argument["valueName"]) + "\\fR"
    return names


def shown(argument):
    names = [name["name"] for name in argument.get("names", [])]
    return argument.get("shouldDisplay", True) and not {"help", "version"} & set(names)


def options(command):
    lines = []
    for argument in command.get("arguments", []):
        if not shown(argument):
            continue
        text = argument.get("abstract", "")
        if argument.get("defaultValue") and argument["kind"] == "option":
            text += " (default: " + argument["defaultValue"] + ")"
        lines += [".TP", option_head(argument), escaped(text) if text else "\\&"]
    return "\n".join(lines)


def synopsis(path, command):
    words = ["\\fB" + escaped(path) + "\\fR"]
    for argument in command.get("arguments", []):
        if not shown(argument):
            continue
        if argument["kind"] == "positional":
            word = option_head(argument)
        else:
            word = "\\fB" + escaped(name_of(argument["preferredName"])) + "\\fR"
            if argument["kind"] == "option":
                word += " \\fI" + escaped(argument["valueName"]) + "\\fR"
        words.append("[" + word + "]" if argument["isOptional"] else word)
    return " ".join(words)


def leaves(command, path):
    """Every command below one that does something by itself, with its whole name."""
    for inner in command.get("subcommands", []):
        if not inner.get("shouldDisplay", True) or inner["commandName"] == "help":
            continue
        whole = path + " " + inner["commandName"]
        if any(more["commandName"] != "help" for more in inner.get("subcommands", [])):
            yield whole, inner, True
            yield from leaves(inner, whole)
        else:
            yield whole, inner, False


def page(command, section, version):
    program = command["commandName"]
    lines = [
        f'.TH {program.upper()} {section} "" "reportd {version}" "reportd"',
        ".ad l",
        ".SH NAME",
        f"{program} \\- " + escaped(command["abstract"].rstrip(".")),
        ".SH SYNOPSIS",
    ]
    arguments = synopsis(program, command)
    lines += [f"\\fB{program}\\fR \\fIcommand\\fR [\\fIoption\\fR ...]" if arguments.endswith("\\fR") and " " not in arguments else arguments]
    lines += [".SH DESCRIPTION", paragraphs(command.get("discussion", ""), program)]
    lines += [".SH COMMANDS"]
    for whole, inner, is_group in leaves(command, program):
        lines += [f'.SS "{escaped(whole)}"', escaped(inner.get("abstract", ""))]
        if inner.get("discussion"):
            lines += [".PP", paragraphs(inner["discussion"], program)]
        if not is_group:
            lines += [".PP", synopsis(whole, inner), options(inner)]
    lines += [".SH EXIT STATUS"]
    for code, meaning in EXIT_CODES:
        lines += [".TP", code, escaped(meaning)]
    if program == "reportctl":
        lines += [".SH ENVIRONMENT"]
        for name, meaning in [
            ("REPORTCTL_NODE", "address of the node that is asked"),
            ("REPORTCTL_STORE", "store on this disk that is asked"),
            ("REPORTCTL_IDENTITY", "folder with key and certificate, for a node under TLS"),
            ("LANG", "a Chinese locale makes the messages Chinese"),
        ]:
            lines += [".TP", escaped(name), escaped(meaning)]
    lines += [".SH FILES"]
    for path, meaning in FILES:
        lines += [".TP", "\\fI" + escaped(path) + "\\fR", escaped(meaning)]
    lines += [".SH SEE ALSO", escaped(SEE_ALSO.get(program, ""))]
    return "\n".join(line for line in lines if line) + "\n"


def main():
    program, section = sys.argv[1:3]
    command = dump(program)
    rest = sys.argv[3:]
    while rest:
        _, name, other = rest[:3]
        rest = rest[3:]
        replacement = next(
            inner for inner in dump(other)["subcommands"] if inner["commandName"] == name
        )
        command["subcommands"] = [
            replacement if inner["commandName"] == name else inner for inner in command["subcommands"]
        ]
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    sys.stdout.write(page(command, section, version))


main()
