"""Filters of machines are saved for a whole space, and what they say is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gurita.machines.filters.resources import MachineFilter
from gurita.machines.filters.rules import MOST_FILTERS, problems
from tests.helpers import house
from tests.looping import in_loop

PLACE = "gurita/machine-filters"
BROKEN = MachineFilter(name="Broken", health_statuses=["Unhealthy"])


@in_loop
async def test_filters_are_kept_for_the_space_and_a_stale_save_is_refused(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        first = await gurita.get(PLACE)
        assert (first["Filters"], first["Version"]) == ([], 0)
        wanted = {"Name": "Web in the north", "PartialName": "north", "Roles": ["web"], "IsDisabled": False}
        kept = await gurita.put(PLACE, {**first, "Filters": [wanted]})
        assert kept == await gurita.get(PLACE)
        assert {name: kept["Filters"][0][name] for name in wanted} == wanted
        assert kept["Links"]["Self"] == "/api/Spaces-1/gurita/machine-filters"
        second = await gurita.put(PLACE, {**kept, "Filters": []})
        assert second["Version"] == kept["Version"] + 1
        refused = await gurita.refused(409, "PUT", PLACE, {**kept, "Filters": []})
        assert "saved filters of machines" in refused["ErrorMessage"] + str(refused["Errors"])
        events = await gurita.get("events?regarding=machinefilters-Spaces-1")
        assert [one["Category"] for one in events["Items"]] == ["Modified", "Modified"]
        assert await gurita.put(PLACE, second) == second, "what changes nothing leaves no trace"
        assert (await gurita.get("events?regarding=machinefilters-Spaces-1"))["TotalResults"] == 2


@in_loop
async def test_seeing_machines_is_enough_to_use_filters_and_not_to_change_them(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        gurita.may(lambda permission, _space: permission == "MachineView")
        found = await gurita.get(PLACE)
        await gurita.refused(403, "PUT", PLACE, {**found, "Filters": [{"Name": "A", "Roles": ["web"]}]})
        gurita.may(lambda _permission, _space: False)
        await gurita.refused(403, "GET", PLACE)


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ([BROKEN, MachineFilter(name="broken", roles=["a"])], "Filters[1].Name: 'broken' stands twice."),
        ([MachineFilter(name="All")], "Filters[0]: narrows nothing."),
        ([MachineFilter(name="", roles=["a"])], "Filters[0].Name: "),
        ([MachineFilter(name="A", roles=["a,b"])], "Filters[0].Roles[0]: must not hold a comma"),
        ([MachineFilter(name="A", roles=["a"] * 201)], "Filters[0].Roles: has 201 entries."),
        ([MachineFilter(name="A", partial_name="x" * 201)], "Filters[0].PartialName: "),
        ([BROKEN] * (MOST_FILTERS + 1), f"Keep at most {MOST_FILTERS}."),
    ],
)
def test_what_a_filter_may_not_be_is_said(filters: list[MachineFilter], told: str) -> None:
    assert any(told in one for one in problems(filters)), problems(filters)


def test_a_filter_may_be_of_any_single_member() -> None:
    members: list[dict[str, Any]] = [
        {"partial_name": "n"},
        {"environment_ids": ["Environments-1"]},
        {"roles": ["web"]},
        {"health_statuses": ["Healthy"]},
        {"comm_styles": ["Ssh"]},
        {"is_disabled": False},
    ]
    for member in members:
        assert problems([MachineFilter(name="A", **member)]) == []


@in_loop
async def test_an_unknown_health_is_refused(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.refused(400, "PUT", PLACE, {"Filters": [{"Name": "A", "HealthStatuses": ["Purple"]}]})
