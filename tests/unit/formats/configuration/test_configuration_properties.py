"""`.properties` files with values put in, read back by a small reader written from Java's own description."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.configuration.properties_format import properties_text

GOLDEN = """\
# comment = kept \\
! so is this: one

plain=old
spaced   =   old
colon : old
blank old
long = one \\
       two \\
       three
split\\
  key = old
esc\\ aped\\:key=old
\\u0061scii=old
bare
empty=
path=old
last=old"""
GOLDEN_AFTER = """\
# comment = kept \\
! so is this: one

plain=new
spaced   =   \\ \\ lead
colon : a=b:c#d
blank \\=x
long = 1
split\\
  key = 2
esc\\ aped\\:key=3
\\u0061scii=4
bare:5
empty=6
path=C:\\\\temp\\n\\tx
last=é\\u20ac\\ud83d\\ude00"""


def test_values_change_in_their_places_and_nothing_else() -> None:
    variables = {
        "PLAIN": "new", "spaced": "  lead", "colon": "a=b:c#d", "blank": "=x", "long": "1", "splitkey": "2",
        "esc aped:key": "3", "Ascii": "4", "bare": "5", "empty": "6", "path": "C:\\temp\n\tx", "last": "é€😀",
        "comment": "x", "nowhere": "x", "two": "x",
    }  # fmt: skip
    done = properties_text(GOLDEN, variables, highest=0xFF)
    assert done.text == GOLDEN_AFTER
    assert done.names == tuple(list(variables)[:12])


def test_line_ends_stay() -> None:
    assert properties_text("a=1\r\nb=2\rc=3\n", {"b": "x"}).text == "a=1\r\nb=x\rc=3\n"


def test_names_of_the_server_are_left_alone_and_empty_values_stay_empty() -> None:
    text = "octopus:x=1\nOctopus.y=2\nbare\n"
    assert properties_text(text, {"Octopus:x": "9", "octopus.y": "9", "bare": ""}).text == text


@pytest.mark.parametrize(
    ("highest", "written"), [(0x7E, "\\u00e9\\u20ac"), (0xFF, "é\\u20ac"), (0x10FFFF, "é€")]
)
def test_characters_are_escaped_as_the_encoding_asks(highest: int, written: str) -> None:
    assert properties_text("a=1", {"a": "é€"}, highest=highest).text == f"a={written}"


def load(text: str) -> list[tuple[str, str]]:
    """What java.util.Properties.load makes of a text, a character at a time."""
    found: list[tuple[str, str]] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines:
        line = lines.pop(0).lstrip(" \t\f")
        if not line or line[0] in "#!":
            continue
        while (len(line) - len(line.rstrip("\\"))) % 2 and lines:
            line = line[:-1] + lines.pop(0).lstrip(" \t\f")
        at = 0
        while at < len(line) and line[at] not in "=: \t\f":
            at += 2 if line[at] == "\\" else 1
        rest = line[at:].lstrip(" \t\f")
        rest = rest[1:].lstrip(" \t\f") if rest[:1] in ("=", ":") else rest
        found.append((_plain(line[:at]), _plain(rest)))
    return found


def _plain(text: str) -> str:
    out, at = "", 0
    while at < len(text):
        if text[at] != "\\":
            out, at = out + text[at], at + 1
        elif text[at + 1 : at + 2] == "u":
            out, at = out + chr(int(text[at + 2 : at + 6], 16)), at + 6
        else:
            letter = text[at + 1 : at + 2]
            out, at = out + {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}.get(letter, letter), at + 2
    return out.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


LINES = st.lists(
    st.text(st.sampled_from("ab=: \t\\#!é"), max_size=8).filter(lambda each: "\\u" not in each), max_size=6
)


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]))
def test_nothing_to_replace_leaves_every_character(lines: list[str], end: str) -> None:
    text = end.join(lines)
    assert properties_text(text, {"nowhere at all": "x"}).text == text


@given(
    LINES,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
    st.sampled_from([0x7E, 0xFF, 0x10FFFF]),
)
def test_a_replaced_value_reads_back_and_no_other_changes(lines: list[str], value: str, highest: int) -> None:
    text = "\n".join([*(line.rstrip("\\") for line in lines), "key = old", *lines])
    done = properties_text(text, {"key": value}, highest=highest)
    assert load(done.text) == [(key, value if key == "key" else old) for key, old in load(text)]
