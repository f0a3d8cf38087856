"""YAML with variables put in: the value changes, and nothing around it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.configuration.errors import Unfit, Unreadable
from gurita.formats.configuration.yaml_format import yaml_text

GOLDEN = """\
%YAML 1.1
---
# the shop
name:   shop   # shown to people
"port": 80
base: &base !!map   # anchor and tag
  level: 'warn'
  "path": "C:\\\\temp"
derived:
  <<: *base
  own: *base
servers:
- host: one
  tags: [a, 'b', "c"]
-   host: &second two
    note: |
      first

      second

    folded: >-   # why
      one
      two
matrix: [[1, 2], [3, {x: y, z: }]]
empty:
---
name: other document
...
"""
GOLDEN_AFTER = """\
%YAML 1.1
---
# the shop
name:   the 'shop'   # shown to people
"port": 8080
base: &base !!map   # anchor and tag
  level: 'it''s'
  "path": "D:\\\\"
derived:
  <<: *base
  own: {a: 1}
servers:
- host: "yes"
  tags: [a, 'x, y', "]"]
-   host: &second "2"
    note: |
      one

       two

    folded: >-   # why
      three

      four
matrix: [[1, many], [3, {x: "{", z: "5" }]]
empty: here
---
name: the 'shop'
...
"""


def test_values_change_in_their_places_and_nothing_else() -> None:
    variables = {
        "NAME": "the 'shop'",
        "port": "8080",
        "base:level": "it's",
        "base:path": "D:\\",
        "derived:own": "{a: 1}",
        "servers:0:host": "yes",
        "servers:0:tags:1": "x, y",
        "servers:0:tags:2": "]",
        "servers:1:host": "2",
        "servers:1:note": "one\n\n two\n",
        "servers:1:folded": "three\nfour",
        "matrix:0:1": "many",
        "matrix:1:1:x": "{",
        "matrix:1:1:z": "5",
        "empty": "here",
        "derived:level": "no such place: merged keys are not there",
    }
    done = yaml_text(GOLDEN, variables)
    assert done.text == GOLDEN_AFTER
    assert len(done.names) == len(variables) - 1
    assert done.warnings == ()


def test_line_ends_stay_and_new_lines_take_them() -> None:
    text = "a: 1 # x\r\nb: |\r\n  old\r\nc:\r\n  - 1\r\n"
    done = yaml_text(text, {"a": "2", "b": "x\ny\n", "c": "k: 1\nl: 2"})
    assert done.text == "a: 2 # x\r\nb: |\r\n  x\r\n  y\r\nc:\r\n  k: 1\r\n  l: 2\r\n"


@pytest.mark.parametrize(
    ("old", "value", "new"),
    [
        ("1", "2", "2"),
        ("1", "0x1F", "0x1F"),
        ("1", "1e3", "1e3"),
        ("1", "two", "two"),
        ("1", "true", '"true"'),
        ("1", "", '""'),
        ("true", "False", "False"),
        ("yes", "off", "off"),
        ("true", "7", '"7"'),
        ("~", "null", "null"),
        ("null", "5", '"5"'),
        ("2020-01-02", "2021-03-04", "2021-03-04"),
        ("word", "5", '"5"'),
        ("word", "0o17", '"0o17"'),
        ("word", "1e3", '"1e3"'),
        ("word", "no", '"no"'),
        ("word", "a: b", '"a: b"'),
        ("word", "a #b", '"a #b"'),
        ("word", "- x", '"- x"'),
        ("word", "*x", '"*x"'),
        ("word", " lead", '" lead"'),
        ("word", "a\nb", '"a\\nb"'),
        ("word", "tab\there", '"tab\\there"'),
        ("word", "\u0085\u2028", '"\\u0085\\u2028"'),
        ("word", "http://x:1/#y", "http://x:1/#y"),
        ("'q'", "5", "'5'"),
        ("'q'", "a\nb", '"a\\nb"'),
        ('"q"', 'x"\\', '"x\\"\\\\"'),
        ("!!str 5", "6", "!!str 6"),
        ("!own x", "true", "!own true"),
        ("&a 1", "2", "&a 2"),
    ],
)
def test_a_scalar_keeps_its_type_and_style_when_it_can(old: str, value: str, new: str) -> None:
    assert yaml_text(f"k: {old} # c\n", {"k": value}).text == f"k: {new} # c\n"


@pytest.mark.parametrize(
    ("text", "value", "after"),
    [
        ("k:\n  a: 1\n  b: 2\nz: 1\n", "x: 5\ny:\n- 1", "k:\n  x: 5\n  y:\n  - 1\nz: 1\n"),
        ("k:\n  a: 1 # c\nz: 1\n", '{"x": [1, "a"]}', 'k: {"x": [1, "a"]} # c\nz: 1\n'),
        ("k:\n- 1\n- 2\n", "x: 1", "k:\n  x: 1\n"),
        ("k:\n- 1\n- 2\n", "- a\n- b: |\n    t", "k:\n- a\n- b: |\n    t\n"),
        ("k:\n  # why\n  a: 1\n", "word", "k:\n  # why\n  word\n"),
        ("k: [1, 2]\n", "a: 1\nb: [x, 'y', null]", 'k: {a: 1, b: [x, "y", null]}\n'),
        ("k: {a: 1}\n", "5", "k: 5\n"),
        ("k: {a: 1}\n", "a: b: c", 'k: "a: b: c"\n'),
        ("k: {a: 1}\n", "*nowhere", 'k: "*nowhere"\n'),
        ("k: {a: 1}\n", "--- a", 'k: "--- a"\n'),
        ("k: {a: 1}\n", "", 'k: ""\n'),
        ("k: &a\n  x: 1\n", "y: 2", "k: &a\n  y: 2\n"),
        ("- k:\n    a: 1\n  l: 2\n", None, "- k:\n    z: 1\n    y: 2\n  l: 2\n"),
        ("k:\n  a: |\n    text\n\n\nz: 1\n", "[1]", "k: [1]\n\n\nz: 1\n"),
    ],
)
def test_a_whole_container_becomes_what_the_value_reads_as(text: str, value: str | None, after: str) -> None:
    variables = {"k": value} if value is not None else {"0:k": "z: 1\ny: 2"}
    assert yaml_text(text, variables).text == after


def test_a_container_that_is_needed_elsewhere_stays() -> None:
    text = "a:\n  b: &x 1\nc: *x\n"
    done = yaml_text(text, {"a": "{}"})
    assert done.text == text
    assert "used elsewhere" in done.warnings[0]


def test_what_an_alias_stands_for_is_its_own_place() -> None:
    assert yaml_text("a: &x 1\nb: *x\n", {"b": "2"}).text == "a: &x 1\nb: 2\n"
    assert yaml_text("a: &x |\n  t\nb: *x\n", {"b": "l1\nl2"}).text == 'a: &x |\n  t\nb: "l1\\nl2"\n'
    assert yaml_text("a: &x [1]\nb: *x\n", {"b": "[2]"}).text == "a: &x [1]\nb: [2]\n"


def test_empty_values_get_a_place_and_one_without_a_colon_is_told() -> None:
    assert yaml_text("a:\nb: # c\n-: 1\n", {"a": "x", "b": "y"}).text == "a: x\nb: y # c\n-: 1\n"
    assert yaml_text("-\n- 2\n", {"0": "x"}).text == "- x\n- 2\n"
    assert yaml_text("a: !t\n", {"a": "x"}).text == "a: !t x\n"
    done = yaml_text("{a-, b: 1}\n", {"a-": "x"})
    assert done.text == "{a-, b: 1}\n"
    assert "no ':' to put" in done.warnings[0]


def test_keys_are_replaced_as_often_as_they_are_there_and_complex_ones_never() -> None:
    assert yaml_text("a: 1\na: 2\n", {"a": "3"}).text == "a: 3\na: 3\n"
    text = "? [a, b]\n: c\n? {x: 1}\n: y\n"
    assert yaml_text(text, {"a": "1", "0": "2", ":": "3", "x": "4"}).text == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1", "line 1"),
        ("a: b: c", "line 1, column 5"),
        ("\ta: 1", "line 1"),
        ("a: 'x", "line 1"),
        ("[" * 300 + "]" * 300, "200 deep"),
        ("a: \x01", "special characters are not allowed"),
    ],
)
def test_what_is_no_yaml_is_named_with_its_place(text: str, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        yaml_text(text, {"a": "1"})


def test_an_alias_bomb_costs_nothing() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 60)]
    text = "\n".join([*lines, "k: 1\n"])
    assert yaml_text(text, {"k": "2"}).text == text.replace("k: 1", "k: 2")


def test_a_guessed_text_must_hold_something_with_places() -> None:
    with pytest.raises(Unreadable, match="no mapping"):
        yaml_text("a=1\n", {}, guessed=True)
    assert issubclass(Unfit, ValueError)


WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\ufffe\uffff"), max_size=12
)
SCALARS = st.none() | st.booleans() | st.integers() | WORDS.filter(lambda text: text.isprintable())
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=4)
    ),
    max_leaves=15,
)
STYLES = st.sampled_from([None, "'", '"', "|", ">"])


@given(DOCUMENTS, STYLES, st.sampled_from([None, False, True]), st.sampled_from(["\n", "\r\n"]))
def test_nothing_to_replace_leaves_every_character(document: Any, style: str, flow: bool, end: str) -> None:
    text = yaml.safe_dump(
        document, default_style=style, default_flow_style=flow, allow_unicode=True, line_break=end
    )
    assert yaml_text(text, {"there:is:no:such:place": "x"}).text == text


@given(DOCUMENTS, STYLES, st.sampled_from([None, False, True]), WORDS)
def test_a_replaced_text_reads_back_and_nothing_else_changes(
    document: Any, style: str, flow: bool, value: str
) -> None:
    whole = {"m": {"t": "old", "rest": document}, "z": [document, "old"]}
    text = yaml.safe_dump(whole, default_style=style, default_flow_style=flow, allow_unicode=True)
    done = yaml_text(text, {"M:T": value, "z:1": value})
    assert done.names == ("M:T", "z:1")
    assert yaml.safe_load(done.text) == {"m": {"t": value, "rest": document}, "z": [document, value]}


@given(
    DOCUMENTS,
    DOCUMENTS.filter(lambda each: isinstance(each, (dict, list)) and each),
    st.sampled_from([None, False, True]),
    st.sampled_from([None, False, True]),
)
def test_a_replaced_container_reads_back(document: Any, value: Any, flow: bool, inner: bool) -> None:
    whole = {"m": {"t": [1, {"x": 2}], "rest": document}, "z": {"a": document}}
    text = yaml.safe_dump(whole, default_flow_style=flow, allow_unicode=True)
    new = yaml.safe_dump(value, default_flow_style=inner, allow_unicode=True)
    done = yaml_text(text, {"m:t": new, "z": new})
    assert yaml.safe_load(done.text) == {"m": {"t": value, "rest": document}, "z": value}


def test_a_key_without_a_letter_is_a_segment_of_the_name_too() -> None:
    text = '"":\n  a: 1\nb:\n  "": 2\n'
    assert yaml_text(text, {"a": "9"}).text == text
    assert yaml_text(text, {":a": "3", "b:": "4"}).text == '"":\n  a: 3\nb:\n  "": 4\n'
