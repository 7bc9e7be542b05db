"""Every verb against a running node: ``live.py HOST PORT SOCKET FOLDER``.

FOLDER is for files of this run (an empty one of the caller's). One JSON line a check goes to
standard output: ``{"check","ok","detail"}``; exit status 0 when all passed. It can run again on the
same node: names of units are new each time.

With ``--secret FILE`` (64 hexadecimal digits of an Ed25519 secret whose public key stands under
the node's grants for ``"*"`` with ``peer, read, import``) the node's logs are also taken over a
peer session and verified; with ``--client-role`` as well, the handshake of clients and PUTREC are
checked. With ``--bundle FILE`` (of a node with a grant here, entries that are not here yet) a bundle
is taken, with ``--join LINE`` (of ``reportctl pki token --client`` for this node's TLS port, with
``--region '*'``) a newcomer joins; a bundle and a line are good for one run.
"""

import argparse
import json
import os
import sys
import traceback
from typing import Any, Callable, List

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from tests import (  # noqa: E402
    live_command, live_feed, live_join, live_judgements, live_peer, live_queries, live_questions,
    live_writes,
)
from tests.live_context import VERBS, Context, expect_equal  # noqa: E402

Check = Callable[[Context], Any]


def checks(context: Context) -> List[Check]:
    """What is run, in this order: later checks read what earlier ones wrote."""
    chosen: List[Check] = []
    for module in (
        live_writes, live_queries, live_questions, live_feed, live_command, live_peer,
    ):
        chosen += module.CHECKS
    if context.seed is not None:
        chosen += live_peer.CHECKS_WITH_KEY
    if context.seed is not None and context.client_role:
        chosen += live_peer.CHECKS_AS_CLIENT
    chosen += live_judgements.CHECKS + live_join.CHECKS
    if context.join_line:
        chosen += live_join.CHECKS_WITH_LINE
    chosen.append(every_verb_was_said)
    return chosen


def every_verb_was_said(context: Context) -> Any:
    """Each verb that the page or the node's HELP lists was sent by a check."""
    wanted = {line.split(" ")[0] for line in context.client.help().splitlines()} | set(VERBS)
    if not context.join_line:
        wanted.discard("RENEW")  # Nobody has a certificate.
    expect_equal(wanted - context.said, set())
    return sorted(wanted)


def run(check: Check, context: Context) -> bool:
    """One check; its line."""
    name = check.__name__.replace("_", " ")
    try:
        detail = check(context)
        passed = True
    except Exception as error:  # A check may fail in any way; the line tells how.
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{os.path.basename(frame.filename)}: {frame.line}"
        detail = f"{type(error).__name__}: {error} ({place})"
        passed = False
    line = {"check": name, "ok": passed, "detail": detail}
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return passed


def main() -> int:
    """Run all checks; 0 when all passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("socket")
    parser.add_argument("folder")
    parser.add_argument("--secret")
    parser.add_argument("--client-role", action="store_true")
    parser.add_argument("--bundle")
    parser.add_argument("--join")
    context = Context.from_arguments(parser.parse_args())
    try:
        results = [run(check, context) for check in checks(context)]
    finally:
        context.close()
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
