"""Releases, deploying, packages and feeds, in a real browser against a real server with a real agent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.releasing import Shop, archive
from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
LOOKS = [("light", 1280), ("dark", 1280), ("light", 320)]


@pytest.fixture(scope="session")
def shop(quickstart: Quickstart) -> Iterator[Shop]:
    """The project all tests of this module release; each makes the releases it changes."""
    made = Shop(quickstart, "Shop")
    made.release("1.0.0", ReleaseNotes="# First\n\n* prices\n* <b>no tags</b>")
    made.release("1.1.0", "1.1.0", ReleaseNotes="## With tax\n\nNow **with tax**.")
    yield made
    made.client.close()


def _tab_to(page: Page, wanted: Locator) -> None:
    """Goes there with the Tab key alone."""
    expect(wanted).to_be_visible()
    for _ in range(120):
        if wanted.evaluate("(it) => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the Tab key does not come there")


def _local(days: int) -> str:
    """So many days from now, as a field for a local time takes it."""
    return (datetime.now(tz=UTC).astimezone() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def test_a_release_is_made_of_packages_that_fit_its_channel_and_says_why_others_do_not(
    quickstart: Quickstart, visit: Visit, shop: Shop
) -> None:
    visitor = visit()
    page = visitor.sign_in(quickstart.url, "Spaces-1/projects/shop/releases")
    expect(page.get_by_role("link", name="1.1.0", exact=True)).to_be_visible()
    page.get_by_role("link", name="Create release").click()
    version = page.get_by_role("combobox", name=f"Version of {shop.package}")
    expect(version).to_have_value("2.0.0-beta.1")
    page.get_by_role("combobox", name="Channel").click()
    page.get_by_role("option", name="Stable").click()
    expect(page).to_have_url(f"{quickstart.url}/app/Spaces-1/projects/shop/releases/create?channel=stable")
    expect(page.locator("[data-why-not]")).to_contain_text("[2.0,) and shuts out 2.0.0-beta.1")
    expect(page.get_by_role("button", name="Create release")).to_have_attribute("aria-disabled", "true")
    page.get_by_label("Ignore the channel's rules").check()
    expect(version).to_have_value("2.0.0-beta.1")
    page.get_by_role("textbox", name="Version", exact=True).fill("not a version")
    visitor.forgive("400 (Bad Request)")
    page.get_by_role("button", name="Create release").click()
    wrong = page.get_by_role("textbox", name="Version", exact=True)
    expect(wrong).to_have_attribute("aria-invalid", "true")
    wrong.fill("2.0.0-rc.1")
    page.get_by_label("Release notes").fill("Mind the **beta**")
    expect(page.get_by_role("region", name="How the notes will look").locator("strong")).to_have_text("beta")
    page.get_by_role("button", name="Create release 2.0.0-rc.1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Shop 2.0.0-rc.1")
    expect(page.get_by_text("the channel's rules were ignored")).to_be_visible()


def test_a_deployment_shows_its_plan_and_is_asked_for_by_keyboard_alone(
    quickstart: Quickstart, visit: Visit, shop: Shop
) -> None:
    made = shop.release("1.2.0", "1.1.0")
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"Spaces-1/releases/{made['Id']}")
    _tab_to(page, page.get_by_role("link", name="Deploy 1.2.0", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Deploy 1.2.0")
    expect(page.get_by_label("Production")).to_be_disabled()
    expect(page.get_by_text("Comes after Trying, where 0 of 1 environments needed have it.")).to_be_visible()
    _tab_to(page, page.get_by_label("Development"))
    page.keyboard.press("Space")
    plan = page.locator("[data-plan='Development']")
    expect(plan.locator("[data-summary]")).to_have_text("3 steps on 1 target, 2 skipped")
    expect(plan.locator("[data-step='Feed the lions']")).to_contain_text("No target is tagged lions.")
    button = page.get_by_role("button", name="Deploy 1.2.0 to 1 target in Development")
    expect(button).to_have_attribute("aria-description", "Still to be given: Why now.")
    _tab_to(page, page.get_by_label("Token", exact=True))
    page.keyboard.type("hush")
    expect(page.get_by_label("Token", exact=True)).to_have_value("hush")
    _tab_to(page, page.get_by_label("Why now"))
    page.keyboard.type("it is time")
    expect(page.get_by_label("Why now")).to_have_value("it is time")
    _tab_to(page, page.get_by_label("Run Tell everybody"))
    page.keyboard.press("Space")
    expect(plan.locator("[data-step='Tell everybody']")).to_contain_text("Left out by you.")
    expect(page).to_have_url(re.compile("skip="))
    expect(button).not_to_have_attribute("aria-disabled", "true")
    _tab_to(page, button)
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/ServerTasks-*")
    task = page.url.rpartition("/")[2]
    ended = shop.api.wait(task)
    assert ended["State"] == "Success", shop.api.raw(task)
    assert "because it is time" in shop.api.raw(task)
    deployment = shop.api.get(f"releases/{made['Id']}/deployments")["Items"][0]
    page.goto(f"{quickstart.url}/app/Spaces-1/deployments/{deployment['Id']}")
    page.wait_for_url(f"**/tasks/{task}")
    visitor.go(quickstart.url, f"Spaces-1/releases/{made['Id']}")
    expect(page.locator("[data-phase='Trying']")).to_have_attribute("data-progress", "Complete")
    expect(page.get_by_role("link", name="Deploy 1.2.0 to Production")).to_be_visible()


def test_a_release_is_held_back_let_go_given_new_variables_and_scheduled(
    quickstart: Quickstart, visit: Visit, shop: Shop
) -> None:
    made = shop.release("1.3.0")
    path = f"variables/{shop.project['VariableSetId']}"
    found = shop.api.get(path)
    found["Variables"].append({"Name": "Later", "Value": "new"})
    shop.api.ask("PUT", f"/api/Spaces-1/{path}", found)
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"Spaces-1/releases/{made['Id']}")
    page.get_by_role("button", name="Hold 1.3.0 back").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What is wrong with it").fill("It leaks")
    dialog.get_by_role("button", name="Hold 1.3.0 back").click()
    expect(page.get_by_text("Held back: it goes to no further phase")).to_be_visible()
    page.get_by_role("button", name="Let 1.3.0 go on").click()
    expect(page.get_by_text("Held back")).to_have_count(0)
    since = page.get_by_role("region", name="Variables changed since")
    expect(since.get_by_role("row", name="Later")).to_contain_text("not there")
    page.get_by_role("button", name="Update the variables of 1.3.0").click()
    expect(page.get_by_text("Variables have changed")).to_have_count(0)
    visitor.go(quickstart.url, f"Spaces-1/releases/{made['Id']}/deploy?environment=development")
    page.get_by_label("Why now").fill("a plan")
    page.get_by_role("radiogroup", name="When").get_by_text("Later").click()
    page.get_by_label("Start").fill(_local(40))
    expect(page.get_by_text("At most 30 days ahead.", exact=True).first).to_be_visible()
    page.get_by_label("Start").fill(_local(2))
    page.get_by_role("button", name="Schedule 1.3.0 for 1 target in Development").click()
    page.wait_for_url("**/tasks/ServerTasks-*")
    task = page.url.rpartition("/")[2]
    assert shop.api.task(task)["State"] == "Queued"
    shop.api.ask("POST", f"/api/tasks/{task}/cancel")


def test_packages_are_uploaded_refused_each_for_itself_looked_at_and_deleted(
    quickstart: Quickstart, visit: Visit, shop: Shop
) -> None:
    visitor = visit()
    visitor.forgive("400 (Bad Request)", "409 (Conflict)")
    page = visitor.sign_in(quickstart.url, "Spaces-1/library/packages")
    files = [
        {"name": name, "mimeType": "application/zip", "buffer": archive(name)}
        for name in ("Cart.1.0.0.zip", "nameless.zip", "Cart.1.1.0.zip")
    ]
    page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    for name, word in (("Cart.1.0.0.zip", "There"), ("Cart.1.1.0.zip", "There"), ("nameless.zip", "Refused")):
        expect(page.locator(f"[data-upload='{name}']")).to_contain_text(word)
    expect(page.locator("[data-upload='nameless.zip']").get_by_role("alert")).to_be_visible()
    visitor.look("packages-uploaded")
    page.locator("[data-upload='Cart.1.1.0.zip']").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cart")
    with page.expect_download() as begun:
        page.get_by_role("link", name="Download 1.1.0").click()
    assert begun.value.path().read_bytes() == archive("Cart.1.1.0.zip")
    page.get_by_label("Choose 1.0.0 to delete it").check()
    page.get_by_role("button", name="Delete Cart 1.0.0").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Type Cart to confirm").fill("Cart")
    dialog.get_by_role("button", name="Delete Cart 1.0.0").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("link", name="1.0.0", exact=True)).to_have_count(0)
    assert shop.api.get("packages?nuGetPackageId=Cart")["TotalResults"] == 1


def test_a_feed_is_added_keeps_its_password_is_asked_and_deleted(
    quickstart: Quickstart, visit: Visit, shop: Shop
) -> None:
    visitor = visit()
    page = visitor.sign_in(quickstart.url, "Spaces-1/library/feeds/create?type=NuGet")
    page.get_by_role("textbox", name="Name", exact=True).fill("Away")
    page.get_by_label("Address").fill("http://127.0.0.1:9/index.json")
    page.get_by_label("User name").fill("reader")
    page.get_by_label("Password or token").fill("hush")
    page.get_by_role("button", name="Add the feed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Away")
    expect(page.get_by_text("A value is set and is kept.")).to_be_visible()
    assert "hush" not in page.content()
    page.get_by_role("button", name="Test Away").click()
    expect(page.get_by_text("It does not answer as it should")).to_be_visible()
    page.get_by_role("button", name="Delete the feed Away").click()
    page.get_by_role("dialog").get_by_label("Type Away to confirm").fill("Away")
    page.get_by_role("dialog").get_by_role("button", name="Delete the feed Away").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Feeds")
    assert "Away" not in [each["Name"] for each in shop.api.get("feeds/all")]


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_every_page_of_releases_packages_and_feeds_stands_being_looked_at(
    quickstart: Quickstart, visit: Visit, shop: Shop, scheme: str, width: int
) -> None:
    releases = shop.api.get(f"projects/{shop.project['Id']}/releases?searchByVersion=1.1.0")["Items"]
    release = f"Spaces-1/releases/{releases[0]['Id']}"
    pages = {
        "releases": ("Spaces-1/projects/shop/releases", "1.1.0"),
        "release-create": ("Spaces-1/projects/shop/releases/create?channel=stable", shop.package),
        "release": (f"{release}?compare=1.0.0", "Show prices with tax"),
        "deploy": (f"{release}/deploy?environment=development", "Feed the lions"),
        "packages": ("Spaces-1/library/packages", shop.package),
        "package": (f"Spaces-1/library/packages/{shop.package}?version=1.1.0", "Jenkins"),
        "feeds": ("Spaces-1/library/feeds", "built-in"),
        "feed-create": ("Spaces-1/library/feeds/create?type=ArtifactoryGeneric", "Layout"),
        "feed": ("Spaces-1/library/feeds/feeds-builtin?term=Shop", shop.package),
    }
    visitor = visit(scheme, width)
    visitor.sign_in(quickstart.url)
    for name, (path, text) in pages.items():
        visitor.go(quickstart.url, path)
        expect(visitor.page.get_by_text(text).first).to_be_visible()
        visitor.look(name)
