"""The book of all values says what the rule for one name says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gurita.variables.rules import Book, ScopedVariable, choices, here

IDS = st.lists(st.sampled_from(["a", "B", "b", "c"]), max_size=2).map(tuple)
KINDS = ["Environment", "Machine", "Role", "Action", "Channel", "ProcessOwner", "Tenant", "Nothing"]
SCOPES = st.dictionaries(st.sampled_from(KINDS), IDS, max_size=3)
ROWS = st.lists(st.tuples(st.sampled_from(["X", "x", "Y"]), SCOPES, st.integers(0, 2)), max_size=8)
ONE = st.sampled_from(["", "a", "b", "C"])
SOME = st.lists(st.sampled_from(["a", "B", "c"]), max_size=2)


@settings(max_examples=400)
@given(ROWS, ONE, ONE, ONE, SOME, SOME)
def test_the_book_chooses_what_the_rule_for_one_name_chooses(
    rows: list[tuple[str, dict[str, tuple[str, ...]], int]],
    environment: str,
    machine: str,
    action: str,
    owned: list[str],
    targeted: list[str],
) -> None:
    variables = [
        ScopedVariable(
            id=str(n), name=name, value=str(n), scope=scope, source=source, row=n, from_project=not source
        )
        for n, (name, scope, source) in enumerate(rows)
    ]
    book = Book(variables)
    for channel in ("a", "b", "a"):
        at = here(
            environment=environment,
            machine=machine,
            action=action,
            channel=channel,
            machine_roles=owned,
            step_roles=targeted,
            process="a",
        )
        expected = choices(variables, at)
        found = book.at(at)
        assert {name: value.id for name, value in found.values.items()} == {
            name: choice.candidate.id for name, choice in expected.items() if choice.candidate
        }
        assert sorted(found.tied) == sorted(name for name, choice in expected.items() if choice.tied)
        for name in expected:
            assert book.choice(name, at) == expected[name]
