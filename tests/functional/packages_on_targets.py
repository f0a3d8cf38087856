"""Packages as tests bring them to a runner, and the work they ask of it."""

from __future__ import annotations

import hashlib
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from gurita.runner.package_work import InstalledAs, Package, PackageWork
from tests.functional.runner_channel import TASK, Channel, Seen, folder_of, new_ticket

__all__ = ["ME", "bring", "deploy", "journal_of", "named", "outputs", "start", "successes", "work_folder"]

ME = InstalledAs("Environments-1", "", "Projects-1", "Environments-1/Projects-1/Deploy web/Machines-1")


def named(data: bytes, *, id: str = "Acme.Web", version: str = "1.2.3", extension: str = ".zip") -> Package:
    """The package these bytes are."""
    return Package(id, version, extension, hashlib.sha256(data).hexdigest(), len(data), "feeds-builtin")


def bring(channel: Channel, data: bytes, *, block: int = 1 << 20, **more: str) -> Package:
    """Send a package as the server does."""
    package = named(data, **more)
    opened, _ = channel.ask("package_open", package=package._asdict())
    if not opened.get("have"):
        upload, offset = opened["upload"], opened["offset"]
        while offset < len(data):
            offset = channel.ask(
                "package_write", data[offset : offset + block], upload=upload, offset=offset
            )[0]["offset"]
        channel.ask("package_close", upload=upload)
    return package


def start(
    channel: Channel, work: PackageWork, variables: dict[str, str] | None = None, sensitive: tuple[str, ...] = (), **spec: Any
) -> str:  # fmt: skip
    """Begin the work under a new ticket."""
    ticket = new_ticket()
    names = {
        "Octopus.Action.Name": "Deploy web",
        "Octopus.Machine.Name": "web1",
        "Octopus.Action.Script.SuppressEnvironmentLogging": "True",
    }
    private = {
        "variables": {**names, **(variables or {})},
        "sensitive": list(sensitive),
        "package": work.as_json(),
    }
    channel.ask(
        "start", json.dumps(private).encode(), task=TASK, ticket=ticket, fence=1, mode="write", installation="one",
        holder="server one", spec={"interpreter": "package", "timeout": 0, "grace": 5, **spec},
    )  # fmt: skip
    return ticket


def deploy(channel: Channel, package: Package, applications: Path, **more: Any) -> Seen:
    """Deploy a package and wait for the end."""
    variables = more.pop("variables", None)
    sensitive = more.pop("sensitive", ())
    work = PackageWork(
        kind=more.pop("kind", "deploy"), package=package, applications=str(applications), environment="Production",
        installed_as=ME,
    )._replace(**more)  # fmt: skip
    return channel.follow(start(channel, work, variables, sensitive))


def outputs(seen: Seen) -> dict[str, str]:
    """Output variables told in clear."""
    return {
        each["variable"]: each["value"]
        for each in seen.messages
        if each["name"] == "setVariable" and "value" in each
    }


def journal_of(channel: Channel) -> list[ET.Element]:
    """The entries of the deployment journal."""
    text = (channel.home / "journal-v1/one/DeploymentJournal.xml").read_text()
    return ET.fromstring(text).findall("Deployment")  # noqa: S314  our own file


def successes(channel: Channel) -> list[str | None]:
    """Whether the journaled installations succeeded, the oldest first."""
    return [entry.get("WasSuccessful") for entry in journal_of(channel)]


def work_folder(channel: Channel, ticket: str) -> Path:
    """The working folder of a ticket."""
    return folder_of(channel, ticket) / "work"
