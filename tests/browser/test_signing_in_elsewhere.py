"""Signing in with a company account at a real OpenID Connect provider, on good lines and bad ones, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures_identity import OidcProvider, oidc_provider
from tests.fixtures_portal import Visitor
from tests.fixtures_server import GuritaServer, gurita_server
from tests.needs import need

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
DEEP = "Spaces-1/projects?q=a+b%26c#page"
OF_THE_PROVIDER = ("ERR_NAME_NOT_RESOLVED", "404 (Not Found)")
"""Its own pages ask the internet for a font, and it has no icon."""

SLOW = 3_000
"""Milliseconds each answer of the server takes on the slow line (product item 22.1)."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuritaServer]:
    need("chromium")
    with gurita_server(tmp_path_factory.mktemp("house")) as server:
        yield server


@pytest.fixture(scope="module")
def issuer(house: GuritaServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcProvider]:
    callback = f"{house.url}/api/users/authenticatedToken/company"
    with oidc_provider(tmp_path_factory.mktemp("issuer"), callback) as made:
        made.people(
            {"a-1": {"preferred_username": "alice", "name": "Alice A."}, "e-1": {"preferred_username": "eve"}}
        )
        yield made


@pytest.fixture(scope="module")
def company(house: GuritaServer, issuer: OidcProvider) -> dict[str, Any]:
    body = {"Name": "Company", "AllowAutoUserCreation": True, "OpenIdConnect": issuer.settings()}
    found: dict[str, Any] = house.post("gurita/identity-providers", body)
    role = {"UserRoleId": "userroles-projectviewer", "TeamId": "teams-everyone", "SpaceId": "Spaces-1"}
    house.post("scopeduserroles", role)
    return found


def at_the_provider(page: Page, issuer: OidcProvider, subject: str) -> None:
    """Says who one is, and agrees, on the provider's own pages."""
    expect(page).to_have_url(re.compile(re.escape(issuer.issuer)))
    page.locator("input[name=login]").fill(subject)
    page.locator("input[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    page.get_by_role("button", name="Continue").click()


def test_a_company_account_signs_in_and_gets_to_the_page_that_was_asked_for(
    house: GuritaServer, issuer: OidcProvider, company: dict[str, Any], visit: Visit
) -> None:
    visitor = visit()
    visitor.forgive(*OF_THE_PROVIDER)
    page = visitor.page
    went: list[str] = []
    page.on("framenavigated", lambda frame: went.append(frame.url))
    ours: list[str] = []
    page.on("response", lambda answer: ours.append(answer.url) if answer.status == 404 else None)
    page.goto(f"{house.url}/app/{DEEP}")
    page.get_by_role("link", name="Sign in with Company").click()
    at_the_provider(page, issuer, "a-1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")
    expect(page.get_by_role("button", name="Signed in as Alice A.")).to_be_visible()
    assert page.url == f"{house.url}/app/{DEEP}"
    back = [url for url in went if url.startswith(f"{house.url}/app/sign-in")]
    assert len(back) <= 1, went
    assert [url for url in ours if url.startswith(house.url)] == []


def test_who_is_turned_away_is_told_and_still_gets_to_the_page_by_another_way(
    house: GuritaServer, issuer: OidcProvider, company: dict[str, Any], visit: Visit
) -> None:
    path = f"gurita/identity-providers/{company['Id']}"
    house.put(path, {**house.get(path), "AllowAutoUserCreation": False})
    visitor = visit()
    visitor.forgive(*OF_THE_PROVIDER)
    page = visitor.page
    page.goto(f"{house.url}/app/{DEEP}")
    page.get_by_role("link", name="Sign in with Company").click()
    at_the_provider(page, issuer, "e-1")
    expect(page.get_by_role("alert")).to_contain_text("The provider knows you, but you may not enter here.")
    visitor.look_everywhere("sign-in-turned-away")
    issuer.stop()
    house.post(f"{path}/test", {})
    page.get_by_role("link", name="Sign in with Company").click()
    expect(page.get_by_role("alert")).to_contain_text("The provider could not be asked")
    issuer.start("second")
    visitor.sign_in(house.url, page.url.partition("/app/")[2])
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")
    assert page.url == f"{house.url}/app/{DEEP}"
    house.put(path, {**house.get(path), "AllowAutoUserCreation": True})


def test_on_a_slow_line_signing_in_is_no_loop_and_keeps_the_page_that_was_asked_for(
    house: GuritaServer, issuer: OidcProvider, company: dict[str, Any], visit: Visit
) -> None:
    visitor = visit()
    visitor.forgive(*OF_THE_PROVIDER)
    page = visitor.page
    page.goto(f"{house.url}/app/{DEEP}")
    expect(page.get_by_role("link", name="Sign in with Company")).to_be_visible()
    went: list[str] = []
    page.on("framenavigated", lambda frame: went.append(frame.url))
    line = visitor.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": SLOW, "downloadThroughput": 125_000, "uploadThroughput": 125_000}
    line.send("Network.emulateNetworkConditions", slow)
    page.get_by_role("link", name="Sign in with Company").click()
    at_the_provider(page, issuer, "a-1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects", timeout=180_000)
    assert page.url == f"{house.url}/app/{DEEP}"
    assert [url for url in went if "/sign-in" in url] == []
