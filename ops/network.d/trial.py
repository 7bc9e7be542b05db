"""What every run against whole nodes shares: its options, its folder, what it says, and how it ends."""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile


class Trial:
    """Nodes in a folder of their own, what is done to them, and the problems that were found."""

    # The word before each line that is said.
    name = "trial"

    def __init__(self, options):
        self.options = options
        self.programs = os.path.abspath(options.programs)
        self.random = random.Random(options.seed)
        self.folder = tempfile.mkdtemp(prefix=f"reportd-{self.name}.")
        self.problems = []

    def every_node(self):
        """The nodes, as far as they were made."""
        raise NotImplementedError

    def run(self):
        raise NotImplementedError

    def say(self, text):
        print(f"{self.name}: {text}", flush=True)

    def fail(self, text):
        raise SystemExit(f"{self.name}: {text}")

    def expect(self, holds, problem):
        if not holds:
            self.problems.append(problem)

    def judge(self):
        """Tells the problems, if there are any, and ends the run with them."""
        for problem in self.problems[:40]:
            self.say(f"WRONG: {problem}")
        if self.problems:
            self.fail(f"{len(self.problems)} problems")

    def end(self, failed):
        """No process is left; the folder stays where it helps to look at it."""
        for node in self.every_node():
            if node.process is not None:
                node.process.kill()
                node.process.wait()
        self.clear()
        if failed:
            for node in self.every_node():
                print(f"--- last lines of {node.log}\n{node.last_lines()}", file=sys.stderr)
        if failed or self.options.keep:
            self.say(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder)

    def clear(self):
        """Takes away what lies outside of the folder, once no node runs."""


def arguments(program, patience):
    """The options that every run has; those of its own are added by the caller."""
    parser = argparse.ArgumentParser(prog=program)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument(
        "--patience", type=float, default=patience, help="seconds until everything must have arrived or have its outcome"
    )
    parser.add_argument("--programs", default=".build/release", help="folder of reportd and reportctl")
    parser.add_argument("--keep", action="store_true", help="keep stores, inboxes and logs")
    return parser


def carry_out(kind, options):
    """Runs a trial to its end, also by SIGTERM; gives the exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(f"{kind.name}: ended by SIGTERM"))
    trial, failed = kind(options), True
    try:
        trial.run()
        failed = False
    finally:
        trial.end(failed)
    return 0
