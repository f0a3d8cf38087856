"""Where packages are acquired in a plan, which, in which version, and for whom."""

from __future__ import annotations

import sys
from typing import Any

import msgspec
import pytest

from gurita.catalog.form import Form
from gurita.deployments.rules import (
    Choice,
    Kind,
    Machine,
    Scene,
    is_acquisition,
    packages_at,
    plan,
    preview,
    settle_acquisition,
    wanted_by,
)
from gurita.engine.plan import ON_SERVER, Plan, Target
from gurita.engine.rows import StepRow
from gurita.engine.walk import Moves, next_moves
from gurita.formats.variables import SelfReference
from gurita.projects.resources import Action, DeploymentProcess, PackageReference, Step

WEB = Machine(id="Machines-1", name="web-1", roles=("web",))
DB = Machine(id="Machines-2", name="db-1", roles=("db",))
FEEDS = {"feeds-builtin": "feeds-builtin", "nuget": "Feeds-2", "": "feeds-builtin"}


def used(package: str = "", name: str = "", **more: Any) -> PackageReference:
    return PackageReference(name=name, package_id=package or name, feed_id=more.pop("feed", ""), **more)


def step(name: str, *packages: PackageReference, roles: str = "web", **more: Any) -> Step:
    action = Action(
        id=name, name=name, action_type="Octopus.Script", packages=list(packages), **more.pop("action", {})
    )
    return Step(
        id=name, name=name, actions=[action], properties={"Octopus.Action.TargetRoles": roles}, **more
    )


def scene(*steps: Step, **more: Any) -> Scene:
    versions = {
        (action.id, each.name or ""): "1.0" for s in steps for action in s.actions for each in action.packages
    }
    given: dict[str, Any] = {
        "environment_id": "Environments-1",
        "machines": (WEB, DB),
        "kinds": {"octopus.script": Kind()},
        "versions": versions,
        "feeds": FEEDS,
    }
    return Scene(process=DeploymentProcess(steps=list(steps)), **given | more)


def order(planned: Plan) -> list[tuple[str, str, int]]:
    return [(s.name, s.number, s.group) for s in planned.steps]


def test_packages_are_acquired_once_before_the_first_step_that_needs_one() -> None:
    planned = plan(scene(step("A"), step("B", used("Web")), step("C", used("Web"))))
    assert order(planned) == [("A", "1", 0), ("Acquire packages", "", 1), ("B", "2", 2), ("C", "3", 3)]
    assert [s.index for s in planned.steps] == [0, 1, 2, 3]
    acquired = planned.steps[1]
    assert [t.name for t in acquired.targets] == ["Web 1.0", "web-1"]
    assert acquired.actions[0].idempotent
    assert not planned.errors


def test_a_process_without_packages_has_no_such_step() -> None:
    assert not any(is_acquisition(s) for s in plan(scene(step("A"))).steps)
    nothing = step("A", used("Web", acquisition_location="NotAcquired"))
    assert not any(is_acquisition(s) for s in plan(scene(nothing)).steps)


def test_a_step_may_want_to_come_before_or_after_acquisition() -> None:
    after = step("A", package_requirement="AfterPackageAcquisition")
    assert [n for n, _, _ in order(plan(scene(after, step("B", used("Web")))))] == [
        "Acquire packages",
        "A",
        "B",
    ]
    before = step("A", used("Tool"), package_requirement="BeforePackageAcquisition")
    planned = plan(scene(before, step("B", used("Web"))))
    assert [n for n, _, _ in order(planned)] == ["A", "Acquire packages", "B"]
    assert [t.name for t in planned.steps[1].targets] == ["Web 1.0", "web-1"]


def test_it_stands_before_the_whole_group_of_that_step() -> None:
    together = step("B", used("Web"), start_trigger="StartWithPrevious")
    assert order(plan(scene(step("A"), together, step("C")))) == [
        ("Acquire packages", "", 0),
        ("A", "1", 1),
        ("B", "2", 1),
        ("C", "3", 2),
    ]


def test_what_does_not_run_is_not_acquired() -> None:
    off = step("A", used("Web"), action={"is_disabled": True})
    assert [n for n, _, _ in order(plan(scene(off, step("B"))))] == ["A", "B"]


def test_the_plan_freezes_feed_version_and_place() -> None:
    named = used(
        "#{Id}", "tool", feed="NuGet", acquisition_location="#{Where}", properties={"Extract": "True"}
    )
    known = {"#{Id}": "Tool", "#{Where}": "executiontarget", "True": "True", "NuGet": "NuGet"}
    planned = plan(scene(step("A", named), expand=lambda text: known.get(text, text)))
    (found,) = packages_at(planned.steps[1].actions[0])
    assert msgspec.to_builtins(found) == {
        "name": "tool",
        "package_id": "Tool",
        "feed_id": "Feeds-2",
        "version": "1.0",
        "location": "ExecutionTarget",
        "extract": True,
    }


