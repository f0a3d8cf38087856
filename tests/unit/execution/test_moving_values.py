"""System variables that change during a deployment or from place to place."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from gurita.engine.plan import Frozen, Plan, PlanAction, PlanStep, Skip, Target
from gurita.engine.rows import ActionRow, StepRow
from gurita.execution.moving_values import action_values, status_values, target_values
from gurita.execution.place_values import hostname

WEB = Target(id="Machines-1", name="one", roles=("web", "db"))
TWO = Target(id="Machines-2", name="two", roles=("web",))
SERVER = Target(id="server", name="Server")


def made(index: int, name: str, *targets: Target, skip: Skip | None = None) -> PlanStep:
    action = PlanAction(index=0, id=f"a{index}", name=name, number=str(index + 1), type="Octopus.Script")
    return PlanStep(
        index=index, id=f"s{index}", name=name, number=str(index + 1), group=index, actions=(action,),
        roles=("WEB", "gone"), targets=targets, skip=skip,
    )  # fmt: skip


PLAN = Plan(
    steps=(
        made(0, "Build", SERVER),
        made(1, "Deploy", WEB, TWO),
        made(2, "Later", WEB),
        made(3, "Off", skip=Skip(code="disabled", reason="It is disabled.")),
    )
)


def row(step: int, target: str, state: str, **more: object) -> tuple[tuple[int, int, str], ActionRow]:
    place = step, 0, target
    return place, ActionRow(
        number=step,
        step=step,
        action=0,
        target=target,
        attempt=1,
        state=state,
        ticket="t",
        **more,  # type: ignore[arg-type]
    )


def test_machines_are_named_once_and_by_tag_as_their_steps_were_settled() -> None:
    found = target_values(PLAN, {})
    assert found["Octopus.Deployment.Machines"] == "Machines-1,Machines-2"
    assert found["Octopus.Deployment.Targets[Machines-2].Name"] == "two"
    assert found["Octopus.Environment.MachinesInRole[web]"] == "Machines-1,Machines-2"
    assert found["Octopus.Environment.MachinesInRole[db]"] == "Machines-1"
    settled = {1: StepRow(1, "Running", Frozen(targets=(WEB,)))}
    assert target_values(PLAN, settled)["Octopus.Deployment.Machines"] == "Machines-1"


def test_every_step_says_how_far_it_is_and_the_first_failure_is_the_deployments() -> None:
    steps = {0: StepRow(0, "Failed", Frozen()), 1: StepRow(1, "Running", Frozen())}
    actions = dict(
        [
            row(0, "server", "failed", rc=7),
            row(1, "Machines-1", "failed", error="no disk"),
            row(1, "Machines-2", "running"),
        ]
    )
    found = status_values(PLAN, steps, actions, PLAN.steps[1])
    codes = [found[f"Octopus.Step[{step.name}].Status.Code"] for step in PLAN.steps]
    assert codes == ["Failed", "Running", "Pending", "Skipped"]
    assert found["Octopus.Step.Status.Code"] == "Running"
    assert found["Octopus.Step.Status.Error"] == "no disk"
    assert found["Octopus.Action[Deploy].Status.Error"] == "no disk"
    assert "7" in found["Octopus.Deployment.Error"]
    assert (found["Octopus.Action[Off].IsSkipped"], found["Octopus.Action[Build].IsSkipped"]) == ("True", "")


def test_an_action_is_skipped_when_its_condition_held_nowhere() -> None:
    name = "Octopus.Action[Deploy].IsSkipped"
    one = row(1, "Machines-1", "skipped")
    assert status_values(PLAN, {}, dict([one]), PLAN.steps[2])[name] == "True"
    both = dict([one, row(1, "Machines-2", "success")])
    assert status_values(PLAN, {}, both, PLAN.steps[2])[name] == ""


@pytest.mark.parametrize("resolution", ["ignore", "retry", "exclude"])
def test_a_failure_that_was_forgiven_is_none(resolution: str) -> None:
    actions = dict([row(0, "server", "failed", error="oh", resolution=resolution)])
    found = status_values(PLAN, {}, actions, PLAN.steps[0])
    assert found["Octopus.Deployment.Error"] == ""


def test_an_action_knows_the_tags_it_shares_with_its_machine() -> None:
    found = action_values(PLAN.steps[1], PLAN.steps[1].actions[0], WEB)
    assert found["Octopus.Tentacle.CurrentDeployment.TargetedRoles"] == "WEB"
    assert found["Octopus.Action.TargetRoles"] == "WEB,gone"
    assert found["Octopus.Machine.Roles"] == "web,db"


@pytest.mark.parametrize(
    ("endpoint", "name"),
    [
        (SimpleNamespace(host="ssh.example", uri="ssh://other"), "ssh.example"),
        (SimpleNamespace(uri="https://agent.example:10933/"), "agent.example"),
        (SimpleNamespace(uri="https://[::1]:10933"), "::1"),
        (SimpleNamespace(uri="https://[bad"), ""),
        (SimpleNamespace(uri="poll://abc"), ""),
        (SimpleNamespace(), ""),
    ],
)
def test_a_host_name_is_where_a_machine_is_reached(endpoint: object, name: str) -> None:
    assert hostname(endpoint) == name
