"""The variables of a release brought up to date value by value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gurita.releases import service
from gurita.releases.refreezing.rules import interleaved
from tests.helpers import House, house
from tests.looping import in_loop
from tests.unit.releases.test_releases_api import SET, project, release

CHANGES = "gurita/releases/Releases-1/variable-changes"


async def _furnished(gurita: House) -> None:
    """A release of a project with a library set; since then every kind of change."""
    await gurita.post("environments", {"Name": "Dev"})
    await gurita.post("libraryvariablesets", {"Name": "Common"})
    await project(gurita, IncludedLibraryVariableSetIds=["LibraryVariableSets-1"])
    await _put(gurita, SET, A="old a", B="old b", C="old c", D="same")
    await _put(gurita, "variables/variableset-LibraryVariableSets-1", L="old l")
    await release(gurita)
    await _put(gurita, SET, A="new a", B="new b", E="new e", D="same")
    await _put(gurita, "variables/variableset-LibraryVariableSets-1", L="new l")


async def _put(gurita: House, path: str, **values: str) -> None:
    version = (await gurita.get(path))["Version"]
    rows = [{"Id": f"id-{name}", "Name": name, "Value": value} for name, value in values.items()]
    await gurita.put(path, {"Variables": rows, "Version": version})


async def _frozen(gurita: House) -> dict[str, Any]:
    ctx = gurita.context()
    values = await gurita.store.read(
        lambda tx: service.values_in(tx, ctx, service.get_in(tx, ctx, "Releases-1"))
    )
    return {each.name: each.value for each in values}


def _taking(found: dict[str, Any], *names: str, **more: Any) -> dict[str, Any]:
    take = [{k: one[k] for k in ("SetId", "VariableId")} for one in found["Changes"] if one["Name"] in names]
    return {"Digest": found["Digest"], "Take": take, **more}


@in_loop
async def test_each_change_is_told_with_both_values(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await _furnished(gurita)
        found = await gurita.get(CHANGES)
        told = {
            one["Name"]: (
                one["SetName"],
                one["Change"],
                (one["Before"] or {}).get("Value"),
                (one["After"] or {}).get("Value"),
            )
            for one in found["Changes"]
        }
        assert told == {
            "A": ("Web Shop", "Changed", "old a", "new a"),
            "B": ("Web Shop", "Changed", "old b", "new b"),
            "E": ("Web Shop", "Added", None, "new e"),
            "C": ("Web Shop", "Removed", "old c", None),
            "L": ("Common", "Changed", "old l", "new l"),
        }
        assert [one["Members"] for one in found["Changes"] if one["Name"] == "A"] == [["Value"]]
        assert (found["Hidden"], found["Other"]) == (0, False)


@in_loop
async def test_what_is_chosen_is_taken_and_the_rest_stays_and_stays_told(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await _furnished(gurita)
        before = await gurita.get("releases/Releases-1")
        after = await gurita.post(CHANGES, _taking(await gurita.get(CHANGES), "A", "C"))
        assert await _frozen(gurita) == {"A": "new a", "B": "old b", "D": "same", "L": "old l"}
        members = {name for name in after if after[name] != before[name]}
        assert members == {"ProjectVariableSetSnapshotId"} | ({"Links"} & members)
        left = await gurita.get(CHANGES)
        assert [one["Name"] for one in left["Changes"]] == ["B", "E", "L"]
        template = await gurita.get("releases/Releases-1/deployments/template")
        assert (template["IsVariableSetModified"], template["IsLibraryVariableSetModified"]) == (True, True)
        await gurita.post(CHANGES, _taking(left, "L", "E"))
        template = await gurita.get("releases/Releases-1/deployments/template")
        assert (template["IsVariableSetModified"], template["IsLibraryVariableSetModified"]) == (True, False)
        events = (await gurita.get("events?eventCategories=Modified&regarding=Releases-1"))["Items"]
        assert len(events) == 2, "one event each"


@in_loop
async def test_taking_everything_is_the_same_as_the_whole_update(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await _furnished(gurita)
        taken = await gurita.post(CHANGES, _taking(await gurita.get(CHANGES), *"ABCEL"))
        assert await gurita.post("releases/Releases-1/snapshot-variables", {}) == taken
        found = await gurita.get(CHANGES)
        assert found["Changes"] == []


@in_loop
async def test_sets_that_came_or_went_since_are_chosen_by_value_too(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await _furnished(gurita)
        await gurita.post("libraryvariablesets", {"Name": "Later"})
        await _put(gurita, "variables/variableset-LibraryVariableSets-2", X="x", Y="y")
        owner = await gurita.get("projects/Projects-1")
        await gurita.put(
            "projects/Projects-1", {**owner, "IncludedLibraryVariableSetIds": ["LibraryVariableSets-2"]}
        )
        await gurita.post(CHANGES, _taking(await gurita.get(CHANGES), "X"))
        assert (await _frozen(gurita)).items() >= {"X": "x", "L": "old l"}.items()
        assert "Y" not in await _frozen(gurita)
        await gurita.post(CHANGES, _taking(await gurita.get(CHANGES), "L", "Y"))
        assert {"L", "Y"} & set(await _frozen(gurita)) == {"Y"}


@in_loop
async def test_secrets_are_never_told_and_still_chosen(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        row = {"Id": "k", "Name": "Key", "IsSensitive": True}
        await gurita.put(SET, {"Variables": [{**row, "Value": "hush-1"}]})
        await release(gurita)
        await gurita.put(SET, {"Variables": [{**row, "Value": "hush-2"}], "Version": 2})
        found = await gurita.get(CHANGES)
        (one,) = found["Changes"]
        assert (one["Members"], one["Before"]["Value"], one["After"]["Value"]) == (["Value"], None, None)
        assert "hush" not in str(found)
        old = (await _frozen(gurita))["Key"]
        await gurita.post(CHANGES, _taking(found, "Key"))
        assert (await _frozen(gurita))["Key"] != old


@in_loop
async def test_a_stale_unknown_or_empty_choice_changes_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await _furnished(gurita)
        found = await gurita.get(CHANGES)
        await gurita.refused(400, "POST", CHANGES, _taking(found))
        strange = {"SetId": "variableset-Projects-1", "VariableId": "id-D"}
        told = await gurita.refused(400, "POST", CHANGES, {"Digest": found["Digest"], "Take": [strange]})
        assert "id-D" in str(told)
        await _put(gurita, SET, A="newer a")
        told = await gurita.refused(409, "POST", CHANGES, _taking(found, "A"))
        assert "changed meanwhile" in str(told)
        fresh = await gurita.get(CHANGES)
        gurita.may(lambda permission, _space: permission != "ReleaseEdit")
        await gurita.refused(403, "POST", CHANGES, _taking(fresh, "A"))


@in_loop
async def test_changes_nobody_shows_are_counted_and_may_be_taken_together(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await _furnished(gurita)
        shown = await gurita.get(CHANGES)
        gurita.may(lambda permission, _space: not permission.startswith("VariableView"))
        found = await gurita.get(CHANGES)
        assert (found["Changes"], found["Hidden"]) == ([], 5)
        await gurita.refused(400, "POST", CHANGES, _taking(shown, "A"))
        await gurita.post(CHANGES, {"Digest": found["Digest"], "TakeHidden": True})
        assert (await _frozen(gurita))["A"] == "new a"


@given(st.lists(st.integers(0, 9), unique=True), st.lists(st.integers(0, 9), unique=True))
def test_two_orders_become_one_that_holds_all_and_keeps_the_first(
    first: list[int], second: list[int]
) -> None:
    found = interleaved(first, second)
    assert sorted(found) == sorted({*first, *second})
    assert [one for one in found if one in first] == first
    only = [one for one in second if one not in first]
    if not set(first) & set(second):
        assert found[: len(only)] == only
