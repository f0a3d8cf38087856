"""Previews of big projects and other requests."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gurita.deployments import previewing
from gurita.explanations import previewing as variable_previewing
from tests.blocking import stop
from tests.helpers import house
from tests.looping import in_loop, until
from tests.unit.dashboard.test_dashboard_api import furnished

AT_ONCE = 12
"""More than there are threads for queries of any kind."""


@in_loop
async def test_previews_that_take_long_keep_no_other_request_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        planning = stop(monkeypatch, previewing, "evaluate")
        choosing = stop(monkeypatch, variable_previewing, "Book")
        paths = ("releases/Releases-1/deployments/preview/dev", "variables/preview?project=Projects-1")
        asked = [asyncio.ensure_future(gurita.get(path)) for path in paths * (AT_ONCE // 2)]
        await until(lambda: planning.inside + choosing.inside >= 2)
        for _ in range(3):
            assert len(await gurita.get("environments/all")) == 3
            assert len((await gurita.get("projects?take=5"))["Items"]) == 2
        await gurita.post("environments", {"Name": "Fourth"})
        assert not any(each.done() for each in asked)
        planning.go.set()
        choosing.go.set()
        shown = await asyncio.gather(*asked)
        assert shown[::2] == shown[:1] * (AT_ONCE // 2)
        assert [one["Id"] for one in shown[1::2]] == ["variableset-Projects-1"] * (AT_ONCE // 2)
