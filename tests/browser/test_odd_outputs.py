"""What programs leave behind: colours, a line of a megabyte, files of odd names; and a server that has nothing yet."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart
from tests.fixtures_server import gurita_server
from tests.scenario import Scenario, script, step

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
ODD = 'it\'s "quoted" 🚀 שלום <b>.txt'
BODY = r"""
printf 'plain \033[31mred\033[0m \033[1;42mon green\033[0m \033[38;5;208morange\033[0m\n'
head -c 1048576 /dev/zero | tr '\0' 'x'; echo
echo '<img src=x onerror="ran=1">'
echo kept > kept.txt
new_octopusartifact "$PWD/kept.txt" "$(printf '%s' "it's \"quoted\" 🚀 שלום <b>.txt")"
echo last of all
"""
PLACES = (
    "Spaces-1",
    "Spaces-1/projects",
    "Spaces-1/tasks",
    "Spaces-1/infrastructure/environments",
    "Spaces-1/infrastructure/machines",
    "Spaces-1/infrastructure/machines/add",
    "Spaces-1/infrastructure/workers",
    "Spaces-1/infrastructure/policies",
    "Spaces-1/infrastructure/proxies",
    "Spaces-1/infrastructure/accounts",
    "Spaces-1/library/packages",
    "Spaces-1/library/feeds",
    "Spaces-1/library/feeds/create",
    "Spaces-1/library/variable-sets",
    "Spaces-1/library/lifecycles",
    "Spaces-1/library/certificates",
    "Spaces-1/teams",
    "Spaces-1/subscriptions",
    "Spaces-1/audit",
    "configuration/users",
    "configuration/users/Users-1",
    "configuration/roles",
    "configuration/audit",
    "configuration/nodes",
    "configuration/settings",
    "configuration/spaces",
    "profile",
)


def test_colours_a_line_of_a_megabyte_and_a_file_of_an_odd_name_are_shown_and_kept(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    project = api.project("Odd outputs", [step("Speak", script(BODY), roles="hello-web")])
    environment = api.get("environments/Development")["Id"]
    task = api.deploy(api.release(project["Id"], "1.0"), environment)
    assert api.wait(task)["State"] == "Success", api.raw(task)[-2000:]
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"Spaces-1/tasks/{task}")
    files = page.get_by_role("region", name="Artifacts")
    link = files.get_by_role("link", name=ODD, exact=True)
    with page.expect_download() as begun:
        link.click()
    assert begun.value.path().read_text() == "kept\n"
    assert "🚀 שלום" in begun.value.suggested_filename
    page.get_by_label("Find in the log").fill("plain red")
    expect(page.get_by_role("status").and_(page.get_by_text("1", exact=True))).to_be_visible()
    page.get_by_label("Find in the log").press("Enter")
    expect(page.get_by_role("status").and_(page.get_by_text("1 / 1", exact=True))).to_be_visible()
    line = page.locator("[data-line]", has_text="plain red")
    expect(line).to_be_in_viewport()
    expect(line).to_have_attribute("data-marked", "true")
    long = page.locator("[data-line]", has_text="xxxx")
    more = long.get_by_role("button", name=re.compile(r"Show [\d,]+ more characters"))
    visitor.assert_accessible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        visitor.scheme = scheme
        visitor.look("log-colours")
    more.first.click()
    page.get_by_label("Find in the log").fill("x")
    expect(long.first.locator("mark").first).to_be_attached()
    page.get_by_role("button", name="Wrap long lines").click()
    expect(page).to_have_url(re.compile("wrap=true"))
    visitor.assert_fits()
    page.reload()
    expect(page.locator("[data-line]").first).to_be_visible()
    expect(page.get_by_role("button", name="Wrap long lines")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("() => typeof ran") == "undefined"


def test_a_server_without_anything_has_something_to_say_on_every_page(
    visit: Visit, tmp_path_factory: pytest.TempPathFactory
) -> None:
    visitor = visit(width=640, height=450)  # as 1280 by 900 at a zoom of 200 %
    with gurita_server(tmp_path_factory.mktemp("bare")) as server:
        page = visitor.sign_in(server.url)
        for environment in server.get("Spaces-1/environments/all"):
            deleted = server.client.delete(f"/api/Spaces-1/environments/{environment['Id']}")
            assert deleted.status_code == 200, deleted.text
        assert server.get("Spaces-1/environments/all") == server.get("Spaces-1/projects/all") == []
        for place in PLACES[::2]:
            visitor.go(server.url, place)
            visitor.assert_fits()
            expect(page.get_by_role("heading", level=1)).not_to_be_empty()
        visitor.go(server.url, "Spaces-1")
        visitor.look("dashboard-of-nothing")
