"""The library, usages, explaining and what came before, on a real PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import house
from tests.looping import in_loop
from tests.unit.catalog.scoped import limit, scope
from tests.unit.dashboard.test_dashboard_api import deployed, furnished


def test_library_and_explanations_answer_as_on_sqlite(tmp_path: Path, database_url: str) -> None:
    @in_loop
    async def lived() -> None:
        async with house(tmp_path, url=database_url) as gurita:
            await furnished(gurita)
            shared = await gurita.post("libraryvariablesets", {"Name": "Shared_%"})
            rows = [{"Name": "A", "Value": "library"}, {"Name": "B", "Value": "#{A}"}]
            await gurita.put(f"variables/{shared['VariableSetId']}", {"Variables": rows})
            project = await gurita.get("projects/web")
            included = {**project, "IncludedLibraryVariableSetIds": [shared["Id"]]}
            await gurita.put("projects/web", included)
            await gurita.put("projects/web/variables", {"Variables": [{"Name": "A", "Value": "own"}]})
            await gurita.post("releases/Releases-1/snapshot-variables", {})
            await deployed(gurita, 1, 1)
            usages = await gurita.get(f"libraryvariablesets/{shared['Id']}/usages")
            assert [each["ReleaseId"] for each in usages["Projects"][0]["Releases"]] == ["Releases-1"]
            await gurita.refused(409, "DELETE", f"libraryvariablesets/{shared['Id']}")
            answer = await gurita.get("variables/explain?release=Releases-1&environment=Environments-1")
            found = {each["Name"]: each["Value"] for each in answer["Variables"]}
            assert (found["A"], found["B"]) == ("own", "own")
            assert found["Octopus.Release.CurrentForEnvironment.Id"] == "Releases-1"
            limit(gurita, scope(projects=["Projects-2"]))
            owners = sorted(each["OwnerId"] for each in await gurita.get("variables/all"))
            assert owners == ["LibraryVariableSets-1", "Projects-2"]

    lived()
