"""The portal in another language, and turned around for languages written from right to left."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart
from tests.fixtures_server import PASSWORD

pytestmark = pytest.mark.timeout(900)
Visit = Callable[..., Visitor]

_PROJECT = "Spaces-1/projects/Projects-1"
_INDONESIAN = "Object.defineProperty(navigator, 'languages', { get: () => ['id-ID', 'en'] })"
_TURNED = """new MutationObserver((_, me) => {
  if (!document.documentElement) return;
  document.documentElement.dir = 'rtl';
  me.disconnect();
}).observe(document, { childList: true })"""


def test_the_language_of_the_browser_is_spoken_until_another_is_chosen(
    quickstart: Quickstart, visit: Visit
) -> None:
    visitor = visit()
    page = visitor.page
    page.add_init_script(_INDONESIAN)
    page.goto(f"{quickstart.url}/app")
    expect(page.get_by_role("heading", level=1)).to_have_text("Masuk ke Gurita")
    expect(page.locator("html")).to_have_attribute("lang", "id")
    visitor.look("sign-in-indonesian")
    page.get_by_label("Nama pengguna").fill("admin")
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dasbor")
    visitor.look("dashboard-indonesian")
    visitor.go(quickstart.url, "Spaces-1/tasks")
    expect(page.get_by_role("columnheader", name="Mengapa")).to_be_visible()
    visitor.look("tasks-indonesian")
    page.get_by_role("button", name=re.compile("Masuk sebagai")).click()
    page.get_by_role("menuitem", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tasks")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tasks")
    page.get_by_role("button", name=re.compile("Signed in as")).click()
    expect(page.get_by_role("menuitem", name="English")).to_have_attribute("aria-current", "true")


def test_a_page_is_english_where_its_catalogue_cannot_be_fetched(
    quickstart: Quickstart, visit: Visit
) -> None:
    visitor = visit()
    visitor.forgive("net::ERR_FAILED")
    page = visitor.page
    page.add_init_script(_INDONESIAN)
    page.route(re.compile(r"/assets/id-[^/]*\.js"), lambda route: route.abort())
    page.goto(f"{quickstart.url}/app")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Gurita")
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("width", [1280, 320])
def test_pages_turned_around_keep_everything_in_sight(
    quickstart: Quickstart, visit: Visit, width: int
) -> None:
    visitor = visit(width=width)
    page = visitor.page
    page.add_init_script(_TURNED)
    visitor.sign_in(quickstart.url)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    places = (
        ("dashboard", "Spaces-1?q=hello", page.get_by_role("link", name="Hello Gurita")),
        ("process", f"{_PROJECT}/process?view=graph", page.get_by_role("listitem").filter(has_text="Build")),
        ("variables", f"{_PROJECT}/variables", page.get_by_role("grid")),
        ("tasks", "Spaces-1/tasks", page.get_by_role("table")),
        ("targets", "Spaces-1/infrastructure/machines", page.get_by_role("table")),
    )
    for name, place, there in places:
        visitor.go(quickstart.url, place)
        expect(there.first).to_be_visible()
        visitor.picture(f"turned-{name}")
        visitor.assert_fits()
    visitor.go(quickstart.url, "Spaces-1/tasks")
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(page.get_by_role("region", name="Log", exact=True)).to_be_visible()
    visitor.picture("turned-task")
    visitor.assert_fits()
