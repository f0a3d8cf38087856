"""Variables as they were at an earlier moment."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from gurita.audit.trail.records import audit_archive
from tests.helpers import House, house
from tests.looping import in_loop
from tests.unit.access.household import MovableClock
from tests.unit.variables.test_explaining_api import SET, filled

ROW: dict[str, Any] = {"Scope": {}}


def noon(day: int) -> str:
    """Between what is done on a day and on the next one; each is done at midnight."""
    return f"2026-07-{day:02}T12:00:00Z"


async def saved(gurita: House, *variables: dict[str, Any], place: str = SET) -> None:
    """Replaces the variables of a set; those of the same name keep their ids."""
    found = await gurita.get(place)
    ids = {each["Name"]: each["Id"] for each in found["Variables"]}
    rows = [
        {**ROW, **each, **({"Id": ids[each["Name"]]} if each["Name"] in ids else {})} for each in variables
    ]
    await gurita.put(place, {**found, "Variables": rows})


async def values(gurita: House, as_of: str = "") -> dict[str, str | None]:
    """What explaining says of all names somebody has set."""
    query = f"&asOf={as_of}" if as_of else ""
    found = await gurita.get(f"variables/explain?project=web{query}")
    return {each["Name"]: each["Value"] for each in found["Variables"] if each["Candidates"]}


async def history(gurita: House, clock: MovableClock) -> None:
    """Six days of a project: made; a value changed; one added; one removed, one secret; a set excluded; the set deleted."""
    clock.moment = datetime(2026, 7, 1, tzinfo=UTC)
    await filled(
        gurita, {"Name": "Port", "Value": "1"}, library=[{**ROW, "Name": "Shared", "Value": "of all"}]
    )
    for day, rows in (
        (2, [{"Name": "Port", "Value": "2"}]),
        (3, [{"Name": "Port", "Value": "2"}, {"Name": "Host", "Value": "a"}]),
        (4, [{"Name": "Host", "Value": "a"}, {"Name": "Key", "Value": "hush-1", "IsSensitive": True}]),
    ):
        clock.moment = datetime(2026, 7, day, tzinfo=UTC)
        await saved(gurita, *rows)
    clock.moment = datetime(2026, 7, 5, tzinfo=UTC)
    project = await gurita.get("projects/web")
    await gurita.put("projects/web", {**project, "IncludedLibraryVariableSetIds": []})


@in_loop
async def test_values_are_those_of_the_moment_that_is_asked_for(tmp_path: Path) -> None:
    clock = MovableClock()
    async with house(tmp_path, clock=clock) as gurita:
        await history(gurita, clock)
        assert await values(gurita) == {"Host": "a", "Key": None}
        assert await values(gurita, noon(1)) == {"Port": "1", "Shared": "of all"}
        assert await values(gurita, noon(2)) == {"Port": "2", "Shared": "of all"}
        assert await values(gurita, noon(3)) == {"Port": "2", "Host": "a", "Shared": "of all"}
        assert await values(gurita, noon(4)) == {"Host": "a", "Key": None, "Shared": "of all"}
        assert await values(gurita, noon(5)) == await values(gurita, "2030-01-01") == await values(gurita)


@in_loop
async def test_a_preview_is_of_the_moment_and_keeps_secrets(tmp_path: Path) -> None:
    clock = MovableClock()
    async with house(tmp_path, clock=clock) as gurita:
        await history(gurita, clock)
        found = await gurita.get(f"variables/preview?project=web&asOf={noon(4)}")
        assert {(each["Name"], each["Value"]) for each in found["Variables"]} == {
            ("Host", "a"),
            ("Key", None),
            ("Shared", "of all"),
        }
        answer = await gurita.ask("GET", f"variables/explain?project=web&asOf={noon(4)}")
        assert b"hush" not in answer.body and b"SecretId" not in answer.body


@in_loop
async def test_a_set_that_was_included_and_is_deleted_is_named(tmp_path: Path) -> None:
    clock = MovableClock()
    async with house(tmp_path, clock=clock) as gurita:
        await history(gurita, clock)
        (shared,) = await gurita.get("libraryvariablesets/all")
        await gurita.delete(f"libraryvariablesets/{shared['Id']}")
        found = await gurita.get(f"variables/explain?project=web&asOf={noon(1)}")
        assert found["GoneSets"] == [shared["VariableSetId"]]
        assert [each["Name"] for each in found["Variables"] if each["Candidates"]] == ["Port"]


@in_loop
async def test_moments_that_cannot_be_known_are_refused_by_name(tmp_path: Path) -> None:
    clock = MovableClock()
    async with house(tmp_path, clock=clock) as gurita:
        await history(gurita, clock)

        async def refusal(query: str) -> str:
            said = await gurita.refused(400, "GET", f"variables/explain?project=web&asOf={query}")
            return str(said["Errors"])

        assert "asOf: 'yesterday' is not a date" in await refusal("yesterday")
        assert "asOf: the project 'Web' was not there yet" in await refusal("2026-06-30")
        await saved(gurita, *({"Name": f"N{number}", "Value": "1"} for number in range(501)))
        clock.moment = datetime(2026, 7, 6, tzinfo=UTC)
        await saved(gurita, *({"Name": f"N{number}", "Value": "2"} for number in range(501)))
        assert "not all is known of what variableset-Projects-1 was before" in await refusal(noon(5))
        archive = {"number": 1, "created": 0, "first": 1, "last": 2, "events": 2, "size": 1, "head": "{}"}
        ends = int(datetime(2026, 7, 2, tzinfo=UTC).timestamp() * 1000)
        await gurita.store.write(
            lambda tx: tx.run(insert(audit_archive).values(**archive, begins=0, ends=ends, blob=None))
        )
        assert "2026-07-02T00:00:00.000+00:00 were archived" in await refusal(noon(1))


@in_loop
async def test_a_release_has_no_other_moment_and_the_past_is_for_readers_of_events(tmp_path: Path) -> None:
    clock = MovableClock()
    async with house(tmp_path, clock=clock) as gurita:
        await history(gurita, clock)
        release = await gurita.post("releases", {"ProjectId": "Projects-1", "Version": "1"})
        said = await gurita.refused(400, "GET", f"variables/explain?release={release['Id']}&asOf={noon(4)}")
        assert "a release has its values frozen" in str(said["Errors"])
        gurita.may(lambda permission, _: permission != "EventView")
        assert await values(gurita) == {"Host": "a", "Key": None}
        said = await gurita.refused(403, "GET", f"variables/explain?project=web&asOf={noon(4)}")
        assert "EventView" in str(said)
