from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.catalog.rules import (
    list_problems,
    name_problems,
    parse_span,
    slug_problems,
    span_problems,
    text_problems,
    without_doubles,
)


@pytest.mark.parametrize(
    ("name", "problem", "way_out"),
    [
        ("", "must not be empty", "Use 1 to 200"),
        (" \t", "must not be empty", "Use 1 to 200"),
        ("x" * 201, "has 201 characters", "Use at most 200"),
        ("a\x07b", "control character U+0007 at place 2", "Remove it"),
        ("a\u2028b", "control character U+2028 at place 2", "Remove it"),
    ],
)
def test_a_bad_name_is_refused_with_the_way_out(name: str, problem: str, way_out: str) -> None:
    (found,) = name_problems(name, "Title")
    assert found.startswith("Title: ")
    assert problem in found and way_out in found


@pytest.mark.parametrize("name", ["a", "x" * 200, "Prüfung 本番 🚀", "a,b;c", "#{Name}"])
def test_ordinary_names_pass(name: str) -> None:
    assert name_problems(name) == []


@pytest.mark.parametrize("slug", ["", "a", "a-b", "v1.0", "a_b", "9"])
def test_slugs_that_fit_an_address_pass(slug: str) -> None:
    assert slug_problems(slug) == []


@pytest.mark.parametrize("slug", ["A", "a b", "-a", "a-", "a--b", "ä", "a/b", "x" * 201, "a\n"])
def test_other_slugs_are_refused_with_the_way_out(slug: str) -> None:
    (found,) = slug_problems(slug)
    assert found.startswith("Slug: ") and "leave it out" in found


def test_a_long_text_is_refused_with_its_length() -> None:
    assert text_problems("x" * 20_001) == ["Description: has 20001 characters. Use at most 20000."]
    assert text_problems("x" * 20_000) == [] == text_problems(None)


def test_a_list_names_the_bad_entry() -> None:
    assert list_problems(["a", ""], "Roles") == ["Roles[1]: must not be empty. Use 1 to 200 characters."]
    assert list_problems(["a"] * 3, "Roles", 2) == ["Roles: has 3 entries. Use at most 2."]


def test_doubles_in_other_case_or_form_go_and_the_first_spelling_stays() -> None:
    assert without_doubles(["Web", "web", "\uff37\uff25\uff22", "db", "Db"]) == ["Web", "db"]


@given(
    st.integers(0, 10_000),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 59),
    st.integers(0, 9_999_999),
)
def test_a_time_span_reads_back_as_written(
    days: int, hours: int, minutes: int, seconds: int, part: int
) -> None:
    text = f"{days}.{hours:02}:{minutes:02}:{seconds:02}.{part:07}"
    assert parse_span(text) == timedelta(
        days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=part // 10
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1:00",
        "24:00:00",
        "00:60:00",
        "00:00:60",
        "-00:00:01",
        "1,00:00:00",
        "\u0660\u0660:00:00",
        "1h",
        "x" * 99,
    ],
)
def test_other_texts_are_no_time_spans(text: str) -> None:
    (found,) = span_problems(text, "Interval")
    assert found.startswith("Interval: ") and "1.00:00:00" in found


def test_a_span_below_the_least_is_refused() -> None:
    assert span_problems("00:00:30", "Interval", timedelta(minutes=1)) == [
        "Interval: is 00:00:30. It must be at least 0:01:00."
    ]
    assert (
        span_problems("1.00:00:00", "Interval", timedelta(minutes=1)) == [] == span_problems(None, "Interval")
    )
