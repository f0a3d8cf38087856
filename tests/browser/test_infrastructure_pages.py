"""Machines, and what belongs to them, in a real browser with a real agent and a real SSH host."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.fixtures_carriers import AgentProcess
from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart, clean_environment
from tests.fixtures_sshd import SSHD, sshd
from tests.scenario import Scenario

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
LOOKS = [("light", 1280), ("dark", 1280), ("light", 320)]
SPACE = "Spaces-1/infrastructure"


def join(command: str, home: Path, name: str) -> AgentProcess:
    """What the pasted command does, with the agent that is here already: registers by its words, and starts it."""
    words = shlex.split(command.partition("sh -s -- ")[2])
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "gurita.agent.program",
            "register",
            "--home",
            str(home),
            "--name",
            name,
            *words,
        ],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    agent = AgentProcess(home)
    agent.start()
    return agent


def pick(page: Page, label: str, option: str) -> None:
    """Chooses one more of a field's list."""
    field = page.get_by_label(label, exact=True).first
    field.click()
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


def delete(page: Page, button: str | re.Pattern[str], name: str) -> None:
    """Opens the dialog of what cannot be undone, types the name, and confirms."""
    page.get_by_role("button", name=button).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(name)
    dialog.get_by_role("button", name=button).click()


def test_an_environment_is_added_ordered_and_joined_by_an_agent_that_is_waited_for_then_edited_and_deleted(
    quickstart: Quickstart, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    visitor.forgive("400 (Bad Request)")
    page = visitor.sign_in(quickstart.url, f"{SPACE}/environments")
    page.get_by_role("button", name="Add environment").click()
    page.get_by_label("Name", exact=True).fill("Plant")
    page.get_by_role("dialog").get_by_role("button", name="Add environment").click()
    expect(page.get_by_role("link", name="Plant", exact=True)).to_be_visible()
    page.get_by_role("button", name="Move Plant up").click()
    expect(page.locator("li[data-row]").last).not_to_contain_text("Plant")
    visitor.look("environments")

    page.get_by_role("link", name="Plant", exact=True).click()
    page.get_by_role("link", name="Add target").click()
    page.get_by_role("link", name="Agent that dials in").click()
    expect(page.get_by_role("button", name="Make the command")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("combobox", name="Target tags").fill("plant")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Make the command").click()
    expect(page.get_by_text("Waiting for it", exact=True)).to_be_visible()
    visitor.look("add-target-waiting")
    command = page.get_by_label("Command", exact=True).inner_text()
    agent = join(command, tmp_path / "agent", "plant-1")
    try:
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        visitor.look("add-target-connected")
        page.get_by_role("link", name="Open plant-1").click()
        machine_is_looked_at_and_changed(visitor, page)
        delete(page, "Delete plant-1", "plant-1")
        expect(page).to_have_url(f"{quickstart.url}/app/{SPACE}/machines")
        expect(page.get_by_role("link", name="plant-1")).to_have_count(0)
    finally:
        agent.stop()
    visitor.go(quickstart.url, f"{SPACE}/environments/plant")
    delete(page, "Delete Plant", "Plant")
    expect(page).to_have_url(f"{quickstart.url}/app/{SPACE}/environments")


def machine_is_looked_at_and_changed(visitor: Visitor, page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("plant-1")
    expect(page.get_by_label("What the last check saw")).to_be_visible()
    expect(page.get_by_text("SHA256:").first).to_be_visible()
    expect(page.get_by_text("Nothing was deployed to this machine yet.")).to_be_visible()
    page.get_by_role("button", name="Check health now").click()
    expect(
        page.get_by_role("status").filter(has_text="Check the health").get_by_text("Success")
    ).to_be_visible()
    visitor.look("target")
    page.get_by_role("link", name="Run a script").click()
    page.locator(".cm-content").click()
    page.keyboard.type("echo hello from the plant")
    visitor.look("target-script")
    page.get_by_role("button", name="Run on plant-1").click()
    expect(
        page.get_by_role("status").filter(has_text="Run a script on").get_by_text("Success")
    ).to_be_visible()
    page.get_by_label("Parts of the machine").get_by_role("link", name="Settings").click()
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("^must not be empty"))).to_be_visible()
    page.get_by_label("Name", exact=True).fill("plant-1")
    page.get_by_role("combobox", name="Target tags").fill("press")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_attribute("aria-disabled", "true")
    visitor.look("target-settings")
    page.get_by_role("button", name="Disable", exact=True).click()
    expect(page.get_by_role("button", name="Enable", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Check health now")).to_have_attribute("aria-disabled", "true")


def test_a_host_is_added_over_ssh_after_its_key_was_compared_and_keeps_its_account_from_being_deleted(
    quickstart: Quickstart, visit: Visit, tmp_path: Path
) -> None:
    if not SSHD:
        pytest.skip("sshd: not on this machine")
    visitor = visit()
    visitor.forgive("400 (Bad Request)", "409 (Conflict)")
    with sshd(tmp_path) as [host]:
        page = visitor.sign_in(quickstart.url, f"{SPACE}/machines/add?kind=ssh")
        pick(page, "Environments", "Development")
        page.get_by_role("combobox", name="Target tags").fill("till")
        page.keyboard.press("Enter")
        page.get_by_label("Host", exact=True).fill("127.0.0.1")
        page.get_by_label("Port", exact=True).fill(str(host.port))
        page.get_by_label("Name here").fill("till-1")
        page.get_by_role("button", name="New account").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Name of the account").fill("Tills")
        dialog.get_by_label("User name").fill(host.username)
        dialog.get_by_label("Private key", exact=True).fill(host.key.read_text())
        visitor.look("add-account")
        dialog.get_by_role("button", name="Add account").click()
        page.get_by_role("button", name="Ask 127.0.0.1 for its key").click()
        expect(page.locator("[data-fingerprint]")).to_have_text(host.fingerprint)
        own = page.get_by_label("What the host says itself")
        own.fill("SHA256:" + "A" * 43)
        expect(page.get_by_text("This is another key.")).to_be_visible()
        expect(page.get_by_role("button", name="Add and check it")).to_have_count(0)
        own.fill(f"256 {host.fingerprint} root@till (ED25519)")
        expect(page.get_by_text("They are the same.")).to_be_visible()
        visitor.look("add-ssh")
        page.get_by_role("button", name="Add and check it").click()
        expect(page.get_by_text("Healthy", exact=True)).to_be_visible()
        page.get_by_role("link", name="Open till-1").click()
        expect(page.get_by_text(host.fingerprint, exact=True).first).to_be_visible()
        the_account_is_kept_until_its_machine_is_gone(quickstart, visitor, page)


def the_account_is_kept_until_its_machine_is_gone(
    quickstart: Quickstart, visitor: Visitor, page: Page
) -> None:
    visitor.go(quickstart.url, f"{SPACE}/accounts")
    page.get_by_role("link", name="Tills").click()
    expect(page.get_by_role("link", name="till-1")).to_be_visible()
    expect(page.get_by_text("ssh-ed25519")).to_be_visible()
    visitor.look("account")
    delete(page, "Delete Tills", "Tills")
    expect(page.get_by_role("alert")).to_contain_text("till-1")
    page.keyboard.press("Escape")
    visitor.go(quickstart.url, f"{SPACE}/machines?q=till&health=Healthy")
    page.get_by_label("Choose till-1").check()
    page.get_by_role("button", name="Disable 1").click()
    expect(page.get_by_role("table").get_by_text("Disabled", exact=True)).to_be_visible()
    visitor.go(quickstart.url, f"{SPACE}/machines?q=till")
    page.get_by_role("link", name="till-1").click()
    page.get_by_label("Parts of the machine").get_by_role("link", name="Settings").click()
    delete(page, "Delete till-1", "till-1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Deployment targets")


def test_a_worker_joins_its_pool_by_the_command_of_the_web_address(
    quickstart: Quickstart, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"{SPACE}/workers")
    page.get_by_role("button", name="Add pool").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Builders")
    dialog.get_by_role("button", name="Add pool").click()
    expect(page.get_by_role("button", name="Builders", exact=True)).to_be_visible()
    visitor.go(quickstart.url, f"{SPACE}/workers/add?kind=websocket")
    pick(page, "Worker pools", "Builders")
    page.get_by_role("button", name="Make the command").click()
    command = page.get_by_label("Command", exact=True).inner_text()
    assert "--websocket" in command and "--pool WorkerPools-" in command
    agent = join(command, tmp_path / "worker", "builder-1")
    try:
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        visitor.go(quickstart.url, f"{SPACE}/workers")
        expect(page.get_by_role("link", name="builder-1")).to_be_visible()
        visitor.look("workers")
        page.get_by_role("link", name="builder-1").click()
        page.get_by_label("Parts of the machine").get_by_role("link", name="Settings").click()
        delete(page, "Delete builder-1", "builder-1")
        expect(page.get_by_role("heading", level=1)).to_have_text("Workers")
    finally:
        agent.stop()


def test_a_certificate_is_made_and_exported_replaced_archived_and_deleted(
    quickstart: Quickstart, visit: Visit
) -> None:
    visitor = visit()
    visitor.forgive("400 (Bad Request)")
    page = visitor.sign_in(quickstart.url, "Spaces-1/library/certificates?add=generate")
    page.get_by_label("Name", exact=True).fill("Shop")
    page.get_by_label("Common name").fill("shop.example")
    page.get_by_role("button", name="Generate certificate").click()
    expect(page.get_by_text("Valid, 36")).to_be_visible()
    visitor.look("certificate")
    with page.expect_download() as told:
        page.get_by_role("button", name="Export", exact=True).click()
    pem = Path(told.value.path()).read_text()
    assert pem.startswith("-----BEGIN CERTIFICATE-----")
    page.get_by_role("button", name="Replace it").click()
    page.get_by_label("Or its PEM").fill("nonsense")
    page.get_by_role("button", name="Replace Shop").click()
    expect(page.get_by_text(re.compile("is neither PEM, DER nor PKCS #12"))).to_be_visible()
    page.get_by_label("Or its PEM").fill(pem)
    page.get_by_role("button", name="Replace Shop").click()
    expect(page.get_by_role("button", name="Replace it")).to_be_visible()
    page.get_by_role("button", name="Archive", exact=True).click()
    expect(page.get_by_text("Nothing new can use it.")).to_be_visible()
    delete(page, "Delete Shop", "Shop")
    expect(page).to_have_url(f"{quickstart.url}/app/Spaces-1/library/certificates")


PAGES = [
    ("environments", f"{SPACE}/environments"),
    ("environment", f"{SPACE}/environments/development"),
    ("targets", f"{SPACE}/machines"),
    ("targets-filtered", f"{SPACE}/machines?health=Healthy&disabled=no"),
    ("target", f"{SPACE}/machines/Machines-1"),
    ("target-settings", f"{SPACE}/machines/Machines-1?tab=settings"),
    ("add-target", f"{SPACE}/machines/add"),
    ("add-ssh-begin", f"{SPACE}/machines/add?kind=ssh"),
    ("workers", f"{SPACE}/workers"),
    ("policies", f"{SPACE}/policies"),
    ("policy", f"{SPACE}/policies/MachinePolicies-1"),
    ("proxies", f"{SPACE}/proxies?open=new"),
    ("accounts", f"{SPACE}/accounts"),
    ("certificates", "Spaces-1/library/certificates"),
]
SEEN = {"accounts": "Shown", "certificates": "Shown"}


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_every_page_of_the_infrastructure_stands_in_both_themes_and_on_a_small_screen(
    quickstart: Quickstart, visit: Visit, scheme: str, width: int
) -> None:
    some_things_to_see(quickstart)
    visitor = visit(scheme, width)
    page = visitor.sign_in(quickstart.url, PAGES[0][1])
    for name, path in PAGES:
        visitor.go(quickstart.url, path)
        if name in SEEN:
            expect(page.get_by_text(SEEN[name], exact=True).first).to_be_visible()
        visitor.look(name)


def some_things_to_see(quickstart: Quickstart) -> None:
    """An account and a certificate, once."""
    key = (quickstart.data / "cli.key").read_text().strip()
    with httpx2.Client(
        base_url=quickstart.url, headers={"X-Octopus-ApiKey": key}, timeout=120, trust_env=False
    ) as client:
        api = Scenario(client)
        if "Shown" not in [each["Name"] for each in api.get("accounts/all")]:
            token = {"HasValue": True, "NewValue": "s3cr3t-of-the-shown-account"}
            api.post("accounts", {"Name": "Shown", "AccountType": "Token", "Token": token})
        if "Shown" not in [each["Name"] for each in api.get("certificates/all")]:
            made = {"Name": "Shown", "CommonName": "shown.example", "DaysValid": 5}
            api.post("certificates/generate", made)
