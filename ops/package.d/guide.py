"""Takes the commands out of the guide, so that a test runs exactly what people read.

guide.py GUIDE --list            the blocks in order: number, machine, whether it is tried until it succeeds
guide.py GUIDE --block NUMBER    the commands of one block

A block begins with ```sh MACHINE, where MACHINE is city or county; `eventually` behind it says that the machine
needs some seconds for it.
"""

import re
import sys

MACHINES = ("city", "county")


def blocks(path):
    found = []
    current = None
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            opening = re.match(r"```sh (\S+)( eventually)?$", line)
            if current is None and opening:
                if opening.group(1) not in MACHINES:
                    sys.exit(f"guide: line {number}: no machine is called {opening.group(1)}")
                current = (opening.group(1), bool(opening.group(2)), [])
            elif current is not None and line.rstrip() == "```":
                found.append(current)
                current = None
            elif current is not None:
                current[2].append(line)
            elif line.startswith("```sh"):
                sys.exit(f"guide: line {number}: a block of commands says on which machine: ```sh city")
    if current is not None or len(found) < 4:
        sys.exit("guide: a block is not closed, or there are too few")
    return found


def main():
    found = blocks(sys.argv[1])
    if sys.argv[2] == "--list":
        for number, (machine, eventually, _) in enumerate(found):
            print(number, machine, "eventually" if eventually else "once")
    else:
        sys.stdout.write("".join(found[int(sys.argv[3])][2]))


main()
