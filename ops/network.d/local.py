"""A node on this machine itself, without a namespace of its own."""

import socket
import time

from node import REPLY_LIMIT, Node, Refusal


class LocalNode(Node):
    """A node that answers at a free port of the loopback address."""

    def __init__(self, name, region, test):
        super().__init__(name, region, "127.0.0.1", test)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def inside(self):
        # A test that is killed takes its nodes along.
        return ["setpriv", "--pdeathsig", "KILL"]

    def connect(self, unix=False):
        if unix:
            return super().connect(unix)
        return socket.create_connection(("127.0.0.1", self.port), timeout=REPLY_LIMIT)

    def status(self):
        return self.ask_json("STATUS\n")

    def await_answer(self):
        for _ in range(600):
            try:
                return self.status()
            except (OSError, Refusal):
                if self.ended_by_itself():
                    break
                time.sleep(0.1)
        raise SystemExit(f"{self.name} does not start: {self.last_lines()}")
