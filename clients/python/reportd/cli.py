"""A small command line: ``python -m reportd get|list|history|watch|put|status|verify-…``.

Results go to standard output as JSON, one value a line; errors to standard error as
``code: message``. The exit code is that of the error's code (``EXIT_CODES``).
"""

import argparse
import json
import os
import sys
from typing import Any, Callable, Dict, List, Optional

from . import limits
from .batch import LogState
from .bundles import verify_bundle
from .client import DEFAULT_PORT, Client
from .connection import tls_context
from .errors import EXIT_CODES, ReportError, usage
from .exports import verify_export
from .handshake import Identity, key_bytes
from .proofs import verify_proof

GIVEN = ("year", "region", "unit", "kind", "force", "if_version")
FILTERS = ("province", "city", "district", "unit", "kind", "status", "since", "limit", "as_of")


def main(arguments: Optional[List[str]] = None) -> int:
    """Run one command; the exit code."""
    options = parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        code = command(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader has enough. What is still buffered goes nowhere, also at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except ReportError as error:
        print(_shown(f"{error.stated_code}: {error.message}"), file=sys.stderr)
        if "hint" in error.details:
            print(_shown(f"hint: {error.details['hint']}"), file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"not-found: {error}", file=sys.stderr)
        return EXIT_CODES["not-found"]


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="python -m reportd", description=__doc__)
    _add_node_options(top)
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int], help: str) -> Any:
        one = commands.add_parser(name, help=help, description=help)
        one.set_defaults(command=command)
        return one

    one = add("get", run_get, "print the record that a lookup finds")
    one.add_argument("lookup", nargs="+")
    one.add_argument("--as-of")
    one.add_argument("--known-here")
    one = add("list", run_list, "print rows, all pages")
    one.add_argument("lookup", nargs="?")
    for name in FILTERS:
        one.add_argument("--" + name.replace("_", "-"))
    one = add("history", run_history, "print the entries about one key")
    one.add_argument("lookup")
    one = add("watch", run_watch, "print entries as they arrive, across broken connections")
    one.add_argument("lookup", nargs="?")
    one.add_argument("--from", dest="start", help="continue after this position")
    one.add_argument("--until-now", action="store_true", help="end where the feed ends now")
    one = add("put", run_put, "submit files")
    one.add_argument("file", nargs="+")
    for name in ("year", "region", "unit", "kind"):
        one.add_argument("--" + name)
    one.add_argument("--force", action="store_true", default=None)
    one.add_argument("--if-version", type=int)
    add("status", run_status, "print the node's figures")
    one = add("verify-proof", run_verify_proof, "check a proof file without asking anybody")
    one.add_argument("proof")
    one.add_argument("file", nargs="*", help="source files that the proof speaks of")
    one.add_argument("--key", action="append", default=[], help="a key that must have signed")
    one = add("verify-export", run_verify_export, "check export files without asking anybody")
    one.add_argument("file", nargs="+", help="later parts of a log stand behind earlier ones")
    bundle = commands.add_parser("bundle", help="bundles on removable media")
    one = bundle.add_subparsers(required=True, metavar="ACTION").add_parser(
        "verify", help="check bundle files without asking anybody")
    one.set_defaults(command=run_verify_bundle)
    one.add_argument("file", nargs="+", help="later bundles stand behind earlier ones")
    one.add_argument("--key", action="append", default=[], help="a key that may have signed")
    return top


def _add_node_options(top: argparse.ArgumentParser) -> None:
    node = os.environ.get("REPORTCTL_NODE") or f"127.0.0.1:{DEFAULT_PORT}"
    top.add_argument("--node", default=node, help="HOST:PORT (REPORTCTL_NODE; %(default)s)")
    top.add_argument("--socket", help="the Unix socket in the folder of the node's store")
    top.add_argument("--timeout", type=float, default=30.0, help="seconds for each answer")
    top.add_argument("--tls-authority", help="speak TLS; PEM file of the authority")
    top.add_argument("--tls-certificate", help="PEM file shown to the node")
    top.add_argument("--tls-private-key")
    top.add_argument("--secret", help="file with my Ed25519 secret, 64 hexadecimal digits")
    top.add_argument("--node-key", help="the node's key; needed with --secret")


