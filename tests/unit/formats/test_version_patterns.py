"""Regular expressions of rules: they say what Python's engine says, and none takes long."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gurita.formats.versions import Pattern, PatternError

SUBJECTS = [
    "",
    "beta",
    "beta.1",
    "alpha-rc",
    "rc1",
    "+7",
    "beta.12+7",
    "Beta",
    "a b",
    "feature-x-123",
    "b\n",
    "ab12",
]


@pytest.mark.parametrize(
    "text",
    [
        "^$", r"^[^\+].*", "^beta", "beta$", "^beta|^rc", "^(beta|rc)", r"^(|\+.*)$", "", "a{0,2}b", "^a{2,}", r"\d{2}",
        r"^(?!beta).+", r"^(?!.*rc)", r"^(?=.*\d)b", r"^((?!-rc).)*$", r"(?i)^BETA", r"(?i:B)eta", r"^\w+\.\d+$", r"\bx\b",
        r"\Brc", r"[a-c]+", r"[^a-z]", r"[]a]", r"[\d.]+$", r"[a\-z]", r"\.", r"\x62eta", r"\u0062eta", "^b?e?t?a?$",
        "(a*)*b", "(a|a)*$", "^(?:a|b|ab)+$", r"^(?P<pre>beta)", "a{", r"\s", r"\S+$", r"^\D*$", r"\W", "b.$",
        r"(?s)b.$", "a+?b", "(?:)*", "(?i)[A-B]ETA", "(?!)", "(?=)", "x*", r"^(?!(?!beta))",
    ],
)  # fmt: skip
def test_an_expression_finds_what_it_should(text: str) -> None:
    theirs = re.compile(text)
    for subject in SUBJECTS:
        assert Pattern(text).found_in(subject) == bool(theirs.search(subject)), subject


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("(", "not closed"),
        (")", "no ( before"),
        ("[a", "not closed"),
        ("*", "nothing before"),
        ("a**", "repeated or possessive"),
        ("a++", "repeated or possessive"),
        ("^*", "place cannot be repeated"),
        ("a{3,2}", "counts down"),
        ("a{2000}", "more than 1000"),
        ("(a{100}){100}", "too much"),
        ("(((){1000}){1000}){1000}", "too much"),
        ("(" * 30 + ")" * 30, "deep"),
        (r"(a)\1", r"\1 is not supported"),
        (r"\p{L}", r"\p is not supported"),
        ("(?<=a)b", "not supported"),
        ("(?<!a)b", "not supported"),
        ("(?>a)", "not supported"),
        ("(?m)a", "not supported"),
        ("(?", "not supported"),
        ("[z-a]", "high to low"),
        ("[a-z-[b]]", "backslash"),
        ("a\\", "backslash"),
        ("a" * 201, "at most 200"),
    ],
)
def test_an_expression_that_cannot_be_used_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(PatternError, match=re.escape(says)):
        Pattern(text)


@pytest.mark.parametrize(
    "text",
    ["(a+)+$", "(a|aa)+$", "^(a*)*b", "(.*)*x", ".*.*.*.*.*x", "((a*)*)*b", "(?=(a+)+$)b", "(a?){50}a{50}$", "^(([a-z])+.)+[A-Z]$"],
)  # fmt: skip
def test_an_expression_made_to_hang_an_engine_does_not(text: str) -> None:
    started = time.thread_time()
    assert not Pattern(text).found_in("a" * 400 + "!")
    assert time.thread_time() - started < 1


atoms = some.one_of(
    some.sampled_from(
        [*"ab.", r"\d", r"\w", "[ab]", "[^a]", "(?:ab)", "(?!b)", "(?=a.)", "^", "$", r"\b", "()"]
    )
)
places = {"(?!b)", "(?=a.)", "^", "$", r"\b"}
pieces = some.tuples(atoms, some.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "*?"])).map(
    lambda made: made[0] if made[0] in places else "".join(made)
)
rows = some.lists(pieces, max_size=4).map("".join)
expressions = some.recursive(
    rows,
    lambda inner: some.one_of(
        some.tuples(inner, inner).map("|".join),
        some.tuples(inner, some.sampled_from(["", "*", "?"])).map(lambda made: f"({made[0]}){made[1]}"),
        some.tuples(inner, inner).map("".join),
    ),
    max_leaves=4,
)


@given(expressions, some.text("ab1.", max_size=8))
def test_any_expression_finds_what_pythons_engine_finds(text: str, subject: str) -> None:
    assert Pattern(text).found_in(subject) == bool(re.search(text, subject))


@given(some.text(r"ab()[]{}*+?|^$\.-!=<:1,i", max_size=30))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    try:
        pattern = Pattern(text)
    except PatternError:
        return
    assert pattern.found_in("ab") in {True, False}
