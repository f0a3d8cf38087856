"""Names and slugs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.kernel.errors import Invalid
from gurita.kernel.ids import folded
from gurita.store.names import LONGEST_NAME, checked_fold, free_slug, slug_base

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=250)


@given(TEXT)
def test_a_slug_can_stand_in_an_address_with_room_for_a_number(name: str) -> None:
    slug = slug_base(name)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= LONGEST_NAME - 10


@given(st.sampled_from(["a", "b"]), st.sets(st.sampled_from(["a", "a-1", "a-2", "a-9", "b", "b-1"])))
def test_a_free_slug_is_never_one_that_is_taken(base: str, taken: set[str]) -> None:
    slug = free_slug(base, taken)
    assert slug not in taken
    assert slug == base or (slug.startswith(f"{base}-") and base in taken)


@given(TEXT)
def test_a_name_is_either_refused_by_member_or_folded_the_same_again(name: str) -> None:
    if not folded(name) or len(name) > LONGEST_NAME or "\0" in name or len(folded(name).encode()) > 2000:
        with pytest.raises(Invalid, match="Title: "):
            checked_fold(name, "Title")
        return
    fold = checked_fold(name, "Title")
    assert fold == folded(fold) != ""
    assert checked_fold(fold[:LONGEST_NAME].strip(), "Title")


@pytest.mark.parametrize(
    "pair", [("Straße", "STRASSE"), ("ﬁx", "FIX"), ("a\u00a0 b", "A b"), ("e\u0301", "É")]
)
def test_names_people_take_for_the_same_are_the_same(pair: tuple[str, str]) -> None:
    assert checked_fold(pair[0], "Name") == checked_fold(pair[1], "Name")
