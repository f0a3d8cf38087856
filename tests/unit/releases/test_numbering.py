"""Versions, their order, and the number of the next release."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gurita.projects.resources import DEFAULT_TEMPLATE
from gurita.releases.rules import Numbering, next_version, parse_version, sort_key, version_problems

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["1", "1.2", "v1.2.3", "1.2.3.4", "1.2.3-beta.1", "1.2.3+build.7", "2026.03.04", "1.0.0beta"]
)
def test_what_a_version_may_look_like(text: str) -> None:
    assert version_problems(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "beta",
        "1..2",
        "1.2.3 final",
        "1/2",
        "-1",
        "1.2.3-",
        "9999999999",
        "1" * 300,
        "\u0661.\u0662",
    ],
)
def test_what_is_no_version_is_refused_with_the_text(text: str) -> None:
    problems = version_problems(text)
    assert len(problems) == 1
    assert problems[0].startswith("Version: ")


ORDER = [
    "0.0.1-alpha",
    "0.0.1-alpha.1",
    "0.0.1-alpha.2",
    "0.0.1-alpha.10",
    "0.0.1-alpha.beta",
    "0.0.1-Beta",
    "0.0.1",
    "0.0.2",
    "0.0.10",
    "0.1.0",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.0.1",
    "10.0.0",
]


def test_versions_sort_by_their_key() -> None:
    assert sorted(set(ORDER), key=sort_key) == ORDER


@pytest.mark.parametrize(
    ("one", "other"), [("1.0", "1.0.0.0"), ("v1.0", "1.0"), ("1.0-a", "1.0-A"), ("1.0+a", "1.0+b")]
)
def test_versions_that_are_the_same_have_the_same_key(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(other)


@given(
    some.lists(some.integers(0, 2**31 - 1), min_size=1, max_size=4),
    some.lists(some.integers(0, 2**31 - 1), min_size=4, max_size=4),
)
def test_keys_order_numbers_as_numbers(one: list[int], other: list[int]) -> None:
    mine = sort_key(".".join(map(str, one)))
    theirs = sort_key(".".join(map(str, other)))
    padded = [*one, 0, 0, 0][:4]
    assert (mine < theirs) == (padded < other)


NUMBERS: list[tuple[str, str | None, str]] = [
    (DEFAULT_TEMPLATE, None, "0.0.1"),
    (DEFAULT_TEMPLATE, "1.2.3", "1.2.4"),
    (DEFAULT_TEMPLATE, "1.2.3-beta", "1.2.4"),
    (DEFAULT_TEMPLATE, "1", "1.0.1"),
    ("#{Octopus.Version.NextMajor}.0.0", "1.2.3", "2.0.0"),
    (
        "#{octopus.version.lastmajor}.#{Octopus.Version.NextMinor}#{Octopus.Version.LastSuffix}",
        "1.2.3-rc",
        "1.3-rc",
    ),
    ("1.0.#{Octopus.Version.NextBuild}.#{Octopus.Version.LastRevision}", "1.0.3.9", "1.0.4.9"),
    (
        "#{Octopus.Date.Year}.#{Octopus.Date.Month}.#{Octopus.Date.Day}.#{Octopus.Time.Hour}",
        "1.0.3.9",
        "2026.3.4.5",
    ),
    ("#{Octopus.Version.Channel[Beta].LastMajor}.#{Octopus.Version.Channel[Beta].NextMinor}", "9.9", "2.6"),
    ("7.1.2", "1.0", "7.1.2"),
    ("i.c.c", "1.2.3", "2.0.3"),
    ("c.i.c", "1.2.3", "1.3.0"),
    ("c.c.i", None, "0.0.0"),
    ("1.2.i", "1.2.9", "1.2.10"),
    ("i.i.i-alpha.i", "1.2.3-alpha.25", "2.0.0-alpha.26"),
    ("c.c.i-test", "1.2.3.4", "1.2.4.0-test"),
]


@pytest.mark.parametrize(("template", "last", "expected"), NUMBERS)
def test_the_next_number(template: str, last: str | None, expected: str) -> None:
    assert next_version(template, Numbering(NOW, last, {"beta": "2.5.0"})) == expected


def test_a_template_may_use_variables() -> None:
    known = {"Train": "2026.1"}
    assert (
        next_version("#{Train}.#{Octopus.Version.NextPatch}", Numbering(NOW, "1.2.3", others=known.get))
        == "2026.1.4"
    )


@pytest.mark.parametrize("template", ["#{Nope}.1", "hello", "", "#{Octopus.Version.Channel[None].NextPatch}"])
def test_a_template_that_leads_to_no_version_says_so(template: str) -> None:
    with pytest.raises(ValueError, match=r"not known|not a version|empty"):
        next_version(template, Numbering(NOW, "1.2.3"))


def test_a_parsed_version_knows_how_many_numbers_were_written() -> None:
    assert parse_version("v1.2-rc.1+abc").numbers == (1, 2)


def test_a_mask_goes_on_from_the_highest_release_that_fits_it() -> None:
    numbering = Numbering(NOW, "2.0.5", versions=lambda: ["1.2.3", "1.2.11-beta.4", "2.0.5", "1.3.0"])
    assert next_version("1.2.i", numbering) == "1.2.12"
    assert next_version("1.2.11-beta.i", numbering) == "1.2.11-beta.5"
    assert next_version("i.i", numbering) == "3.0.0"
    assert next_version("3.1.i", numbering) == "3.1.0"


def test_only_a_mask_asks_for_all_releases() -> None:
    def never() -> list[str]:
        raise AssertionError

    assert next_version(DEFAULT_TEMPLATE, Numbering(NOW, "2.0.5", versions=never)) == "2.0.6"


STORED = {
    "1.2.3": "00000001000000020000000300000000f",
    "1.2.3-beta.1": "000000010000000200000003000000000262657461001011",
    "v10.0-RC_7+meta": "0000000a000000000000000000000000027263001017",
    "2.1alpha..2": "0000000200000001000000000000000002616c706861002001012",
}
"""What databases hold."""


@pytest.mark.parametrize("text", STORED)
def test_keys_that_are_stored_stay_what_they_are(text: str) -> None:
    assert sort_key(text) == STORED[text]
