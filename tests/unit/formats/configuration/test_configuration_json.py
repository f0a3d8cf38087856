"""JSON with variables put in: what is found, what stays, how it is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.configuration.errors import Unreadable
from gurita.formats.configuration.json_format import json_text

GOLDEN = """\
// settings of the shop
{
    "Name": "shop", // shown to people
    "Port":80, "Limits": [1,2.5,{"deep":[true,null,[]]}],
    /* kept
       as it is */
    "Empty": {}, "\\u00e9": "\\u00e9",
    "Logging": {"Level:Default": "Warn", "x": 1e5},
}
"""
GOLDEN_AFTER = """\
// settings of the shop
{
  "Name": "Straße \\"7\\"", // shown to people
  "Port": 8080,
  "Limits": [
    1,
    "many",
    {
      "deep": [
        false,
        null,
        []
      ]
    }
  ],
  /* kept
       as it is */
  "Empty": {
    "a": [
      1,
      {}
    ]
  },
  "\\u00e9": "\\u00e9",
  "Logging": {
    "Level:Default": "Debug",
    "x": 1e5
  }
}
"""


def test_values_are_found_by_place_and_the_rest_is_written_with_an_indent_of_two() -> None:
    variables = {
        "NAME": 'Straße "7"',
        "port": "8080",
        "Limits:1": "many",
        "limits:2:DEEP:0": "False",
        "Empty": '{"a":[1,{}]}',
        "Logging:Level:Default": "Debug",
        "Nowhere": "x",
    }
    done = json_text(GOLDEN, variables)
    assert done.text == GOLDEN_AFTER
    assert done.names == ("NAME", "port", "Limits:1", "limits:2:DEEP:0", "Empty", "Logging:Level:Default")


def test_line_ends_and_what_stands_around_stay() -> None:
    done = json_text('\r\n{"a":1,\r\n"b":2}\r\n\r\n', {"a": "5"})
    assert done.text == '\r\n{\r\n  "a": 5,\r\n  "b": 2\r\n}\r\n\r\n'


@pytest.mark.parametrize(
    ("old", "value", "new"),
    [
        ("1", "2", "2"),
        ("1", " 2.50 ", "2.50"),
        ("1.5", "1e9", "1e9"),
        ("1", "007", "7"),
        ("1", ".5", "0.5"),
        ("1", "two", '"two"'),
        ("1", "true", '"true"'),
        ("1", "", '""'),
        ("1", "NaN", '"NaN"'),
        ("true", "False", "false"),
        ("true", "1", '"1"'),
        ("null", "null", "null"),
        ("null", "5", '"5"'),
        ('"x"', "5", '"5"'),
        ('"x"', "null", '"null"'),
        ('"x"', 'a\n"\\\x00', '"a\\n\\"\\\\\\u0000"'),
        ('{"a":1}', "[1]", "[\n    1\n  ]"),
        ("[1]", '"text"', '"text"'),
    ],
)
def test_a_value_keeps_its_type_when_it_can(old: str, value: str, new: str) -> None:
    assert json_text(f'{{"k":{old}}}', {"k": value}).text == f'{{\n  "k": {new}\n}}'


def test_a_container_stays_when_its_value_is_no_json() -> None:
    text = '{"k": {"a": 1}, "l": [1]}'
    done = json_text(text, {"k": "{a", "l": ""})
    assert done.text == text
    assert done.names == ()
    assert [warning[:22] for warning in done.warnings] == ["The value of 'k' is no", "The value of 'l' is no"]


def test_what_lies_in_a_replaced_container_is_gone_with_it() -> None:
    done = json_text('{"k": {"a": 1}, "b": 2}', {"k:a": "5", "k": "[]"})
    assert json.loads(done.text) == {"k": [], "b": 2}
    assert done.names == ("k",)


def test_a_key_that_is_there_twice_is_replaced_twice_and_told() -> None:
    done = json_text('{"a": 1, "a": 2, "A": 3}', {"a": "9"})
    assert json.loads(done.text, object_pairs_hook=list) == [("a", 9), ("a", 9), ("A", 9)]
    assert "'a' is there more than once; all of them were replaced." in done.warnings


def test_names_of_the_server_itself_are_left_alone() -> None:
    text = '{"Octopus.Web": 1, "OctopusHome": 2, "Octopus": {"Web": 3}}'
    done = json_text(text, {"Octopus.Web": "9", "octopushome": "9", "Octopus": "9", "octopus:web": "4"})
    assert json.loads(done.text) == {"Octopus.Web": 1, "OctopusHome": 2, "Octopus": {"Web": 4}}


def test_a_root_list_is_counted_from_nought() -> None:
    assert json.loads(json_text('[1, [2, {"x": 3}]]', {"1:1:X": "4", "0": "5"}).text) == [5, [2, {"x": 4}]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "line 1, column 2: the end"),
        ('{"a": 1}}', "line 1, column 9"),
        ('{"a" 1}', "column 6"),
        ("{'a': 1}", "column 2"),
        ("{a: 1}", "column 2"),
        ("[,]", "column 2"),
        ("[1 2]", "column 4"),
        ('{"a": }', "column 7"),
        ('{"a"}', "column 5"),
        ("[01]", "column 2"),
        ("[1] [2]", "column 5"),
        ("[" * 300 + "]" * 300, "more than 200 deep"),
        ('\n\n  "open', "line 3, column 3"),
        ("", "the end"),
    ],
)
def test_what_is_no_json_is_named_with_its_place(text: str, told: str) -> None:
    with pytest.raises(Unreadable, match=told.replace("(", r"\(")):
        json_text(text, {"a": "1"})


def test_a_key_without_a_letter_is_a_segment_of_the_name_too() -> None:
    text = '/* c */ {"": {"a": 1}, "b": {"": 2}}'
    assert json_text(text, {"a": "9"}).text == text
    assert json_text(text, {":a": "3", "b:": "4"}).names == (":a", "b:")


KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | KEYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(DOCUMENTS, st.sampled_from([None, 1, 4]), st.booleans())
def test_nothing_to_replace_leaves_every_character(
    document: Any, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    assert json_text(text, {"there:is:no:such:place": "x"}).text == text


@given(DOCUMENTS.filter(lambda each: isinstance(each, dict)), KEYS)
def test_a_replaced_text_reads_back_and_nothing_else_changes(document: dict[str, Any], value: str) -> None:
    text = json.dumps({"first": "old", "rest": document})
    done = json_text(text, {"FIRST": value})
    assert json.loads(done.text) == {"first": value, "rest": document}
