"""Deployments that wait for each other: those of one project and environment, or of the tag a variable says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gurita.engine.tables import task
from tests.helpers import House, house
from tests.looping import in_loop
from tests.unit.deployments.test_executions_api import PLACE, asked, furnished

SET = "variables/variableset-Projects-1"


async def tagged(gurita: House, value: str, **more: Any) -> None:
    """The project's variable that says the tag, in a new release."""
    found = await gurita.get(SET)
    row = {"Name": "octopus.task.concurrencyTag", "Value": value, "Type": "String", **more}
    await gurita.put(SET, {**found, "Variables": [*found["Variables"], row]})


async def tags(gurita: House, *places: str) -> list[str]:
    """The tags of new deployments of the newest release."""
    version = (await gurita.get("releases"))["Items"][0]["Version"]
    await gurita.post(f"Default/{PLACE}", asked(environmentNames=list(places), releaseVersion=version))
    rows = await gurita.services.store.read(lambda tx: tx.all(select(task.c.tag).order_by(task.c.number)))
    return [row["tag"] for row in rows][-len(places) :]


@in_loop
async def test_a_deployment_waits_for_those_of_its_project_and_environment(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        assert await tags(gurita, "dev", "test") == ["Projects-1/Environments-1", "Projects-1/Environments-2"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("one at a time", ["Spaces-1:one at a time"] * 2),
        ("#{Octopus.Environment.Name}", ["Spaces-1:Dev", "Spaces-1:Test"]),
        ("#{Shared} #{Octopus.Release.Number}", ["Spaces-1:database 1.0.1"] * 2),
        ("#{Octopus.Project.Id}/all", ["Projects-1/all"] * 2),
        ("  ", ["Projects-1/Environments-1", "Projects-1/Environments-2"]),
    ],
)
@in_loop
async def test_a_variable_says_another_tag_within_its_space(
    tmp_path: Path, value: str, found: list[str]
) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await tagged(gurita, "database", Name="Shared")
        await tagged(gurita, value)
        await gurita.post("releases", {"ProjectId": "Projects-1", "Version": "1.0.1"})
        assert await tags(gurita, "dev", "test") == found


@in_loop
async def test_the_value_of_the_place_counts(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await tagged(gurita, "mine", Scope={"Environment": ["Environments-2"]})
        await gurita.post("releases", {"ProjectId": "Projects-1", "Version": "1.0.1"})
        assert await tags(gurita, "dev", "test") == ["Projects-1/Environments-1", "Spaces-1:mine"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("#{Octopus.Machine.Name}", "before any step and machine is known"),
        ("#{Octopus.Task.ConcurrencyTag}", "self referencing"),
        ("x" * 501, "at most 500"),
        ("a\nb", "one line"),
    ],
)
@in_loop
async def test_a_tag_that_cannot_be_told_is_refused(tmp_path: Path, value: str, told: str) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await tagged(gurita, value)
        await gurita.post("releases", {"ProjectId": "Projects-1", "Version": "1.0.1"})
        said = await gurita.refused(400, "POST", f"Default/{PLACE}", asked(releaseVersion="1.0.1"))
        assert any("Octopus.Task.ConcurrencyTag" in each and told in each for each in said["Errors"])
        assert (await gurita.get("deployments"))["TotalResults"] == 0
