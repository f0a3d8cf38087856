"""File patterns."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.globs import LONGEST_GLOB, GlobError, compiled, matches


@pytest.mark.parametrize(
    ("glob", "fits", "fits_not"),
    [
        ("*.config", ["web.config", ".config"], ["a/web.config", "web.configs"]),
        ("**/*.config", ["web.config", "a/web.config", "a/b/c.config"], ["a/config"]),
        ("logs/**", ["logs/a", "logs/a/b"], ["log/a", "logs"]),
        ("a/**/z", ["a/z", "a/b/z", "a/b/c/z"], ["az", "a/b"]),
        ("**", ["a", "a/b"], []),
        ("a?c", ["abc"], ["a/c", "ac"]),
        ("[a-c]x", ["ax", "cx"], ["dx", "/x"]),
        ("[!a]x", ["bx"], ["ax", "/x"]),
        ("[]]x", ["]x"], ["ax"]),
        ("{web,app}.{config,json}", ["web.config", "app.json"], ["x.json", "web"]),
        ("a,b", ["a,b"], ["a", "b"]),
        ("a}b", ["a}b"], []),
        (" ./sub\\file.txt ", ["sub/file.txt"], ["file.txt"]),
        ("a+(b).$", ["a+(b).$"], ["aab"]),
    ],
)
def test_a_pattern_fits_what_it_says(glob: str, fits: list[str], fits_not: list[str]) -> None:
    patterns = [compiled(glob)]
    assert [path for path in fits if not matches(path, patterns)] == []
    assert [path for path in fits_not if matches(path, patterns)] == []


@pytest.mark.parametrize("glob", ["{a,b", "[ab", "[", "[z-a]", "*" * (LONGEST_GLOB + 1)])
def test_a_pattern_that_cannot_be_read_is_named(glob: str) -> None:
    with pytest.raises(GlobError, match="pattern"):
        compiled(glob)


@given(st.text(alphabet="ab/.*?[]{},!-\\^|&~", max_size=30), st.text(alphabet="ab/.", max_size=10))
def test_any_text_is_a_pattern_or_is_refused(glob: str, path: str) -> None:
    with contextlib.suppress(GlobError):
        assert compiled(glob).fullmatch(path) is None or len(path) <= 10


@given(st.text(alphabet="ab/.-+()$^", max_size=20).filter(lambda text: text == text.removeprefix("./")))
def test_a_path_without_signs_fits_itself_only(path: str) -> None:
    assert compiled(path).fullmatch(path)
    assert not compiled(path).fullmatch(path + "x")
