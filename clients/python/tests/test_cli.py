"""``python -m reportd``: what it prints and how it ends."""

import contextlib
import io
import json
import os
import tempfile
import unittest
from typing import List, Optional, Tuple
from unittest import mock

from reportd import cli

from .fake_node import FakeNode, Link, Request, ok
from .test_client import KEY, RECORD, ROWS, well_behaved


class CommandTests(unittest.TestCase):
    def run_command(self, *arguments: str, handler=well_behaved) -> Tuple[int, bytes, str]:
        out, errors = io.BytesIO(), io.StringIO()
        text = io.TextIOWrapper(out, encoding="utf-8", write_through=True)
        with FakeNode(handler) as node, mock.patch("sys.stdout", text):
            with contextlib.redirect_stderr(errors):
                code = cli.main(["--node", f"127.0.0.1:{node.port}", "--timeout", "5", *arguments])
        self.requests = node.requests
        return code, out.getvalue(), errors.getvalue()

    def lines(self, printed: bytes) -> List[object]:
        return [json.loads(line) for line in printed.splitlines()]

    def test_get_prints_the_bytes_of_the_node(self) -> None:
        code, printed, _ = self.run_command("get", KEY, KEY, "--as-of", "2024-01-01")
        expected = json.dumps(RECORD, ensure_ascii=False).encode() + b"\n"
        self.assertEqual((code, printed), (0, expected * 2))
        self.assertEqual(self.requests[0].options, {"as-of": "2024-01-01"})

    def test_errors_have_their_exit_codes(self) -> None:
        code, printed, errors = self.run_command("get", "2023/火星")
        self.assertEqual((code, printed, errors), (3, b"", "not-found: no\nhint: record\n"))
        # A terminal is told nothing by what a stranger's node says.
        _, _, errors = self.run_command("status", handler=lambda link, request: b"-ERR not-found a%1Bb\n")
        self.assertEqual(errors, "not-found: a\ufffdb\n")
        for answer, expected in (("ambiguous", 4), ("integrity", 8), ("novel", 1), ("no-space", 9)):
            def handler(link: Link, request: Request, word: str = answer) -> Optional[bytes]:
                return f"-ERR {word} x\n".encode()

            self.assertEqual(self.run_command("status", handler=handler)[0], expected)
        self.assertEqual(self.run_command("status", handler=lambda link, request: None)[0], 6)

    def test_list_history_status(self) -> None:
        self.assertEqual(self.lines(self.run_command("list", "2023")[1]), ROWS)
        code, printed, _ = self.run_command("list", "--limit", "3", "--unit", "工会")
        self.assertEqual((code, self.lines(printed)), (0, ROWS[:3]))
        self.assertEqual(self.lines(self.run_command("list", "--limit", "0")[1]), [])
        self.assertEqual(self.run_command("list", "--limit", "x")[0], 2)
        self.assertEqual(self.lines(self.run_command("history", KEY)[1]), [{"sequence": 1}])
        self.assertEqual(self.lines(self.run_command("status")[1]), [{"position": 7}])

    def test_watch_until_now(self) -> None:
        def handler(link: Link, request: Request) -> Optional[bytes]:
            link.send(ok({"position": 1, "kind": "submit"}) + ok({"position": 2}))
            return None

        code, printed, _ = self.run_command("watch", "--until-now", "--from", "0", handler=handler)
        self.assertEqual((code, self.lines(printed)), (0, [{"position": 1, "kind": "submit"}]))

    def test_put_of_files_that_do_not_end_alike(self) -> None:
        def handler(link: Link, request: Request) -> Optional[bytes]:
            error = {"code": "empty", "message": "x"} if not request.payload else None
            return ok({"outcome": "rejected" if error else "stored", "error": error})

        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ("full.txt", "empty.txt")]
            for path, data in zip(paths, (b"text", b"")):
                with open(path, "wb") as file:
                    file.write(data)
            ends = [
                self.run_command("put", *chosen, "--year", "2023", "--force", handler=handler)[0]
                for chosen in ([paths[0]], [paths[1]], paths)
            ]
        self.assertEqual(ends, [0, 5, 11])
        self.assertEqual(self.requests[-1].options, {
            "name": "empty.txt", "year": "2023", "force": "1"})

    def test_mistakes_of_the_caller(self) -> None:
        self.assertEqual(self.run_command("put", "/nowhere/x.txt")[0], 3)
        for arguments in (["--node", "nowhere", "status"], ["--node", "h:x", "status"],
                          ["--secret", os.devnull, "status"]):
            with contextlib.redirect_stderr(io.StringIO()):
                self.assertEqual(cli.main(arguments), 2)
        with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit) as caught:
            cli.main(["novel"])
        self.assertEqual(caught.exception.code, 2)


if __name__ == "__main__":
    unittest.main()
