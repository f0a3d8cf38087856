"""What variables were at an earlier moment, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart
from tests.scenario import Scenario, script, step

pytestmark = pytest.mark.timeout(600)

Visit = Callable[..., Visitor]


def test_a_preview_is_of_the_moment_its_address_names_and_says_when_that_cannot_be(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    shared = api.post("libraryvariablesets", {"Name": "Of many projects"})
    row = {"Type": "String", "Scope": {}}
    place = f"/api/Spaces-1/variables/{shared['VariableSetId']}"
    api.ask(
        "PUT",
        place,
        {**api.ask("GET", place), "Variables": [{**row, "Name": "Mail", "Value": "mail.example"}]},
    )
    port = {**row, "Name": "Port", "Value": "8080"}
    steps = [step("One", script("true"))]
    project = api.project("Earlier", steps, [port], IncludedLibraryVariableSetIds=[shared["Id"]])
    moment = api.get(f"events?regarding=variableset-{project['Id']}")["Items"][0]["Occurred"]
    api.set_variables(project["Id"], [{**port, "Value": "9090"}])
    now = api.get(f"projects/{project['Id']}")
    api.ask("PUT", f"/api/Spaces-1/projects/{project['Id']}", {**now, "IncludedLibraryVariableSetIds": []})
    api.ask("DELETE", f"/api/Spaces-1/libraryvariablesets/{shared['Id']}")

    visitor = visit()
    here = f"Spaces-1/projects/{project['Slug']}/variables?preview=1"
    page = visitor.sign_in(quickstart.url, f"{here}&asOf={quote(moment)}")
    shown = page.get_by_role("list", name="Variables in this place")
    value = shown.get_by_role("button", name="Port")
    expect(value).to_contain_text("8080")
    expect(page.get_by_text("1 variable set that was included then is deleted")).to_be_visible()
    expect(page.get_by_text("as they were saved then")).to_be_visible()
    visitor.look_everywhere("variables-as-of")

    field = page.get_by_label("As of")
    field.fill("")
    expect(value).to_contain_text("9090")
    expect(page.get_by_text("as they are saved now")).to_be_visible()
    visitor.forgive("400 (Bad Request)")
    field.fill("2020-01-01T00:00")
    expect(page.get_by_role("alert")).to_contain_text("the project 'Earlier' was not there yet")
