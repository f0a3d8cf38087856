"""Packages on their way from a browser: large ones, canceled, cut off, refused, dropped and tried again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.releasing import archive
from tests.cutting_proxy import CuttingProxy
from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
LARGE = 300 << 20
TAKES = """() => {
  const data = new DataTransfer();
  data.items.add(new File(["x"], "x"));
  const over = new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer: data });
  document.body.dispatchEvent(over);
  document.body.dispatchEvent(new DragEvent("dragleave", { bubbles: true }));
  return over.defaultPrevented;
}"""
DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  const told = { bubbles: true, cancelable: true, dataTransfer: data };
  const over = new DragEvent("dragover", told);
  document.querySelector("h1").dispatchEvent(over);
  document.querySelector("h1").dispatchEvent(new DragEvent("drop", told));
  return over.defaultPrevented;
}"""


def row(page: Page, name: str) -> Locator:
    """An upload on the page."""
    return page.locator(f"[data-upload='{name}']")


def sparse(folder: Path, name: str) -> Path:
    """A file of 300 MB that takes no room."""
    path = folder / name
    with path.open("wb") as made:
        made.truncate(LARGE)
    return path


def test_a_large_package_is_canceled_cut_off_tried_again_and_refused_a_second_time(
    quickstart: Quickstart, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    visitor.forgive("ERR_", "409 (Conflict)")
    with CuttingProxy(quickstart.port) as between:
        page = visitor.sign_in(f"http://127.0.0.1:{between.port}", "Spaces-1/library/packages")
        line = visitor.context.new_cdp_session(page)
        line.send("Network.enable")
        slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 2 << 20}
        line.send("Network.emulateNetworkConditions", slow)
        name = "Tryer.Large.1.0.0.zip"
        files = page.locator("input[type=file]")
        files.set_input_files(sparse(tmp_path, name))
        upload = row(page, name)
        bar = upload.get_by_role("progressbar")
        expect(bar).to_have_attribute("aria-label", re.compile(r"is uploaded to [1-9]\d? %"))
        visitor.look("upload-half-way")
        leaving(page)
        upload.get_by_role("button", name=f"Cancel {name}").click()
        expect(upload).to_contain_text("Canceled")

        upload.get_by_role("button", name=f"Try again: {name}").click()
        expect(bar).to_have_attribute("aria-label", re.compile(r"is uploaded to [1-9]\d? %"))
        for _ in range(60):  # a browser takes a line anew that had carried something before
            between.cut()
            if upload.get_by_role("alert").count():
                break
            page.wait_for_timeout(250)
        expect(upload.get_by_role("alert")).to_contain_text("The line to the server broke")
        visitor.look("upload-cut-off")
        fast = {**slow, "uploadThroughput": -1}
        line.send("Network.emulateNetworkConditions", fast)
        upload.get_by_role("button", name=f"Try again: {name}").click()
        expect(upload).to_contain_text("There", timeout=300_000)
        found = page.request.get(
            f"http://127.0.0.1:{between.port}/api/Spaces-1/packages?nuGetPackageId=Tryer.Large",
            timeout=120_000,
        ).json()
        assert [one["PackageSizeBytes"] for one in found["Items"]] == [LARGE]

        files.set_input_files(tmp_path / name)
        again = row(page, name).nth(1)
        expect(again.get_by_role("alert")).to_contain_text("with the same content", timeout=300_000)
        expect(again).to_contain_text("Refused")


def leaving(page: Page) -> None:
    """Whoever leaves during an upload is asked, and may stay."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Projects", exact=True).click()
    dialog = page.get_by_role("dialog", name="Leave during the upload?")
    dialog.get_by_role("button", name="Stay").click()
    expect(dialog).to_have_count(0)


def test_files_are_dropped_anywhere_chosen_twice_and_refused_each_for_itself(
    quickstart: Quickstart, visit: Visit
) -> None:
    visitor = visit("dark")
    visitor.forgive("400 (Bad Request)", "409 (Conflict)")
    page = visitor.sign_in(quickstart.url, "Spaces-1/library/packages")
    page.wait_for_function(TAKES)
    assert page.evaluate(DROP, ["Tryer.Dropped.1.0.0.zip", "not much"])
    expect(row(page, "Tryer.Dropped.1.0.0.zip")).to_contain_text("There")
    assert page.evaluate(DROP, ["no version <img src=x>.zip", "not much"])
    expect(row(page, "no version <img src=x>.zip").get_by_role("alert")).to_be_visible()

    chosen = {"name": "Tryer.Twice.1.0.0.zip", "mimeType": "application/zip", "buffer": archive("one")}
    files = page.locator("input[type=file]")
    files.set_input_files(chosen)  # type: ignore[arg-type]
    expect(row(page, "Tryer.Twice.1.0.0.zip")).to_contain_text("There")
    assert files.evaluate("(it) => it.files.length") == 0, "the same file could not be chosen again"
    files.set_input_files({**chosen, "buffer": archive("two")})  # type: ignore[arg-type]
    second = row(page, "Tryer.Twice.1.0.0.zip").nth(1)
    expect(second.get_by_role("alert")).to_contain_text("with other content")
    page.get_by_role("combobox", name="If the version is there already").click()
    page.get_by_role("option", name="Overwrite it").click()
    second.get_by_role("button", name=re.compile("Try again: ")).click()
    expect(second).to_contain_text("There")
    visitor.look("uploads-refused")
    page.get_by_role("button", name="Clear what has ended").click()
    expect(page.locator("[data-upload]")).to_have_count(0)


def test_a_version_beyond_the_first_page_is_opened_by_its_link(quickstart: Quickstart, visit: Visit) -> None:
    key = (quickstart.data / "cli.key").read_text().strip()
    visitor = visit(width=320)
    page = visitor.sign_in(quickstart.url)
    packages = [f"Tryer.Many.1.0.{number}.zip" for number in range(103)]
    sent = page.request.post
    for at in range(0, len(packages), 20):
        form = {
            name: {"name": name, "mimeType": "application/zip", "buffer": archive(name)}
            for name in packages[at : at + 20]
        }
        answer = sent(
            f"{quickstart.url}/api/Spaces-1/packages/raw",
            multipart=form,  # type: ignore[arg-type]
            headers={"X-Octopus-ApiKey": key},
            timeout=120_000,
        )
        assert answer.ok, json.dumps(answer.json())
    visitor.go(quickstart.url, "Spaces-1/library/packages/Tryer.Many?version=1.0.0")
    expect(page.get_by_role("heading", level=2, name="Version 1.0.0")).to_be_visible()
    expect(page.get_by_role("link", name="1.0.102", exact=True)).to_be_visible()
    visitor.look("package-of-many-versions")
    page.get_by_role("button", name="Next page").click()
    expect(page).to_have_url(re.compile(r"page=2"))
    expect(page.get_by_role("link", name="1.0.2", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="1.0.102", exact=True)).to_be_visible()
