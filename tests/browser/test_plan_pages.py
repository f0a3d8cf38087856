"""What a deployment changes on each target, values taken one by one, pickers, uses of packages and comparisons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.releasing import Shop
from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart
from tests.scenario import script, step

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
LOOKS = [("dark", 1280), ("light", 320)]
ANSWERS = {"FormValues": {"Reason": "to see", "Token": "hush"}}
NEW_STEP = step(
    "Leave a note",
    script('echo "#{Octopus.Deployment.Id}" > note.txt; new_octopusartifact note.txt'),
    roles="hello-web",
)


class Orchard(Shop):
    """A shop whose release 1.0.0 is in Development, and that has changed since. `other` is an environment of its own."""

    def __init__(self, quickstart: Quickstart, name: str = "Orchard", other: str = "Greenhouse") -> None:
        self.other = other
        super().__init__(quickstart, name)
        self.path = f"variables/{self.project['VariableSetId']}"
        self.vary(Url="https://old.example", Whole="#{Url}/shop", Key="hush-1")
        self.first = self.release("1.0.0")
        self.deployed(self.first, "Development")
        self.vary(Url="https://new.example", Whole="#{Url}/shop", Key="hush-2", Extra="more")
        process = self.api.get(f"projects/{self.project['Id']}/deploymentprocesses")
        greet = process["Steps"][1]["Actions"][0]
        greet["Properties"]["Octopus.Action.Script.ScriptBody"] = 'echo "now because #{Reason}"'
        self.api.set_process(self.project["Id"], [*process["Steps"], NEW_STEP])
        self.second = self.release("1.1.0", "1.1.0")

    def _lifecycle(self) -> dict[str, Any]:
        """One phase with two environments; the sample's target is in both."""
        made = self.api.environment(self.other)
        (machine,) = [one for one in self.api.get("machines/all") if "hello-web" in one["Roles"]]
        places = {"EnvironmentIds": [*machine["EnvironmentIds"], made]}
        self.api.ask("PUT", f"/api/Spaces-1/machines/{machine['Id']}", {**machine, **places})
        both = [self.environment("Development"), made]
        return {
            "Name": f"Both at once for {self.name}",
            "Phases": [{"Name": "Both", "OptionalDeploymentTargets": both}],
        }

    def _steps(self) -> list[dict[str, Any]]:
        """What runs on the target; the server of the sample runs nothing itself."""
        return [one for one in super()._steps() if one["Name"] in ("Bring the shop", "Greet")]

    def vary(self, **values: str) -> None:
        """Gives plain variables values; one called Key is sensitive. Those that are prompted for stay."""
        found = self.api.get(self.path)
        kept = [one for one in found["Variables"] if one["Prompt"]]
        rows = [
            {"Id": f"orchard-{name}", "Name": name, "Value": value, "IsSensitive": name == "Key"}
            for name, value in values.items()
        ]
        self.api.ask("PUT", f"/api/Spaces-1/{self.path}", {**found, "Variables": [*kept, *rows]})

    def deployed(self, release: dict[str, Any], environment: str) -> str:
        """Deploys and waits for the success."""
        task = self.api.deploy(release["Id"], self.environment(environment), **ANSWERS)
        assert self.api.wait(task)["State"] == "Success", self.api.raw(task)
        return task

    def tasks_of(self, release: dict[str, Any]) -> set[str]:
        """The tasks that deploy or have deployed it."""
        return {one["TaskId"] for one in self.api.get(f"releases/{release['Id']}/deployments")["Items"]}


@pytest.fixture(scope="session")
def orchard(quickstart: Quickstart) -> Iterator[Orchard]:
    """The project all tests of this module look at."""
    made = Orchard(quickstart)
    yield made
    made.client.close()


