"""Finding documents of a space by a part of their names."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import house
from tests.looping import in_loop


@in_loop
async def test_what_is_called_like_that_is_found_in_its_space_by_who_may_see_it(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("environments", {"Name": "Web Dev"})
        group = (await gurita.get("projectgroups/all"))[0]["Id"]
        cycle = (await gurita.get("lifecycles/all"))[0]["Id"]
        body = {"Name": "Web Shop", "ProjectGroupId": group, "LifecycleId": cycle}
        await gurita.post("projects", body)
        found = await gurita.get("spaces/Spaces-1/search?keyword=wEb")
        assert found == [
            {"Id": "Projects-1", "Name": "Web Shop", "Type": "Project"},
            {"Id": "Environments-1", "Name": "Web Dev", "Type": "Environment"},
        ]
        assert await gurita.get("Spaces-1/search") == []
        await gurita.post("spaces", {"Name": "Second", "SpaceManagersTeams": ["teams-administrators"]})
        assert await gurita.get("Spaces-2/search?keyword=web") == []
        gurita.may(lambda permission, _space: permission != "ProjectView")
        assert [one["Type"] for one in await gurita.get("Spaces-1/search?keyword=web")] == ["Environment"]
