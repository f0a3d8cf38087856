"""What a step runs on is settled when it begins, with the targets there are then."""

from __future__ import annotations

from gurita.catalog.form import Form
from gurita.deployments.rules import Choice, Kind, Machine, Scene, plan, preview, settle
from gurita.engine.plan import ON_SERVER, Plan
from gurita.projects.resources import Action, ConnectivityPolicy, DeploymentProcess, Step

OLD = Machine(id="Machines-1", name="old", roles=("web",))
NEW = Machine(id="Machines-2", name="new", roles=("web",))
POLICY = ConnectivityPolicy(skip_machine_behavior="SkipUnavailableMachines")


def planned(*steps: Step, machines: tuple[Machine, ...] = (OLD,)) -> Plan:
    kinds = {"octopus.script": Kind()}
    process = DeploymentProcess(steps=list(steps))
    return plan(Scene(process=process, environment_id="Environments-1", machines=machines, kinds=kinds))


def script(name: str, *, roles: str = "web", **more: object) -> Step:
    properties = {"Octopus.Action.RunOnServer": "True"} if not roles else {}
    action = Action(id=name, name=name, action_type="Octopus.Script", properties=properties, **more)  # type: ignore[arg-type]
    return Step(id=name, name=name, actions=[action], properties={"Octopus.Action.TargetRoles": roles})


def test_a_target_made_meanwhile_joins_and_one_that_went_away_is_a_row_with_its_reason() -> None:
    step = planned(script("A")).steps[0]
    away = Machine(id=OLD.id, name=OLD.name, roles=OLD.roles, health="Unavailable")
    frozen = settle(step, (away, NEW), Choice(), POLICY)
    assert [t.id for t in frozen.targets] == [NEW.id]
    assert [(s.code, s.id) for s in frozen.skipped] == [("TargetUnavailable", OLD.id)]
    assert frozen.skip is None


def test_a_step_that_had_no_target_gets_those_that_came() -> None:
    step = planned(script("A"), machines=()).steps[0]
    assert step.skip is not None
    assert [t.id for t in settle(step, (NEW,), Choice(), POLICY).targets] == [NEW.id]


def test_a_step_whose_targets_are_all_gone_is_skipped_with_the_reason() -> None:
    frozen = settle(planned(script("A")).steps[0], (), Choice(), POLICY)
    assert frozen.skip is not None
    assert frozen.skip.code == "NoMatchingTarget"


def test_a_step_the_plan_skips_stays_skipped() -> None:
    frozen = settle(planned(script("A", is_disabled=True)).steps[0], (NEW,), Choice(), POLICY)
    assert frozen.skip is not None
    assert frozen.skip.code == "Disabled"
    assert frozen.targets == ()


def test_a_step_without_tags_runs_on_the_server() -> None:
    assert [t.id for t in settle(planned(script("A", roles="")).steps[0], (), Choice(), POLICY).targets] == [
        ON_SERVER
    ]


def test_a_preview_shows_what_runs_where_and_what_does_not_and_why() -> None:
    disabled = Machine(id="Machines-3", name="off", roles=("web",), is_disabled=True)
    whole = planned(
        script("A"), script("B", is_disabled=True), script("C", roles="cache"), machines=(OLD, disabled)
    )
    shown = preview(whole, Form())
    assert [(r.action_number, r.machine_names) for r in shown.steps_to_execute] == [("1", ["old"]), ("3", [])]
    assert shown.steps_to_execute[0].can_be_skipped
    assert [m.name for m in shown.steps_to_execute[0].excluded_machines] == ["off"]
    assert shown.steps_to_execute[1].has_no_applicable_machines
    assert [(s.action_name, s.code) for s in shown.steps_to_skip] == [
        ("B", "Disabled"),
        ("C", "NoMatchingTarget"),
    ]


def test_a_preview_shows_disabled_steps_when_asked_to() -> None:
    shown = preview(planned(script("A"), script("B", is_disabled=True)), Form(), include_disabled=True)
    assert [(r.action_name, r.is_disabled) for r in shown.steps_to_execute] == [("A", False), ("B", True)]
