"""Webhooks to a real receiver, ways to sign in, passwords, roles, archives, and a space with its end."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures_portal import Visitor
from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server
from tests.needs import need

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
OWN = "a password for one test 7"
SECRET = "at least sixteen letters"


@dataclass
class Receiver:
    """What a webhook is sent to; `status` is what it answers."""

    status: int = 200
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    def serve(self) -> ThreadingHTTPServer:
        here = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                here.seen.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(here.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}/hook"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on loopback."""
    made = Receiver()
    server = made.serve()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuritaServer]:
    """A server that may call receivers of this machine."""
    need("chromium")
    with gurita_server(
        tmp_path_factory.mktemp("house"), options=["--outbound-allow", "127.0.0.0/8"]
    ) as server:
        yield server


def choose(page: Page, label: str, text: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=text, exact=True).click()


def test_a_webhook_is_set_up_delivered_signed_and_its_failures_and_next_try_are_shown(
    house: GuritaServer, visit: Visit, receiver: Receiver
) -> None:
    visitor = visit()
    visitor.forgive("400 (Bad Request)")
    page = visitor.sign_in(house.url, "Spaces-1/subscriptions/new")
    page.get_by_role("textbox", name="Name", exact=True).fill("To the chat")
    choose(page, "Kinds of things", "Environment")
    page.keyboard.press("Escape")
    page.get_by_label("Address").fill("no address")
    page.get_by_label("Secret that signs").fill("short")
    page.get_by_role("button", name="Add the subscription").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    page.get_by_label("Address").fill(receiver.url)
    page.get_by_label("Secret that signs").fill(SECRET)
    page.get_by_text("How the receiver checks the signature").click()
    expect(page.get_by_role("region", name="A function that checks a signature")).to_be_visible()
    visitor.look("webhook-new")
    page.get_by_role("button", name="Add the subscription").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("To the chat")
    expect(page.locator("[data-delivery]")).to_contain_text("Nothing yet")
    house.post("Spaces-1/environments", {"Name": "Told of"})
    expect(page.locator("[data-delivery]")).to_contain_text("Delivered")
    headers, body = receiver.seen[0]
    moment, proof = (part.split("=", 1)[1] for part in headers["x-gurita-signature"].split(","))
    signed = hmac.new(SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    assert proof == signed.hexdigest()
    assert "Told of" in json.loads(body)["Payload"]["Event"]["Message"]
    receiver.status = 500
    house.post("Spaces-1/environments", {"Name": "Told of in vain"})
    delivery = page.locator("[data-delivery]")
    expect(delivery).to_contain_text("Failing")
    expect(delivery).to_contain_text("next try")
    expect(delivery).to_contain_text("500")
    visitor.look("webhook-failing")
    receiver.status = 200
    expect(delivery).to_contain_text("Delivered")
    page.reload()
    expect(delivery).to_contain_text("Delivered")
    assert SECRET not in page.content()


def test_a_provider_that_cannot_be_reached_is_said_beside_its_field_and_a_good_one_has_a_button(
    house: GuritaServer, visit: Visit
) -> None:
    visitor = visit()
    visitor.forgive("400 (Bad Request)", "409 (Conflict)")
    page = visitor.sign_in(house.url, "configuration/providers/new")
    page.get_by_role("textbox", name="Name", exact=True).fill("Acme SSO")
    page.get_by_label("Issuer").fill("not an address")
    page.get_by_label("Client id").fill("gurita")
    page.get_by_role("button", name="Add the provider").click()
    issuer = page.get_by_label("Issuer")
    expect(issuer).to_have_attribute("aria-invalid", "true")
    visitor.look("provider-refused")
    issuer.fill("https://127.0.0.1:9")
    page.get_by_label("Client secret").fill("hush hush")
    page.get_by_role("button", name="Add the provider").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Acme SSO")
    expect(page.get_by_text("A value is set and is kept.")).to_be_visible()
    page.get_by_role("button", name="Test what is saved").click()
    expect(page.get_by_text("It does not work yet")).to_be_visible()
    visitor.look("provider-unreachable")

    page = visitor.go(house.url, "configuration/providers/new?kind=ldap")
    page.get_by_role("textbox", name="Name", exact=True).fill("Acme directory")
    page.get_by_label("Host").fill("127.0.0.1")
    page.get_by_role("textbox", name="Port").fill("9")
    page.get_by_label("Search below (DN)").fill("ou=people,dc=acme,dc=example")
    page.get_by_label("Filter", exact=True).fill("(uid=nobody)")
    page.get_by_role("button", name="Add the provider").click()
    expect(page.get_by_label("Filter", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Filter", exact=True).fill("(uid={username})")
    page.get_by_role("button", name="Add the provider").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Acme directory")
    page.get_by_role("button", name="Test what is saved").click()
    expect(page.get_by_text("It does not work yet")).to_be_visible()

    stranger = visit(width=320)
    stranger.page.goto(f"{house.url}/app")
    expect(stranger.page.get_by_role("link", name="Sign in with Acme SSO")).to_be_visible()
    stranger.look("sign-in-with-provider")
    page.get_by_role("button", name="Delete the provider").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("Acme directory")
    dialog.get_by_role("button", name="Delete the provider").click()
    expect(page.get_by_role("table", name="Identity providers")).not_to_contain_text("Acme directory")


def test_a_changed_password_ends_other_sessions_and_a_role_cannot_give_more_than_one_holds(
    house: GuritaServer, visit: Visit
) -> None:
    user = house.post("users", {"Username": "rolf", "Password": OWN, "DisplayName": "Rolf"})
    team = house.post("teams", {"Name": "Managers of roles", "MemberUserIds": [user["Id"]]})
    house.post("scopeduserroles", {"UserRoleId": "userroles-systemmanager", "TeamId": team["Id"]})
    visitor, other = visit(), visit()
    for each in (visitor, other):
        each.forgive("400 (Bad Request)", "403 (Forbidden)")
    page = visitor.sign_in(house.url, "profile", name="rolf", password=OWN)
    other.sign_in(house.url, "profile", name="rolf", password=OWN)
    page.get_by_label("Present password").fill("not it at all")
    page.get_by_label("New password", exact=True).fill("rolf")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("is not your password.")).to_be_visible()
    expect(page.get_by_role("dialog", name="You are signed out")).to_have_count(0)
    page.get_by_label("Present password").fill(OWN)
    page.get_by_label("New password", exact=True).fill(f"{OWN} new")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("Your password was changed")).to_be_visible()
    expect(page.get_by_label("New password", exact=True)).to_have_value("")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Profile")
    expect(other.page.get_by_role("dialog", name="You are signed out")).to_be_visible()

    role = house.post("userroles", {"Name": "Little", "GrantedSystemPermissions": ["UserView"]})
    house.post("scopeduserroles", {"UserRoleId": role["Id"], "TeamId": team["Id"]})
    page = visitor.go(house.url, f"configuration/roles/{role['Id']}")
    page.get_by_label("Permission", exact=True).fill("AdministerSystem")
    expect(page.get_by_role("checkbox", name=re.compile("in spaces"))).to_have_count(0)
    page.get_by_role("checkbox", name="AdministerSystem in the system").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="AdministerSystem")).to_be_visible()
    expect(page.get_by_role("checkbox", name="AdministerSystem in the system")).to_be_checked()
    visitor.look("role-refused")


