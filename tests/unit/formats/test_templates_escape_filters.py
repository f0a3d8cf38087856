"""Filters that make a value fit for another format: a table each (runtime formats 2.4)."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.filter_table import Row, filtered

TABLES: dict[str, list[Row]] = {
    "HtmlEscape": [
        ("1 < 2 & 3 > 2", (), "1 &lt; 2 &amp; 3 &gt; 2"),
        ("\"a\" 'b'", (), "&quot;a&quot; &apos;b&apos;"),
        ("a/b", (), "a&#x2F;b"),
        ("&amp;", (), "&amp;amp;"),
        ("é", (), "é"),
        ("", (), ""),
        (None, (), None),
        ("a", ("b",), None),
    ],
    "XmlEscape": [
        ("1 < 2 & 3 > 2", (), "1 &lt; 2 &amp; 3 &gt; 2"),
        ("\"a\" 'b'", (), "&quot;a&quot; &apos;b&apos;"),
        ("a/b", (), "a/b"),
        ("]]>", (), "]]&gt;"),
        ("😀", (), "😀"),
        ("", (), ""),
        (None, (), None),
        ("a", ("b",), None),
    ],
    "JsonEscape": [
        ('He said "Hello!"', (), 'He said \\"Hello!\\"'),
        ("a\\b", (), "a\\\\b"),
        ("a\r\n\tb", (), "a\\r\\n\\tb"),
        ("a/b", (), "a/b"),
        ("é\x01", (), "é\x01"),
        ("", (), ""),
        (None, (), None),
        ("a", ("b",), None),
    ],
    "YamlSingleQuoteEscape": [
        ("The bee's knees", (), "The bee''s knees"),
        ("a\nb", (), "a\n\nb"),
        ("a\n\nb", (), "a\n\n\nb"),
        ("a\r\nb", (), "a\r\n\r\nb"),
        ('"\\', (), '"\\'),
        ("", (), ""),
        (None, (), None),
        ("a", ("b",), None),
    ],
    "YamlDoubleQuoteEscape": [
        ('"Hello"\\Goodbye', (), '\\"Hello\\"\\\\Goodbye'),
        ("a\tb\r\nc", (), "a\\tb\\r\\nc"),
        ("\0\a\b\x1b", (), "\\0\\a\\b\\e"),
        ("\x85\xa0\u2028\u2029", (), "\\N\\_\\L\\P"),
        ("\x01\x7f\ufeff", (), "\\u0001\\u007F\\uFEFF"),
        ("é😀", (), "é😀"),
        ("", (), ""),
        (None, (), None),
        ("a", ("b",), None),
    ],
    "PropertiesKeyEscape": [
        ("Hey: x=y", (), "Hey\\:\\ x\\=y"),
        ("a\\b", (), "a\\\\b"),
        ("a\tb\nc", (), "a\\tb\\nc"),
        ("é", (), "\\u00E9"),
        ("😀", (), "\\uD83D\\uDE00"),
        ("#a", (), "\\#a"),
        ("", (), ""),
        (None, (), None),
        ("a", ("b",), None),
    ],
    "PropertiesValueEscape": [
        ("a\\b=c", (), "a\\\\b=c"),
        ("Hey: x", (), "Hey: x"),
        ("a\r\nb", (), "a\\r\\nb"),
        ("ü", (), "\\u00FC"),
        ("😀", (), "\\uD83D\\uDE00"),
        ("\f", (), "\\f"),
        ("", (), ""),
        (None, (), None),
        ("a", ("b",), None),
    ],
    "UriEscape": [
        ("A b:c+d/e", (), "A%20b:c+d/e"),
        ("https://a/?q=1&r=ü#x", (), "https://a/?q=1&r=%C3%BC#x"),
        ("100%", (), "100%25"),
        ('{}|^`"<>\\', (), "%7B%7D%7C%5E%60%22%3C%3E%5C"),
        ("-_.~!*'();[]@,$", (), "-_.~!*'();[]@,$"),
        ("", (), ""),
        (None, (), None),
        ("a", ("b",), None),
    ],
    "UriDataEscape": [
        ("A b:c+d/e", (), "A%20b%3Ac%2Bd%2Fe"),
        ("a&b=c", (), "a%26b%3Dc"),
        ("-_.~", (), "-_.~"),
        ("!*'()", (), "%21%2A%27%28%29"),
        ("ü😀", (), "%C3%BC%F0%9F%98%80"),
        ("", (), ""),
        (None, (), None),
        ("a", ("b",), None),
    ],
}


@pytest.mark.parametrize(
    ("name", "row"), [(name, row) for name, rows in TABLES.items() for row in rows], ids=repr
)
def test_a_filter_that_escapes(name: str, row: Row) -> None:
    value, options, expected = row
    assert filtered(name, value, options) == expected


def test_every_table_has_its_rows() -> None:
    assert min(map(len, TABLES.values())) >= 8


_plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="#"), max_size=40)


@given(_plain)
def test_yaml_reads_back_what_was_escaped_for_double_quotes(text: str) -> None:
    assert yaml.safe_load(f'"{filtered("YamlDoubleQuoteEscape", text, ())}"') == text


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="#"), max_size=40))
def test_json_reads_back_what_was_escaped_for_it(text: str) -> None:
    assert json.loads(f'"{filtered("JsonEscape", text, ())}"') == text
