"""Questions to people, and files left for them, through the API."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from gurita.engine.journal import Declared
from gurita.engine.logs import LogPlace
from gurita.engine.owner import Owner
from gurita.engine.tables import action, artifact
from gurita.tasks.rules import node_id
from tests.helpers import House
from tests.unit.tasks.journaling import Desk, plan_of, room

WEB = LogPlace(0, 0, "Machines-web", 1)


async def asked(desk: Desk, *buttons: str, **more: Any) -> tuple[Owner, str]:
    owner = await desk.started(plan_of(1), **more)
    await desk.begin(owner, 0, "web")
    row = await desk.attempt(owner, WEB, "failed", (5, "It broke."))
    return owner, await desk.ask(owner, row, *buttons)


async def other_user(gurita: House, name: str) -> None:
    gurita.viewer = replace(gurita.viewer, user_id=name, username=name)


async def test_a_question_is_shown_with_its_buttons(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner, id = await asked(desk, project="Projects-1", arguments={"DeploymentId": "Deployments-5"})
        found = await gurita.get(f"interruptions/{id}")
        assert (found["Type"], found["IsPending"], found["CanTakeResponsibility"]) == (
            "GuidedFailure",
            True,
            True,
        )
        assert found["CorrelationId"] == node_id(owner.number, (0, 0, "Machines-web", 1))
        assert found["RelatedDocumentIds"] == [f"ServerTasks-{owner.number}", "Deployments-5", "Projects-1"]
        buttons = found["Form"]["Elements"][2]["Control"]["Buttons"]
        assert [one["Value"] for one in buttons] == ["Retry", "Ignore", "Exclude", "Fail"]
        shown = await gurita.get(f"tasks/ServerTasks-{owner.number}")
        assert (shown["HasPendingInterruptions"], shown["PendingInterruptionTypes"]) == (
            True,
            ["GuidedFailure"],
        )


async def test_questions_are_found_by_what_they_are_about(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner, id = await asked(desk, project="Projects-1", arguments={"DeploymentId": "Deployments-5"})
        _, other = await asked(desk)
        await gurita.post(f"interruptions/{other}/submit", {"Guidance": "Fail"})
        for query, ids in {
            "": [other, id],
            f"regarding=ServerTasks-{owner.number}": [id],
            f"regarding=ServerTasks-{owner.number}&pendingOnly=true": [id],
            "regarding=Deployments-5": [id],
            "regarding=projects-1": [id],
            "regarding=Deployments-55": [],
            "regarding=Deployments-": [],
            "pendingOnly=true": [id],
            f"ids={other}": [other],
            "ids=x": [],
            "take=1": [other],
        }.items():
            assert [one["Id"] for one in (await gurita.get(f"interruptions?{query}"))["Items"]] == ids, query


async def test_an_answer_is_stored_and_the_task_goes_on(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner, id = await asked(desk)
        made = await gurita.post(
            f"interruptions/{id}/submit", {"guidance": "retry", "Notes": "Try once more"}
        )
        assert (made["IsPending"], made["ResponsibleUserId"]) == (False, "users-system")
        assert made["Form"]["Values"] == {"Instructions": None, "Notes": "Try once more", "Guidance": "Retry"}
        rows = await gurita.store.read(lambda tx: tx.all(select(action.c.resolution)))
        assert [row["resolution"] for row in rows] == ["retry"]
        shown = await gurita.get(f"tasks/ServerTasks-{owner.number}")
        assert shown["HasPendingInterruptions"] is False
        events = (await gurita.get(f"events?regarding={id}"))["Items"]
        assert [(one["Category"], one["Message"]) for one in events] == [
            ("InterruptionSubmitted", "A failure. was answered with Retry")
        ]
        again = await gurita.refused(409, "POST", f"interruptions/{id}/submit", {"Guidance": "Fail"})
        assert "answered already" in again["Errors"][0]


async def test_an_answer_that_is_no_button_changes_nothing(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        _, id = await asked(desk, "Retry", "Fail")
        for body in ({}, {"Guidance": "Ignore"}, {"Guidance": ""}, {"Notes": "x"}, {"Guidance": None}):
            told = await gurita.refused(400, "POST", f"interruptions/{id}/submit", body)
            assert "Known: Retry, Fail" in told["Errors"][0], body
        await gurita.refused(400, "POST", f"interruptions/{id}/submit", {"Guidance": 5})
        await gurita.refused(
            400, "POST", f"interruptions/{id}/submit", {"Guidance": "Fail", "Notes": "x" * 20_001}
        )


async def test_nobody_answers_for_a_task_that_has_ended(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner, id = await asked(desk)
        await desk.end(owner, "canceled")
        found = await gurita.get(f"interruptions/{id}")
        assert (found["IsPending"], found["CanTakeResponsibility"]) == (False, False)
        assert (await gurita.get("interruptions?pendingOnly=true"))["TotalResults"] == 0
        told = await gurita.refused(409, "POST", f"interruptions/{id}/submit", {"Guidance": "Fail"})
        assert "has ended" in told["Errors"][0]
        await gurita.refused(409, "PUT", f"interruptions/{id}/responsible", {})


async def test_one_person_is_responsible_at_a_time(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        _, id = await asked(desk)
        assert (await gurita.ask("GET", f"interruptions/{id}/responsible")).status == 404
        await other_user(gurita, "Users-1")
        assert (await gurita.put(f"interruptions/{id}/responsible", {}))["Id"] == "Users-1"
        await gurita.put(f"interruptions/{id}/responsible", {})
        await other_user(gurita, "Users-2")
        assert (await gurita.get(f"interruptions/{id}/responsible"))["Id"] == "Users-1"
        assert (await gurita.get(f"interruptions/{id}"))["HasResponsibility"] is False
        told = await gurita.refused(409, "POST", f"interruptions/{id}/submit", {"Guidance": "Fail"})
        assert "Users-1 is responsible" in told["Errors"][0]
        await gurita.put(f"interruptions/{id}/responsible", {})
        assert (await gurita.get(f"interruptions/{id}"))["HasResponsibility"] is True
        await gurita.post(f"interruptions/{id}/submit", {"Guidance": "Fail"})
        events = (await gurita.get(f"events?regarding={id}"))["Items"]
        assert [(one["Category"], one["UserId"]) for one in events] == [
            ("InterruptionSubmitted", "Users-2"),
            ("ResponsibilityTaken", "Users-2"),
            ("ResponsibilityTaken", "Users-1"),
        ]


async def test_questions_and_files_of_other_spaces_are_unknown(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        _, id = await asked(desk)
        await gurita.post("spaces", {"Name": "Second"})
        for path in (f"interruptions/{id}", f"interruptions/{id}/responsible", "artifacts/Artifacts-1"):
            assert (await gurita.ask("GET", f"Spaces-2/{path}")).status == 404
        await gurita.refused(404, "POST", f"Spaces-2/interruptions/{id}/submit", {"Guidance": "Fail"})
        await gurita.refused(404, "PUT", f"Spaces-2/interruptions/{id}/responsible", {})
        for path in ("interruptions/Interruptions-99", "interruptions/x", "artifacts/Artifacts-99/content"):
            assert (await gurita.ask("GET", path)).status == 404
        gurita.may(lambda permission, _space: permission == "InterruptionView")
        assert (await gurita.get(f"interruptions/{id}"))["CanTakeResponsibility"] is False
        await gurita.refused(403, "POST", f"interruptions/{id}/submit", {"Guidance": "Fail"})


async def left(desk: Desk, *names: str) -> Owner:
    owner = await desk.started(plan_of(1), project="Projects-1")
    await desk.begin(owner, 0, "web")
    files = [Declared("Spaces-1", name, "web", f"/tmp/{name}") for name in names]
    await desk.attempt(owner, WEB, "success", artifacts=files)
    return owner


async def test_a_file_a_task_left_is_listed_and_downloaded(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await left(desk, "report.txt", "über <b>.html")
        key = await gurita.services.blobs.put(b"<script>" * 100_000)
        await desk.write(
            lambda tx: tx.run(update(artifact).where(artifact.c.number == 2).values(blob=key, size=800_000))
        )
        for query, names in {
            "": ["über <b>.html", "report.txt"],
            "order=asc": ["report.txt", "über <b>.html"],
            f"regarding=ServerTasks-{owner.number}": ["über <b>.html", "report.txt"],
            "regarding=Projects-1": ["über <b>.html", "report.txt"],
            "regarding=ServerTasks-99": [],
            "partialName=REPORT": ["report.txt"],
            "ids=Artifacts-1": ["report.txt"],
        }.items():
            assert [one["Filename"] for one in (await gurita.get(f"artifacts?{query}"))["Items"]] == names, (
                query
            )
        one = await gurita.get("artifacts/Artifacts-2")
        assert (one["ServerTaskId"], one["Source"], one["Size"]) == (
            f"ServerTasks-{owner.number}",
            "web",
            800_000,
        )
        assert one["LogCorrelationId"] == node_id(owner.number, (0, 0, "Machines-web", 1))
        answer = await gurita.ask("GET", "artifacts/Artifacts-2/content")
        assert answer.body == b"<script>" * 100_000
        assert answer.headers["content-length"] == "800000"
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith('attachment; filename="_ber _b_.html"')
        assert answer.headers["x-content-type-options"] == "nosniff"
        waiting = await gurita.ask("GET", "artifacts/Artifacts-1/content")
        assert waiting.status == 409
        assert "has not been collected from web" in waiting.json["Errors"][0]


async def test_of_answers_that_race_one_counts(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        _, id = await asked(desk)
        place, given = f"interruptions/{id}/submit", ("Ignore", "Fail", "Retry", "Exclude")
        answers = await asyncio.gather(*(gurita.ask("POST", place, {"Guidance": one}) for one in given))
        assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
        (winner,) = [one for one, answer in zip(given, answers, strict=True) if answer.status == 200]
        rows = await gurita.store.read(lambda tx: tx.all(select(action.c.resolution)))
        assert [row["resolution"] for row in rows] == [winner.lower()]
        assert (await gurita.get(f"events?regarding={id}"))["TotalResults"] == 1
