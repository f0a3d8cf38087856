from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gurita.access.credentials import API_KEY, digest, hint, name_key
from gurita.kernel.ids import SystemRandomness


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