WRONG: list[tuple[PackageReference, dict[str, Any], str]] = [
    (used("Web", feed="Gone"), {}, "the feed 'Gone', which does not exist"),
    (used("#{Nothing}"), {}, "'#{Nothing}' has no value"),
    (used("Web"), {"versions": {}}, "no version of the package 'Web'"),
    (used("Web", acquisition_location="#{Moon}"), {}, "acquired at '#{Moon}'"),
    (used("Web", "../up", properties={"Extract": True}), {}, "'../up' cannot name a folder"),
]


@pytest.mark.parametrize(("reference", "more", "told"), WRONG)
def test_what_cannot_be_acquired_is_an_error_of_the_plan(
    reference: PackageReference, more: dict[str, Any], told: str
) -> None:
    (error,) = plan(scene(step("A", reference), **more)).errors
    assert error.startswith("Step 1 'A': ")
    assert told in error


def test_each_machine_gets_what_its_steps_need() -> None:
    given = scene(
        step("A", used("Web")), step("B", used("Db"), roles="db"), step("C", used("Web"), roles="db")
    )
    planned = plan(given)
    frozen = settle_acquisition(planned, planned.steps[0], given, given.machines)
    assert [t.name for t in frozen.targets] == ["Web 1.0", "Db 1.0", "web-1", "db-1"]
    wanted = {t.name: wanted_by(planned, planned.steps[0], t) for t in frozen.targets[2:]}
    assert {name: [p.package_id for p in found] for name, found in wanted.items()} == {
        "web-1": ["Web"],
        "db-1": ["Db", "Web"],
    }


def test_machines_are_those_there_are_when_it_begins() -> None:
    given = scene(step("A", used("Web")), choice=Choice(excluded_machines=frozenset({"Machines-3"})))
    planned = plan(given)
    late = Machine(id="Machines-9", name="late", roles=("web",))
    out = Machine(id="Machines-3", name="out", roles=("web",))
    frozen = settle_acquisition(planned, planned.steps[0], given, (WEB, late, out))
    assert [t.name for t in frozen.targets] == ["Web 1.0", "late", "web-1"]
    assert [skip.id for skip in frozen.skipped] == ["Machines-3"]


def test_the_server_itself_gets_what_runs_there() -> None:
    given = scene(
        step("A", used("Web"), roles="", action={"properties": {"Octopus.Action.RunOnServer": "True"}})
    )
    planned = plan(given)
    frozen = settle_acquisition(planned, planned.steps[0], given, ())
    assert [t.id for t in frozen.targets[1:]] == [ON_SERVER]
    (wanted,) = wanted_by(planned, planned.steps[0], frozen.targets[1])
    assert wanted.package_id == "Web"


def test_its_window_is_a_variable_and_a_bad_one_is_a_warning() -> None:
    assert plan(scene(step("A", used("Web")))).steps[0].window == 10
    assert plan(scene(step("A", used("Web")), acquire_parallelism="3")).steps[0].window == 3
    planned = plan(scene(step("A", used("Web")), acquire_parallelism="many"))
    assert planned.steps[0].window == 10
    assert "Octopus.Acquire.MaxParallelism" in planned.data["warnings"][0]


def test_a_preview_shows_no_row_for_it() -> None:
    shown = preview(plan(scene(step("A", used("Web")))), Form())
    assert [row.action_number for row in shown.steps_to_execute] == ["1"]


def walked(targets: int) -> tuple[Moves, int]:
    """The first moves of an acquisition for so many targets, and how many calls of functions they took."""
    many = tuple(Machine(id=f"Machines-{n}", name=f"m{n:04}", roles=("web",)) for n in range(targets))
    given = scene(step("A", used("Web"), used("Tool", "tool")), machines=many)
    planned = plan(given)
    frozen = settle_acquisition(planned, planned.steps[0], given, many)
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        moves = next_moves(planned, {0: StepRow(0, "Running", frozen)}, {}, False)
    finally:
        sys.setprofile(before)
    return moves, calls


def test_packages_go_first_and_ten_times_the_targets_are_walked_in_ten_times_the_steps() -> None:
    _, few = walked(100)
    moves, calls = walked(1000)
    assert 0 < few < calls < 11 * few
    assert [start.target.name for start in moves.start][:3] == ["Web 1.0", "Tool 1.0", "m0000"]
    assert len(moves.start) == 10


def test_a_target_is_told_apart_from_a_package() -> None:
    planned = plan(scene(step("A", used("Web"))))
    assert wanted_by(planned, planned.steps[0], Target(id="Machines-7", name="other", roles=("db",))) == []


def test_a_host_without_python_takes_no_packages() -> None:
    bare = Machine(id="Machines-1", name="bare-1", roles=("web",), has_python=False)
    (error,) = plan(scene(step("A", used("Tool", "tool")), machines=(bare,))).errors
    assert "needs Python on the target; bare-1 has none" in error
    nothing = step("A", used("Tool", "tool", acquisition_location="NotAcquired"))
    assert not plan(scene(nothing, machines=(bare,))).errors


def test_an_expression_that_cannot_be_evaluated_is_an_error_of_the_plan() -> None:
    def expand(text: str) -> str:
        if "#{" in text:
            raise SelfReference(["A", "B", "A"])
        return text

    (error,) = plan(scene(step("A", used("#{A}")), expand=expand)).errors
    assert error.startswith("Step 1 'A': a package: ")
