"""Whether a version may be in a channel."""

from __future__ import annotations

import pytest

from gurita.formats.versions import satisfies_rule


@pytest.mark.parametrize(
    ("version", "range_text", "tag", "feed", "expected"),
    [
        ("1.5.0", "[1.0,2.0)", "", "NuGet", (True, True)),
        ("2.0.0", "[1.0,2.0)", "", "NuGet", (False, True)),
        ("1.5.0", "", "^$", "NuGet", (True, True)),
        ("1.5.0-beta", "", "^$", "NuGet", (True, False)),
        ("1.5.0-beta.2", "", r"^[^\+].*", "NuGet", (True, True)),
        ("1.5.0+7", "", r"^[^\+].*", "NuGet", (True, False)),
        ("1.5.0+7", "", r"^(|\+.*)$", "NuGet", (True, True)),
        ("1.5.0-my-beta", "", "beta", "NuGet", (True, True)),
        ("latest", "", "^$", "Docker", (True, True)),
        ("1.25-alpine", "1.20", "alpine", "Docker", (True, True)),
        ("1.5", "[1.0,2.0)", "^$", "Maven", (True, True)),
        ("1.5-SNAPSHOT", "[1.0,2.0)", "SNAPSHOT", "Maven", (True, True)),
        ("anything", "", "", "S3", (True, True)),
    ],
)
def test_range_and_tag_are_judged_apart(
    version: str, range_text: str, tag: str, feed: str, expected: tuple[bool, bool]
) -> None:
    verdict = satisfies_rule(version, range_text, tag, feed)
    assert (verdict.satisfies_range, verdict.satisfies_tag) == expected
    assert verdict.passes is (expected == (True, True))
    assert verdict.errors == ()


@pytest.mark.parametrize(
    ("version", "range_text", "tag", "feed", "names"),
    [
        ("one two", "", "", "NuGet", "Version: "),
        ("1.0", "[2.0,1.0]", "", "NuGet", "VersionRange: "),
        ("1.0", "1.0", "", "Maven", "VersionRange: "),
        ("1.0", "", "(a", "NuGet", "Tag: "),
    ],
)
def test_what_cannot_be_read_is_an_error_that_names_its_member(
    version: str, range_text: str, tag: str, feed: str, names: str
) -> None:
    verdict = satisfies_rule(version, range_text, tag, feed)
    assert not verdict.passes
    assert [error for error in verdict.errors if error.startswith(names)] == list(verdict.errors) != []
    assert verdict.errors[0].endswith(".")


def test_a_rule_may_order_versions_as_text_and_match_the_whole_of_them() -> None:
    assert satisfies_rule("nightly-20", "nightly-3", "", "Docker", strategy="Lexicographic").satisfies_range
    assert satisfies_rule("1.25-alpine", "", "", "Docker", version_tag=r"^1\.").passes
    assert not satisfies_rule("2.25-alpine", "", "", "Docker", version_tag=r"^1\.").passes
    assert satisfies_rule("1", "", "", "Docker", version_tag="(").errors[0].startswith("VersionTagRegex: ")
