"""When tasks start: at their time, in their window, again, and not while the server drains."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.functional.field import BESIDE, Field, field_of
from tests.functional.rooms import refusal_of, tables
from tests.scenario import Refused, script, step

pytestmark = pytest.mark.needs("sshd")


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with field_of(tmp_path_factory.mktemp("field"), 1) as made:
        yield made


def soon(milliseconds: int) -> datetime:
    """A moment from now, to the millisecond."""
    now = datetime.now(UTC) + timedelta(milliseconds=milliseconds)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


T = TypeVar("T")
EXPIRY = timedelta(milliseconds=400)


def in_advance(ask: Callable[[datetime], T]) -> tuple[datetime, T]:
    """A moment and what `ask` gives for it, before that moment came. Where asking takes long, more time is left for it."""
    for lead in (1_517, 6_011, 20_003, 60_007):
        at = soon(lead)
        with contextlib.suppress(Refused):  # the moment has passed
            found = ask(at)
            if soon(0) < at:
                return at, found
    raise AssertionError("it is never asked for in time")


def told(moment: datetime) -> str:
    """As clients send it."""
    return moment.isoformat(timespec="milliseconds")


def read(text: str) -> datetime:
    """A moment of an answer."""
    return datetime.fromisoformat(text)


@contextlib.contextmanager
def waiting(field: Field, folder: Path) -> Iterator[tuple[str, str]]:
    """A release and the task that deploys it, which waits in its script until the exit and then succeeds."""
    release = field.project(
        [step("Wait", script(f'echo begun; until [ -e "{folder}/go" ]; do sleep 0.1; done'))]
    )
    task = field.made.deploy(release, field.environments[0])
    field.says(task, "begun")
    try:
        yield release, task
    finally:
        (folder / "go").touch()
    assert field.ended(task).state == "Success"


def test_a_scheduled_deployment_starts_at_its_time_and_says_so_before(field: Field) -> None:
    release = field.project([step("Say", script("date +%s%N"))])

    def ask(at: datetime) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
        times = {"QueueTime": told(at), "QueueTimeExpiry": told(soon(600_001))}
        task = field.made.deploy(release, field.environments[0], **times)
        return task, field.made.task(task), field.server.get(f"tasks/{task}/explain")["Reasons"]

    at, (task, shown, reasons) = in_advance(ask)
    assert (read(shown["QueueTime"]), shown["State"]) == (at, "Queued")
    assert [reason["Code"] for reason in reasons] == ["scheduled"]
    ended = field.ended(task)
    assert ended.state == "Success"
    assert at <= read(ended.task["StartTime"]) < at + timedelta(seconds=30)
    (ran,) = (int(line) for line in ended.of("Info") if line.isdigit())
    assert ran / 1e9 >= at.timestamp()


def test_the_command_of_newer_clients_schedules_too(field: Field) -> None:
    project = field.made.project("Commanded", [step("Say", script("echo said"))])
    field.made.release(project["Id"], "1.2.3")

    def ask(at: datetime) -> dict[str, Any]:
        body: dict[str, Any] = {"projectName": "commanded", "releaseVersion": "1.2.3", "runAt": told(at)}
        body |= {"environmentNames": ["HOST 0 PLACE"], "noRunAfter": told(soon(600_000))}
        (made,) = field.made.post("deployments/create/untenanted/v1", body)["DeploymentServerTasks"]
        return dict(made)

    at, made = in_advance(ask)
    ended = field.ended(made["ServerTaskId"])
    assert ended.state == "Success"
    assert at == read(ended.task["QueueTime"]) <= read(ended.task["StartTime"])


def test_a_deployment_that_cannot_start_in_its_window_is_not_run_any_more(
    field: Field, tmp_path: Path
) -> None:
    with waiting(field, tmp_path) as (release, first):

        def ask(latest: datetime) -> tuple[str, object]:
            late = field.made.deploy(release, field.environments[0], QueueTimeExpiry=told(latest))
            return late, field.server.get(f"tasks/{late}/explain")["Reasons"]

        latest, (late, reasons) = in_advance(ask)
        assert first in str(reasons)
        ended = field.ended(late)
        assert ended.state == "TimedOut"
        assert read(ended.task["QueueTimeExpiry"]) == latest <= read(ended.task["CompletedTime"])
        assert ended.task["StartTime"] is None
        assert "begun" not in ended.text
        assert ended.task["ErrorMessage"] or "did not start" in str(field.server.get(f"tasks/{late}/explain"))


def test_a_window_that_can_never_be_is_refused(field: Field) -> None:
    release = field.project([step("Say", script("echo said"))])
    place = f"/api/{field.made.space}/deployments"
    for times, member in (
        ({"QueueTime": told(soon(60_000)), "QueueTimeExpiry": told(soon(59_000))}, "QueueTimeExpiry"),
        ({"QueueTimeExpiry": told(soon(-1000))}, "QueueTimeExpiry"),
        ({"QueueTime": "tomorrow at noon"}, "QueueTime"),
        ({"QueueTime": told(soon(400 * 86_400_000))}, "QueueTime"),
    ):
        body = {"ReleaseId": release, "EnvironmentId": field.environments[0], **times}
        before = tables(field.server)
        refusal_of(field.server.client.post(place, json=body), 400, member)
        after = tables(field.server)
        assert {name for name in before if before[name] != after[name]} <= BESIDE
        assert field.made.get(f"releases/{release}/deployments")["TotalResults"] == 0


def test_a_time_that_has_passed_means_now(field: Field) -> None:
    task = field.start(step("Say", script("echo said")), QueueTime=told(soon(-5000)))
    assert field.ended(task).state == "Success"


def test_a_task_is_run_again_as_it_was_asked_for_and_only_once_it_has_ended(
    field: Field, tmp_path: Path
) -> None:
    with waiting(field, tmp_path) as (_, first):
        answer = field.server.client.post(f"/api/tasks/rerun/{first}")
        refusal_of(answer, 409, first)
    again = field.server.post(f"tasks/rerun/{first}", None)
    assert again["Id"] != first
    ended = field.ended(again["Id"])
    assert ended.state == "Success"
    assert "begun" in ended.text
    assert field.made.task(first)["CanRerun"] is True
    assert ended.task["Arguments"]["DeploymentId"] != field.made.task(first)["Arguments"]["DeploymentId"]


def test_a_draining_server_finishes_what_runs_and_starts_nothing_new(field: Field, tmp_path: Path) -> None:
    (node,) = field.server.get("octopusservernodes")["Items"]
    path = f"octopusservernodes/{node['Id']}"
    other = field.project([step("Say", script("echo said"))])
    with waiting(field, tmp_path) as (_, running):
        field.server.put(path, {**node, "IsInMaintenanceMode": True})
        try:
            assert field.server.client.get("/api/octopusservernodes/ping").status_code == 418
            held = field.made.deploy(other, field.environments[0])
            reasons = field.server.get(f"tasks/{held}/explain")["Reasons"]
            assert "draining" in [reason["Code"] for reason in reasons]
            (tmp_path / "go").touch()
            assert field.ended(running).state == "Success"
            assert field.made.task(held)["State"] == "Queued"
        finally:
            field.server.put(path, {**node, "IsInMaintenanceMode": False})
    assert field.server.client.get("/api/octopusservernodes/ping").status_code == 200
    assert field.ended(held).state == "Success"


def test_a_server_that_was_down_at_the_time_starts_what_is_still_in_its_window(field: Field) -> None:
    says, never = (field.project([step("Say", script(f"echo {word}"))]) for word in ("said", "never"))

    def ask(at: datetime) -> tuple[str, str]:
        if not field.server.running:
            field.server.start()
        in_time, too_late = (
            field.made.deploy(release, field.environments[0], QueueTime=told(at), QueueTimeExpiry=told(until))
            for release, until in ((says, soon(600_000)), (never, at + EXPIRY))
        )
        field.server.kill()
        return in_time, too_late

    at, (in_time, too_late) = in_advance(ask)
    field.server.until(lambda: datetime.now(UTC) > at + EXPIRY)
    field.server.start()
    assert field.ended(in_time).state == "Success"
    ended = field.ended(too_late)
    assert (ended.state, "never" in ended.text) == ("TimedOut", False)