def test_the_plan_tells_target_by_target_what_changes_and_one_click_deploys_to_several_places(
    quickstart: Quickstart, visit: Visit, orchard: Orchard
) -> None:
    orchard.deployed(orchard.first, "Development")
    release = f"Spaces-1/releases/{orchard.second['Id']}"
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"{release}/deploy?environment=development")
    changes = page.locator("[data-changes='Development']")
    group = changes.locator("[data-group]").filter(has_not_text="Server or worker")
    expect(group.locator("summary")).to_contain_text("1.0.0 → 1.1.0")
    for part in (
        "1 package changes",
        "1 new step",
        "1 changed step",
        "4 variables change",
        "cannot be foreseen",
    ):
        expect(group.locator("summary")).to_contain_text(part)
    group.locator("summary").click()
    bring = group.locator("[data-difference='Bring the shop']")
    expect(bring).to_contain_text(f"{orchard.package}: 1.0.0 → 1.1.0")
    greet = group.locator("[data-difference='Greet']")
    expect(greet).to_have_attribute("data-change", "Changed")
    expect(greet).to_contain_text("Octopus.Action.Script.ScriptBody")
    expect(greet).to_contain_text("It runs a script, which may change anything.")
    expect(group.locator("[data-variable='Url']")).to_contain_text("https://old.example")
    expect(group.locator("[data-variable='Url']")).to_contain_text("https://new.example")
    expect(group.locator("[data-variable='Whole']")).to_contain_text("it mentions Url, which changes")
    expect(group.locator("[data-variable='Key']")).to_contain_text("A secret: changed")
    expect(group.locator("[data-variable='Extra']")).to_contain_text("not there")
    assert "hush-" not in page.content()
    visitor.look("plan-differences")
    page.get_by_label("Run Greet").uncheck()
    expect(greet).to_have_count(0)
    orchard.deployed(orchard.second, "Development")
    before = orchard.tasks_of(orchard.second)
    visitor.go(quickstart.url, f"{release}/deploy?environment=development,greenhouse")
    expect(page.locator("[data-changes='Development'] summary").first).to_contain_text("1.1.0 again")
    expect(page.locator("[data-changes='Greenhouse']")).to_contain_text(
        "nothing of this project has run here"
    )
    page.get_by_label("Why now").fill("both at once")
    page.get_by_role("button", name=re.compile("Deploy 1.1.0 to .* in Development and Greenhouse")).click()
    page.wait_for_url(f"**/{release}")
    begun = orchard.tasks_of(orchard.second) - before
    assert len(begun) == 2
    assert {orchard.api.wait(task)["State"] for task in begun} == {"Success"}
    expect(page.locator("[data-phase='Both']")).to_have_attribute("data-progress", "Complete")


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_plan_and_the_comparison_stand_being_looked_at(
    quickstart: Quickstart, visit: Visit, orchard: Orchard, scheme: str, width: int
) -> None:
    release = f"Spaces-1/releases/{orchard.first['Id']}"
    visitor = visit(scheme, width)
    page = visitor.sign_in(quickstart.url, f"{release}/deploy?environment=development&values=choose")
    expect(page.get_by_role("table", name="Changed variables")).to_be_visible()
    page.locator("[data-changes='Development'] summary").first.click()
    expect(page.get_by_text("Last here:")).to_be_visible()
    visitor.look("plan-differences")
    visitor.go(quickstart.url, f"Spaces-1/releases/{orchard.second['Id']}?compare=1.0.0")
    expect(page.get_by_role("table", name="Results")).to_be_visible()
    visitor.look("release-compared")


def test_changed_variables_are_taken_value_by_value(
    quickstart: Quickstart, visit: Visit, orchard: Orchard
) -> None:
    made = orchard.release("1.0.1")
    orchard.vary(Url="https://newest.example", Whole="#{Url}/shop", Key="hush-3")
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"Spaces-1/releases/{made['Id']}/deploy?environment=development")
    page.get_by_role("button", name="Show the changed values").click()
    expect(page).to_have_url(re.compile("values=choose"))
    row = page.locator("[data-changed='Url']")
    expect(row).to_contain_text("https://new.example")
    expect(row).to_contain_text("https://newest.example")
    expect(page.locator("[data-changed='Key']")).to_contain_text("another secret")
    expect(page.locator("[data-changed='Extra']")).to_contain_text("not there")
    visitor.look("values-chosen")
    take = page.get_by_role("button", name=re.compile("^Take .* into 1.0.1"))
    expect(take).to_have_attribute("aria-disabled", "true")
    row.get_by_label("Take Url").check()
    page.get_by_role("button", name="Take 1 value into 1.0.1").click()
    expect(row).to_have_count(0)
    expect(page.locator("[data-changed='Extra']")).to_be_visible()
    sets = orchard.api.get(f"projects/{orchard.project['Id']}/releases/1.0.1/variables")
    frozen = {one["Name"]: one["Value"] for one in sets[0]["Variables"]}
    assert (frozen["Url"], frozen["Extra"]) == ("https://newest.example", "more")
    page.get_by_label("Choose all").check()
    page.get_by_role("button", name="Take 2 values into 1.0.1").click()
    expect(page.get_by_text("Variables have changed")).to_have_count(0)


