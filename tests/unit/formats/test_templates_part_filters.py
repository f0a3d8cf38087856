"""Filters that take values apart, and Markdown: a table each (runtime formats 2.4)."""

from __future__ import annotations

import pytest

from gurita.formats.variables import Variables
from tests.filter_table import Row, filtered

URL = "https://user:pass@Shop.example:8443/docs/a b?q=1#top"
FULL = "1.2.3.4-branch.1.2+build10"

TABLE = (
    '<table>\n<thead>\n<tr>\n<th>a</th>\n<th style="text-align: center;">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n'
    '<td style="text-align: center;">2</td>\n</tr>\n</tbody>\n</table>\n'
)

TABLES: dict[str, list[Row]] = {
    # Each follows the page of the property of that name of System.Uri.
    "UriPart": [
        (URL, ("AbsolutePath",), "/docs/a%20b"),
        (URL, ("AbsoluteUri",), "https://user:pass@shop.example:8443/docs/a%20b?q=1#top"),
        (URL, ("Authority",), "shop.example:8443"),
        ("https://shop.example/docs", ("Authority",), "shop.example"),
        ("http://[::1]/x", ("DnsSafeHost",), "::1"),
        (URL, ("Fragment",), "#top"),
        (URL, ("Host",), "shop.example"),
        ("https://shop.example/docs", ("HostAndPort",), "shop.example:443"),
        ("https://shop.example/docs", ("HostNameType",), "Dns"),
        ("http://10.0.0.1/", ("HostNameType",), "IPv4"),
        ("http://[::1]/", ("HostNameType",), "IPv6"),
        (URL, ("IsAbsoluteUri",), "true"),
        ("docs/a", ("IsAbsoluteUri",), "false"),
        ("https://shop.example:443/", ("IsDefaultPort",), "true"),
        (URL, ("IsDefaultPort",), "false"),
        ("file:///etc/hosts", ("IsFile",), "true"),
        ("https://shop.example", ("IsFile",), "false"),
        ("http://localhost/", ("IsLoopback",), "true"),
        ("http://127.0.0.1/", ("IsLoopback",), "true"),
        ("https://shop.example", ("IsLoopback",), "false"),
        ("file://server/share", ("IsUnc",), "true"),
        ("https://shop.example", ("IsUnc",), "false"),
        (URL, ("Path",), "/docs/a%20b"),
        ("https://shop.example", ("Path",), "/"),
        ("https://shop.example/a/../b/./c", ("Path",), "/b/c"),
        (URL, ("PathAndQuery",), "/docs/a%20b?q=1"),
        (URL, ("Port",), "8443"),
        ("http://shop.example", ("Port",), "80"),
        ("mailto:a@b.c", ("Scheme",), "mailto"),
        (URL, ("Query",), "?q=1"),
        (URL, ("Scheme",), "https"),
        (URL, ("SchemeAndServer",), "https://shop.example:8443"),
        ("https://shop.example/docs", ("SchemeAndServer",), "https://shop.example"),
        (URL, ("UserInfo",), "user:pass"),
        (URL, ("hOsT",), "shop.example"),
        (URL, (), "[UriPart error: no argument given]"),
        (URL, ("Bogus",), "[UriPart Bogus error: argument 'Bogus' not supported]"),
        ("docs/a", ("Host",), "[UriPart Host error: This operation is not supported for a relative URI.]"),
        (None, ("Host",), None),
    ],
    "VersionMajor": [
        (FULL, (), "1"),
        ("v7.1", (), "7"),
        ("7", (), "7"),
        ("beta", (), "0"),
        ("2147483648.0", (), None),
        ("1.0 beta", (), None),
        ("", (), None),
        (None, (), None),
        ("1.0", ("x",), None),
    ],
    "VersionMinor": [
        (FULL, (), "2"),
        ("1", (), "0"),
        ("1.10", (), "10"),
        ("V1.2", (), "2"),
        ("1.2-beta", (), "2"),
        ("", (), None),
        (None, (), None),
        ("1.0", ("x",), None),
    ],
    "VersionPatch": [
        (FULL, (), "3"),
        ("1.2", (), "0"),
        ("1.2.03", (), "3"),
        ("1.2.3-4", (), "3"),
        ("1.2.3+4", (), "3"),
        ("  ", (), None),
        (None, (), None),
        ("1.0", ("x",), None),
    ],
    "VersionRevision": [
        (FULL, (), "4"),
        ("1.2.3", (), "0"),
        ("1.2.3.40", (), "40"),
        ("1.2.3-4", (), "0"),
        ("x", (), "0"),
        ("", (), None),
        (None, (), None),
        ("1.0", ("x",), None),
    ],
    "VersionPreRelease": [
        (FULL, (), "branch.1.2"),
        ("1.2.3", (), ""),
        ("1.2.3beta", (), "beta"),
        ("1.2.3_beta", (), "beta"),
        ("latest", (), "latest"),
        ("", (), None),
        (None, (), None),
        ("1.0", ("x",), None),
    ],
    "VersionPreReleasePrefix": [
        (FULL, (), "branch"),
        ("1.0.0-beta-2", (), "beta"),
        ("1.0.0-beta_2", (), "beta"),
        ("1.0.0-beta2", (), "beta2"),
        ("1.0.0", (), ""),
        ("", (), None),
        (None, (), None),
        ("1.0", ("x",), None),
    ],
    "VersionPreReleaseCounter": [
        (FULL, (), "1.2"),
        ("1.0.0-beta-2", (), "2"),
        ("1.0.0-beta.2-x", (), "2-x"),
        ("1.0.0-beta", (), ""),
        ("1.0.0", (), ""),
        ("", (), None),
        (None, (), None),
        ("1.0", ("x",), None),
    ],
    "VersionMetadata": [
        (FULL, (), "build10"),
        ("1.0.0+a.b", (), "a.b"),
        ("1.0.0", (), ""),
        ("1.0.0-x+y", (), "y"),
        ("1.0.0+", (), ""),
        ("", (), None),
        (None, (), None),
        ("1.0", ("x",), None),
    ],
    # CommonMark 0.31, and what is beyond it.
    "Markdown": [
        ("This _rocks_", (), "<p>This <em>rocks</em></p>\n"),
        ("# A\n\n- b\n- c", (), "<h1>A</h1>\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n"),
        (
            "~~a~~ ~b~ ^c^ ++d++ ==e==",
            (),
            "<p><del>a</del> <sub>b</sub> <sup>c</sup> <ins>d</ins> <mark>e</mark></p>\n",
        ),
        ("a + b = c ~ d", (), "<p>a + b = c ~ d</p>\n"),
        ("1+1+1 C++ a=b=c", (), "<p>1+1+1 C++ a=b=c</p>\n"),
        (
            "see https://a.example/x_y_z.",
            (),
            '<p>see <a href="https://a.example/x_y_z">https://a.example/x_y_z</a>.</p>\n',
        ),
        ("(www.a.example)", (), '<p>(<a href="http://www.a.example">www.a.example</a>)</p>\n'),
        ("[a](http://b) `http://c`", (), '<p><a href="http://b">a</a> <code>http://c</code></p>\n'),
        (
            "a | b\n--|:-:\n1 | 2",
            (),
            TABLE,
        ),
        ("a < b & c", (), "<p>a &lt; b &amp; c</p>\n"),
        ("a\n***\n", (), "<p>a</p>\n<hr />\n"),
        ("", (), "\n"),
        (None, (), None),
        ("a", ("x",), None),
    ],
    "Match": [
        ("abc", ("b",), "true"),
        ("abc", ("def",), "false"),
        ("ab12c3", ("ab[0-9]+",), "true"),
        ("abc", ("^b",), "false"),
        ("ABC", ("(?i)b",), "true"),
        ("a\n", ("a$",), "true"),
        ("a\n", ("a\\z",), "false"),
        ("", ("",), "true"),
        (None, ("a",), None),
        ("abc", (), None),
        ("abc", ("a", "b"), None),
    ],
    "Replace": [
        ("abc", ("b",), "ac"),
        ("abc", ("b", "X"), "aXc"),
        ("a b c", ("a b", "X"), "X c"),
        ("ab12c3", ("[0-9]+", "X"), "abXcX"),
        ("abc", ("(.)b(.)", "$2X$1"), "cXa"),
        ("a\\b", ("\\\\", "\\\\"), "a\\\\b"),
        ("abc", ("(?<x>b)", "[${x}]"), "a[b]c"),
        ("abc", ("x*", "-"), "-a-b-c-"),
        (None, ("a",), None),
        ("abc", (), None),
        ("abc", ("a", "b", "c"), None),
    ],
}


@pytest.mark.parametrize(
    ("name", "row"), [(name, row) for name, rows in TABLES.items() for row in rows], ids=repr
)
def test_a_filter_that_takes_apart(name: str, row: Row) -> None:
    value, options, expected = row
    assert filtered(name, value, options) == expected


def test_every_table_has_its_rows() -> None:
    assert min(map(len, TABLES.values())) >= 8


def test_markdown_has_two_names() -> None:
    assert filtered("MarkdownToHtml", "*a*", ()) == filtered("Markdown", "*a*", ())


def test_markdown_is_bounded_in_length_and_signs() -> None:
    for text in ("a" * 40_000, "*a " * 4_000):
        found = Variables({"V": text}).evaluate("#{V | Markdown}")
        assert found.missing == ("#{V | Markdown}",)
        assert found.error.startswith("The filter Markdown: ")
