"""Users, teams, roles, audit, nodes and settings in the portal: who may, who may not, and why."""

from __future__ import annotations

from collections.abc import Callable

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
PASSWORD = "a password for one test 7"
PAGES = {
    "users": "configuration/users",
    "user": "configuration/users/Users-1",
    "user-permissions": "configuration/users/Users-1?tab=permissions",
    "teams": "Spaces-1/teams",
    "team": "configuration/teams/teams-administrators",
    "roles": "configuration/roles",
    "role": "configuration/roles/userroles-buildserver",
    "role-new": "configuration/roles/new",
    "profile": "profile",
    "profile-keys": "profile?tab=keys",
    "audit": "Spaces-1/audit?groups=Document",
    "audit-all": "configuration/audit",
    "audit-trail": "configuration/audit/trail",
    "nodes": "configuration/nodes",
    "server": "configuration/nodes?tab=server",
    "schedule": "configuration/nodes?tab=schedule",
    "server-log": "configuration/nodes?tab=log",
    "settings": "configuration/settings/server",
    "signing-in": "configuration/settings/authentication",
    "mail": "configuration/settings/mail",
    "providers": "configuration/settings/providers",
    "provider-oidc": "configuration/providers/new",
    "provider-ldap": "configuration/providers/new?kind=ldap",
    "spaces": "configuration/spaces",
    "space": "configuration/spaces/Spaces-1",
    "subscriptions": "Spaces-1/subscriptions",
    "subscription": "Spaces-1/subscriptions/new",
}
NARROW = (
    "users",
    "team",
    "role",
    "profile-keys",
    "audit",
    "audit-trail",
    "nodes",
    "mail",
    "provider-ldap",
    "subscription",
)


def choose(page: Page, label: str, text: str) -> None:
    """Picks an entry of a list by its words."""
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=text, exact=True).click()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 320)])
def test_every_page_of_administration_is_accessible_and_fits(
    quickstart: Quickstart, visit: Visit, scheme: str, width: int
) -> None:
    visitor = visit(scheme, width)
    visitor.sign_in(quickstart.url)
    for name, path in PAGES.items():
        if width > 320 or name in NARROW:
            visitor.go(quickstart.url, path)
            visitor.look(f"administration-{name}")


def test_somebody_new_gets_a_role_for_one_environment_and_sees_why_the_rest_is_refused(
    quickstart: Quickstart, visit: Visit
) -> None:
    admin = visit()
    page = admin.sign_in(quickstart.url, "configuration/users")
    page.get_by_role("button", name="Add a user").click()
    page.get_by_label("User name").fill("petra")
    page.get_by_label("Display name").fill("Petra")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Add the user").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Petra")
    give_a_team_a_narrow_role(admin, quickstart)

    page = admin.go(quickstart.url, "configuration/users?q=petra")
    page.get_by_role("link", name="Petra").click()
    page.get_by_role("link", name="Why may they?").click()
    choose(page, "Permission", "Deploy releases (DeploymentCreate)")
    choose(page, "Environment", "Production")
    expect(page.get_by_text("No: Petra does not hold DeploymentCreate there")).to_be_visible()
    expect(page.get_by_role("table", name="What was considered")).to_contain_text("environment scope")
    page.reload()
    expect(page.get_by_text("No: Petra does not hold DeploymentCreate there")).to_be_visible()
    choose(page, "Environment", "Development")
    expect(page.get_by_text("Yes: Petra holds DeploymentCreate there")).to_be_visible()
    admin.look("administration-why")
    petra_sees_less(visit(), quickstart)


def give_a_team_a_narrow_role(admin: Visitor, quickstart: Quickstart) -> None:
    page = admin.go(quickstart.url, "Spaces-1/teams")
    page.get_by_role("button", name="Add a team").click()
    page.get_by_role("textbox", name="Name").fill("Developers of Petra")
    page.get_by_role("button", name="Add the team").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Developers of Petra")
    choose(page, "Members", "Petra (petra)")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("button", name="Give a role").click()
    choose(page, "Role", "Project deployer")
    choose(page, "Only for environments", "Development")
    page.keyboard.press("Tab")
    expect(page.locator("[data-preview]")).to_have_text(
        "1 member becomes Project deployer in Default. Only for environments Development."
    )
    admin.look("administration-give-role")
    page.get_by_role("dialog").get_by_role("button", name="Give the role", exact=True).click()
    expect(page.get_by_role("list", name="Roles")).to_contain_text("environment Development")


