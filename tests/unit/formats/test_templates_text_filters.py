"""Filters that cut, join, compare and encode texts: a table each (runtime formats 2.4)."""

from __future__ import annotations

import pytest

from tests.filter_table import Row, filtered

TABLES: dict[str, list[Row]] = {
    "ToLower": [
        ("ABC", (), "abc"),
        ("ÀÉ", (), "àé"),
        ("\u03a3\u0391\u03a3", (), "\u03c3\u03b1\u03c3"),  # no final sigma
        ("İI", (), "İi"),  # the invariant culture knows no Turkish, and no character grows
        ("", (), ""),
        ("1-a", (), "1-a"),
        (None, (), None),
        ("ABC", ("x",), None),
    ],
    "ToUpper": [
        ("abc", (), "ABC"),
        ("straße", (), "STRAßE"),
        ("\u0131i", (), "\u0131I"),
        ("ﬁ", (), "ﬁ"),
        ("éà", (), "ÉÀ"),
        ("", (), ""),
        (None, (), None),
        ("abc", ("x",), None),
    ],
    "StartsWith": [
        ("abc", ("ab",), "true"),
        ("abc", ("Ab",), "false"),
        ("abc", ("bc",), "false"),
        ("abc", ("",), "true"),
        ("", ("a",), "false"),
        ("e\u0301", ("e",), "true"),
        (None, ("a",), None),
        ("abc", (), None),
        ("abc", ("a", "b"), None),
    ],
    "EndsWith": [
        ("abc", ("bc",), "true"),
        ("abc", ("bC",), "false"),
        ("abc", ("ab",), "false"),
        ("abc", ("",), "true"),
        ("", ("c",), "false"),
        ("a\n", ("\n",), "true"),
        (None, ("a",), None),
        ("abc", (), None),
    ],
    "Contains": [
        ("abc", ("b",), "true"),
        ("abc", ("AbC",), "false"),
        ('a"b"c', ('"b"',), "true"),
        ("a b(c", (" b(",), "true"),
        ("abc", ("",), "true"),
        ("", ("a",), "false"),
        (None, ("a",), None),
        ("abc", (), None),
        ("abc", ("a", "b"), None),
    ],
    "Substring": [
        ("Octopus Deploy", ("8", "6"), "Deploy"),
        ("Octopus Deploy", ("7",), "Octopus"),
        ("Octopus Deploy", ("2", "3"), "top"),
        ("abc", ("10",), "abc"),
        ("abc", ("1", "10"), "bc"),
        ("abc", ("3", "1"), ""),
        ("abc", ("4", "1"), None),
        ("abc", ("-1",), None),
        ("abc", ("x",), None),
        ("abc", ("1.5",), None),
        (None, ("1",), None),
        ("abc", (), None),
        ("abc", ("1", "1", "1"), None),
    ],
    "Truncate": [
        ("Octopus Deploy", ("7",), "Octopus..."),
        ("abc", ("7",), "abc"),
        ("abc", ("3",), "abc"),
        ("abc", ("2", ""), "ab"),
        ("abc", ("1", "…"), "a…"),
        ("abc", ("0",), "..."),
        ("abc", ("-1",), None),
        ("abc", ("two",), None),
        (None, ("1",), None),
        ("abc", (), None),
    ],
    "Trim": [
        ("  a b\t", (), "a b"),
        ("  a ", ("start",), "a "),
        ("  a ", ("End",), "  a"),
        ("\u00a0a\u2003", (), "a"),
        ("\x1ca\x1f", (), "\x1ca\x1f"),  # Char.IsWhiteSpace knows no separators of information
        ("", (), ""),
        ("a", ("both",), None),
        ("a", ("start", "end"), None),
        (None, (), None),
    ],
    "Indent": [
        ("a\nb", (), "    a\n    b"),
        ("a\nb", ("2",), "  a\n  b"),
        ("a\nb\nc", ("0/3",), "a\n   b\n   c"),
        ("a\nb", ("/2",), "a\n  b"),
        ("a\nb", ("# ",), "# a\n# b"),
        ("a\nb", ("- ", "  "), "- a\n  b"),
        ("a\r\nb", ("1",), " a\r\n b"),
        ("a", ("256",), "256a"),
        ("a", ("255",), f"{' ' * 255}a"),
        ("a\nb", ("1/300",), "1/300a\n1/300b"),
        ("", (), ""),
        (None, (), None),
        ("a", ("1", "2", "3"), None),
    ],
    "Append": [
        ("a", ("b",), "ab"),
        ("a", ("b", "c"), "abc"),
        (None, ("b",), "b"),
        ("", ("b",), "b"),
        ("a", ("",), "a"),
        ("a", (" ", "\n"), "a \n"),
        ("a", (), None),
        (None, (), None),
    ],
    "Prepend": [
        ("a", ("b",), "ba"),
        ("a", ("b", "c"), "bca"),
        (None, ("b",), "b"),
        ("", ("b",), "b"),
        ("a", ("",), "a"),
        ("é", ("😀",), "😀é"),
        ("a", (), None),
        (None, (), None),
    ],
    "ToBase64": [
        ("Bar", (), "QmFy"),
        ("Bar", ("utf8",), "QmFy"),
        ("Bar", ("UTF8",), "QmFy"),
        ("Bar", ("unicode",), "QgBhAHIA"),
        ("é", (), "w6k="),
        ("", (), ""),
        ("Bar", ("utf-8",), None),
        ("Bar", ("utf8", "utf8"), None),
        (None, (), None),
    ],
    "FromBase64": [
        ("QmFy", (), "Bar"),
        ("QgBhAHIA", ("unicode",), "Bar"),
        ("w6k=", ("utf8",), "é"),
        ("Qm\nFy", (), "Bar"),
        ("", (), ""),
        ("QmF", (), None),
        ("Q*Fy", (), None),
        ("QmFy", ("latin1",), None),
        (None, (), None),
    ],
    "Md5": [
        ("abc", (), "900150983cd24fb0d6963f7d28e17f72"),
        ("", (), "d41d8cd98f00b204e9800998ecf8427e"),
        ("abc", ("4",), "90015098"),
        ("abc", ("unicode",), "ce1473cf80c6b3fda8e3dfc006adc315"),
        ("YWJj", ("base64",), "900150983cd24fb0d6963f7d28e17f72"),
        ("YWJj", ("2", "base64"), "9001"),
        ("YWJj", ("base64", "2"), "9001"),
        ("no base64!", ("base64",), None),
        ("abc", ("0",), None),
        ("abc", ("ascii",), None),
        (None, (), None),
    ],
    "Sha1": [
        ("abc", (), "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("", (), "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", ("3",), "a9993e"),
        ("abc", ("3", "utf8"), "a9993e"),
        ("abc", ("UTF8",), "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("abc", ("99",), "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("abc", ("1", "2"), None),
        (None, (), None),
    ],
    "Sha256": [
        ("abc", (), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("", (), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", ("2",), "ba78"),
        ("abc", ("utf8", "2"), "ba78"),
        ("YWJj", ("2", "base64"), "ba78"),
        ("abc", ("-1",), None),
        ("abc", ("utf8", "unicode"), None),
        ("abc", ("1", "utf8", "2"), None),
        (None, (), None),
    ],
    "Sha384": [
        ("abc", ("6",), "cb00753f45a3"),
        ("abc", ("6", "utf8"), "cb00753f45a3"),
        ("", ("4",), "38b060a7"),
        ("YWJj", ("base64", "6"), "cb00753f45a3"),
        ("abc", ("x",), None),
        ("abc", ("",), None),
        ("abc", ("0",), None),
        (None, (), None),
    ],
    "Sha512": [
        ("abc", ("6",), "ddaf35a19361"),
        ("abc", ("utf8", "6"), "ddaf35a19361"),
        ("", ("4",), "cf83e135"),
        ("YWJj", ("base64", "6"), "ddaf35a19361"),
        ("abc", ("1.5",), None),
        ("abc", ("6", "6"), None),
        ("=", ("base64",), None),
        (None, (), None),
    ],
}


@pytest.mark.parametrize(
    ("name", "row"), [(name, row) for name, rows in TABLES.items() for row in rows], ids=repr
)
def test_a_filter_of_texts(name: str, row: Row) -> None:
    value, options, expected = row
    assert filtered(name, value, options) == expected


def test_every_table_has_its_rows() -> None:
    assert min(map(len, TABLES.values())) >= 8


def test_a_filter_has_its_name_in_any_case() -> None:
    assert filtered("tOuPPER", "a", ()) == "A"
    assert filtered("NoSuchFilter", "a", ()) is None
