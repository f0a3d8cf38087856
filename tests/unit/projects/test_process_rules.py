"""What a deployment process must be like, and what saving fills in."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from gurita.http import wire
from gurita.http.sensitive_value import SensitiveValue
from gurita.projects.resources import Action, DeploymentProcess, Step
from gurita.projects.rules import check, completed, roles, text, unique_slug


def guid() -> Any:
    numbers = count(1)
    return lambda: f"guid-{next(numbers)}"


def one(*, step: dict[str, Any] | None = None, **action: Any) -> DeploymentProcess:
    made = Action(**{"id": "a", "name": "Deploy", "action_type": "Octopus.Script", "slug": "deploy"} | action)
    return DeploymentProcess(
        steps=[Step(**{"id": "s", "name": "Deploy", "slug": "deploy", "actions": [made]} | (step or {}))]
    )


def test_ids_names_and_slugs_are_filled_in() -> None:
    process = completed(
        DeploymentProcess(
            steps=[
                Step(name="Hello World", actions=[Action(action_type="Octopus.Script")]),
                Step(actions=[Action(name="Hello, world!", action_type="Octopus.Script")]),
            ]
        ),
        guid(),
    )
    first, second = process.steps
    assert (first.id, first.slug, first.actions[0].id) == ("guid-1", "hello-world", "guid-2")
    assert (first.actions[0].name, first.actions[0].slug) == ("Hello World", "hello-world")
    assert (second.name, second.slug) == ("Hello, world!", "hello-world-2")


def test_what_is_there_stays() -> None:
    process = one()
    assert completed(process, guid()) == process


def test_properties_become_text_and_null_goes() -> None:
    given = {"A": True, "B": 3, "C": None, "D": "x", "E": SensitiveValue(has_value=True)}
    action = completed(one(properties=given), guid()).steps[0].actions[0]
    assert action.properties == {"A": "True", "B": "3", "D": "x", "E": SensitiveValue(has_value=True)}


def test_a_body_as_clients_send_it_is_read() -> None:
    body = b"""{"id":"deploymentprocess-Projects-1","version":0,"extra":1,"steps":[{"id":"","name":"Hi","properties":
    {"Octopus.Action.TargetRoles":"web"},"condition":"success","startTrigger":"StartAfterPrevious","actions":[{"id":"",
    "name":"Hi","actionType":"Ocotpus.Script","notes":null,"packages":[],"environments":null,"properties":
    {"Octopus.Action.RunOnServer":"false","Secret":{"HasValue":true,"NewValue":"x"}}}]}]}"""
    process = completed(wire.read(body, DeploymentProcess), guid())
    assert check(process) == []
    assert roles(process.steps[0]) == ("web",)
    assert process.steps[0].condition == "Success"
    assert process.steps[0].actions[0].action_type == "Ocotpus.Script"


AUTO = "Octopus.Action.AutoRetry.MaximumCount"
MINUTES = "Octopus.Action.ExecutionTimeout.Minutes"
WINDOW = "Octopus.Action.MaxParallelism"

WRONG: list[tuple[DeploymentProcess, str]] = [
    (one(name="", step={"name": ""}), "Steps[0].Name"),
    (one(name="x" * 300), "Steps[0].Actions[0].Name"),
    (one(action_type=" "), "Steps[0].Actions[0].ActionType"),
    (one(step={"actions": []}), "Steps[0].Actions"),
    (one(properties={AUTO: "4"}), f"Steps[0].Actions[0].Properties[{AUTO}]"),
    (one(properties={AUTO: "-1"}), f"Steps[0].Actions[0].Properties[{AUTO}]"),
    (one(properties={AUTO: "two"}), f"Steps[0].Actions[0].Properties[{AUTO}]"),
    (one(properties={AUTO: SensitiveValue(has_value=True)}), f"Steps[0].Actions[0].Properties[{AUTO}]"),
    (one(properties={"Octopus.Action.AutoRetry.MinimumBackoff": "x"}), "AutoRetry.MinimumBackoff]"),
    (one(properties={MINUTES: "1.5"}), f"Steps[0].Actions[0].Properties[{MINUTES}]"),
    (one(step={"properties": {WINDOW: "0"}}), f"Steps[0].Properties[{WINDOW}]"),
    (one(step={"condition": "Variable"}), "Steps[0].Properties[Octopus.Step.ConditionVariableExpression]"),
    (one(condition="Variable"), "Steps[0].Actions[0].Properties[Octopus.Action.ConditionVariableExpression]"),
    (one(is_required=True, is_disabled=True), "Steps[0].Actions[0].IsDisabled"),
    (one(environments=["E"], excluded_environments=["E"]), "Steps[0].Actions[0].ExcludedEnvironments"),
]


@pytest.mark.parametrize(("process", "where"), WRONG)
def test_what_is_wrong_is_named_with_its_place(process: DeploymentProcess, where: str) -> None:
    problems = check(process)
    assert problems
    assert where in problems[0]


RIGHT = [
    one(),
    one(properties={AUTO: "3", MINUTES: "0"}),
    one(properties={AUTO: "#{Retries}"}),
    one(step={"properties": {WINDOW: "1"}}),
    one(
        step={"condition": "Variable", "properties": {"Octopus.Action.ConditionVariableExpression": "#{Go}"}}
    ),
    one(action_type="Something.Else"),
    one(name="Other"),
]


@pytest.mark.parametrize("process", RIGHT)
def test_what_is_right_passes(process: DeploymentProcess) -> None:
    assert check(process) == []


def test_names_differ_in_any_case_and_unicode_form_and_ids_once() -> None:
    script = "Octopus.Script"
    process = DeploymentProcess(
        steps=[
            Step(id="1", name="Café", actions=[Action(id="2", name="A", action_type=script)]),
            Step(id="3", name="CAFE\u0301", actions=[Action(id="2", name="a ", action_type=script)]),
        ]
    )
    problems = check(process)
    assert [p.split(":")[0] for p in problems] == [
        "Steps[1].Actions[0].Id",
        "Steps[1].Name",
        "Steps[1].Actions[0].Name",
    ]
    assert "Steps[0] is also called" in problems[1]


def test_tags_come_once_each_in_order() -> None:
    step = Step(name="x", properties={"Octopus.Action.TargetRoles": " web, db ,,WEB"})
    assert roles(step) == ("web", "db")


def test_a_secret_is_no_text() -> None:
    assert text({"A": SensitiveValue(has_value=True)}, "A") == ""


def test_slugs_do_not_repeat() -> None:
    assert unique_slug("Web API", {"web-api", "web-api-2"}) == "web-api-3"
