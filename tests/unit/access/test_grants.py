from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gurita.access.credentials import API_KEY, digest, hint, name_key
from gurita.access.grants import NO_GRANTS, Grants, may
from gurita.http.permissions import PERMISSIONS
from gurita.kernel.ids import SystemRandomness

names = st.sampled_from(sorted(PERMISSIONS))
spaces = st.sampled_from(["Spaces-1", "Spaces-2", "", None])


@given(names, spaces)
def test_an_administrator_may_everything_everywhere_and_nobody_else_anything(
    name: str, space: str | None
) -> None:
    assert may(Grants(administrator=True), name, space)
    assert not may(NO_GRANTS, name, space)


@given(spaces)
def test_what_is_no_permission_is_held_by_nobody(space: str | None) -> None:
    assert not may(Grants(administrator=True), "ProjectSee", space)
    assert not may(Grants(administrator=True), "signed in", space)


@given(
    st.frozensets(st.tuples(names, st.sampled_from(["Spaces-1", "Spaces-2"]))),
    st.frozensets(names),
    names,
    spaces,
)
def test_grants_are_what_was_given_where_it_was_given(
    in_spaces: frozenset[tuple[str, str]], in_system: frozenset[str], name: str, space: str | None
) -> None:
    grants = Grants(space_permissions=in_spaces, system_permissions=in_system)
    where = {there for given_name, there in in_spaces if given_name == name} | (
        {""} if name in in_system else set()
    )
    assert may(grants, name, space) is (bool(where) if space is None else space in where)


def test_keys_have_the_form_clients_know_and_are_not_stored() -> None:
    key = SystemRandomness().api_key()
    assert API_KEY.fullmatch(key)
    assert len({SystemRandomness().api_key() for _ in range(50)}) == 50
    assert key not in digest(key)
    assert hint(key) == key[:7]


@given(st.text(max_size=30))
def test_names_that_look_alike_are_one_name(name: str) -> None:
    for variant in (name.upper(), f"  {name}\t", name + "\x00", "\u200b" + name, name.replace(" ", "  ")):
        if name.upper().casefold() == name.casefold():
            assert name_key(variant) == name_key(name)
    assert name_key("\uff21da") == name_key("ADA") == "ada"
