"""What the checks against a running node share."""

import argparse
import secrets
from typing import Any, Callable, Dict, Optional, Set

from reportd import Client, ReportError
from reportd.connection import Connection

VERBS = (
    "PING", "HELP", "VERSION", "GET", "RESOLVE", "LIST", "STATS", "TREND", "MISSING", "DIFF",
    "HISTORY", "PROVE", "DU", "SEARCH", "NOTES", "NOTE", "QUEUE", "AUDIT", "REVIEW", "RETRACT",
    "REKEY", "ERASE", "REPARSE", "WITNESSES", "PEER", "BUNDLE", "WATCH", "STATUS", "VERIFY", "PUT",
    "PARSE", "PUTREC", "JOIN", "RENEW", "QUIT",
)
"""Every verb of docs/protocol.md section 3 but those of the handshake."""
REGION = "湛江市/麻章区"
REPORT = """2023年度部门整体支出绩效自评报告

单位名称：湛江市麻章区{unit}
评价年度：2023年度
填报日期：2024年3月18日

一、部门基本情况
2023年度收入总计{income}万元，支出总计216.40万元。
2023年部门整体预算228.00万元，决算216.40万元，预算执行率96.91%。

二、评价结论
自评得分97分，评价等级为优。

填报人：张三    联系电话：0759-3300000
"""


class Context:
    """Two clients of the node, and the units that this run files for."""

    def __init__(self, host: str, port: int, socket: str, folder: str) -> None:
        self.host = host
        self.port = port
        self.folder = folder
        self.client = Client(host, port, timeout=60)
        self.administrator = Client.unix(socket, timeout=60)
        token = "".join(secrets.choice("甲乙丙丁戊己庚辛壬癸子丑寅卯") for _ in range(8))
        self.unit = f"{token}文化馆"
        self.other_unit = f"{token}图书馆"
        self.judged_unit = f"{token}体育馆"
        self.erased_unit = f"{token}博物馆"
        self.imported_unit = f"{token}美术馆"
        self.key = self.key_of(self.unit)
        self.seed: Optional[bytes] = None
        self.client_role = False
        self.start_position: Any = None
        self.bundle: Optional[str] = None
        self.join_line = ""
        self.identity = ""
        self.said: Set[str] = set()
        self._listen()

    def _listen(self) -> None:
        """Note the verb of every request that a client of this process writes."""
        send = Connection.send

        def noting(connection: Connection, *pieces: Any) -> None:
            if pieces:
                self.said.add(bytes(pieces[0][:20]).split(b"\n")[0].split(b" ")[0].decode("ascii"))
            send(connection, *pieces)

        Connection.send = noting  # type: ignore[method-assign]

    def key_of(self, unit: str) -> str:
        """The key of this run's report of a unit."""
        return f"2023/{REGION}/{unit}/整体支出"

    @classmethod
    def from_arguments(cls, options: argparse.Namespace) -> "Context":
        """The context that the command line describes."""
        context = cls(options.host, options.port, options.socket, options.folder)
        context.client_role = options.client_role
        context.bundle = options.bundle
        context.join_line = options.join or ""
        if options.secret:
            with open(options.secret, encoding="ascii") as file:
                context.seed = bytes.fromhex(file.read(100).strip())
        return context

    def close(self) -> None:
        """Close both clients."""
        self.client.close()
        self.administrator.close()

    def report(self, income: str = "218.40", unit: Optional[str] = None) -> bytes:
        """A report of this run's unit, with a rate that is not what its amounts give."""
        return REPORT.format(unit=unit or self.unit, income=income).encode("utf-8")

    def given(self, unit: Optional[str] = None) -> Dict[str, str]:
        """What is given with a file, so that the key does not hang on the parser."""
        return {
            "year": "2023", "region": REGION, "unit": f"湛江市麻章区{unit or self.unit}",
            "kind": "整体支出",
        }


def expect(condition: Any, what: str) -> None:
    """Fail a check with a sentence."""
    if not condition:
        raise AssertionError(what)


def expect_equal(found: Any, wanted: Any) -> None:
    """Fail a check with both values."""
    if found != wanted:
        raise AssertionError(f"{str(found)[:300]} instead of {str(wanted)[:300]}")


def expect_error(code: str, call: Callable[[], Any]) -> str:
    """The message of the error that a call must end with."""
    try:
        value = call()
    except ReportError as error:
        expect_equal(error.stated_code, code)
        return error.message
    raise AssertionError(f"no error {code} but {str(value)[:300]}")
