"""Which value applies, what is asked for, and what a variable set must be like."""

from __future__ import annotations

from itertools import combinations, count
from typing import Any

import pytest

from gurita.http import wire
from gurita.variables.resources import Prompt, Variable, VariableSet
from gurita.variables.rules import (
    ScopedVariable,
    SecretRef,
    answers,
    check,
    completed,
    evaluate,
    form,
    here,
    may_apply,
    missing_answers,
    scoped,
    scoped_ids,
    tied_names,
)

EVERYWHERE = here(
    environment="E1",
    machine="M1",
    machine_roles=["web", "db"],
    step_roles=["Web"],
    action="A1",
    channel="C1",
    tenant="T1",
    tenant_tags=["Region/EU"],
    process="P1",
)
STRONGEST_FIRST: list[dict[str, list[str]]] = [
    {"Action": ["A1"]},
    {"Machine": ["M1"]},
    {"Role": ["web"]},
    {"Role": ["db"]},
    {"Tenant": ["T1"]},
    {"TenantTag": ["region/eu"]},
    {"Environment": ["E1"]},
    {"Channel": ["C1"]},
    {"ProcessOwner": ["P1"]},
    {},
]


def value(
    text: str, scope: dict[str, list[str]] | None = None, *, row: int = 0, source: int = 0, **more: Any
) -> ScopedVariable:
    found = {kind: tuple(ids) for kind, ids in (scope or {}).items()}
    return ScopedVariable(
        id=f"{source}-{row}", name="Name", value=text, scope=found, row=row, source=source, **more
    )


def chosen(*variables: ScopedVariable) -> object:
    return evaluate(variables, EVERYWHERE)["Name"].value


@pytest.mark.parametrize(("strong", "weak"), list(combinations(range(len(STRONGEST_FIRST)), 2)))
def test_every_pair_of_scopes_is_ranked_whatever_the_order(strong: int, weak: int) -> None:
    one = value("strong", STRONGEST_FIRST[strong], row=0)
    other = value("weak", STRONGEST_FIRST[weak], row=1)
    assert chosen(one, other) == "strong"
    assert (
        chosen(value("weak", STRONGEST_FIRST[weak], row=0), value("strong", STRONGEST_FIRST[strong], row=1))
        == "strong"
    )


def test_within_a_scope_any_value_will_do_and_over_scopes_all_must_match() -> None:
    assert chosen(value("yes", {"Environment": ["E9", "E1"]}, row=1), value("no")) == "yes"
    assert chosen(value("no", {"Environment": ["E1"], "Channel": ["C9"]}, row=1), value("yes")) == "yes"


def test_a_further_matching_scope_wins() -> None:
    both = value("both", {"Environment": ["E1"], "Role": ["db"]}, row=0)
    assert chosen(both, value("role", {"Role": ["db"]}, row=1)) == "both"


def test_the_project_wins_over_a_library_and_the_later_row_over_the_earlier() -> None:
    assert chosen(value("project", row=0), value("library", source=1, row=0, from_project=False)) == "project"
    assert chosen(value("first", row=0), value("second", row=1)) == "second"
    assert tied_names([value("first", row=0), value("second", row=1)], EVERYWHERE) == ["Name"]
    assert (
        tied_names([value("first", row=0), value("second", {"Environment": ["E1"]}, row=1)], EVERYWHERE) == []
    )


def test_names_have_no_case() -> None:
    other = ScopedVariable(id="x", name="NAME", value="e1", scope={"Environment": ("E1",)}, row=1)
    assert {k: v.value for k, v in evaluate([value("plain"), other], EVERYWHERE).items()} == {"Name": "e1"}


def test_a_value_that_applies_nowhere_here_is_absent() -> None:
    assert evaluate([value("x", {"Environment": ["E2"]})], EVERYWHERE) == {}


def test_a_stored_secret_becomes_a_reference_and_an_empty_one_stays_empty() -> None:
    stored = [
        Variable(id="1", name="P", type="Sensitive", secret_id="Secrets-1"),
        Variable(id="2", name="Q", type="Sensitive"),
        Variable(id="3", name="R", value="r", scope={"Environment": ["E1"], "Role": []}),
    ]
    first, second, third = scoped(stored)
    assert (first.value, first.is_sensitive) == (SecretRef("Secrets-1"), True)
    assert (second.value, second.is_sensitive) == ("", True)
    assert third.scope == {"Environment": ("E1",)}


def test_before_a_deployment_machines_roles_and_actions_do_not_count() -> None:
    at = here(environment="E1")
    assert may_apply(value("x", {"Machine": ["M9"], "Environment": ["E1"]}), at)
    assert not may_apply(value("x", {"Environment": ["E2"]}), at)


