"""From rows to what people see, as tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.engine.plan import Frozen, Plan, Skip
from gurita.engine.states import ACTIVE_ACTIONS, ACTIVE_TASKS, FINAL_ACTIONS, FINAL_TASKS
from gurita.http.files import disposition
from gurita.kernel.clock import iso, parse_iso
from gurita.kernel.errors import Invalid
from gurita.tasks.resources import (
    FINAL_STATES,
    STATES,
    ActivityElement,
    AdHocScriptArguments,
    Answer,
    HealthArguments,
)
from gurita.tasks.rules import (
    activity_tree,
    completed_words,
    duration_words,
    milliseconds,
    moment_of,
    node_id,
    number_of,
    task_id,
    task_of,
)
from gurita.tasks.rules.activity import ACTION_STATUS, TASK_STATUS, task_status, together
from gurita.tasks.rules.asking import chosen, form_of
from gurita.tasks.rules.raw import block, heading
from gurita.tasks.rules.starting import check_health, check_script, check_times, target_type_of
from tests.unit.tasks.journaling import NOW, plan_of, target


def row(**more: Any) -> dict[str, Any]:
    """A row of `task`."""
    return {
        "number": 7, "space": "Spaces-1", "name": "Deploy", "description": "Deploy it",
        "arguments": '{"DeploymentId":"Deployments-1"}', "state": "Queued", "rule": "submit", "priority": 0,
        "project": "Projects-1", "environment": "Environments-1", "tenant": None, "created": NOW, "not_before": None,
        "not_after": None, "started": None, "completed": None, "updated": NOW, "node": None, "interruptions": 0,
        "warnings": False, "error": None, "rerun_of": None, **more,
    }  # fmt: skip


def test_states_are_those_of_the_engine() -> None:
    assert FINAL_STATES == FINAL_TASKS
    assert set(STATES) == set(TASK_STATUS) == FINAL_TASKS | ACTIVE_TASKS
    assert set(ACTION_STATUS) == FINAL_ACTIONS | ACTIVE_ACTIONS


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "less than 1 second"),
        (0.999, "less than 1 second"),
        (1, "1 second"),
        (6.9, "6 seconds"),
        (60, "1 minute"),
        (72, "1 minute 12 seconds"),
        (3600, "1 hour"),
        (3605, "1 hour"),
        (7260, "2 hours 1 minute"),
        (90_061, "1 day 1 hour"),
        (86_400 * 400, "400 days"),
    ],
)
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration_words(int(seconds * 1000)) == words


@pytest.mark.parametrize(
    ("hour", "words"), [(0, "12:10:03 AM"), (9, "9:10:03 AM"), (12, "12:10:03 PM"), (15, "3:10:03 PM")]
)
def test_the_completion_in_words(hour: int, words: str) -> None:
    ended = milliseconds(datetime(2024, 9, 23, hour, 10, 3, tzinfo=UTC))
    assert completed_words("Success", ended) == f"Monday, 23 September 2024 {words} +00:00"


def test_what_has_not_ended_says_so() -> None:
    assert (completed_words("Queued", None), completed_words("Executing", None)) == (
        "Queued...",
        "Executing...",
    )


@given(st.integers(0, 4_000_000_000_000))
def test_a_moment_survives_to_the_millisecond(ms: int) -> None:
    assert milliseconds(parse_iso(moment_of(ms))) == ms


@pytest.mark.parametrize(
    ("id", "number"),
    [
        ("ServerTasks-7", 7),
        ("servertasks-7", 7),
        ("ServerTasks-", None),
        ("ServerTasks-x", None),
        ("ServerTasks-²", None),
        ("Machines-7", None),
        ("7", None),
        (f"ServerTasks-{'9' * 30}", None),
    ],
)
def test_numbers_of_ids(id: str, number: int | None) -> None:
    assert number_of(id) == number


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(-1, 9), st.sampled_from(["", "a", "b"]), st.integers(0, 3)),
        unique=True,
    )
)
def test_activities_have_ids_of_their_own(places: list[tuple[int, int, str, int]]) -> None:
    places = [place for place in places if place[1] >= 0 or not place[2]]
    whole = {place if place[1] >= 0 else (place[0], -1, "", 0) for place in places}
    ids = {node_id(7, place) for place in whole}
    assert len(ids) == len(whole)
    assert all(id.startswith(f"{node_id(7)}/") for id in ids)


def test_a_queued_task_and_an_ended_one() -> None:
    queued = task_of(row(not_before=NOW + 3, not_after=NOW + 60_000), NOW)
    assert (queued.queue_time, queued.queue_time_expiry) == (
        "2024-09-23T14:57:18.801+00:00",
        "2024-09-23T14:58:18.798+00:00",
    )
    assert (queued.is_completed, queued.completed, queued.completed_time) == (False, "Queued...", None)
    assert (queued.has_been_picked_up_by_processor, queued.can_rerun) == (False, False)
    ended = task_of(
        row(state="Success", started=NOW, completed=NOW + 6000, warnings=True), NOW + 99_000, rerunnable=True
    )
    assert (ended.duration, ended.is_completed, ended.finished_successfully) == ("6 seconds", True, True)
    assert (ended.can_rerun, ended.has_warnings_or_errors) == (True, True)
    assert ended.arguments == {"DeploymentId": "Deployments-1"}


def test_a_clock_that_was_set_back_makes_no_negative_duration() -> None:
    assert task_of(row(state="Executing", started=NOW), NOW - 3_600_000).duration == "less than 1 second"


def test_an_ended_task_asks_nobody() -> None:
    ended = task_of(row(state="Failed", completed=NOW, interruptions=1), NOW, pending=["GuidedFailure"])
    assert (ended.has_pending_interruptions, ended.pending_interruption_types) == (False, [])
    waiting = task_of(
        row(state="Executing", interruptions=2), NOW, pending=["GuidedFailure", "GuidedFailure"]
    )
    assert (waiting.has_pending_interruptions, waiting.pending_interruption_types) == (
        True,
        ["GuidedFailure"],
    )


def attempt(target_name: str, state: str = "success", attempt: int = 1, **more: Any) -> dict[str, Any]:
    done = state not in ("asking", "running")
    return {
        "step": 0, "action": 0, "target": f"Machines-{target_name}", "attempt": attempt, "state": state, "error": None,
        "resolution": None, "started": NOW, "completed": NOW + 1 if done else None, **more,
    }  # fmt: skip


def tree(
    plan: Plan,
    state: str,
    *attempts: dict[str, Any],
    task_state: str = "Executing",
    targets: tuple[str, ...] = ("a", "b"),
    skipped: tuple[Skip, ...] = (),
    worst: dict[Any, int] | None = None,
) -> ActivityElement:
    frozen = Frozen(targets=tuple(target(name) for name in targets), skipped=skipped)
    steps = {
        0: ({"state": state, "started": NOW, "completed": None if state == "Running" else NOW + 9}, frozen)
    }
    return activity_tree(row(state=task_state, started=NOW), plan, steps, attempts, worst or {}).root


def seen(node: ActivityElement) -> list[tuple[str, str]]:
    return [(child.name, child.status) for child in node.children]


def test_what_has_not_begun_is_pending_and_numbered() -> None:
    root = tree(plan_of(1, 1), "Running", attempt("a", "running"))
    assert seen(root) == [("Step 1: step 0", "Running"), ("Step 2: step 1", "Pending")]
    assert seen(root.children[0]) == [("a", "Running"), ("b", "Pending")]
    assert root.children[0].show_at_summary_level
    assert not root.children[0].children[0].show_at_summary_level


def test_each_attempt_is_a_node_and_the_last_one_counts() -> None:
    rows = (attempt("a", "failed", error="It broke."), attempt("a", "success", 2), attempt("b"))
    root = tree(plan_of(2), "Running", *rows)
    (first, second) = root.children[0].children
    assert (first.name, first.status) == ("Step 1.1: act 0", "Success")
    assert seen(first) == [("a", "Failed"), ("a (attempt 2)", "Success"), ("b", "Success")]
    assert first.children[0].progress_message == "It broke."
    assert (second.status, seen(second)) == ("Pending", [("a", "Pending"), ("b", "Pending")])


def test_what_was_skipped_says_why() -> None:
    skip = Skip(code="disabled", reason="c is disabled.", id="Machines-c", name="c")
    root = tree(plan_of(1, targets="a"), "Success", attempt("a"), targets=("a",), skipped=(skip,))
    (_, skipped) = root.children[0].children
    assert (skipped.name, skipped.status, skipped.progress_message) == ("c", "Skipped", "c is disabled.")


def test_an_excluded_target_is_skipped_from_then_on() -> None:
    failed = attempt("a", "failed", resolution="exclude")
    root = tree(plan_of(2), "Running", failed, attempt("b"), attempt("b", action=1))
    (first, second) = root.children[0].children
    assert first.status == "SuccessWithWarning"
    assert seen(second) == [("a", "Skipped"), ("b", "Success")]


@pytest.mark.parametrize(("task_state", "status"), [("Canceled", "Canceled"), ("Failed", "Failed")])
def test_what_ran_when_its_task_was_ended_does_not_run_on(task_state: str, status: str) -> None:
    root = tree(plan_of(1), "Running", attempt("a", "running"), task_state=task_state)
    assert root.children[0].status == status
    assert root.children[0].children[0].status == status
    assert root.children[0].children[1].status in ("Canceled", "Skipped")


def test_a_warning_in_a_log_shows_up_to_its_step() -> None:
    place = (0, 0, "Machines-a", 1)
    root = tree(plan_of(1, targets="a"), "Success", attempt("a"), targets=("a",), worst={place: 4})
    assert root.children[0].status == "SuccessWithWarning"
    assert root.children[0].children[0].status == "SuccessWithWarning"
    calm = tree(plan_of(1, targets="a"), "Success", attempt("a"), targets=("a",), worst={place: 3})
    assert calm.children[0].status == "Success"
    assert task_status("Success", warned=True) == "SuccessWithWarning"
    assert task_status("Failed", warned=True) == "Failed"


def test_progress_is_the_share_of_what_has_ended() -> None:
    half = tree(plan_of(1, targets=("a", "b")), "Running", attempt("a"), attempt("b", "running"))
    assert half.progress_percentage == 50
    assert tree(plan_of(1), "Success", attempt("a"), attempt("b")).progress_percentage == 99
    assert tree(plan_of(1), "Success", attempt("a"), task_state="Success").progress_percentage == 100


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        ("", "Skipped"),
        ("Pending Pending", "Pending"),
        ("Success Pending", "Running"),
        ("Success Running Failed", "Running"),
        ("Success Failed Canceled", "Failed"),
        ("Success Canceled", "Canceled"),
        ("Success SuccessWithWarning Skipped", "SuccessWithWarning"),
        ("Success Skipped", "Success"),
        ("Skipped", "Skipped"),
    ],
)
def test_many_statuses_make_one(statuses: str, status: str) -> None:
    assert together(statuses.split()) == status


def test_lines_and_headings_of_the_raw_log() -> None:
    root = ActivityElement(id="x", name="Deploy\nWeb", status="Success", show_at_summary_level=True)
    assert heading(root, 0) == "                    | == Success: Deploy Web ==\n"
    assert (
        heading(ActivityElement(id="x", name="web", status="Failed"), 2)
        == "                    |     Failed: web\n"
    )
    assert block(NOW, "Info", "one\ntwo", 0) == "14:57:18   Info     |   one\n14:57:18   Info     |   two\n"
    assert block(NOW, "Highlight", "x", 2) == "14:57:18   Highlight|       x\n"


SCRIPT: dict[str, Any] = {"script_body": "echo"}


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"machine_ids": ["Machines-1"]}, "Machines"),
        ({"worker_ids": ["Workers-1"]}, "Workers"),
        ({"target_type": "OctopusServer"}, "OctopusServer"),
        ({"target_type": "Machines", "machine_ids": ["x"], "worker_ids": ["y"]}, "Machines"),
    ],
)
def test_where_a_script_runs(given: dict[str, Any], kind: str) -> None:
    script = AdHocScriptArguments(**SCRIPT, **given)
    assert target_type_of(script) == kind
    check_script(script)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Arguments.TargetType: name what to run on"),
        ({"machine_ids": ["x"], "worker_ids": ["y"]}, "Machines and Workers"),
        ({"target_type": "Machines"}, "Arguments.MachineIds: name at least one"),
        ({"target_type": "WorkerPools", "machine_ids": ["x"]}, "Arguments.WorkerPoolIds"),
    ],
)
def test_a_script_without_a_place_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        check_script(AdHocScriptArguments(**SCRIPT, **given))


@pytest.mark.parametrize(
    "text", ["", "5", "soon", "1:2", "00:05:00:00", "-00:05:00", "\u0660\u0660:05:00", "1." * 30]
)
def test_a_time_span_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="MachineTimeout"):
        check_health(HealthArguments(machine_timeout=text))
    check_health(HealthArguments(timeout="1.00:05:00"))


def test_a_start_that_can_never_be_is_refused() -> None:
    check_times(None, None, NOW)
    check_times(NOW - 5, NOW + 1, NOW)
    for queue, expiry in ((None, NOW), (NOW + 10, NOW + 10), (NOW + 10**12, None)):
        with pytest.raises(Invalid, match="QueueTime"):
            check_times(queue, expiry, NOW)


STORED = {"Text": "It broke.", "Buttons": ["Retry", "Fail"]}


def test_the_form_of_a_guided_failure() -> None:
    form = form_of("GuidedFailure", STORED, None)
    assert [element.name for element in form.elements] == ["Instructions", "Notes", "Guidance"]
    buttons = form.elements[2].control["Buttons"]
    assert [(one["Value"], one["RequiresConfirmation"]) for one in buttons] == [
        ("Retry", False),
        ("Fail", True),
    ]
    assert form_of("ManualIntervention", STORED, None).elements[2].name == "Result"
    assert form_of("GuidedFailure", STORED, {"Guidance": "Fail"}).values["Guidance"] == "Fail"


@pytest.mark.parametrize("answer", [Answer(guidance="retry"), Answer(result=" Retry ")])
def test_a_button_is_meant_in_any_case(answer: Answer) -> None:
    assert chosen("GuidedFailure", STORED, answer) == "Retry"


@pytest.mark.parametrize("answer", [Answer(), Answer(guidance="Ignore"), Answer(notes="Retry")])
def test_an_answer_that_is_no_button_names_them(answer: Answer) -> None:
    with pytest.raises(Invalid, match="Known: Retry, Fail"):
        chosen("GuidedFailure", STORED, answer)


@given(st.text())
def test_no_name_of_a_file_breaks_out_of_its_header(name: str) -> None:
    made = disposition(name)
    assert made.isascii() and made.isprintable()
    assert made.count('"') == 2
    assert "/" not in made and "\\" not in made


def test_a_file_keeps_its_name_in_both_spellings() -> None:
    assert disposition('/tmp/été "x".txt') == (
        "attachment; filename=\"_t_ _x_.txt\"; filename*=UTF-8''%C3%A9t%C3%A9%20%22x%22.txt"
    )


def test_ids_of_tasks() -> None:
    assert task_id(7) == "ServerTasks-7"


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(9999, 12, 31)))  # noqa: DTZ001 - made aware below
def test_moments_put_together_of_pieces_are_those_the_clock_writes(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC, microsecond=moment.microsecond // 1000 * 1000)
    assert moment_of(milliseconds(aware)) == iso(aware)
