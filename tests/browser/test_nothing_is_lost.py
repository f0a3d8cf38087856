"""What somebody typed outlives an ended session, a server that goes, somebody else's save, and a wrong click."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures_portal import Visitor
from tests.fixtures_proxies import front
from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server
from tests.needs import need
from tests.scenario import Scenario

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
OWN = "a password for one test 7"
AWAY = ("ERR_", "502 (Bad Gateway)", "503 (Service", "504 (Gateway", "401 (Unauthorized)")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuritaServer]:
    """A server that may go and come back."""
    need("chromium")
    with gurita_server(tmp_path_factory.mktemp("house")) as server:
        yield server


def person(house: GuritaServer, name: str, *roles: str) -> str:
    """A new user with these roles in the space; the id."""
    user = house.post("users", {"Username": name, "Password": OWN, "DisplayName": name.title()})
    team = house.post("teams", {"Name": f"Team of {name}", "MemberUserIds": [user["Id"]]})
    for role in roles:
        given = {"UserRoleId": role, "TeamId": team["Id"]}
        system = role == "userroles-systemadministrator"
        house.post("scopeduserroles", given if system else {**given, "SpaceId": "Spaces-1"})
    return str(user["Id"])


def end_sessions(house: GuritaServer, user: str) -> None:
    """Ends what somebody has open, as an administrator does."""
    house.put(f"users/{user}/revoke-sessions", {})


def team_form(visitor: Visitor, house: GuritaServer, name: str, words: str, base: str = "") -> Page:
    """A team's page with a description that was typed and not saved."""
    made = house.post("teams", {"Name": name, "SpaceId": "Spaces-1"})
    page = visitor.go(base or house.url, f"configuration/teams/{made['Id']}")
    page.get_by_label("Description").fill(words)
    return page


def sign_in_again(page: Page, password: str) -> None:
    dialog = page.get_by_role("dialog", name="You are signed out")
    dialog.get_by_label("Password", exact=True).fill(password)
    dialog.get_by_role("button", name="Sign in again").click()


def test_a_session_that_ends_over_a_half_filled_form_is_taken_up_again_in_place(
    house: GuritaServer, visit: Visit
) -> None:
    user = person(house, "mira", "userroles-systemadministrator", "userroles-spacemanager")
    visitor = visit()
    visitor.sign_in(house.url, name="mira", password=OWN)
    page = team_form(visitor, house, "Night shift", "those who are awake")
    end_sessions(house, user)
    dialog = page.get_by_role("dialog", name="You are signed out")
    expect(dialog).to_be_visible()
    visitor.look("signed-out")
    visitor.forgive("400 (Bad Request)")
    sign_in_again(page, "not the password")
    expect(dialog.get_by_role("alert")).to_contain_text("The username or password is wrong.")
    sign_in_again(page, OWN)
    expect(dialog).to_have_count(0)
    expect(page.get_by_label("Description")).to_have_value("those who are awake")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()


def test_somebody_who_is_disabled_is_out_of_an_open_page_and_stays_out(
    house: GuritaServer, visit: Visit
) -> None:
    user = person(house, "ousted", "userroles-projectviewer")
    visitor = visit(width=320)
    page = visitor.sign_in(house.url, "Spaces-1/projects", name="ousted", password=OWN)
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")
    house.put(f"users/{user}", {**house.get(f"users/{user}"), "IsActive": False})
    dialog = page.get_by_role("dialog", name="You are signed out")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    visitor.forgive("400 (Bad Request)", "403 (Forbidden)")
    sign_in_again(page, OWN)
    expect(dialog.get_by_role("alert")).to_be_visible()
    visitor.look("signed-out-for-good")
    dialog.get_by_role("link", name="Leave this page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Gurita")


def test_a_server_that_goes_and_comes_back_costs_nothing_that_was_typed(
    house: GuritaServer, visit: Visit
) -> None:
    visitor = visit("dark")
    visitor.forgive(*AWAY)
    visitor.sign_in(house.url)
    page = team_form(visitor, house, "Day shift", "those who sleep at night")
    house.end()
    expect(page.get_by_text("The server cannot be reached.")).to_be_visible()
    visitor.look("server-away")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("The server cannot be reached")
    house.start()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(page.get_by_text("It goes on by itself")).to_have_count(0)
    expect(page.get_by_label("Description")).to_have_value("those who sleep at night")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def test_two_tabs_that_change_the_same_thing_are_told_and_asked(house: GuritaServer, visit: Visit) -> None:
    one, other = visit(), visit()
    for each in (one, other):
        each.forgive("409 (Conflict)")
        each.sign_in(house.url)
    first = team_form(one, house, "Both of us", "mine")
    second = other.go(house.url, first.url.partition("/app/")[2])
    second.get_by_label("Description").fill("theirs")
    second.get_by_role("textbox", name="Name").fill("Renamed by them")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_text("Saved", exact=True)).to_be_visible()
    second.get_by_label("Description").fill("theirs, and at once more")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Renamed by them")
    expect(second.get_by_label("Description")).to_have_value("theirs, and at once more")
    expect(second.get_by_role("button", name="Discard changes")).to_have_count(0)

    first.get_by_role("button", name="Save", exact=True).click()
    asked = first.get_by_role("alert").filter(has_text="Somebody else has saved this meanwhile")
    expect(asked).to_contain_text("You both changed: description.")
    one.look("somebody-else-saved")
    asked.get_by_role("button", name="Put my changes on top of theirs").click()
    expect(first.get_by_label("Description")).to_have_value("mine")
    expect(first.get_by_role("textbox", name="Name")).to_have_value("Renamed by them")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.get_by_role("button", name="Discard changes")).to_have_count(0)
    saved = [each for each in house.get("teams", take=1000)["Items"] if each["Name"] == "Renamed by them"]
    assert [each["Description"] for each in saved] == ["mine"]


