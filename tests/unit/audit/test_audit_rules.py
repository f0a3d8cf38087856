from __future__ import annotations

from copy import deepcopy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.audit.resources import ChangeDetails
from gurita.audit.rules import MOST_DIFFERENCES, changes, document_type, html, mention, undone, unfolded

NAMES = st.text(st.characters(exclude_characters="\x02\x03\x1f", exclude_categories=["Cs"]), max_size=20)


def test_a_message_without_mentions_is_itself() -> None:
    assert unfolded("Nothing special") == ("Nothing special", [])


@given(st.lists(st.tuples(NAMES, NAMES.filter(bool), NAMES), max_size=5))
def test_references_point_at_the_mentioned_names(parts: list[tuple[str, str, str]]) -> None:
    message = "".join(before + mention("Projects-1", name) + after for before, name, after in parts)
    text, references = unfolded(message)
    assert text == "".join(map("".join, parts))
    assert [text[r.start_index : r.start_index + r.length] for r in references] == [
        name for _, name, _ in parts
    ]


def test_a_message_in_html_escapes_names_and_links_documents() -> None:
    text, references = unfolded(f"Deleted {mention('Projects-1', '<b>')} & more")
    assert html(text, references) == "Deleted <a href='#/Projects-1'>&lt;b&gt;</a> &amp; more"


@pytest.mark.parametrize(
    ("id", "kind"),
    [("Environments-1", "Environments"), ("variableset-Projects-1", "variableset"), ("X", "X")],
)
def test_the_document_type_is_the_first_word_of_an_id(id: str, kind: str) -> None:
    assert document_type(id) == kind


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"A": 1}, {"A": 1}, []),
        ({"A": 1}, {"A": 2}, [{"Path": "/A", "Op": "replace", "OldValue": 1, "Value": 2}]),
        ({"A": {"B": 1}}, {"A": {}}, [{"Path": "/A/B", "Op": "remove", "OldValue": 1}]),
        ({}, {"A/~": 1}, [{"Path": "/A~1~0", "Op": "add", "Value": 1}]),
        ({"L": [1]}, {"L": [2]}, [{"Path": "/L", "Op": "replace", "OldValue": [1], "Value": [2]}]),
        (
            {"L": [{"Id": "a", "N": 1}, {"Id": "b", "N": 1}]},
            {"L": [{"Id": "b", "N": 1}, {"Id": "a", "N": 2}]},
            [
                {"Path": "/L/a/N", "Op": "replace", "OldValue": 1, "Value": 2},
                {"Path": "/L", "Op": "reorder", "OldValue": ["a", "b"], "Value": ["b", "a"]},
            ],
        ),
        ({"Version": 1}, {"Version": 2}, []),
    ],
)
def test_differences_name_the_member_and_both_values(before: object, after: object, expected: object) -> None:
    found = changes(before, after)
    assert found is not None
    assert found.differences == expected


def test_a_changed_secret_shows_that_it_changed_and_never_what_it_is() -> None:
    found = changes(
        {"Password": {"HasValue": True, "SecretId": "1", "NewValue": "hunter-1", "Hint": "old"}},
        {"Password": {"HasValue": True, "SecretId": "2", "NewValue": "hunter-2", "Hint": "new"}},
    )
    assert found is not None
    assert found.differences[0]["Value"] == {"HasValue": True, "SecretId": "2"}
    text = msgspec.json.encode(found)
    assert b"hunter" not in text and b"Hint" not in text


def test_differences_are_bounded() -> None:
    found = changes({}, {str(n): n for n in range(MOST_DIFFERENCES + 9)})
    assert found is not None
    assert len(found.differences) == MOST_DIFFERENCES + 1
    assert found.differences[-1]["Op"] == "more"


def test_nothing_before_and_after_is_no_change() -> None:
    assert changes(None, None) is None


WORDS = st.sampled_from(["Id", "Name", "Scope", "a/b", "m~n"])
LEAVES = st.none() | st.booleans() | st.integers(0, 3) | st.text("xy", max_size=2)
LISTED = st.lists(
    st.fixed_dictionaries({"Id": st.sampled_from("abcd"), "Value": LEAVES}),
    max_size=4,
    unique_by=lambda one: one["Id"],
)
DOCUMENTS = st.dictionaries(
    WORDS, LEAVES | LISTED | st.dictionaries(WORDS, LEAVES | LISTED, max_size=3), max_size=4
)


def _in_any_order(value: Any) -> Any:
    """The same with lists of things that have ids sorted by them."""
    if isinstance(value, dict):
        return {key: _in_any_order(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((_in_any_order(item) for item in value), key=lambda one: one["Id"])
    return value


@given(DOCUMENTS, DOCUMENTS)
def test_a_change_undone_gives_what_was_before_it(before: Any, after: Any) -> None:
    found = changes(before, after)
    assert found is not None
    kept = deepcopy(after)
    assert _in_any_order(undone(after, found)) == _in_any_order(before)
    assert after == kept


@given(st.permutations("abcd"))
def test_an_order_undone_is_the_one_before(order: list[str]) -> None:
    before, after = ({"Steps": [{"Id": id} for id in ids]} for ids in ("abcd", order))
    found = changes(before, after)
    assert found is not None
    assert undone(after, found) == before


def test_what_was_made_was_nothing_before() -> None:
    found = changes(None, {"Name": "x"})
    assert found is not None
    assert undone({"Name": "x"}, found) is None


@pytest.mark.parametrize(
    "difference",
    [
        {"Path": "", "Op": "more"},
        {"Path": "/Gone/a/Name", "Op": "replace", "OldValue": 1, "Value": 2},
        {"Path": "/Name/a/b", "Op": "remove", "OldValue": 1},
        {"Path": "/Other", "Op": "add", "Value": 1},
    ],
)
def test_a_change_that_is_not_whole_or_of_something_else_cannot_be_undone(difference: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"kept|something else"):
        undone({"Name": "x"}, ChangeDetails(differences=[difference]))
