"""Stored documents outlive the version that wrote them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from gurita.store.codec import JSON, StoredFormat


class Part(msgspec.Struct, rename="pascal", forbid_unknown_fields=True, kw_only=True):
    id: str = ""
    tags: dict[str, Part] = msgspec.field(default_factory=dict)


class Doc(msgspec.Struct, rename="pascal", forbid_unknown_fields=True, kw_only=True):
    name: str = ""
    parts: list[Part] = msgspec.field(default_factory=list)
    extras: dict[str, Any] | UnsetType = UNSET


class Closed(msgspec.Struct, rename="pascal", forbid_unknown_fields=True, kw_only=True):
    name: str = ""
    parts: list[Part] = msgspec.field(default_factory=list)


def test_unknown_members_are_kept_and_go_back_where_they_were() -> None:
    written = '{"Name":"a","Parts":[],"NewThing":{"Deep":[1,2]},"Other":null}'
    doc = JSON.read(written, Doc)
    assert doc.extras == {"NewThing": {"Deep": [1, 2]}, "Other": None}
    again = msgspec.json.decode(JSON.write(msgspec.structs.replace(doc, name="b")))
    assert again == {"Name": "b", "Parts": [], "NewThing": {"Deep": [1, 2]}, "Other": None}


def test_a_known_member_wins_over_one_that_was_kept() -> None:
    doc = Doc(name="known", extras={"Name": "kept", "More": 1})
    assert msgspec.json.decode(JSON.write(doc)) == {"Name": "known", "Parts": [], "More": 1}


def test_unknown_members_deep_inside_do_not_make_a_document_unreadable() -> None:
    part = '{"Id":"1","New":1,"Tags":{"a.b":{"Id":"2","Newer":[{}]},"c":{"Id":"3"}}}'
    doc = JSON.read(f'{{"Name":"a","Parts":[{part},{part}],"X":1}}', Closed)
    one = Part(id="1", tags={"a.b": Part(id="2"), "c": Part(id="3")})
    assert doc == Closed(name="a", parts=[one, one])


@pytest.mark.parametrize("text", ['{"Name":1}', '{"Parts":[{"Id":[]}]}', '{"Name":1,"X":2}'])
def test_a_document_of_the_wrong_shape_is_named(text: str) -> None:
    for kind in (Doc, Closed):
        with pytest.raises(StoredFormat, match=f"A stored {kind.__name__} cannot be read"):
            JSON.read(text, kind)


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
PLAIN = st.recursive(
    st.none() | st.integers(-5, 5) | NAMES, lambda inner: st.dictionaries(NAMES, inner, max_size=3)
)


@given(
    name=NAMES,
    extras=st.dictionaries(
        NAMES.filter(lambda name: name not in {"Name", "Parts", "Extras"}), PLAIN, max_size=4
    ),
)
def test_whatever_a_newer_version_adds_survives_a_save_by_this_one(name: str, extras: dict[str, Any]) -> None:
    written = msgspec.json.encode({"Name": name, "Parts": [], **extras}).decode()
    doc = JSON.read(written, Doc)
    assert msgspec.json.decode(JSON.write(doc)) == msgspec.json.decode(written)
