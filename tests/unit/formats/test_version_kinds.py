"""Versions of every kind: what is one, and in which order."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gurita.formats.versions import KINDS, LONGEST_VERSION, Version, VersionError, parse

WRITTEN = [
    *(
        "1",
        "1.0",
        "1.0.0",
        "1.0.0.0",
        "1.0.1",
        "1.10",
        "2",
        "v1.2.3",
        "1.2.3-beta",
        "1.2.3-beta.2",
        "1.2.3-beta.10",
    ),
    *(
        "1.2.3-Beta",
        "1.2.3-beta-2",
        "1.2.3-1",
        "1.2.3-1a",
        "1.2.3+7",
        "1.2.3+8",
        "1.2.3-beta+7",
        "1.2.3beta",
        "1_2",
    ),
    *(
        "latest",
        "abc",
        "alpha.25",
        "1.0-SNAPSHOT",
        "1.0-sp",
        "1.0-sp-1",
        "1.0-sp.1",
        "1-1.foo-bar1baz-.1",
        "1.0.foo",
    ),
    *(
        "1.a1",
        "1-alpha-1",
        "1-0.1",
        "1-ga.1",
        "1.0-rc1",
        "1.0-cr2",
        "1.0.Final",
        "1.0-jre",
        "0.0.0",
        "-",
        ".",
        "1-",
    ),
]
texts = some.one_of(some.sampled_from(WRITTEN), some.text("01a.-+", min_size=1, max_size=8))

ROWS: dict[str, list[list[str]]] = {
    "octopus": [
        ["abc", "ABC"],
        ["latest"],
        ["0.0.0"],
        ["1.0.0-1"],
        ["1.0.0-2", "1.0.0.0-2"],
        ["1.0.0.0.5", "1.0.0.0-5"],
        ["1.0.0-10"],
        ["1.0.0-alpha"],
        ["1.0.0-alpha.1", "1.0.0-alpha-1", "1.0.0_alpha_1", "v1.0.0alpha.1", "1 . 0 . 0-ALPHA\\1"],
        ["1.0.0-alpha.beta"],
        ["1.0.0-beta", "1-beta+7"],
        ["1", "1.0", "v1.0.0", "V1.0.0.0", "1.0.0+7", "1.0-", " 1.0 "],
        ["1.0.0.1"],
        ["1.2"],
        ["1.10"],
    ],
    "semver": [
        ["1.0.0-1"],
        ["1.0.0-2"],
        ["1.0.0-10"],
        ["1.0.0-alpha"],
        ["1.0.0-alpha.1"],
        ["1.0.0-alpha.beta"],
        ["1.0.0-beta", "1.0.0-BETA"],
        ["1.0.0-beta+7"],
        ["1.0.0-beta-10"],
        ["1.0.0-beta-2"],
        ["1.0.0", "1.0", "1.0.0.0", "1.00.0"],
        ["1.0.0+7"],
        ["1.0.0.1"],
        ["1.10.0"],
    ],
    "docker": [["0.0.0-alpine", "alpine"], ["0.0.0"], ["latest", "LATEST"], ["0.0.1"], ["1.25-alpine"], ["1.25"]],
    "lexicographic": [["1"], ["1-2"], ["1-10", "1.10"], ["2"], ["10"], ["a"], ["a.1"], ["b"]],
    "pep440": [
        ["1.dev0", "1.0.DEV"],
        ["1.0.dev3"],
        ["1a1", "1.0alpha1", "1.0-a.1"],
        ["1a2.dev456"],
        ["1a2"],
        ["1a2.post1.dev3"],
        ["1a2.post1"],
        ["1b2", "1.0.beta2"],
        ["1.0b2.post345"],
        ["1.0rc1", "1.0c1", "1.0.preview-1"],
        ["1.0rc10"],
        ["1", "1.0", "v1.0.0"],
        ["1.0+abc.5"],
        ["1.0+abc.7"],
        ["1.0+5", "1.0+05"],
        ["1.0.post456.dev34"],
        ["1.0.post456", "1.0-456", "1.0r456"],
        ["1.1.dev1"],
        ["1.10"],
        ["1!0.1"],
    ],
    "maven": [
        ["1-alpha-1", "1-a1", "1.alpha-1", "1.0-ALPHA-1"],
        ["1-alpha-2", "1alpha2"],
        ["1-alpha-10"],
        ["1-beta-1", "1-b1"],
        ["1-milestone-1", "1-m1"],
        ["1-rc", "1-cr"],
        ["1-rc-1", "1-cr1"],
        ["1-SNAPSHOT", "1.0.0-snapshot"],
        ["1", "1.0", "1.0.0", "1.ga", "1-ga", "1-0", "1.final", "1-release", "1.", "1--"],
        ["1-ga.1"],
        ["1-sp"],
        ["1-sp-1"],
        ["1-sp.1"],
        ["1-a"],
        ["1-foo", "1.foo", "1.0.0-foo.0.0"],
        ["1-foo2"],
        ["1-foo10"],
        ["1-jre"],
        ["1-1", "1-ga-1"],
        ["1-2"],
        ["1.0.1"],
        ["1.1"],
        ["1.20240102123456"],
        ["2"],
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", ROWS)
def test_a_kind_orders_its_versions(kind: str) -> None:
    rows = [[parse(text, kind) for text in row] for row in ROWS[kind]]
    for (low_at, low_row), (high_at, high_row) in itertools.product(enumerate(rows), repeat=2):
        for low, high in itertools.product(low_row, high_row):
            told = (low < high, low == high, low > high, low <= high, low >= high)
            expected = (
                low_at < high_at,
                low_at == high_at,
                low_at > high_at,
                low_at <= high_at,
                low_at >= high_at,
            )
            assert told == expected, (low, high)
            assert (hash(low) == hash(high)) or low_at != high_at


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((kind, blank) for kind in KINDS for blank in ("", "   ", "1" * (LONGEST_VERSION + 1))),
        *(("octopus", text) for text in ("1/2", "1.2.3 final", "2147483648", "1.99999999999", "a b", "ü", "1\n2")),
        *(("semver", text) for text in ("1", "1-a", "v1.0", "1..2", "1.2.3.4.5", "1.0-", "1.0_1", "1.0-ü", "1.0+", "2147483648.0")),
        *(("strict-semver", text) for text in ("1.2", "1.2.3.4", "01.2.3", "1.2.3-01")),
        *(("pep440", text) for text in ("1.0-", "french toast", "1.0+", "1.0+_f", "1.0x", "!1.0", "1.0+a+b")),
        *(("maven", text) for text in ("1.0 beta", "[1.0]", "1,2")),
        *((kind, "\u0661.\u0662") for kind in ("octopus", "semver", "docker")),
    ],
)  # fmt: skip
def test_what_is_no_version_of_a_kind_is_refused(kind: str, text: str) -> None:
    with pytest.raises(VersionError):
        parse(text, kind)


@pytest.mark.parametrize(
    ("kind", "text", "numbers", "tag", "is_pre_release"),
    [
        ("octopus", "v1.2.3-beta.1+7", (1, 2, 3), "beta.1+7", True),
        ("octopus", "1.2.3.4.5", (1, 2, 3, 4), "5", True),
        ("octopus", "1.0+7", (1, 0), "+7", False),
        ("octopus", "feature", (), "feature", True),
        ("semver", "1.2-rc", (1, 2), "rc", True),
        ("docker", "latest", (), "", False),
        ("docker", "1.25-alpine", (1, 25), "alpine", True),
        ("lexicographic", "a-b", (), "a-b", False),
        ("pep440", "2!1.0.rc1.dev2+local.1", (1, 0), "rc1.dev2+local.1", True),
        ("pep440", "1.0.post1", (1, 0), "", False),
        ("maven", "1.0-SNAPSHOT", (1, 0), "SNAPSHOT", True),
        ("maven", "31.1-jre", (31, 1), "jre", False),
        ("maven", "1.0.RC1", (1, 0), "RC1", True),
        ("maven", "2.0", (2, 0), "", False),
        ("maven", "2.0-20", (2, 0), "20", False),
    ],
)
def test_a_version_tells_its_parts(
    kind: str, text: str, numbers: tuple[int, ...], tag: str, is_pre_release: bool
) -> None:
    version = parse(text, kind)
    assert (version.numbers, version.tag, version.is_pre_release) == (numbers, tag, is_pre_release)


def test_versions_of_two_kinds_have_no_order() -> None:
    with pytest.raises(TypeError, match="one kind"):
        assert parse("1.0") < parse("1.0", "semver")
    assert parse("1.0") != parse("1.0", "semver")


def read(kind: str, text: str) -> Version | None:
    try:
        return parse(text, kind)
    except VersionError:
        return None


@given(some.sampled_from(KINDS), some.tuples(texts, texts, texts))
def test_any_versions_of_a_kind_have_a_total_order(kind: str, written: tuple[str, str, str]) -> None:
    low, middle, high = (read(kind, text) for text in written)
    if low is None or middle is None:
        return
    assert [low < middle, low == middle, low > middle].count(True) == 1
    assert (low == middle) == (middle == low)
    if high is not None and low <= middle <= high:
        assert low <= high


@given(some.sampled_from(KINDS), texts)
def test_the_text_is_kept(kind: str, text: str) -> None:
    version = read(kind, text)
    assert version is None or (
        version.text == str(version) == text.strip() and version == parse(version.text, kind)
    )


@given(some.sampled_from(KINDS), some.text(max_size=60))
def test_any_text_is_a_version_or_refused(kind: str, text: str) -> None:
    version = read(kind, text)
    assert version is None or version.kind == kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("piece", ["1", "1.", "1-", "a", "a.", "a1", "-", ".", " ", "1 .", "0-", "ga-", "+"])
def test_a_hostile_version_takes_no_time(kind: str, piece: str) -> None:
    text = ("1" + piece * LONGEST_VERSION)[: LONGEST_VERSION - 1] + "!"
    started = time.thread_time()
    version = read(kind, text)
    assert version is None or parse(version.text, kind) == version
    assert time.thread_time() - started < 0.05
