"""Regular expressions of .NET. Each row follows a page of Microsoft's .NET documentation."""

from __future__ import annotations

import re

import pytest

from gurita.formats.templates.dotnet import regexes
from gurita.formats.templates.dotnet.regexes import expression
from gurita.formats.templates.errors import FilterFailed, TooLong
from gurita.formats.variables import Variables

QUICK = "Regular expression language - quick reference"
GROUPS = "Grouping constructs in regular expressions"
SUBSTITUTES = "Substitutions in regular expressions"
OPTIONS = "Regular expression options"
CLASSES = "Character classes in .NET regular expressions"
BACK = "Backreference constructs in regular expressions"

ROWS = [
    ("a1b2", r"\d", "<$&>", "a<1>b<2>", SUBSTITUTES),
    ("abc", "b", "$$", "a$c", SUBSTITUTES),
    ("abc", "b", "[$`|$'|$_]", "a[a|c|abc]c", SUBSTITUTES),
    ("abcd", "(a)(b)", "$+", "bcd", SUBSTITUTES),
    ("abc", "b", "$1${x}$9", "a$1${x}$9c", SUBSTITUTES),
    ("abc", "(b)", "$10", "a$10c", SUBSTITUTES),
    ("abc", "(b)", "${1}0", "ab0c", SUBSTITUTES),
    ("abc", "(b)", "$0$1", "abbc", SUBSTITUTES),
    ("ab", "(?<first>a)(b)", "$1$2", "ba", GROUPS),  # named groups are counted after the others
    ("ab", "(?'first'a)(?<second>b)", "${second}${first}", "ba", GROUPS),
    ("ab", "(?:a)(b)", "$1", "b", GROUPS),
    ("aab", r"(?<c>a)\k<c>", "x", "xb", BACK),
    ("aab", r"(?<c>a)\k'c'", "x", "xb", BACK),
    ("aabb", r"(\w)\1", "$1", "ab", BACK),
    ("ABab", "(?i:a)b", "x", "ABx", OPTIONS),
    ("aBab", "a(?i)b", "x", "xx", OPTIONS),
    ("aBC", "a(?i)b|c", "x", "xx", OPTIONS),
    ("aC", "(a(?i)b)|c", "x", "aC", OPTIONS),
    ("a\nb", "(?s)a.b", "x", "x", OPTIONS),
    ("a\nb", "(?m)^b$", "x", "a\nx", OPTIONS),
    ("ab", "(?x) a # a letter\n b", "x", "x", OPTIONS),
    ("ab", "(?n)(a)(?<y>b)", "$1", "b", OPTIONS),
    ("hello", "[a-z-[aeiou]]", "-", "-e--o", CLASSES),
    ("a[b]&|~c", r"[\[\]&|~]", "", "abc", CLASSES),
    ("a-]b", "[]-]", "", "ab", CLASSES),
    ("Grüße", r"\p{Lu}", "*", "*rüße", CLASSES),
    ("a\tb", r"\u0009|\x09", " ", "a b", QUICK),
    ("a\x1bb", r"\e", "", "ab", QUICK),
    ("a\x03b", r"\cC", "", "ab", QUICK),
    ("ab\n", r"b\Z", "x", "ax\n", QUICK),
    ("ab", r"(?<=a)b(?!c)", "x", "ax", QUICK),
    ("a{e}b", "{e}", "", "ab", QUICK),
    ("a{,2}", "a{,2}", "x", "x", QUICK),
    ("aaaa", "a{2,3}?", "x", "xx", QUICK),
    ("a#b", "a(?#comment)#", "x", "xb", QUICK),
    ("aab", "(?>a+)b", "x", "x", QUICK),
    ("ab b", "(a)?b(?(1)|x)", "!", "! b", QUICK),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[1]!r}: {row[4]}")
def test_an_expression_means_what_is_documented(row: tuple[str, str, str, str, str]) -> None:
    text, pattern, replacement, expected, _page = row
    assert expression(pattern).replaced(text, replacement) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "[",
        "a**",
        "a*+",
        "+a",
        r"\y",
        r"\1",
        r"\k<x>",
        "(?<a-b>x)",
        "(?P<a>x)",
        "\\",
        "[z-a]",
        "x" * 2001,
    ],
)
def test_a_faulty_expression_is_refused_and_its_token_echoed(pattern: str) -> None:
    with pytest.raises(FilterFailed):
        expression(pattern)
    found = Variables({"V": "x", "P": pattern}).evaluate("#{V | Match #{P}}")
    assert found.text == "#{V | Match #{P}}"
    assert found.error.startswith("The filter Match: ")


def test_an_expression_that_runs_away_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regexes, "TIMEOUT", 0.2)
    found = Variables({"V": "a" * 5000}).evaluate(
        '#{V | Match "(a|aa)+[bc](a|aa)*$"}#{V | Match "(.*)(.*)(.*)(.*)(.*)x"}'
    )
    assert len(found.missing) in (1, 2)
    assert "takes more than 0.2 s" in found.error


def test_a_replacement_that_grows_is_stopped() -> None:
    with pytest.raises(TooLong):
        expression("a").replaced("a" * 10_000, "b" * 10_000)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a target: Python's own engine."""
    expression.cache_clear()
    monkeypatch.setattr(regexes, "_engine", None)
    monkeypatch.setattr(regexes, "_FAULTS", (re.error, OverflowError, RecursionError))


_RICH = (r"\p{Lu}", "(?>a+)b")


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(
    "row", [row for row in ROWS if row[1] not in _RICH], ids=lambda row: f"{row[1]!r}: {row[4]}"
)
def test_python_s_own_engine_gives_the_same(row: tuple[str, str, str, str, str]) -> None:
    text, pattern, replacement, expected, _page = row
    assert expression(pattern).replaced(text, replacement) == expected
    expression.cache_clear()


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("pattern", ["(a+)+", "(a|aa)*b", "(a?){50}", "((ab)*c?)+", r"(\w)\1*(\1)+"])
def test_python_s_own_engine_refuses_what_could_run_away(pattern: str) -> None:
    with pytest.raises(FilterFailed, match="could run away"):
        expression(pattern)
    expression.cache_clear()


@pytest.mark.usefixtures("alone")
def test_python_s_own_engine_is_stopped_by_a_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regexes, "TIMEOUT", 0.2)
    with pytest.raises(FilterFailed, match="takes more than"):
        expression(".*.*.*.*.*=").found_in("x" * 5000)
    expression.cache_clear()
