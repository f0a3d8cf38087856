"""Which value of a variable applies: every pair of scope fields, or within a field, ties."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.scoping import RANKS, Candidate, Surroundings, choose, rank_of

ORDER = [
    "Action",
    "Machine",
    "TargetedRole",
    "Role",
    "Tenant",
    "TenantTag",
    "Environment",
    "Channel",
    "ProcessOwner",
    "Project",
    "",
]
HERE = Surroundings(
    {field: [f"{field}-1", f"{field}-2"] for field in RANKS} | {"Role": ["web", "db", "Role-1"]},
    frozenset({"web"}),
)


def scope(field: str) -> dict[str, list[str]]:
    if field == "TargetedRole":
        return {"Role": ["web"]}
    return {field: [f"{field}-1"]} if field else {}


def winner(*candidates: Candidate, here: Surroundings = HERE) -> str:
    chosen = choose(candidates, here).candidate
    return chosen.id if chosen else ""


@pytest.mark.parametrize(("stronger", "weaker"), list(itertools.combinations(ORDER, 2)))
def test_the_field_further_up_wins_whatever_the_order(stronger: str, weaker: str) -> None:
    up, down = Candidate("up", scope(stronger)), Candidate("down", scope(weaker), source=9, row=9)
    assert winner(up, down) == winner(down, up) == "up"


@pytest.mark.parametrize("field", ORDER[:-1])
def test_any_value_of_a_field_is_enough_and_none_is_not(field: str) -> None:
    (name, [value]) = next(iter(scope(field).items()))
    assert winner(Candidate("hit", {name: ["other", value.upper()]})) == "hit"
    assert winner(Candidate("miss", {name: ["other"]})) == ""


def test_all_fields_must_match() -> None:
    assert winner(Candidate("no", {"Environment": ["Environment-1"], "Machine": ["other"]})) == ""


def test_further_matched_fields_break_a_tie_of_the_strongest() -> None:
    more = Candidate("more", {"Role": ["db"], "Environment": ["Environment-1"]})
    assert winner(Candidate("one", {"Role": ["db"]}), more) == "more"
    assert winner(more, Candidate("machine", {"Machine": ["Machine-1"]})) == "machine"


def test_more_values_of_one_field_are_no_stronger() -> None:
    many = Candidate("many", {"Role": ["db", "Role-1"]}, row=1)
    assert winner(many, Candidate("later", {"Role": ["db"]}, row=2)) == "later"


def test_the_project_beats_a_library_set_of_equal_rank_without_a_tie() -> None:
    found = choose([Candidate("lib", {}, from_project=False, source=5), Candidate("own", {})], HERE)
    assert found.candidate is not None
    assert (found.candidate.id, found.tied) == ("own", False)
    assert [verdict.reason for verdict in found.verdicts] == ["chosen", "library"]


def test_a_tie_is_decided_by_the_set_then_the_row_listed_later_and_told() -> None:
    early = Candidate("early", {}, source=1, row=7)
    late = Candidate("late", {}, source=2, row=1)
    later = Candidate("later", {}, source=2, row=2)
    found = choose([later, early, late], HERE)
    assert found.candidate == later
    assert found.tied
    assert {verdict.candidate.id: verdict.reason for verdict in found.verdicts} == {
        "later": "chosen",
        "late": "later-row",
        "early": "later-set",
    }


def test_why_a_value_does_not_apply_names_the_field() -> None:
    found = choose([Candidate("x", {"Environment": ["Environment-1"], "Tenant": ["nobody"]})], HERE)
    assert (found.verdicts[0].reason, found.verdicts[0].field) == ("out-of-scope", "Tenant")


def test_a_field_nobody_knows_never_matches_and_an_empty_one_is_no_scope() -> None:
    assert rank_of({"Moon": ["full"]}, HERE) == (None, "Moon")
    assert rank_of({"Machine": []}, HERE) == ((11,), "")


CANDIDATE = st.builds(
    Candidate,
    st.uuids().map(str),
    st.dictionaries(st.sampled_from(list(RANKS)), st.lists(st.sampled_from(["web", "Tenant-1", "Machine-2", "no"]), max_size=2), max_size=3),
    st.booleans(),
    st.integers(0, 2),
    st.integers(0, 2),
)  # fmt: skip


@given(st.lists(CANDIDATE, max_size=6), st.randoms())
def test_the_order_of_asking_never_matters(candidates: list[Candidate], random: object) -> None:
    shuffled = list(candidates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert choose(candidates, HERE).candidate == choose(shuffled, HERE).candidate
