"""Signing in and out, and what a visitor sees first, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
LOOKS = [("light", 1280), ("dark", 1280), ("light", 320)]


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_a_visitor_is_refused_in_words_then_signs_in_and_out(
    quickstart: Quickstart, visit: Visit, scheme: str, width: int
) -> None:
    visitor = visit(scheme, width)
    page = visitor.page
    page.goto(quickstart.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Gurita")
    visitor.look("sign-in")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The username or password is wrong.")
    visitor.sign_in(quickstart.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    page.get_by_role("button", name="Signed in as").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_label("User name")).to_be_visible()
    page.reload()
    expect(page.get_by_label("User name")).to_be_visible()


def test_a_deep_link_comes_back_after_signing_in_and_the_fields_form_of_links_is_understood(
    quickstart: Quickstart, visit: Visit
) -> None:
    visitor = visit()
    visitor.sign_in(quickstart.url, "#/Spaces-1")
    expect(visitor.page).to_have_url(f"{quickstart.url}/app/Spaces-1")
