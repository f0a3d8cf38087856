"""Masks: the next version after a current one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gurita.formats.versions import VersionError, has_substitutes, latest_matching, next_version, parse


@pytest.mark.parametrize(
    ("mask", "current", "expected"),
    [
        ("i.c.c", "1.2.3", "2.0.3"),
        ("c.i.c", "1.2.3", "1.3.0"),
        ("c.c.i", "1.2.3", "1.2.4"),
        ("i.i.i-alpha.i", "1.2.3-alpha.25", "2.0.0-alpha.26"),
        ("c.c.i-test", "alpha.25", "0.0.1-test"),
        ("1.2.3-x", "1.2.2.2", "1.2.3.0-x"),
        ("1.2.3-x", None, "1.2.3-x"),
        ("i.i.i", None, "0.0.0"),
        ("1.2.i", None, "1.2.0"),
        ("1.2.i-beta.i", None, "1.2.0-beta.0"),
        ("c.c.c.i", "1.2", "1.2.0.1"),
        ("v1.c.i", "v1.2.3", "v1.2.4"),
        ("1.2.3-i.i", "1.2.3-4.5", "1.2.3-5.0"),
        ("1.2.3-c.i", "1.2.3-beta.5", "1.2.3-beta.6"),
        ("1.2.3-beta.i", "1.2.3", "1.2.3-beta.1"),
        ("1.2.3-beta.i", "1.2.3-beta.rc", "1.2.3-beta.1"),
        ("1.2.3+i", "1.2.3+6", "1.2.3+7"),
        ("1 .2.i", "1.2.3", "1 .2.i"),
        ("1.2.x", "1.2.3", "1.2.x"),
        ("release-i", "1.2.3", "release-i"),
        ("", "1.2.3", ""),
    ],
)
def test_a_mask_makes_the_next_version(mask: str, current: str | None, expected: str) -> None:
    assert next_version(mask, current) == expected


def test_a_number_that_cannot_count_up_is_refused() -> None:
    with pytest.raises(VersionError, match="cannot count up"):
        next_version("1.i", "1.2147483647")


def test_a_current_version_that_is_none_is_refused() -> None:
    with pytest.raises(VersionError):
        next_version("1.i", "one two")


@pytest.mark.parametrize(
    ("mask", "expected"), [("1.2.i", True), ("1.2.3-c", True), ("1+i", True), ("1.2.3", False), ("1.2.3-ci", False), ("x", False)]
)  # fmt: skip
def test_a_mask_is_told_from_a_version(mask: str, expected: bool) -> None:
    assert has_substitutes(mask) is expected


KNOWN = ["1.2.3", "1.2.10-beta.2", "1.2.10-beta.11", "1.3.0", "2.0.0", "none of these", "1.2.9.1"]


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        ("i.i.i", "2.0.0"),
        ("1.i.i", "1.3.0"),
        ("1.2.i", "1.2.10-beta.11"),
        ("1.2.10-beta.i", "1.2.10-beta.11"),
        ("1.2.10-BETA.i", "1.2.10-beta.11"),
        ("1.2.10-rc.i", None),
        ("3.i", None),
        ("1.2.3", "1.2.3"),
        ("1.3.0", "1.3.0"),
        ("no mask", None),
    ],
)
def test_the_latest_version_of_a_mask_has_what_it_says_up_to_its_first_letter(
    mask: str, expected: str | None
) -> None:
    assert latest_matching(mask, KNOWN) == expected


numbers = some.lists(some.integers(0, 30), min_size=1, max_size=4)
parts = some.lists(some.sampled_from(["i", "c"]), min_size=1, max_size=4).filter(lambda parts: "i" in parts)


@given(parts, numbers)
def test_what_a_mask_makes_is_a_version_and_higher(mask: list[str], current: list[int]) -> None:
    before = ".".join(map(str, current))
    made = next_version(".".join(mask), before)
    assert parse(made) > parse(before)


@given(some.text("ic01.-+a", max_size=20), some.text("01a.-+", min_size=1, max_size=12))
def test_any_mask_and_version_make_a_text_or_are_refused(mask: str, current: str) -> None:
    try:
        made = next_version(mask, current)
    except VersionError:
        return
    if made != mask:
        assert parse(made).text == made
        assert not has_substitutes(made) or "i" in current + mask