def petra_sees_less(petra: Visitor, quickstart: Quickstart) -> None:
    petra.forgive("403 (Forbidden)", "You do not have permission", "Refusal")
    page = petra.sign_in(quickstart.url, "Spaces-1/teams", name="petra", password=PASSWORD)
    navigation = page.get_by_role("navigation", name="Main")
    expect(navigation.get_by_role("link", name="Dashboard")).to_be_visible()
    expect(navigation.get_by_role("link", name="Users")).to_have_count(0)
    expect(navigation.get_by_role("link", name="Settings")).to_have_count(0)
    add = page.get_by_role("button", name="Add a team")
    expect(add).to_have_attribute("aria-disabled", "true")
    expect(add).to_have_attribute(
        "aria-description",
        "You lack the permission TeamCreate in this space. Whoever manages the space can give it.",
    )
    petra.look("administration-teams-of-petra")
    page.goto(f"{quickstart.url}/app/configuration/users")
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not see this")
    expect(page.get_by_role("alert")).to_contain_text("UserView")


def test_an_api_key_is_shown_once_works_and_is_refused_when_it_was_revoked(
    quickstart: Quickstart, visit: Visit
) -> None:
    page = visit().sign_in(quickstart.url, "profile?tab=keys")
    page.get_by_label("Purpose").fill("Try the portal")
    page.get_by_role("button", name="Make the key").click()
    key = page.locator("[data-once]").inner_text()
    assert whose(quickstart, key).json()["Username"] == "admin"
    page.reload()
    expect(page.get_by_role("rowheader", name="Try the portal")).to_be_visible()
    expect(page.get_by_text(key)).to_have_count(0)
    page.get_by_role("button", name="Revoke Try the portal").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Type Try the portal to confirm").fill("Try the portal")
    dialog.get_by_role("button", name="Revoke Try the portal").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("rowheader", name="Try the portal")).to_have_count(0)
    assert whose(quickstart, key).status_code == 401


def whose(quickstart: Quickstart, key: str) -> httpx2.Response:
    """What the server answers to who comes with this API key."""
    with httpx2.Client(base_url=quickstart.url, timeout=120, trust_env=False) as client:
        return client.get("/api/users/me", headers={"X-Octopus-ApiKey": key})


def test_a_node_is_drained_and_resumed_and_the_trail_tells_and_is_verified(
    quickstart: Quickstart, visit: Visit
) -> None:
    visitor = visit()
    page = visitor.sign_in(quickstart.url, "configuration/nodes")
    page.get_by_role("button", name="Drain ").click()
    try:
        expect(page.get_by_text("It takes nothing new, and nothing runs on it")).to_be_visible()
        visitor.look("administration-node-drained")
    finally:  # other tests deploy with this node
        page.get_by_role("button", name="Resume ").click()
        expect(page.get_by_role("button", name="Drain ")).to_be_visible()

    page = visitor.go(quickstart.url, "configuration/audit")
    page.get_by_label("Words of the event").fill("is drained")
    events = page.get_by_role("list", name="Events")
    expect(events.get_by_role("listitem").first).to_contain_text("Node drained")
    page.get_by_role("button", name="Details of Events-").first.click()
    expect(page.get_by_text("Concerns")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Words of the event")).to_have_value("is drained")
    expect(page.get_by_text("Concerns")).to_be_visible()
    visitor.look("administration-audit-open")
    page.get_by_role("link", name="Address of Events-").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Events-")
    page.reload()
    expect(page.get_by_role("heading", level=2, name="What happened")).to_be_visible()

    page = visitor.go(quickstart.url, "configuration/audit/trail")
    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_text("Verified to event")).to_be_visible()


def test_a_setting_is_refused_beside_its_field_and_a_change_shows_before_and_after_in_the_trail(
    quickstart: Quickstart, visit: Visit
) -> None:
    visitor = visit()
    visitor.forgive("400 (Bad Request)")
    page = visitor.sign_in(quickstart.url, "configuration/settings/features")
    address = page.get_by_label("Address of your help")
    address.fill("nowhere")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("'nowhere' is not an address")).to_be_visible()
    visitor.look("administration-settings-refused")
    address.fill("https://wiki.example.com/deploying")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page = visitor.go(quickstart.url, "configuration/audit?q=features+settings")
    page.get_by_role("button", name="Details of Events-").first.click()
    row = page.get_by_role("row", name="HelpSidebarSupportLink")
    expect(row).to_contain_text("nothing")
    expect(row).to_contain_text("https://wiki.example.com/deploying")
