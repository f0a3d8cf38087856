from __future__ import annotations

from pathlib import Path

from tests.helpers import house
from tests.looping import in_loop


@in_loop
async def test_an_environment_lives_from_creation_to_deletion(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("environments", {"Name": "Development"})
        assert (made["Id"], made["SpaceId"], made["Slug"], made["Version"]) == (
            "Environments-1", "Spaces-1", "development", 1,
        )  # fmt: skip
        assert made["Links"]["Self"] == "/api/Spaces-1/environments/Environments-1"
        assert await gurita.get("environments/development") == made
        changed = await gurita.put("Spaces-1/environments/Environments-1", {**made, "Name": "Dev"})
        assert (changed["Name"], changed["Slug"], changed["Version"]) == ("Dev", "development", 2)
        page = await gurita.get("Spaces-1/environments?partialName=dE")
        assert [one["Name"] for one in page["Items"]] == ["Dev"]
        assert page["TotalResults"] == 1
        assert await gurita.delete("environments/Environments-1") == {}
        assert (await gurita.ask("GET", "environments/Environments-1")).status == 404
