"""Lines: what is written can be read, and what cannot be read is told."""

import unittest
from urllib.parse import unquote_to_bytes

from reportd import limits
from reportd.errors import ProtocolError, ReportError
from reportd.wire import (
    decimal, escape, parse_error, parse_reply_line, request_line, split_line, unescape,
)


class EscapeTests(unittest.TestCase):
    def test_what_must_be_escaped_is_and_nothing_else(self) -> None:
        self.assertEqual(escape("2023/湛江市/a b"), "2023/湛江市/a%20b".encode())
        self.assertEqual(escape("100%=\n\r\t\x00\x7f"), b"100%25%3D%0A%0D%09%00%7F")
        self.assertEqual(escape("\u3000\u0085～"), "\u3000\u0085～".encode())

    def test_bytes_that_are_not_utf_8(self) -> None:
        self.assertEqual(escape(b"\xb1\xa8.doc"), b"%B1%A8.doc")
        self.assertEqual(escape("报.doc".encode()), "报.doc".encode())

    def test_every_character_comes_back(self) -> None:
        text = "".join(chr(code) for code in range(0x300)) + "湛\U0001f600\uffff"
        self.assertEqual(unescape(escape(text)), text.encode())
        self.assertEqual(unquote_to_bytes(escape(text)), text.encode())
        self.assertEqual(unescape(escape(bytes(range(256)))), bytes(range(256)))

    def test_bad_escapes_are_refused(self) -> None:
        for text in (b"%", b"%1", b"%zz", b"a%%41"):
            with self.assertRaises(ProtocolError):
                unescape(text)

    def test_a_lone_surrogate_cannot_be_sent(self) -> None:
        with self.assertRaises(ReportError) as caught:
            escape("\ud800")
        self.assertEqual(caught.exception.code, "usage")


class LineTests(unittest.TestCase):
    def test_request_lines(self) -> None:
        line = request_line("GET", "2023/a b", as_of="2024-01-01", body=None, force=True, source=0)
        self.assertEqual(line, b"GET 2023/a%20b as-of=2024-01-01 force=1 source=0\n")
        self.assertEqual(request_line("WATCH", from_=7), b"WATCH from=7\n")
        self.assertEqual(request_line("PING"), b"PING\n")

    def test_requests_that_cannot_be_sent(self) -> None:
        for verb, arguments, options in (
            ("get", (), {}), ("GET\nQUIT", (), {}), ("GET", ("",), {}), ("GET", ("x" * 4093,), {}),
            ("GET", ("a",), {"Kind": "x"}), ("GET", (1.5,), {}), ("GET", ([],), {}),
        ):
            with self.assertRaises(ReportError) as caught:
                request_line(verb, *arguments, **options)
            self.assertEqual(caught.exception.code, "usage")

    def test_a_line_of_just_the_limit(self) -> None:
        self.assertEqual(len(request_line("GET", "x" * 4092)), limits.LINE_BYTES + 1)

    def test_splitting(self) -> None:
        self.assertEqual(split_line(b"hello 1 a%20b more=1"), ("HELLO", ["1", "a b", "more=1"]))
        for line in (b"", b"A  b", b"A ", b" A", b"A \xff", b"A %f"):
            with self.assertRaises(ProtocolError):
                split_line(line)


class ReplyLineTests(unittest.TestCase):
    def test_good_lines(self) -> None:
        self.assertEqual(parse_reply_line(b"+OK text/plain 4"), ("text/plain", 4))
        self.assertEqual(parse_reply_line(b"+OK application/json 0"), ("application/json", 0))

    def test_errors(self) -> None:
        error = parse_error("-ERR not-found 没有 2023/a%20b%25".encode())
        assert error is not None
        self.assertEqual((error.code, error.message), ("not-found", "没有 2023/a b%"))
        self.assertEqual(error.exit_code, 3)
        told = parse_error(b"-ERR usage a b%0Ado that")
        self.assertEqual((told.message, told.details), ("a b", {"hint": "do that"}))
        unknown = parse_error(b"-ERR later-word 100% sure \xff")
        assert unknown is not None
        self.assertEqual((unknown.code, unknown.stated_code), ("internal", "later-word"))
        for line in (b"-ERR", b"-ERR ", b"-ERR usage"):
            self.assertIsNotNone(parse_error(line))
        self.assertIsNone(parse_error(b"-ERROR x"))

    def test_lines_that_are_no_reply(self) -> None:
        for line in (
            b"", b"+OK", b"+OK text/plain", b"+OK text/plain x", b"+OK text/plain -1",
            b"+OK text/html 3", b"+OK text/plain 3 4", b"HTTP/1.1 200 OK", b"+OK text/plain 1e3",
            b"+OK text/plain 99999999999999999999", "+OK text/plain ٣".encode(),
            b"+OK text/plain 999999999999999999999999", b"SSH-2.0-x",
        ):
            with self.assertRaises(ProtocolError, msg=line):
                parse_reply_line(line)

    def test_decimal(self) -> None:
        self.assertEqual(decimal("164", 164, "x"), 164)
        for text in ("165", "", "+1", "1_0", " 1", "²"):
            with self.assertRaises(ProtocolError):
                decimal(text, 164, "x")


if __name__ == "__main__":
    unittest.main()
