"""Run conditions that are expressions, of steps and of the actions in them, evaluated by the whole variable language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.functional.field import Field, field_of
from tests.scenario import script, step

pytestmark = pytest.mark.needs("sshd")

STEP, ACTION = "Octopus.Step.ConditionVariableExpression", "Octopus.Action.ConditionVariableExpression"


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with field_of(tmp_path_factory.mktemp("field"), 1) as made:
        yield made


def when(expression: str, name: str) -> dict[str, Any]:
    """An action that runs when an expression holds."""
    made = script(f"echo it is {name}", name=name, Condition="Variable")
    made["Properties"][ACTION] = expression
    return made


def statuses(element: dict[str, Any]) -> dict[str, str]:
    found = {element["Name"]: element["Status"]}
    for child in element["Children"]:
        found |= statuses(child)
    return found


def test_each_action_of_a_step_runs_when_its_own_condition_holds(field: Field) -> None:
    rolling = step(
        "Rolling",
        script("set_octopusvariable Blue yes; echo first", name="First"),
        when('#{if Octopus.Action[First].Output.Blue == "yes"}true#{/if}', "blue"),
        when('#{unless Octopus.Action[First].Output.Blue == "yes"}true#{/unless}', "green"),
        when("#{Nowhere}", "unknown"),
        when("#{Octopus.Machine.Name | ToUpper | Contains HOST}", "named"),
        window=1,
    )
    ended = field.run(rolling, step("After", script("echo after")))
    assert ended.state == "Success", ended.text
    told = [line.removeprefix("it is ") for line in ended.text.splitlines() if line.startswith("it is ")]
    assert told == ["blue", "named"]
    assert "The condition of unknown does not hold." in ended.text
    assert "'#{Nowhere}'" in ended.text
    assert "after" in ended.text.splitlines()
    details = field.server.get(f"tasks/{ended.task['Id']}/details")
    shown = statuses(details["ActivityLogs"][0])
    found = {name.split(": ")[-1]: status for name, status in shown.items()}
    assert (found["green"], found["blue"]) == ("Skipped", "Success"), shown


@pytest.mark.parametrize(
    ("expression", "runs"), [("#{calc 1-1}", False), ("#{if Nope}#{else}yes#{/if}", True)]
)
def test_a_step_runs_when_its_condition_holds(field: Field, expression: str, runs: bool) -> None:
    made = step("Maybe", script("echo it ran"), Condition="Variable")
    made["Properties"][STEP] = expression
    ended = field.run(made, step("After", script("echo after")))
    assert ended.state == "Success", ended.text
    assert ("it ran" in ended.text.splitlines()) is runs