def asking(
    name: str, label: str, *, required: bool = False, default: str = "", **more: Any
) -> ScopedVariable:
    prompt = Prompt(label=label, required=required)
    return ScopedVariable(id=f"id-{name}", name=name, value=default, prompt=prompt, **more)


def test_questions_come_by_label_and_once_a_name() -> None:
    asked = form(
        [asking("B", "zebra"), asking("A", "Ape", default="x"), asking("a", "again"), value("plain")]
    )
    assert [e.control["Label"] for e in asked.elements] == ["Ape", "zebra"]
    assert asked.values == {"id-A": "x", "id-B": ""}


def test_a_sensitive_question_does_not_show_what_it_starts_with() -> None:
    secret = ScopedVariable(
        id="s", name="S", value=SecretRef("x"), type="Sensitive", prompt=Prompt(label="S")
    )
    asked = form([secret])
    assert asked.values == {}
    assert asked.elements[0].control["IsSecure"] is True


def test_answers_come_by_element_or_by_name_and_required_ones_must_not_be_blank() -> None:
    asked = form(
        [
            asking("A", "Ape", required=True),
            asking("B", "Bee", required=True, default="b"),
            asking("C", "Cow"),
        ]
    )
    assert answers(asked, {"ID-A": "1", "c": "2", "Other": "3", "B": None}) == {"A": "1", "C": "2"}
    assert missing_answers(asked, {"C": "x"}) == ["FormValues[id-A]: 'Ape' must be given."]
    assert missing_answers(asked, {"A": "  "}) != []
    assert missing_answers(asked, {"A": "1"}) == []


def guid() -> Any:
    numbers = count(1)
    return lambda: f"guid-{next(numbers)}"


def test_a_set_as_clients_send_it_is_read_and_completed() -> None:
    body = b"""{"version":1,"scopeValues":{"environments":[{"id":"E1","name":"Dev","extra":1}]},"variables":[
    {"id":"","name":" A ","value":3,"scope":{"environment":["E1","E1",""],"Role":[],"machine":null}},
    {"name":"B","value":null,"isSensitive":true,"type":null,"scope":null,"secretId":"Secrets-9"},
    {"name":"C","value":true,"type":"string"}]}"""
    found = completed(wire.read(body, VariableSet), guid())
    assert check(found) == []
    first, second, third = found.variables
    assert (first.id, first.name, first.value, first.scope) == ("guid-1", "A", "3", {"Environment": ["E1"]})
    assert (second.type, second.is_sensitive, second.secret_id) == ("Sensitive", True, Variable().secret_id)
    assert (third.value, third.type) == ("True", "String")


WRONG: list[tuple[Variable, str]] = [
    (Variable(name=""), "Variables[0].Name"),
    (Variable(name="x" * 201), "Variables[0].Name"),
    (Variable(name="a\nb"), "Variables[0].Name"),
    (Variable(name="a", type="what is this?"), "Variables[0].Type"),
    (Variable(name="a", value="x" * 1_000_001), "Variables[0].Value"),
    (Variable(name="a", scope={"Enviroment": ["E1"]}), "Variables[0].Scope.Enviroment"),
]


@pytest.mark.parametrize(("variable", "where"), WRONG)
def test_what_is_wrong_is_named_with_its_place(variable: Variable, where: str) -> None:
    problems = check(completed(VariableSet(variables=[variable]), guid()))
    assert len(problems) == 1
    assert problems[0].startswith(where)


def test_types_that_come_later_are_stored() -> None:
    later = VariableSet(variables=[Variable(name="a", type="AmazonWebServicesAccount", value="Accounts-1")])
    assert check(completed(later, guid())) == []


def test_an_id_may_stand_once() -> None:
    twice = VariableSet(variables=[Variable(id="1", name="a"), Variable(id="1", name="b")])
    assert check(completed(twice, guid())) == ["Variables[1].Id: '1' is also the id of Variables[0]."]


def test_everything_a_set_is_scoped_to_is_named_with_its_place() -> None:
    scope = {"Environment": ["E1", "E2"], "Role": ["web"]}
    found = list(scoped_ids(VariableSet(variables=[Variable(name="a", scope={**scope})])))
    assert found == [
        ("Variables[0].Scope.Environment[0]", "Environment", "E1"),
        ("Variables[0].Scope.Environment[1]", "Environment", "E2"),
        ("Variables[0].Scope.Role[0]", "Role", "web"),
    ]