def client(options: argparse.Namespace) -> Client:
    """The client that the options describe."""
    if options.socket:
        return Client.unix(options.socket, timeout=options.timeout)
    host, colon, port = options.node.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise usage(f"{options.node} is no HOST:PORT")
    tls = None
    if options.tls_authority or options.tls_certificate:
        tls = tls_context(
            options.tls_authority, options.tls_certificate, options.tls_private_key)
    identity = None
    if options.secret:
        if not options.node_key:
            raise usage("--secret needs --node-key")
        with open(options.secret, encoding="ascii") as file:
            identity = Identity(key_bytes(file.read(200)), key_bytes(options.node_key))
    return Client(host.strip("[]"), int(port), tls, options.timeout, identity)


def emit(value: Any) -> None:
    """One JSON value on one line in UTF-8, at once."""
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _shown(text: str) -> str:
    """Text of strangers for a terminal: nothing that could steer it."""
    return "".join(one if one.isprintable() else "\ufffd" for one in text)


def _chosen(options: argparse.Namespace, names: Any) -> Dict[str, Any]:
    return {name: getattr(options, name) for name in names if getattr(options, name) is not None}


def run_get(options: argparse.Namespace) -> int:
    """``get``."""
    chosen = _chosen(options, ("as_of", "known_here"))
    with client(options) as node:
        for lookup in options.lookup:
            sys.stdout.buffer.write(node.get_bytes(lookup, **chosen))
            sys.stdout.buffer.flush()
    return 0


def run_list(options: argparse.Namespace) -> int:
    """``list``; ``--limit`` bounds all rows, not one page."""
    chosen = _chosen(options, FILTERS)
    left = chosen.pop("limit", None)
    if left is not None and not (left.isascii() and left.isdigit()):
        raise usage("--limit is no number")
    remaining = None if left is None else int(left)
    with client(options) as node:
        for row in node.list(options.lookup, limit=min(remaining or 1000, 1000), **chosen):
            if remaining is not None:
                if remaining == 0:
                    break
                remaining -= 1
            emit(row)
    return 0


def run_history(options: argparse.Namespace) -> int:
    """``history``."""
    with client(options) as node:
        for item in node.history(options.lookup):
            emit(item)
    return 0


def run_watch(options: argparse.Namespace) -> int:
    """``watch``."""
    with client(options) as node:
        if options.until_now:
            for item in node.feed(options.lookup, options.start or 0):
                emit(item)
            return 0
        with node.watch(options.lookup, options.start) as watch:
            for item in watch:
                emit(item)
    return 0


def run_put(options: argparse.Namespace) -> int:
    """``put``; files that do not end alike give ``partial``."""
    chosen = _chosen(options, GIVEN)
    codes = []
    with client(options) as node:
        for path in options.file:
            outcome = node.put_path(path, **chosen)
            emit(outcome)
            error = outcome.get("error")
            code = error.get("code", "internal") if isinstance(error, dict) else None
            codes.append(0 if code is None else EXIT_CODES.get(code, 1))
    return codes[0] if len(set(codes)) == 1 else EXIT_CODES["partial"]


def run_status(options: argparse.Namespace) -> int:
    """``status``."""
    with client(options) as node:
        emit(node.status())
    return 0


def run_verify_proof(options: argparse.Namespace) -> int:
    """``verify-proof``."""
    keys = [key_bytes(key) for key in options.key]
    emit(verify_proof(options.proof, options.file, keys))
    return 0


def run_verify_export(options: argparse.Namespace) -> int:
    """``verify-export``."""
    logs: Dict[bytes, LogState] = {}
    for path in options.file:
        with open(path, "rb") as file:
            emit({"file": path, **verify_export(_lines(file), logs)})
    return 0


def run_verify_bundle(options: argparse.Namespace) -> int:
    """``bundle verify``."""
    keys = [key_bytes(key) for key in options.key]
    logs: Dict[bytes, LogState] = {}
    for path in options.file:
        emit({"file": path, **verify_bundle(path, keys, logs)})
    return 0


def _lines(file: Any) -> Any:
    """Lines of a file, none longer than its ceiling."""
    while True:
        line = file.readline(limits.EXPORT_LINE_BYTES + 1)
        if not line:
            return
        yield line
