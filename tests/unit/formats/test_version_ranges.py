"""Ranges of versions in NuGet's and Maven's notation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gurita.formats.versions import RangeError, in_range, parse, parse_range

TOLD = [
    ("nuget", "1.0", ["1.0", "1.0.0", "1.5", "99.0"], ["0.9", "1.0-beta"]),
    ("nuget", "[1.0,2.0)", ["1.0", "1.9.9", "2.0-beta", "1.0+7"], ["0.9", "2.0", "2.0.1", "1.0-beta"]),
    ("nuget", "(1.0,2.0]", ["1.0.1", "2.0", "2.0+7"], ["1.0", "1.0+7", "2.0.0.1"]),
    ("nuget", "[1.0]", ["1.0", "1.0.0.0", "1.0+7"], ["1.0.1", "1.0-a"]),
    ("nuget", "[1.0,1.0]", ["1.0"], ["1.1"]),
    ("nuget", "(,1.0]", ["0.1", "1.0", "0.1-a"], ["1.0.1"]),
    ("nuget", "(,1.0)", ["0.1", "1.0-rc"], ["1.0"]),
    ("nuget", "( 1.0 , )", ["1.0.1", "9.0"], ["1.0"]),
    ("nuget", "[1,2)", ["1.0", "1.9"], ["2.0", "0.9"]),
    ("nuget", "", ["0.0", "9.0-a"], []),
    ("maven", "[1.0,2.0)", ["1", "1.9", "2.0-SNAPSHOT"], ["2", "0.9", "1-rc1"]),
    ("maven", "[1.2,)", ["1.2", "1.2-jre"], ["1.2-beta"]),
    ("maven", "[1.0]", ["1", "1.0.ga"], ["1.0.1"]),
    ("maven", "(,1.0],[1.2,)", ["0.1", "1.0", "1.2", "3"], ["1.1"]),
    ("maven", "(,1.1) , (1.1,)", ["1.0", "1.2"], ["1.1"]),
    ("maven", "[1.0],[1.5]", ["1.0", "1.5"], ["1.2"]),
]


@pytest.mark.parametrize(("notation", "text", "inside", "outside"), TOLD)
def test_a_range_says_what_is_in_it(notation: str, text: str, inside: list[str], outside: list[str]) -> None:
    told = parse_range(text, notation)
    for version in inside:
        assert told.contains(parse(version, told.kind)), version
    for version in outside:
        assert not told.contains(parse(version, told.kind)), version


@pytest.mark.parametrize(
    ("notation", "text", "says"),
    [
        ("nuget", "(1.0)", "two bounds"),
        ("nuget", "[1.0)", "two bounds"),
        ("nuget", "[]", "no version"),
        ("nuget", "[1,2,3]", "two bounds"),
        ("nuget", "[1.0,2.0", "not one interval"),
        ("nuget", "[1,2],[3,4]", "not one interval"),
        ("nuget", "[2.0,1.0]", "higher bound first"),
        ("nuget", "(1.0,1.0]", "same bound twice"),
        ("nuget", "[a,b]", "no version"),
        ("nuget", "1.*", "no version"),
        ("nuget", ">=1.0", "no version"),
        ("nuget", "[" + "1" * 2000 + ",]", "at most"),
        ("maven", "1.0", r"\[1\.0\] for this version"),
        ("maven", "[1.0,1.0]", "same bound twice"),
        ("maven", "[2.0,1.0]", "higher bound first"),
        ("maven", "[1.0,2.0],[1.5,3.0]", "overlap"),
        ("maven", "[1.0,2.0],[2.0,3.0]", "overlap"),
        ("maven", "[1.0,),[2.0,3.0]", "overlap"),
        ("maven", "[3.0,4.0],[1.0,2.0]", "not in order"),
        ("maven", "[1.0],", "comma"),
        ("maven", "[1.0],,[2.0]", "list of intervals"),
        ("maven", "[1.0][2.0]", "comma"),
        ("maven", "[1.0],2.0", "list of intervals"),
    ],
)
def test_a_range_nobody_can_mean_is_refused_with_the_reason(notation: str, text: str, says: str) -> None:
    with pytest.raises(RangeError, match=says):
        parse_range(text, notation)


@pytest.mark.parametrize(
    ("version", "text", "feed", "expected"),
    [
        ("1.5.0", "[1.0,2.0)", "NuGet", True),
        ("1.5.0", "[1.0,2.0)", "BuiltIn", True),
        ("1.5", "[1.0,2.0)", "maven", True),
        ("1.5-alpine", "[1.0,2.0)", "Docker", True),
        ("latest", "[1.0,2.0)", "Docker", False),
        ("v1.5", "[v1.0,2.0)", "GitHub", True),
        ("1.0.post1", "(1.0,1.1)", "PyPi", True),
        ("1.0rc1", "[1.0,1.1)", "PyPi", False),
        ("1.0+local.7", "[1.0]", "PyPi", True),
        ("1.5", "(,1.0),(1.2,)", "Maven", True),
    ],
)
def test_a_feed_has_its_own_versions_and_ranges(version: str, text: str, feed: str, expected: bool) -> None:
    assert in_range(version, text, feed) is expected


@pytest.mark.parametrize("feed", ["BuiltIn", "Docker", "PyPi", "NuGet"])
def test_a_bound_has_a_number(feed: str) -> None:
    with pytest.raises(RangeError, match="a bound that is no version"):
        in_range("1.0", "[alpha,2.0)", feed)


versions = some.lists(some.integers(0, 5), min_size=2, max_size=3).map(lambda n: ".".join(map(str, n)))


@given(
    some.sampled_from(["nuget", "maven"]),
    versions,
    versions,
    versions,
    some.sampled_from(["[]", "[)", "(]", "()"]),
)
def test_a_range_agrees_with_the_order(notation: str, low: str, high: str, version: str, ends: str) -> None:
    kind = "maven" if notation == "maven" else "semver"
    below, above, asked = (parse(text, kind) for text in (low, high, version))
    try:
        told = parse_range(f"{ends[0]}{low},{high}{ends[1]}", notation)
    except RangeError:
        assert below >= above
        return
    after = below <= asked if ends[0] == "[" else below < asked
    before = asked <= above if ends[1] == "]" else asked < above
    assert told.contains(asked) == (after and before)


@given(some.sampled_from(["nuget", "maven"]), some.text("[](),1.a ", max_size=30))
def test_any_text_is_a_range_or_refused(notation: str, text: str) -> None:
    try:
        told = parse_range(text, notation)
    except RangeError:
        return
    assert told.text == text.strip()
