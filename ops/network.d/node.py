"""One reportd node in a network namespace of its own."""

import contextlib
import json
import os
import signal
import socket
import subprocess

import namespaces

PORT = 7323
PEER_PORT = 7324
# Seconds that a node may take for one reply on a busy machine.
REPLY_LIMIT = 120
# Seconds that a program may take: verify reads a whole store.
PROGRAM_LIMIT = 900
OUTCOMES = ("已接收", "重复", "待处理", "未接收")


class Refusal(Exception):
    """A reply that begins with -ERR."""


class Node:
    """A node: its namespace, folder, process and what was done to it."""

    def __init__(self, name, region, address, test):
        self.name, self.region, self.address = name, region, address
        self.namespace = f"reportd-{os.getpid()}-{address.split('.')[-1]}"
        self.programs = test.programs
        self.folder = os.path.join(test.folder, name)
        self.inbox = os.path.join(self.folder, "收件")
        self.store = os.path.join(self.folder, "store")
        self.log = os.path.join(self.folder, "log")
        self.configuration = os.path.join(self.folder, "reportd.yaml")
        self.process = None
        # What its program finds set beside what this one has.
        self.environment = {}
        self.kills = 0
        os.makedirs(self.inbox)

    def configure(self, lines):
        settings = [f"node: {{name: {self.name}}}", f"store: {self.store}"]
        settings += ["inboxes:", f"  - {{path: {self.inbox}, region: {self.region}}}", *lines]
        with open(self.configuration, "w", encoding="utf-8") as file:
            file.write("\n".join(settings) + "\n")

    def key(self):
        return self.run("reportd", "--config", self.configuration, "--show-key").splitlines()[0]

    def run(self, program, *arguments):
        """Runs a program of reportd in the namespace; gives what it printed."""
        try:
            done = subprocess.run(
                [*self.inside(), os.path.join(self.programs, program), *arguments],
                capture_output=True,
                text=True,
                timeout=PROGRAM_LIMIT,
            )
        except subprocess.TimeoutExpired as error:
            raise Refusal(f"{program} {' '.join(arguments)}: no end after {PROGRAM_LIMIT} s") from error
        if done.returncode != 0:
            raise Refusal(f"{program} {' '.join(arguments)}: {done.stderr.strip() or done.stdout}")
        return done.stdout

    def inside(self):
        # Both replace themselves by what they run: the process id stays. A test that is killed takes its nodes along.
        return ["ip", "netns", "exec", self.namespace, "setpriv", "--pdeathsig", "KILL"]

    def start(self):
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [*self.inside(), os.path.join(self.programs, "reportd"), "--config", self.configuration],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "LC_ALL": "C.UTF-8", **self.environment},
            )

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None
        self.kills += 1

    def ended_by_itself(self):
        return self.process is not None and self.process.poll() is not None

    def terminate(self, seconds):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=seconds)
        self.process = None
        return status

    def connect(self, unix=False):
        if unix:
            link = socket.socket(socket.AF_UNIX)
            place = os.path.join(self.store, "node.sock")
        else:
            with namespaces.entered(self.namespace):
                link = socket.socket()
            place = ("127.0.0.1", PORT)
        link.settimeout(REPLY_LIMIT)
        try:
            link.connect(place)
        except OSError:
            link.close()
            raise
        return link

    def ask(self, lines, unix=False):
        """Sends requests, each a line with its payload; gives the payloads of the replies."""
        with contextlib.closing(self.connect(unix)) as link, link.makefile("rb") as replies:
            for start in range(0, len(lines), 50):
                part = lines[start : start + 50]
                link.sendall(b"".join(part))
                for line in part:
                    yield reply(replies, line)

    def ask_json(self, line, unix=False):
        return json.loads(next(self.ask([line.encode()], unix)))

    def rows(self, lookup=""):
        """Every row of LIST, page by page."""
        rows, after = [], ""
        while True:
            page = self.ask_json(f"LIST {lookup}{' ' if lookup else ''}limit=500{after}\n")
            rows += page["rows"]
            if page["next"] is None:
                return rows
            after = f" after={page['next'].replace('%', '%25').replace(' ', '%20')}"

    def drop(self, name, content):
        """Puts a file into the inbox as a careful program does."""
        draft = os.path.join(self.folder, "draft")
        with open(draft, "wb") as file:
            file.write(content)
        os.rename(draft, os.path.join(self.inbox, name))

    def outcomes(self):
        """File names by outcome, receipts left out, and the parsed receipts of each."""
        found = {}
        for outcome in OUTCOMES:
            with contextlib.suppress(FileNotFoundError):
                found[outcome] = sorted(os.listdir(os.path.join(self.inbox, outcome)))
        return found

    def last_lines(self, count=25):
        with contextlib.suppress(FileNotFoundError), open(self.log, encoding="utf-8") as log:
            return "".join(log.readlines()[-count:])
        return ""


def reply(replies, line):
    head = replies.readline().decode()
    words = head.split()
    if not words:
        raise ConnectionError("the node closed the connection")
    if words[0] != "+OK":
        raise Refusal(f"{line.decode().strip()[:200]}: {head.strip()}")
    payload = replies.read(int(words[2]) + 1)
    if len(payload) != int(words[2]) + 1:
        raise ConnectionError("the node closed the connection within a reply")
    return payload[:-1]
