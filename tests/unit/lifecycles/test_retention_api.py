"""How long things of a space are kept: three policies that are always there."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import house
from tests.looping import in_loop


@in_loop
async def test_a_kind_is_asked_for_and_changed(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        found = await gurita.get("Spaces-1/retentionpolicies?RetentionType=LifecycleRelease")
        assert (found["Strategy"], found["SpaceId"], found["RetentionType"]) == (
            "Forever",
            "Spaces-1",
            "LifecycleRelease",
        )
        wanted = {**found, "Strategy": "Count", "QuantityToKeep": 5, "Unit": "Items"}
        place = f"retentionpolicies/{found['Id']}"
        changed = await gurita.put(place, wanted)
        assert (changed["QuantityToKeep"], changed["Version"]) == (5, 1)
        assert await gurita.get(place) == changed
        again = await gurita.put(place, {**changed, "QuantityToKeep": 6, "RetentionType": "RunbookRetention"})
        assert (again["QuantityToKeep"], again["RetentionType"]) == (6, "LifecycleRelease")
        listed = await gurita.get("retentionpolicies")
        assert [one["QuantityToKeep"] for one in listed["Items"]] == [6, 0, 0]
        told = await gurita.get(f"events?regarding={found['Id']}")
        assert [one["Category"] for one in told["Items"]] == ["Modified", "Modified"]


@in_loop
async def test_what_makes_no_sense_changes_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        found = await gurita.get("retentionpolicies?retentionType=RunbookRetention")
        place = f"retentionpolicies/{found['Id']}"
        for body in ({**found, "Strategy": "Count"}, {**found, "Unit": "Years"}):
            await gurita.refused(400, "PUT", place, body)
        await gurita.put(place, {**found, "Strategy": "Count", "QuantityToKeep": 1})
        await gurita.refused(409, "PUT", place, {**found, "Version": 7})
        await gurita.refused(400, "GET", "retentionpolicies?retentionType=Nothing")
        await gurita.refused(404, "GET", "retentionpolicies/RetentionPolicies-9")
        await gurita.post("spaces", {"Name": "Second", "SpaceManagersTeams": ["teams-administrators"]})
        await gurita.refused(404, "GET", f"Spaces-2/{place}")
        gurita.may(lambda permission, _space: permission != "LifecycleEdit")
        await gurita.refused(403, "PUT", place, found)
