"""A shop to release: a project with a package, prompted variables, two phases and a channel with a rule."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import httpx2

from tests.fixtures_quickstart import Quickstart
from tests.scenario import Scenario, script, step

__all__ = ["PACKAGE", "Shop", "archive"]

PACKAGE = "Shop.Web"
_ROLE = "hello-web"
_PHASES = {"Development": "Trying", "Production": "Live"}
_SETTINGS = {
    "Select": {"Octopus.ControlType": "Select", "Octopus.SelectOptions": "blue|Blue\ngreen|Green"},
    "Sensitive": {"Octopus.ControlType": "Sensitive"},
}


def archive(text: str = "shop") -> bytes:
    """A package's bytes, the same for the same text."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as made:
        made.writestr(zipfile.ZipInfo("index.html"), f"<h1>{text}</h1>\n")
    return room.getvalue()


class Shop:
    """Makes the project `name` on a server, with all that belongs to it. Names carry `name`, so tests do not meet."""

    def __init__(self, quickstart: Quickstart, name: str) -> None:
        key = (quickstart.data / "cli.key").read_text().strip()
        self.client = httpx2.Client(
            base_url=quickstart.url, headers={"X-Octopus-ApiKey": key}, timeout=120, trust_env=False
        )
        self.api = Scenario(self.client)
        self.name, self.package = name, f"{PACKAGE}.{name}"
        for version in ("1.0.0", "1.1.0", "2.0.0-beta.1"):
            self.push(f"{self.package}.{version}.zip", archive(version))
        self.api.post("build-information", self._build())
        self.project = self._project()

    def push(self, file: str, data: bytes) -> None:
        """Uploads a package."""
        answer = self.client.post(
            "/api/Spaces-1/packages/raw?overwriteMode=OverwriteExisting", files={"file": (file, data)}
        )
        assert answer.status_code in (200, 201), answer.text

    def environment(self, name: str) -> str:
        """The id of an environment of the sample."""
        return str(self.api.get(f"environments/{name}")["Id"])

    def release(self, version: str, package: str = "1.0.0", **more: Any) -> dict[str, Any]:
        """A release of the shop."""
        body = {
            "ProjectId": self.project["Id"],
            "Version": version,
            "SelectedPackages": [{"ActionName": "Bring the shop", "Version": package}],
            **more,
        }
        return dict(self.api.post("releases", body))

    def _project(self) -> dict[str, Any]:
        lifecycle = self.api.post("lifecycles", self._lifecycle())
        made = self.api.project(self.name, self._steps(), self._variables(), LifecycleId=lifecycle["Id"])
        rule = {"VersionRange": "[2.0,)", "ActionPackages": [{"DeploymentAction": "Bring the shop"}]}
        path = f"projects/{made['Id']}/channels"
        self.api.post(path, {"Name": "Stable", "ProjectId": made["Id"], "Rules": [rule]})
        return made

    def _lifecycle(self) -> dict[str, Any]:
        phases = [
            {"Name": phase, "OptionalDeploymentTargets": [self.environment(name)]}
            for name, phase in _PHASES.items()
        ]
        return {"Name": f"Two phases of {self.name}", "Phases": phases}

    def _steps(self) -> list[dict[str, Any]]:
        bring = {
            "Name": "Bring the shop",
            "ActionType": "Octopus.TentaclePackage",
            "Properties": {
                "Octopus.Action.Package.FeedId": "feeds-builtin",
                "Octopus.Action.Package.PackageId": self.package,
                "Octopus.Action.Package.DownloadOnTentacle": "False",
            },
        }
        on_server = {"Octopus.Action.RunOnServer": "true"}
        return [
            step("Bring the shop", bring, roles=_ROLE),
            step("Greet", script('echo "because #{Reason}"'), roles=_ROLE),
            step("Tell everybody", script("echo told", **on_server), roles=""),
            step("Feed the lions", script("echo roar"), roles="lions"),
            step("Not yet", script("echo never", IsDisabled=True), roles=_ROLE),
        ]

    def _variables(self) -> list[dict[str, Any]]:
        def asked(label: str, control: str = "", **more: Any) -> dict[str, Any]:
            return {"Label": label, "DisplaySettings": _SETTINGS.get(control, {}), **more}

        return [
            {
                "Name": "Reason",
                "Value": "",
                "Prompt": asked("Why now", Required=True, Description="For all."),
            },
            {"Name": "Colour", "Value": "blue", "Prompt": asked("Colour", "Select")},
            {"Name": "Token", "Value": None, "IsSensitive": True, "Prompt": asked("Token", "Sensitive")},
        ]

    def _build(self) -> dict[str, Any]:
        said = {
            "BuildEnvironment": "Jenkins",
            "BuildNumber": "288",
            "BuildUrl": "https://ci.example/288",
            "Branch": "main",
            "VcsType": "Git",
            "VcsRoot": "https://git.example/acme/shop",
            "VcsCommitNumber": "0a1b2c3d",
            "Commits": [{"Id": "0a1b2c3d", "Comment": "Show prices with tax"}],
            "WorkItems": [{"Id": "SHOP-7", "Source": "Jira", "Description": "Prices with tax"}],
        }
        return {"PackageId": self.package, "Version": "1.1.0", "OctopusBuildInformation": said}