def test_a_link_away_from_something_unsaved_asks_first(house: GuritaServer, visit: Visit) -> None:
    visitor = visit()
    visitor.sign_in(house.url)
    page = team_form(visitor, house, "Leavers", "about to leave")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Projects", exact=True).click()
    dialog = page.get_by_role("dialog", name="Leave without saving?")
    expect(dialog.get_by_role("button", name="Stay")).to_be_focused()
    visitor.look("leave-unsaved")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Description")).to_have_value("about to leave")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Projects", exact=True).click()
    dialog.get_by_role("button", name="Leave without saving").click()
    expect(page.get_by_label("Description")).to_have_count(0)


def test_two_servers_of_one_host_do_not_take_each_others_sessions(
    house: GuritaServer, visit: Visit, tmp_path: Path
) -> None:
    """Cookies do not know ports: a browser sends both servers' cookies to both."""
    visitor = visit()
    with gurita_server(tmp_path / "second") as second:
        visitor.sign_in(house.url)
        visitor.sign_in(second.url)
        for server in (house, second, house):
            page = team_form(visitor, server, f"Of {server.port} {visitor.page.url[-4:]}", "kept apart")
            page.get_by_role("button", name="Save", exact=True).click()
            expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def test_every_letter_typed_into_a_lists_filter_stays(house: GuritaServer, visit: Visit) -> None:
    api = Scenario(house.client)
    api.project("To be filtered", [])
    token = {"HasValue": True, "NewValue": "t"}
    api.post("accounts", {"Name": "To be filtered", "AccountType": "Token", "Token": token})
    machine = {"Name": "To be filtered", "Roles": ["web"], "Endpoint": {"CommunicationStyle": "None"}}
    api.post("machines", {**machine, "EnvironmentIds": [api.environment("To be filtered")]})
    visitor = visit()
    page = visitor.sign_in(house.url)
    paths = (
        "configuration/audit",
        "Spaces-1/projects",
        "Spaces-1/tasks",
        "Spaces-1/infrastructure/machines",
        "Spaces-1/library/packages",
        "Spaces-1/infrastructure/accounts",
        "configuration/users",
        "configuration/roles",
        "Spaces-1/teams",
    )
    for path in paths:
        visitor.go(house.url, path)
        filters = page.locator("[data-filter]")
        filters.first.press_sequentially("two  words of", delay=20)
        page.wait_for_function("() => decodeURIComponent(location.search).includes('words')")
        filters.first.press_sequentially(" it", delay=20)
        expect(filters.first, path).to_have_value("two  words of it")
        expect(filters.first, path).to_be_focused()
        page.wait_for_function(
            "() => /words of it/.test(decodeURIComponent(location.search).replaceAll('+', ' '))"
        )
        page.reload()
        expect(page.locator("[data-filter]").first, path).to_have_value("two  words of it")


def test_a_session_ends_and_goes_on_behind_nginx_below_a_prefix(tmp_path: Path, visit: Visit) -> None:
    need("nginx")
    visitor = visit()
    visitor.forgive(*AWAY)
    (tmp_path / "nginx").mkdir()
    options = {"options": ["--prefix", "/deploy"], "ready_path": "/deploy/api"}
    with (
        gurita_server(tmp_path / "server", **options) as server,
        front("nginx", tmp_path / "nginx", server.port) as proxy,
    ):
        base = f"{proxy.url}/deploy"
        page = visitor.sign_in(base, "profile")
        page.get_by_label("Display name").fill("Behind a proxy")
        forget_sessions(server)
        server.restart()
        dialog = page.get_by_role("dialog", name="You are signed out")
        expect(dialog).to_be_visible()
        sign_in_again(page, PASSWORD)
        expect(dialog).to_have_count(0)
        expect(page.get_by_label("Display name")).to_have_value("Behind a proxy")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def forget_sessions(server: GuritaServer) -> None:
    """Takes every session out of the database, as their end does."""
    with closing(sqlite3.connect(next(server.data.glob("*.db")), timeout=120)) as database:
        database.execute("delete from session")
        database.commit()
