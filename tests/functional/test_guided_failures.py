"""Guided failure over the API: a failure becomes a question, each answer does what it says, once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.functional.field import BESIDE, Field, field_of
from tests.functional.rooms import refusal_of, tables
from tests.scenario import script, step

pytestmark = pytest.mark.needs("sshd")


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with field_of(tmp_path_factory.mktemp("field"), 2) as made:
        # One environment with both machines, for what differs between them.
        made.environments.append(made.made.environment("Both"))
        for machine in made.machines:
            found = made.made.get(f"machines/{machine}")
            both = [*found["EnvironmentIds"], made.environments[2]]
            made.server.put(f"{made.made.space}/machines/{machine}", {**found, "EnvironmentIds": both})
        yield made


def question(field: Field, task: str) -> dict[str, Any]:
    """The one question a task waits with."""

    def asked() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = field.made.get(f"interruptions?regarding={task}&pendingOnly=true")[
            "Items"
        ]
        return found

    (found,) = field.server.until(asked, why=lambda: field.made.raw(task))
    return dict(found)


def answer(field: Field, asked: dict[str, Any], guidance: str) -> None:
    """Answers a question."""
    field.made.post(f"interruptions/{asked['Id']}/submit", {"Guidance": guidance, "Notes": "as told"})


def guided(field: Field, folder: Path, at: int = 0) -> str:
    """A task whose first step runs on every machine, counts its runs, and fails on host 0 until a file is there."""
    body = f"""
echo "#{{Octopus.Machine.Name}}" >> "{folder}/runs"
[ "#{{Octopus.Machine.Name}}" != "host 0" ] || [ -e "{folder}/mended" ] || exit 9
"""
    after = f'echo "#{{Octopus.Machine.Name}}" >> "{folder}/after"'
    steps = step("Breaks", script(body)), step("After", script(after))
    return field.start(*steps, at=at, UseGuidedFailure=True)


def lines(file: Path) -> list[str]:
    """The lines of a file that may not be there."""
    return sorted(file.read_text().splitlines()) if file.exists() else []


def test_the_question_says_what_failed_where_and_how_to_answer(field: Field, tmp_path: Path) -> None:
    task = guided(field, tmp_path)
    asked = question(field, task)
    assert (asked["Type"], asked["IsPending"], asked["TaskId"]) == ("GuidedFailure", True, task)
    assert "Breaks" in asked["Title"] + str(asked["Form"])
    assert "host 0" in asked["Title"] + str(asked["Form"])
    guidance = next(each for each in asked["Form"]["Elements"] if each["Name"] == "Guidance")
    assert {each["Value"] for each in guidance["Control"]["Buttons"]} == {
        "Fail",
        "Retry",
        "Ignore",
        "Exclude",
    }
    shown = field.made.task(task)
    assert (shown["State"], shown["HasPendingInterruptions"]) == ("Executing", True)
    # A person may take long: the task holds still without an owner, and goes on from there.
    runs = lines(tmp_path / "runs")
    time.sleep(1)
    assert lines(tmp_path / "runs") == runs == ["host 0"]
    answer(field, asked, "Fail")
    assert field.ended(task).state == "Failed"


def test_retry_runs_the_failed_script_again_and_nothing_else(field: Field, tmp_path: Path) -> None:
    task = guided(field, tmp_path, at=2)
    asked = question(field, task)
    (tmp_path / "mended").touch()
    answer(field, asked, "Retry")
    ended = field.ended(task)
    assert ended.state == "Success", ended.text
    assert lines(tmp_path / "runs") == ["host 0", "host 0", "host 1"]
    assert lines(tmp_path / "after") == ["host 0", "host 1"]


def test_a_retry_that_fails_asks_again(field: Field, tmp_path: Path) -> None:
    task = guided(field, tmp_path)
    first = question(field, task)
    answer(field, first, "Retry")
    field.server.until(lambda: len(lines(tmp_path / "runs")) == 2)
    second = question(field, task)
    assert second["Id"] != first["Id"]
    answer(field, second, "Fail")
    assert field.ended(task).state == "Failed"


def test_ignore_goes_on_as_if_the_script_had_succeeded_and_remembers_the_error(
    field: Field, tmp_path: Path
) -> None:
    task = guided(field, tmp_path, at=2)
    answer(field, question(field, task), "Ignore")
    ended = field.ended(task)
    assert ended.state == "Success", ended.text
    assert ended.task["HasWarningsOrErrors"] is True
    assert lines(tmp_path / "runs") == ["host 0", "host 1"]
    assert lines(tmp_path / "after") == ["host 0", "host 1"]


def test_exclude_leaves_the_machine_out_of_all_that_follows(field: Field, tmp_path: Path) -> None:
    task = guided(field, tmp_path, at=2)
    answer(field, question(field, task), "Exclude")
    ended = field.ended(task)
    assert ended.state == "Success", ended.text
    assert lines(tmp_path / "after") == ["host 1"]


def test_fail_ends_the_task_as_failed(field: Field, tmp_path: Path) -> None:
    task = guided(field, tmp_path, at=2)
    answer(field, question(field, task), "Fail")
    ended = field.ended(task)
    assert ended.state == "Failed"
    assert lines(tmp_path / "after") == []


def test_a_wrong_answer_changes_nothing_and_only_the_first_right_one_counts(
    field: Field, tmp_path: Path
) -> None:
    task = guided(field, tmp_path)
    asked = question(field, task)
    place = f"/api/{field.made.space}/interruptions/{asked['Id']}/submit"
    for body in (
        {"Guidance": "Perhaps"},
        {},
        {"Guidance": None},
        {"Guidance": ["Retry"]},
        {"Result": "Proceed"},
    ):
        before = tables(field.server)
        refusal_of(field.server.client.post(place, json=body), 400, "Guidance")
        after = tables(field.server)
        assert {name for name in before if before[name] != after[name]} <= BESIDE
    assert field.made.get(f"interruptions/{asked['Id']}")["IsPending"] is True
    answer(field, asked, "Fail")
    refusal_of(field.server.client.post(place, json={"Guidance": "Retry"}), 409, asked["Id"])
    assert field.ended(task).state == "Failed"
    assert lines(tmp_path / "runs") == ["host 0"]


def test_a_question_outlives_the_death_of_the_server(field: Field, tmp_path: Path) -> None:
    task = guided(field, tmp_path)
    asked = question(field, task)
    field.server.restart(gently=False)
    assert question(field, task)["Id"] == asked["Id"]
    (tmp_path / "mended").touch()
    answer(field, asked, "Retry")
    assert field.ended(task).state == "Success"
    assert lines(tmp_path / "runs") == ["host 0", "host 0"]


def test_a_waiting_task_can_be_canceled_and_its_question_is_closed(field: Field, tmp_path: Path) -> None:
    task = guided(field, tmp_path)
    asked = question(field, task)
    field.server.post(f"tasks/{task}/cancel", {})
    assert field.ended(task).state == "Canceled"
    assert field.made.get(f"interruptions/{asked['Id']}")["IsPending"] is False
    place = f"/api/{field.made.space}/interruptions/{asked['Id']}/submit"
    refusal_of(field.server.client.post(place, json={"Guidance": "Retry"}), 409, task)
