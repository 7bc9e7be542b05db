"""Canonical JSON against RFC 8785, and JSON from strangers."""

import random
import struct
import unittest

from reportd import jsontext
from reportd.jsontext import JSONError

NUMBERS = {
    "0000000000000000": "0", "8000000000000000": "0", "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324", "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308", "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992", "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22", "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23", "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000", "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7", "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332", "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333", "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343", "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}
"""The table of RFC 8785 appendix B."""


def double(hexadecimal: str) -> float:
    return struct.unpack(">d", bytes.fromhex(hexadecimal))[0]


class CanonicalTests(unittest.TestCase):
    def test_numbers_of_appendix_b(self) -> None:
        for bits, expected in NUMBERS.items():
            self.assertEqual(jsontext.number(double(bits)), expected, bits)

    def test_numbers_that_have_no_form(self) -> None:
        for bits in ("7fffffffffffffff", "7ff0000000000000", "fff0000000000000"):
            with self.assertRaises(JSONError):
                jsontext.number(double(bits))
        with self.assertRaises(JSONError):
            jsontext.number(10**400)

    def test_numbers_come_back_as_they_were(self) -> None:
        source = random.Random(7)
        for _ in range(20_000):
            value = struct.unpack(">d", source.getrandbits(64).to_bytes(8, "big"))[0]
            if value == value and abs(value) != float("inf"):
                self.assertEqual(float(jsontext.number(value)), value)

    def test_the_example_of_section_3_2_2(self) -> None:
        text = (
            '{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],'
            ' "string": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/",'
            ' "literals": [null, true, false]}'
        )
        expected = (
            '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
            '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
        )
        self.assertEqual(jsontext.canonical(jsontext.parse(text)).decode(), expected)

    def test_members_are_sorted_by_utf_16(self) -> None:
        names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
        value = {name: index for index, name in enumerate(names)}
        order = list(jsontext.parse(jsontext.canonical(value)))
        self.assertEqual(
            order, ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"])

    def test_strings_keep_everything_but_controls(self) -> None:
        self.assertEqual(
            jsontext.canonical("\x00\x1f\x7f/\u2028\b\t\n\f\r"),
            '"\\u0000\\u001f\x7f/\u2028\\b\\t\\n\\f\\r"'.encode())
        with self.assertRaises(JSONError):
            jsontext.canonical("\ud800")

    def test_what_is_no_json_has_no_form(self) -> None:
        for value in ({1: 2}, object(), b"x", {"a": {1}}):
            with self.assertRaises(JSONError):
                jsontext.canonical(value)


class HostileTests(unittest.TestCase):
    def refused(self, text: object) -> None:
        with self.assertRaises(JSONError):
            jsontext.parse(text)  # type: ignore[arg-type]

    def test_depth_is_bounded_before_anything_recurses(self) -> None:
        self.refused("[" * 1_000_000)
        self.refused('{"a":' * 200 + "1" + "}" * 200)
        self.assertEqual(jsontext.parse('["[[[\\"[[["]', depth=1), ['[[["[[['])
        value: list = []
        for _ in range(500):
            value = [value]
        with self.assertRaises(JSONError):
            jsontext.canonical(value)

    def test_unclosed_strings_take_linear_time(self) -> None:
        self.refused('"' + '\\"' * 500_000)
        self.refused('"\\')

    def test_what_json_does_not_allow(self) -> None:
        for text in ('{"a":1,"a":2}', "NaN", "-Infinity", "1e999", "[1,]", "", b"\xff", "9" * 5000,
                     "nul", '{"a" 1}', "[1] 2"):
            self.refused(text)

    def test_numbers_beyond_the_exact_ones_become_doubles(self) -> None:
        self.assertEqual(jsontext.parse("9007199254740993"), 9007199254740992.0)
        self.assertEqual(jsontext.canonical(jsontext.parse("-0")), b"0")


if __name__ == "__main__":
    unittest.main()
