"""A long ingest in rounds: the anonymous memory, descriptors and threads of the node after each must not grow."""

import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "network.d"), os.path.join(HERE, "..", "inbox.d")]
import documents  # noqa: E402
from drops import PLACE  # noqa: E402
from soak import process_figures  # noqa: E402
from torture import Torture  # noqa: E402
from trial import arguments, carry_out  # noqa: E402

ROUNDS = 10
# What the last rounds may take beside the third one: a share, and MiB.
GROWTH, MEBIBYTES = 1.15, 8


class Ingest(Torture):
    """Rounds of files, each until all have their outcome."""

    name = "leaks"

    def run(self):
        self.node.start()
        self.await_answer()
        figures, number = [], 0
        for one in range(ROUNDS):
            for _ in range(self.options.files // ROUNDS):
                self.drop(f"报告{number}.txt", content(number))
                number += 1
            self.settle()
            # The page and the search index follow at their own pace.
            time.sleep(self.options.rest)
            row = process_figures(self.node.process.pid)
            figures.append(row)
            self.say(f"round {one + 1}: {number} files, {row[0] / 1024:.1f} MiB anonymous, "
                     f"{row[1] / 1024:.1f} MiB resident, {row[2]} descriptors, {row[3]} threads")
        early, late = figures[2], figures[-1]
        self.expect(late[0] <= early[0] * GROWTH + MEBIBYTES * 1024,
                    f"anonymous memory grew from {early[0]} to {late[0]} KiB")
        self.expect(late[2] <= early[2] + 8, f"descriptors grew from {early[2]} to {late[2]}")
        self.expect(late[3] <= early[3] + 4, f"threads grew from {early[3]} to {late[3]}")
        self.expect(self.node.terminate(60) == 0, "the node did not end in good order")
        self.judge()


def content(number):
    """Different reports, and behind the last of them corrected versions of the first."""
    year, name, text = documents.report(PLACE, number % documents.COUNT)
    again = number // documents.COUNT
    return text + (f"补充说明第{again}次。\n".encode() if again else b"")


def main():
    parser = arguments("ops/sanitize leaks", patience=3600)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--rest", type=float, default=5, help="seconds after each round")
    return carry_out(Ingest, parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
