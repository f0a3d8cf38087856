"""Table tests of the plan of a deployment: product.md 3.4.7, rule by rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from gurita.deployments.rules import Choice, Kind, Machine, Scene, plan
from gurita.engine.plan import ON_SERVER, Plan
from gurita.http.sensitive_value import SensitiveValue
from gurita.projects.resources import Action, ConnectivityPolicy, DeploymentProcess, Step

WEB1 = Machine(id="Machines-1", name="web-1", roles=("web",))
WEB2 = Machine(id="Machines-2", name="web-2", roles=("Web", "db"))
WEB3 = Machine(id="Machines-3", name="web-3", roles=("web",))
KINDS = {
    "octopus.script": Kind(),
    "octopus.manual": Kind(server_only=True),
    "octopus.email": Kind(server_only=True),
    "octopus.tentaclepackage": Kind(needs_python=lambda _: True),
}


def action(name: str = "A", **more: Any) -> Action:
    properties = more.pop("properties", {})
    return Action(
        id=f"id-{name}",
        name=name,
        action_type=more.pop("type", "Octopus.Script"),
        properties=properties,
        **more,
    )


def step(*actions: Action, roles: str = "web", **more: Any) -> Step:
    properties: dict[str, Any] = {"Octopus.Action.TargetRoles": roles} if roles else {}
    properties |= more.pop("properties", {})
    name = more.pop("name", actions[0].name)
    return Step(id=f"step-{name}", name=name, actions=list(actions), properties=properties, **more)


def scene(*steps: Step, **more: Any) -> Scene:
    defaults: dict[str, Any] = {
        "environment_id": "Environments-1",
        "channel_id": "Channels-1",
        "machines": (WEB1, WEB2, WEB3),
        "kinds": KINDS,
        "names": {
            "Environments-1": "Dev",
            "Environments-2": "Prod",
            "Channels-1": "Stable",
            "Channels-2": "Beta",
        },
    }
    return Scene(process=DeploymentProcess(steps=list(steps)), **(defaults | more))


def targets(planned: Plan, index: int = 0) -> list[str]:
    return [t.id for t in planned.steps[index].targets]


def test_steps_run_one_after_the_other_and_start_with_previous_joins_the_group() -> None:
    together = {"start_trigger": "StartWithPrevious"}
    planned = plan(
        scene(
            step(action("A")), step(action("B"), **together), step(action("C")), step(action("D"), **together)
        )
    )
    assert [s.group for s in planned.steps] == [0, 0, 1, 1]
    assert [s.number for s in planned.steps] == ["1", "2", "3", "4"]


def test_the_first_step_cannot_join_anything() -> None:
    assert plan(scene(step(action("A"), start_trigger="StartWithPrevious"))).steps[0].group == 0


def test_a_skipped_step_keeps_its_place_in_its_group() -> None:
    planned = plan(
        scene(step(action("A", is_disabled=True)), step(action("B"), start_trigger="StartWithPrevious"))
    )
    assert [s.group for s in planned.steps] == [0, 0]


def test_targets_have_any_of_the_tags_in_any_case_and_come_by_name() -> None:
    planned = plan(scene(step(action(), roles="WEB, cache"), machines=(WEB3, WEB2, WEB1)))
    assert targets(planned) == ["Machines-1", "Machines-2", "Machines-3"]
    assert targets(plan(scene(step(action(), roles="DB")))) == ["Machines-2"]


def test_tags_on_the_only_action_count_too() -> None:
    lone = action(properties={"Octopus.Action.TargetRoles": "db"})
    assert targets(plan(scene(step(lone, roles="")))) == ["Machines-2"]


def test_an_action_on_the_server_without_tags_runs_once_there() -> None:
    planned = plan(
        scene(step(action(properties={"Octopus.Action.RunOnServer": "true"}), roles=""), machines=())
    )
    assert targets(planned) == [ON_SERVER]
    assert planned.steps[0].actions[0].on_server
    assert planned.errors == ()


def test_an_action_on_the_server_with_tags_runs_once_for_each_target() -> None:
    planned = plan(scene(step(action(properties={"Octopus.Action.RunOnServer": "True"}))))
    assert targets(planned) == ["Machines-1", "Machines-2", "Machines-3"]
    assert planned.steps[0].actions[0].on_server


def test_a_lone_manual_step_ignores_tags_but_a_child_runs_for_each_target() -> None:
    assert targets(plan(scene(step(action(type="Octopus.Manual"))))) == [ON_SERVER]
    rolling = plan(scene(step(action("A"), action("B", type="Octopus.Manual"))))
    assert len(targets(rolling)) == 3
    assert [a.on_server for a in rolling.steps[0].actions] == [False, True]


def test_children_are_numbered_and_a_lone_action_has_its_steps_number() -> None:
    planned = plan(scene(step(action("A")), step(action("B"), action("C"))))
    assert [[a.number for a in s.actions] for s in planned.steps] == [["1"], ["2.1", "2.2"]]


SCOPES: list[tuple[dict[str, Any], str | None]] = [
    ({}, None),
    ({"is_disabled": True}, "Disabled"),
    ({"environments": ["Environments-1", "Environments-2"]}, None),
    ({"environments": ["Environments-2"]}, "EnvironmentScope"),
    ({"excluded_environments": ["Environments-1"]}, "EnvironmentExcluded"),
    ({"excluded_environments": ["Environments-2"]}, None),
    ({"channels": ["Channels-1"]}, None),
    ({"channels": ["Channels-2"]}, "ChannelScope"),
    ({"tenant_tags": ["Region/EU"]}, "TenantScope"),
    ({"is_disabled": True, "environments": ["Environments-2"]}, "Disabled"),
]


@pytest.mark.parametrize(("scope", "code"), SCOPES)
def test_what_the_process_says_about_where_an_action_runs(scope: dict[str, Any], code: str | None) -> None:
    planned = plan(scene(step(action("A", **scope)))).steps[0]
    assert (planned.skip.code if planned.skip else None) == code
    assert (planned.actions[0].skip.code if planned.actions[0].skip else None) == code


def test_a_skip_tells_people_the_names() -> None:
    skip = plan(scene(step(action("A", environments=["Environments-2"])))).steps[0].skip
    assert skip is not None
    assert skip.reason == "'A' runs only in Prod, not in Dev."


TENANTS: list[tuple[set[str] | None, list[str], bool]] = [
    (None, ["Region/EU"], False),
    ({"Region/EU"}, ["region/eu"], True),
    ({"Region/EU"}, ["Region/EU", "Region/US"], True),
    ({"Region/EU"}, ["Region/EU", "Tier/Gold"], False),
    ({"Region/EU", "Tier/Gold"}, ["Region/EU", "Tier/Gold"], True),
]


@pytest.mark.parametrize(("tags", "wanted", "runs"), TENANTS)
def test_tenant_tags_are_or_within_a_set_and_and_over_sets(
    tags: set[str] | None, wanted: list[str], runs: bool
) -> None:
    tenant = None if tags is None else frozenset(tags)
    planned = plan(scene(step(action("A", tenant_tags=wanted)), tenant_tags=tenant))
    assert (planned.steps[0].skip is None) is runs


def test_a_user_may_leave_an_action_out() -> None:
    planned = plan(
        scene(step(action("A")), step(action("B")), choice=Choice(skip_actions=frozenset({"id-A"})))
    )
    assert [s.skip.code if s.skip else None for s in planned.steps] == ["SkippedByUser", None]
    assert planned.errors == ()


REQUIRED = [
    action("A", is_required=True),
    action("A", type="Octopus.Manual", properties={"Octopus.Action.Manual.ResponsibleTeamIds": "Teams-1"}),
]


@pytest.mark.parametrize("required", REQUIRED)
def test_a_required_action_cannot_be_skipped(required: Action) -> None:
    planned = plan(scene(step(required), choice=Choice(skip_actions=frozenset({"id-A"}))))
    assert planned.errors == ("SkipActions: 'A' is required and cannot be skipped.",)
    assert planned.steps[0].skip is None
    assert planned.steps[0].required


def test_skipping_an_action_that_is_not_there_is_refused() -> None:
    planned = plan(scene(step(action()), choice=Choice(skip_actions=frozenset({"nope"}))))
    assert "no action 'nope'" in planned.errors[0]


def test_one_child_may_be_skipped_without_its_brothers() -> None:
    planned = plan(scene(step(action("A", is_disabled=True), action("B")))).steps[0]
    assert planned.skip is None
    assert [a.skip is None for a in planned.actions] == [False, True]
    assert len(planned.targets) == 3


def test_a_step_all_of_whose_children_are_skipped_is_skipped() -> None:
    planned = plan(
        scene(step(action("A", is_disabled=True), action("B", environments=["Environments-2"])))
    ).steps[0]
    assert planned.skip is not None
    assert planned.skip.code == "NothingToRun"
    assert "'B' runs only in Prod" in planned.skip.reason
    assert planned.targets == ()


def policy(**more: Any) -> ConnectivityPolicy:
    return ConnectivityPolicy(**more)


SKIP_AWAY = policy(skip_machine_behavior="SkipUnavailableMachines")
LEFT_OUT: list[tuple[dict[str, Any], Choice, ConnectivityPolicy, str | None]] = [
    ({}, Choice(), policy(), None),
    ({"is_disabled": True}, Choice(), policy(), "TargetDisabled"),
    ({"is_disabled": True}, Choice(only_machines=frozenset({"M"})), policy(), "TargetDisabled"),
    ({}, Choice(only_machines=frozenset({"Machines-1"})), policy(), "TargetNotSelected"),
    ({}, Choice(only_machines=frozenset({"M"})), policy(), None),
    ({}, Choice(excluded_machines=frozenset({"M"})), policy(), "TargetExcluded"),
    ({}, Choice(only_tags=frozenset({"DB"})), policy(), "TargetNotSelected"),
    ({}, Choice(only_tags=frozenset({"WEB"})), policy(), None),
    ({}, Choice(excluded_tags=frozenset({"WEB"})), policy(), "TargetExcluded"),
    ({"health": "Unavailable"}, Choice(), policy(), None),
    ({"health": "Unavailable"}, Choice(), SKIP_AWAY, "TargetUnavailable"),
    ({"health": "Unhealthy"}, Choice(), SKIP_AWAY, None),
    ({"health": "Unknown"}, Choice(), SKIP_AWAY, None),
    (
        {"health": "Unavailable"},
        Choice(),
        policy(skip_machine_behavior="SkipUnavailableMachines", target_roles=["db"]),
        None,
    ),
    (
        {"health": "Unavailable"},
        Choice(),
        policy(skip_machine_behavior="SkipUnavailableMachines", target_roles=["WEB"]),
        "TargetUnavailable",
    ),
    ({"health": "Unhealthy"}, Choice(), policy(exclude_unhealthy_targets=True), "TargetUnhealthy"),
    ({"health": "HasWarnings"}, Choice(), policy(exclude_unhealthy_targets=True), None),
    ({"health": "Unavailable"}, Choice(), policy(exclude_unhealthy_targets=True), None),
]


@pytest.mark.parametrize(("machine", "choice", "rules", "code"), LEFT_OUT)
def test_which_targets_are_left_out(
    machine: dict[str, Any], choice: Choice, rules: ConnectivityPolicy, code: str | None
) -> None:
    here = Machine(id="M", name="m", roles=("web",), **machine)
    other = Machine(id="Machines-1", name="w", roles=("web", "db"))
    planned = plan(scene(step(action()), machines=(here, other), choice=choice, policy=rules)).steps[0]
    assert ("M" in [t.id for t in planned.targets]) is (code is None)
    assert [s.code for s in planned.skipped if s.id == "M"] == ([code] if code else [])


def test_no_target_at_all_is_refused_with_the_reasons() -> None:
    planned = plan(
        scene(step(action()), machines=(Machine(id="M", name="m", roles=("web",), is_disabled=True),))
    )
    assert planned.steps[0].skip is not None
    assert planned.steps[0].skip.code == "NoMatchingTarget"
    assert "'m' is disabled" in planned.errors[0]
    assert "allow deployments without targets" in planned.errors[0]


def test_no_target_at_all_may_be_allowed() -> None:
    planned = plan(scene(step(action()), machines=(), policy=policy(allow_deployments_to_no_targets=True)))
    assert planned.errors == ()
    assert planned.steps[0].skip is not None


def test_one_step_without_target_is_only_skipped_when_another_has_some() -> None:
    planned = plan(scene(step(action("A"), roles="cache"), step(action("B"))))
    assert planned.errors == ()
    assert [s.skip.code if s.skip else None for s in planned.steps] == ["NoMatchingTarget", None]
    assert planned.steps[0].skip is not None
    assert planned.steps[0].skip.reason == "No target is tagged cache."


def test_a_disabled_step_does_not_ask_for_targets() -> None:
    assert plan(scene(step(action("A", is_disabled=True)), machines=())).errors == ()


def test_choosing_a_target_that_is_not_here_is_refused() -> None:
    planned = plan(
        scene(step(action()), choice=Choice(only_machines=frozenset({"Machines-1", "Machines-9"})))
    )
    assert planned.errors == ("SpecificMachineIds: 'Machines-9' is not a deployment target in Dev.",)


WINDOWS: list[tuple[str, str, int, bool]] = [
    ("", "", 10, False),
    ("", "3", 3, False),
    ("2", "", 2, False),
    ("1", "5", 1, True),
    ("8", "5", 5, False),
    ("#{W}", "", 4, False),
    ("20", "", 10, False),
]


@pytest.mark.parametrize(("window", "parallel", "effective", "warned"), WINDOWS)
def test_the_window_and_the_parallelism(window: str, parallel: str, effective: int, warned: bool) -> None:
    properties = {"Octopus.Action.MaxParallelism": window} if window else {}
    planned = plan(
        scene(
            step(action(), properties=properties),
            max_parallelism=parallel,
            expand=lambda text: text.replace("#{W}", "4"),
        )
    )
    assert planned.steps[0].window == effective
    assert bool(planned.data["warnings"]) is warned
    assert planned.parallel_steps == int(parallel or 10)


def test_a_parallelism_that_is_no_number_warns_and_a_window_that_is_none_is_refused() -> None:
    planned = plan(
        scene(step(action(), properties={"Octopus.Action.MaxParallelism": "#{W}"}), max_parallelism="many")
    )
    assert "not 'many'" in planned.data["warnings"][0]
    assert planned.errors == (
        "Step 1 'A': the window size must be a whole number from 1 to 10000, not '#{W}'.",
    )


def retry(count: str, backoff: str = "") -> dict[str, str]:
    return {
        "Octopus.Action.AutoRetry.MaximumCount": count,
        "Octopus.Action.AutoRetry.MinimumBackoff": backoff,
    }


RETRIES: list[tuple[str, dict[str, str], tuple[int, float]]] = [
    ("Octopus.Script", {}, (0, 0)),
    ("Octopus.Script", retry("3", "15"), (3, 15)),
    ("Octopus.Script", retry("2"), (2, 0)),
    ("Octopus.Manual", retry("3", "15"), (0, 0)),
    ("Octopus.Email", retry("3"), (0, 0)),
]


@pytest.mark.parametrize(("type", "properties", "expected"), RETRIES)
def test_automatic_retries(type: str, properties: dict[str, str], expected: tuple[int, float]) -> None:
    planned = plan(scene(step(action(type=type, properties=properties)))).steps[0].actions[0]
    assert (planned.retries, planned.backoff) == expected


def test_more_than_three_retries_are_refused_when_an_expression_brings_them() -> None:
    four = action(properties=retry("#{N}"))
    planned = plan(scene(step(four), expand=lambda text: text.replace("#{N}", "4")))
    assert planned.errors == ("Step 1 'A': the automatic retry must be a whole number from 0 to 3, not 4.",)


def test_a_time_limit_is_given_in_minutes_and_kept_in_seconds() -> None:
    limited = action(properties={"Octopus.Action.ExecutionTimeout.Minutes": "5"})
    assert plan(scene(step(limited))).steps[0].actions[0].timeout == 300
    assert plan(scene(step(action()))).steps[0].actions[0].timeout == 0


def test_a_type_this_server_does_not_know_keeps_the_deployment_from_starting_unless_skipped() -> None:
    assert plan(scene(step(action(type="Octopus.IIS")))).errors == (
        "Step 1 'A': this server cannot run actions of type 'Octopus.IIS'.",
    )
    assert plan(scene(step(action(type="Octopus.IIS", is_disabled=True)))).errors == ()


def test_what_a_step_type_cannot_do_yet_keeps_the_deployment_from_starting() -> None:
    check: Callable[[Action], list[str]] = lambda action: ["scripts from packages are not supported."]  # noqa: E731
    planned = plan(scene(step(action()), kinds={"octopus.script": Kind(check=check)}))
    assert planned.errors == ("Step 1 'A': scripts from packages are not supported.",)


def test_what_needs_python_is_refused_for_targets_without() -> None:
    bare = Machine(id="Machines-4", name="bare", roles=("web",), has_python=False)
    needs = step(action(type="Octopus.TentaclePackage"))
    assert plan(scene(needs, machines=(WEB1, bare))).errors == (
        "Step 1 'A': it needs Python on the target; bare has none.",
    )
    assert plan(scene(step(action()), machines=(WEB1, bare))).errors == ()
    elsewhere = Choice(excluded_machines=frozenset({"Machines-4"}))
    assert plan(scene(needs, machines=(WEB1, bare), choice=elsewhere)).errors == ()


def test_a_step_that_runs_nowhere_is_refused() -> None:
    assert "has no target tags" in plan(scene(step(action(), roles=""))).errors[0]


GUIDED: list[tuple[bool | None, str, bool, tuple[bool, bool, str]]] = [
    (None, "EnvironmentDefault", False, (False, False, "Environment")),
    (None, "EnvironmentDefault", True, (True, False, "Environment")),
    (None, "Off", True, (False, True, "Project")),
    (None, "On", False, (True, False, "Project")),
    (True, "Off", False, (True, False, "Deployment")),
    (False, "On", True, (False, True, "Deployment")),
]


@pytest.mark.parametrize(("chosen", "project", "environment", "expected"), GUIDED)
def test_guided_failure(
    chosen: bool | None, project: str, environment: bool, expected: tuple[bool, bool, str]
) -> None:
    planned = plan(
        scene(
            step(action()),
            choice=Choice(guided=chosen),
            project_guided=project,
            environment_guided=environment,
        )
    )
    assert (planned.guided, planned.guided_off, planned.data["guidance"]) == expected


def test_conditions_come_through_and_an_expression_only_with_its_condition() -> None:
    expression = {"Octopus.Step.ConditionVariableExpression": "#{Go}"}
    planned = plan(
        scene(
            step(action("A"), condition="Failure", properties=expression),
            step(action("B"), condition="Variable", properties=expression),
        )
    )
    assert [(s.condition, s.expression) for s in planned.steps] == [("Failure", ""), ("Variable", "#{Go}")]


def test_secrets_in_properties_travel_as_ids_only() -> None:
    secret = SensitiveValue(has_value=True, secret_id="Secrets-1")
    planned = plan(scene(step(action(properties={"Password": secret, "User": "u"})))).steps[0].actions[0]
    assert planned.properties == {"User": "u"}
    assert planned.data["secrets"] == {"Password": "Secrets-1"}


def test_a_plan_survives_json() -> None:
    planned = plan(scene(step(action("A"), action("B", is_disabled=True)), step(action("C"), roles="none")))
    assert msgspec.json.decode(msgspec.json.encode(planned), type=Plan) == planned
