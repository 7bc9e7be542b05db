"""Everything that people and shares do to a folder, at once, to one node; see ops/long inbox and docs/benchmarks.md.

Every content is dropped under a number of its own, so that it is known by its hash wherever it goes. At the end each has the
outcomes that it may have, told by a receipt of this very content beside it, and the store holds each report once.
"""

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "network.d"))
from drops import ACCEPTED, REGION, Drops  # noqa: E402
from local import LocalNode  # noqa: E402
from node import OUTCOMES  # noqa: E402
from trial import Trial, arguments, carry_out  # noqa: E402

RECEIPTS = (".回执.txt", ".回执.json")
PAGE = "本年情况.html"
NOBODY = 65534


class TorturedNode(LocalNode):
    """A node as nobody where this is root, so that files can be kept from it."""

    def __init__(self, test):
        self.uid = NOBODY if os.geteuid() == 0 else os.geteuid()
        super().__init__("麻章区", REGION, test)
        self.configure([f"listen: 127.0.0.1:{self.port}"])
        for folder in (self.folder, self.inbox):
            os.chown(folder, self.uid, -1)

    def inside(self):
        if os.geteuid() != 0:
            return super().inside()
        return ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--pdeathsig", "KILL"]


class Torture(Trial, Drops):
    """One node, everything that happens to its folder, and what must be true at the end."""

    name = "inbox"

    def __init__(self, options):
        Trial.__init__(self, options)
        Drops.__init__(self)
        os.chmod(self.folder, 0o755)
        self.node = TorturedNode(self)
        self.drafts = os.path.join(self.folder, "drafts")
        os.mkdir(self.drafts)

    def every_node(self):
        return [self.node]

    def run(self):
        self.say(f"seed {self.options.seed}, folder {self.folder}")
        self.node.start()
        self.node.await_answer()
        begin = time.monotonic()
        many = max(3, min(40, self.options.files // 50))
        work = [(self.slow, many), (self.renamed, many), (self.replaced, many), (self.overwritten, many),
                (self.deleted, many), (self.same_names, 3)]
        threads = [threading.Thread(target=one, args=(number,)) for one, count in work for number in range(count)]
        for thread in threads:
            thread.start()
        self.crowd()
        for one in (self.hostile_names, self.folders, self.rights, self.links, self.times):
            one()
        for thread in threads:
            thread.join()
        self.say(f"{self.told()} dropped in {time.monotonic() - begin:.0f} s")
        self.expect_listed()
        self.unlock()
        self.settle()
        self.say(f"every file has its outcome after {time.monotonic() - begin:.0f} s")
        shim = self.shim()
        if shim:
            self.again("deaf", {"LD_PRELOAD": shim, "SHIM_DEAF": "1"})
            self.clock(shim)
        self.settle()
        self.check()

    def told(self):
        return ", ".join(f"{count} {label}" for label, count in self.counts.items())

    def shim(self):
        path = os.path.join(self.folder, "shim.so")
        for compiler in ("cc", "clang", "gcc"):
            if shutil.which(compiler):
                source = os.path.join(HERE, "shim.c")
                subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", path, source, "-ldl"], check=True)
                os.chmod(path, 0o755)
                return path
        self.say("skipped: no C compiler for hints that are lost and a clock that is set")
        return None

    def again(self, label, environment):
        """The node anew, in other surroundings; files that it learns of by its rescans."""
        self.restart(environment)
        for number in range(min(100, self.options.files // 10)):
            self.drop(f"{label}{number}.txt", self.report(label))
        folder = self.inside(f"{label}夹")
        os.mkdir(folder)
        os.chown(folder, self.node.uid, -1)
        os.rename(self.draft(self.report(label)), os.path.join(folder, b"a.txt"))
        self.settle()
        self.say(f"{label}: every file has its outcome")

    def clock(self, shim):
        """The wall clock jumps back an hour, ten years, and forward again, while files come."""
        path = os.path.join(self.folder, "clock")
        for offset in (0, -3600, -315_360_000, 86_400, 0):
            with open(path + ".new", "w", encoding="ascii") as file:
                file.write(str(offset))
            os.chmod(path + ".new", 0o644)
            os.rename(path + ".new", path)
            if self.node.environment.get("SHIM_CLOCK") is None:
                self.restart({"LD_PRELOAD": shim, "SHIM_CLOCK": path})
            for number in range(10):
                self.drop(f"时钟{number}.txt", self.report("clock"))
            self.settle()
        self.say("clock: every file has its outcome")
        self.restart({})

    def restart(self, environment):
        self.expect(self.node.terminate(60) == 0, "the node did not end in good order")
        self.node.environment = environment
        self.node.start()
        self.node.await_answer()

    def waiting(self):
        inbox = self.node.status()["inboxes"][0]
        return inbox, {item["file"]: item["reason"] for item in inbox["waiting"]}

    def expect_listed(self):
        """What cannot be read is named with its reason, while all else goes on."""
        wanted = dict(self.listed)
        if os.geteuid() == 0:
            wanted |= {"无权.txt": "unreadable", "只读夹": "unreadable"}
        deadline = time.monotonic() + self.options.patience
        while time.monotonic() < deadline:
            _, found = self.waiting()
            if wanted.items() <= found.items():
                return self.expect_told(wanted, deadline)
            time.sleep(0.5)
        self.expect(False, f"not listed: {set(wanted.items()) - set(found.items())}")

    def expect_told(self, wanted, deadline):
        """The page in the folder names it too."""
        untold = list(wanted)
        while untold and time.monotonic() < deadline:
            # News is what makes the page anew at once.
            self.drop(f"消息{time.monotonic_ns()}.txt", self.report("news"))
            time.sleep(3)
            with open(self.inside(PAGE), encoding="utf-8") as file:
                page = file.read()
            untold = [path for path in wanted if path not in page]
        self.expect(not untold, f"the page for the clerk does not name {untold}")

    def settle(self):
        """Waits until nothing is left but what is listed."""
        deadline = time.monotonic() + self.options.patience
        told = time.monotonic()
        while time.monotonic() < deadline:
            time.sleep(0.5)
            if self.node.ended_by_itself():
                self.fail(f"the node ended by itself: {self.node.last_lines()}")
            inbox, found = self.waiting()
            left = [path for path in self.left() if path not in self.listed]
            if not left and set(found) == set(self.listed) and not inbox["working"] and not inbox["queued"]:
                return
            if time.monotonic() - told > 30:
                told = time.monotonic()
                self.say(f"{len(left)} files have no outcome yet; {inbox['finished']}")
        # What is left is not waited for again in every part of the test.
        self.fail(f"after {self.options.patience} s: left {left[:5]}, waiting {list(found.items())[:8]}; {self.problems[:5]}")

    def left(self):
        """Files in the inbox that lie in no outcome folder."""
        for root, folders, files in os.walk(self.node.inbox):
            if root == self.node.inbox:
                folders[:] = [name for name in folders if name not in OUTCOMES]
            for name in (*files, *(name for name in folders if os.path.islink(os.path.join(root, name)))):
                path = os.path.relpath(os.path.join(root, name), self.node.inbox)
                deep = next((one for one in self.listed if path.startswith(one + "/")), None)
                if path != PAGE and not deep:
                    yield path

    def check(self):
        found = {}
        for outcome in OUTCOMES:
            self.check_folder(outcome, found)
        for digest, allowed in self.allowed.items():
            outcomes = sorted(found.pop(digest, []))
            self.expect(outcomes in allowed, f"{self.labels[digest]} {digest[:8]}: {outcomes}, not {allowed}")
        self.expect(not found, f"{len(found)} contents that nobody dropped: {list(found.items())[:3]}")
        for path, reason in self.listed.items():
            self.expect(os.path.lexists(self.inside(path)), f"{path}, {reason}, is gone")
        inbox, waiting = self.waiting()
        self.expect(inbox["fault"] is None, f"fault {inbox['fault']}")
        accepted = sum(os.path.isfile(os.path.join(self.node.inbox, ACCEPTED, name)) and not name.endswith(RECEIPTS)
                       for name in os.listdir(os.path.join(self.node.inbox, ACCEPTED)))
        held = self.node.status()["versions"]
        self.expect(held == accepted, f"the store holds {held} versions, {accepted} files were accepted")
        self.node.run("reportctl", "verify", "--node", f"127.0.0.1:{self.node.port}")
        self.expect(self.node.terminate(60) == 0, "the node did not end in good order")
        self.node.run("reportctl", "verify", "--store", self.node.store)
        self.judge()
        self.say(f"{len(self.allowed)} contents, each with its outcome, told by receipts beside it: {self.told()}; "
                 f"{held} versions, verified live and stopped")

    def check_folder(self, outcome, found):
        """Each file has both receipts of its own content, and no receipt is without its file."""
        folder = os.fsencode(os.path.join(self.node.inbox, outcome))
        names = set(os.listdir(folder))
        ends = [os.fsencode(end) for end in RECEIPTS]
        receipts = {name for name in names if any(name.endswith(end) for end in ends)}
        told = set()
        for name in receipts:
            if not name.endswith(ends[1]):
                continue
            with open(os.path.join(folder, name), "rb") as file:
                receipt = json.load(file)
            told.add(receipt["sha256"])
            self.expect(receipt["outcome"] is not None, f"{outcome}/{name!r} tells no outcome")
        for name in names - receipts:
            path = os.path.join(folder, name)
            self.expect(stat.S_ISREG(os.lstat(path).st_mode), f"{outcome}/{name!r} is no file")
            with open(path, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
            found.setdefault(digest, []).append(outcome)
            self.expect(digest in told, f"{outcome}/{name!r} has no receipt of its content")
        files = len(names - receipts)
        self.expect(len(receipts) == 2 * files, f"{outcome}: {len(receipts)} receipts beside {files} files")


def main():
    parser = arguments("ops/inbox", patience=3600)
    parser.add_argument("--files", type=int, default=20_000, help="how many are dropped at once")
    return carry_out(Torture, parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
