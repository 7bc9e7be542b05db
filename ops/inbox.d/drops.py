"""What people and shares do to a folder, each with a content of its own and the outcomes that it may have."""

import hashlib
import os
import socket
import threading
import time

import documents
from node import OUTCOMES

ACCEPTED, DOUBLED, PENDING, REFUSED = OUTCOMES
PLACE, REGION = "湛江市麻章区", "湛江市/麻章区"
# Names as no clerk would give them, and as programs do.
NAMES = [
    "带\n换行.txt".encode(), b"\x01\x02\x1b[31m.txt", b"\xff\xfe\xc3(.txt", "😀👩‍👩‍👧🇨🇳.txt".encode(), b"-rf.txt",
    b"$(reboot).txt", "．．／斜线.txt".encode(), ("长" * 83 + "ab.txt").encode(), b"x" * 251 + b".txt", b"a" * 255,
    "\u202e倒着.txt".encode(), b" .txt", "空格 在 中间 .txt".encode(), b"a.txt.", b"CON.txt", b"\\..\\..\\a.txt",
    "e\u0301.txt".encode(), "é.txt".encode(), b"%00%0a.txt", "回执.txt".encode(), b"\"quote'.txt",
]


class Drops:
    """What was dropped, and what may come of it; needs `node`, `options`, `random`, `drafts` and `folder`."""

    def __init__(self):
        self.lock = threading.Lock()
        self.number = 0
        self.noise = 0
        # Hash of a content: the outcomes that it may have, each a sorted list.
        self.allowed, self.labels, self.counts = {}, {}, {}
        # What must stay where it is and be listed: its path, and the reason.
        self.listed = {}

    def report(self, label, *allowed):
        """A report that was not dropped before."""
        with self.lock:
            number, self.number = self.number, self.number + 1
        content = documents.report(PLACE, number)[2]
        return self.promise(content, label, allowed or ([ACCEPTED],))

    def picture(self, label):
        with self.lock:
            number, self.noise = self.noise, self.noise + 1
        return self.promise(documents.PICTURE + b"%d" % number, label, ([REFUSED],))

    def promise(self, content, label, allowed):
        with self.lock:
            digest = hashlib.sha256(content).hexdigest()
            self.allowed[digest] = [sorted(outcomes) for outcomes in allowed]
            self.labels[digest] = label
            self.counts[label] = self.counts.get(label, 0) + 1
        return content

    def draft(self, content, mode=0o644):
        path = os.path.join(self.drafts, f"{threading.get_ident()}-{time.monotonic_ns()}")
        with open(path, "wb") as file:
            file.write(content)
        os.chown(path, self.node.uid, -1)
        os.chmod(path, mode)
        return path

    def inside(self, name):
        return os.path.join(os.fsencode(self.node.inbox), os.fsencode(name))

    def drop(self, name, content, mode=0o644):
        os.rename(self.draft(content, mode), self.inside(name))

    def crowd(self):
        """Half of the files in one folder that is moved in, half one by one; of ten two come twice and two are no reports."""
        folder = os.path.join(self.drafts, "一起")
        os.mkdir(folder)
        os.chown(folder, self.node.uid, -1)
        single, count = [], 0
        while count < self.options.files:
            kind = count % 10
            name = f"报告{count}"
            if kind in (3, 7):
                files = [(name + ".gif", self.picture("no report"))]
            elif kind == 5 and count + 1 < self.options.files:
                content = self.report("dropped twice", [ACCEPTED, DOUBLED])
                files = [(name + ".txt", content), (name + "（又）.txt", content)]
            else:
                files = [(name + ".txt", self.report("crowd"))]
            for name, content in files:
                if count % 2 == 0:
                    path = os.path.join(folder, name)
                    with open(path, "wb") as file:
                        file.write(content)
                    os.chown(path, self.node.uid, -1)
                else:
                    single.append((self.draft(content), self.inside(name)))
                count += 1
        os.rename(folder, self.inside("一起"))
        for draft, target in single:
            os.rename(draft, target)

    def slow(self, number):
        content = self.report("written slowly")
        with open(self.inside(f"慢{number}.txt"), "wb", buffering=0) as file:
            os.fchown(file.fileno(), self.node.uid, -1)
            pieces = 12
            for piece in range(pieces):
                file.write(content[len(content) * piece // pieces : len(content) * (piece + 1) // pieces])
                time.sleep(self.random.uniform(0.05, 0.7))

    def renamed(self, number):
        # Read under both names it is a report and its double.
        self.drop(f"改名{number}.txt", self.report("renamed", [ACCEPTED], [ACCEPTED, DOUBLED]))
        time.sleep(self.random.uniform(0, 2))
        try:
            os.rename(self.inside(f"改名{number}.txt"), self.inside(f"改过名{number}.txt"))
        except FileNotFoundError:
            pass

    def replaced(self, number):
        self.drop(f"替换{number}.txt", self.report("replaced by another", [], [ACCEPTED]))
        time.sleep(self.random.uniform(0, 2))
        self.drop(f"替换{number}.txt", self.report("in place of another"))

    def overwritten(self, number):
        """The same file, written anew in place while it may be read."""
        path = self.inside(f"覆盖{number}.txt")
        self.drop(f"覆盖{number}.txt", self.report("overwritten", [], [ACCEPTED]))
        time.sleep(self.random.uniform(0, 2))
        # It may lie in its folder by now: then this is a new file of the name.
        with open(path, "wb") as file:
            os.fchown(file.fileno(), self.node.uid, -1)
            file.write(self.report("written over another"))

    def deleted(self, number):
        self.drop(f"删除{number}.txt", self.report("deleted", [], [ACCEPTED]))
        time.sleep(self.random.uniform(0, 2))
        try:
            os.unlink(self.inside(f"删除{number}.txt"))
        except FileNotFoundError:
            pass

    def same_names(self, number):
        for index in range(4):
            folder = self.inside(f"同名{number}-{index}")
            os.mkdir(folder)
            os.chown(folder, self.node.uid, -1)
            os.rename(self.draft(self.report("same name")), os.path.join(folder, os.fsencode(f"同名{number}.txt")))

    def hostile_names(self):
        for name in NAMES:
            self.drop(name, self.report("hostile name"))

    def folders(self):
        """A tree that is dropped in whole; what lies too deep stays and is listed."""
        tree = os.path.join(self.drafts, "树")
        path = tree
        for depth in range(6):
            os.mkdir(path)
            name = "深.txt"
            if depth < 4:
                content = self.report("in a folder")
            else:
                content = self.report("too deep", [])
            with open(os.path.join(path, name), "wb") as file:
                file.write(content)
            path = os.path.join(path, f"层{depth}")
        for root, _, files in os.walk(tree):
            os.chown(root, self.node.uid, -1)
            for name in files:
                os.chown(os.path.join(root, name), self.node.uid, -1)
        os.rename(tree, self.inside("树"))
        self.listed["树/层0/层1/层2/层3"] = "too-deep"

    def rights(self):
        self.drop("只读.txt", self.report("read-only"), 0o400)
        self.drop("无权.txt", self.report("unreadable, then readable"), 0)
        if os.geteuid() != 0:
            return
        folder = self.inside("只读夹")
        os.mkdir(folder, 0o700)
        self.locked = [self.inside("无权.txt"), folder]
        with open(os.path.join(folder, b"a.txt"), "wb") as file:
            file.write(self.report("in an unreadable folder, then readable"))

    def unlock(self):
        os.chmod(self.inside("无权.txt"), 0o644)
        folder = self.inside("只读夹")
        if os.path.isdir(folder):
            os.chown(folder, self.node.uid, -1)
            os.chmod(os.path.join(folder, b"a.txt"), 0o644)

    def links(self):
        outside = os.path.join(self.folder, "外面.txt")
        with open(outside, "wb") as file:
            file.write(self.report("behind a link", []))
        os.chmod(outside, 0o644)
        os.symlink(outside, self.inside("链接.txt"))
        os.symlink("/nowhere", self.inside("断链.txt"))
        os.symlink("/etc", self.inside("链接夹"))
        for name in ("链接.txt", "断链.txt", "链接夹"):
            self.listed[name] = "link"
        os.mkfifo(self.inside("管道.txt"))
        with socket.socket(socket.AF_UNIX) as link:
            link.bind(self.inside("插座.txt"))
        for name in ("管道.txt", "插座.txt"):
            self.listed[name] = "special"
        hard = self.draft(self.report("hard link"))
        os.link(hard, self.inside("硬链接.txt"))

    def times(self):
        for name, when in (("1970.txt", 0), ("未来.txt", time.time() + 3e8), ("很早.txt", -1e9)):
            path = self.draft(self.report("odd time"))
            os.utime(path, (when, when))
            os.rename(path, self.inside(name))
