"""Checks of ``python -m reportd`` against a running node."""

import json
import os
import subprocess
import sys
from typing import Any, Tuple

from .live_context import Context, expect, expect_equal


def _run(context: Context, *arguments: str, node: str = "") -> Tuple[int, str, str]:
    source = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    ran = subprocess.run(
        [sys.executable, "-m", "reportd", "--node", node or f"{context.host}:{context.port}",
         *arguments],
        env={**os.environ, "PYTHONPATH": source, "PYTHONIOENCODING": "utf-8"},
        capture_output=True, timeout=120, check=False)
    return ran.returncode, ran.stdout.decode("utf-8"), ran.stderr.decode("utf-8")


def commands_print_what_the_node_says(context: Context) -> Any:
    code, out, _ = _run(context, "get", context.key)
    expect_equal((code, out.encode()), (0, context.client.get_bytes(context.key)))
    code, out, _ = _run(context, "list", "2023", "--unit", context.unit)
    expect_equal((code, json.loads(out)["key"]), (0, context.key))
    code, out, _ = _run(context, "history", context.key)
    expect_equal((code, len(out.splitlines())), (0, len(context.client.history(context.key))))
    code, out, _ = _run(context, "status")
    expect_equal((code, json.loads(out)["node"]), (0, context.client.version()["node"]))
    start = str(context.start_position)
    code, out, _ = _run(context, "watch", context.key, "--from", start, "--until-now")
    expect_equal(code, 0)
    return len(out.splitlines())


def commands_exit_with_the_code_of_the_error(context: Context) -> Any:
    path = os.path.join(context.folder, "空.txt")
    with open(path, "wb"):
        pass
    ends = [
        _run(context, "get", "2023/没有这个单位"), _run(context, "get", "2023/麻章区"),
        _run(context, "put", path), _run(context, "get", "2023/x", node="127.0.0.1:1"),
        _run(context, "list", "2023/没有这个单位"), _run(context, "put", "/nowhere/x"),
    ]
    expect_equal([end[0] for end in ends], [3, 4, 5, 6, 0, 3])
    expect(ends[0][2].startswith("not-found: "), ends[0][2])
    return [end[0] for end in ends]


CHECKS = [commands_print_what_the_node_says, commands_exit_with_the_code_of_the_error]