def test_prompted_accounts_certificates_and_pools_are_chosen_by_name(
    quickstart: Quickstart, visit: Visit, orchard: Orchard
) -> None:
    api = orchard.api
    account = {
        "AccountType": "UsernamePassword",
        "Username": "u",
        "Password": {"HasValue": True, "NewValue": "p"},
    }
    made = api.post("accounts", {"Name": "Orchard keeper", **account})
    api.post(
        "accounts",
        {"Name": "Orchard token", "AccountType": "Token", "Token": {"HasValue": True, "NewValue": "t"}},
    )
    pool = api.post("workerpools", {"Name": "Orchard hands", "WorkerPoolType": "StaticWorkerPool"})
    paper = api.post(
        "certificates/generate", {"Name": "Orchard paper", "CommonName": "orchard.example", "DaysValid": 30}
    )

    def asked(name: str, kind: str) -> dict[str, Any]:
        settings = {"Octopus.ControlType": kind}
        prompt = {"Label": name, "Required": name != "Cloud", "DisplaySettings": settings}
        return {"Name": name, "Type": kind if kind != "StepName" else "String", "Value": "", "Prompt": prompt}

    asks = {
        "Keeper": "UsernamePasswordAccount",
        "Hands": "WorkerPool",
        "Paper": "Certificate",
        "Cloud": "GoogleCloudAccount",
        "Which": "StepName",
    }
    project = api.project(
        "Orchard asks",
        [step("Only", script("echo"), roles="hello-web")],
        [asked(*one) for one in asks.items()],
    )
    release = api.post("releases", {"ProjectId": project["Id"], "Version": "1.0"})
    visitor = visit()
    page = visitor.sign_in(
        quickstart.url, f"Spaces-1/releases/{release['Id']}/deploy?environment=development"
    )
    page.get_by_role("combobox", name="Keeper").click()
    expect(page.get_by_role("option", name="Orchard token")).to_have_count(0)
    page.get_by_role("option", name="Orchard keeper").click()
    page.get_by_role("combobox", name="Hands").fill("hands")
    page.get_by_role("option", name="Orchard hands").click()
    page.get_by_role("combobox", name="Paper").click()
    page.get_by_role("option", name="Orchard paper").click()
    page.get_by_role("combobox", name="Cloud").click()
    expect(page.get_by_text("This space has none that fits.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Which").click()
    page.get_by_role("option", name="Only").click()
    visitor.look("prompted-references")
    page.get_by_role("button", name=re.compile("^Deploy 1.0 to .* in Development")).click()
    page.wait_for_url("**/tasks/ServerTasks-*")
    (done,) = api.get(f"releases/{release['Id']}/deployments")["Items"]
    assert {made["Id"], pool["Id"], paper["Id"], "Only"} <= set(done["FormValues"].values())


def test_a_package_names_the_releases_that_use_it_and_where_they_are(
    quickstart: Quickstart, visit: Visit, orchard: Orchard
) -> None:
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"Spaces-1/library/packages/{orchard.package}?version=1.0.0")
    use = page.locator("[data-use='Orchard 1.0.0']")
    expect(use.locator("[data-place='Development']")).to_contain_text(
        re.compile("last one there|came after it")
    )
    visitor.look("package-uses")
    page.get_by_role("link", name="2.0.0-beta.1", exact=True).click()
    expect(page.get_by_text("No release uses this version.")).to_be_visible()
    page.get_by_role("link", name="1.0.0", exact=True).click()
    use.get_by_role("link", name="Orchard 1.0.0").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Orchard 1.0.0")


def test_two_releases_and_two_deployments_are_compared_in_everything(
    quickstart: Quickstart, visit: Visit
) -> None:
    meadow = Orchard(quickstart, "Meadow", "Barn")
    meadow.deployed(meadow.second, "Development")
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"Spaces-1/releases/{meadow.second['Id']}?compare=1.0.0")
    outcome = page.locator("[data-outcome='Development']")
    expect(outcome.locator("[data-state='success']")).to_have_count(2)
    expect(outcome).to_contain_text("1 target")
    compared = page.get_by_role("region", name="Compared with 1.0.0")
    expect(compared.get_by_role("row", name="note.txt")).to_contain_text("not there")
    expect(compared.get_by_role("row", name="Bring the shop")).to_contain_text("1.1.0")
    expect(compared.get_by_role("row", name="Url")).to_contain_text("https://new.example")
    expect(compared.get_by_text("Show prices with tax")).to_be_visible()
    expect(compared.get_by_text("now because").first).to_be_visible()
    page.get_by_role("link", name="Compare Development with the one before").first.click()
    section = page.get_by_role("region", name="Deployment compared")
    expect(section.locator("[data-outcome='Development']")).to_be_visible()
    expect(section.get_by_role("row", name="note.txt")).to_be_visible()
    visitor.look("deployments-compared")
    meadow.client.close()