def test_events_are_exported_archived_downloaded_and_the_archive_is_deleted_by_its_name(
    house: GuritaServer, visit: Visit
) -> None:
    house.post("Spaces-1/environments", {"Name": 'Said, "so" = 1+1 🚀'})
    visitor = visit()
    page = visitor.sign_in(house.url, "Spaces-1/audit?q=Said")
    expect(page.get_by_role("list", name="Events")).to_contain_text("Said")
    for kind, reads in (("For a spreadsheet (CSV)", "🚀"), ("For programs (JSON)", "🚀")):
        page.get_by_role("button", name="Export").click()
        with page.expect_download() as begun:
            page.get_by_role("menuitem", name=kind).click()
        text = begun.value.path().read_text(encoding="utf-8-sig")
        assert reads in text, text[:2000]
        assert "User admin signed in" not in text, "the filters of the page were left out"
    page = visitor.go(house.url, "configuration/audit?from=2026-99-99")
    expect(page.get_by_role("list", name="Events")).to_be_visible()
    page = visitor.go(house.url, "configuration/audit/trail")
    expect(page.get_by_text("Nothing was archived yet.")).to_be_visible()
    visitor.look("audit-trail-empty")


def test_a_space_is_made_worked_in_and_deleted_and_one_lands_in_another(
    house: GuritaServer, visit: Visit
) -> None:
    visitor, inside = visit(), visit()
    for each in (visitor, inside):
        each.forgive("404 (Not Found)", "409 (Conflict)", "Refusal")
    page = visitor.sign_in(house.url, "configuration/spaces")
    page.get_by_role("button", name="Add a space").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Short-lived")
    page.get_by_role("button", name="Add the space").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Short-lived")
    id = page.url.rpartition("/")[2]
    inside.sign_in(house.url, f"{id}/projects")
    expect(inside.page.get_by_role("button", name="Space Short-lived")).to_be_visible()
    delete = page.get_by_role("button", name="Delete the space Short-lived")
    expect(delete).to_have_attribute("aria-description", "Stop its task queue first, and save.")
    page.get_by_label("Stop the task queue").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    delete.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("Short-lived")
    dialog.get_by_role("button", name="Delete the space Short-lived").click()
    told = page.get_by_role("status").filter(has_text="It is being deleted")
    expect(told).to_be_visible()
    visitor.look("space-being-deleted")
    told.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete space Short-lived")
    expect(page.locator("[data-state=success]").first).to_be_visible()
    page = visitor.go(house.url, "configuration/spaces")
    expect(page.get_by_role("link", name="Short-lived")).to_have_count(0)

    gone = inside.page
    gone.reload()
    expect(gone.get_by_role("heading", level=1)).to_be_visible()
    inside.look("space-gone")
    gone.get_by_role("link", name="Go to the dashboard").click()
    expect(gone.get_by_role("button", name="Space Default")).to_be_visible()
    expect(gone.get_by_role("heading", level=1)).to_have_text("Dashboard")
    assert PASSWORD not in gone.content()
