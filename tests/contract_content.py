"""Spaces with one of everything in them, for tests that look at every route."""

from __future__ import annotations

import base64
import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gurita.server.routes import ROUTES
from tests.canary import secret
from tests.fixtures_server import GuritaServer, gurita_server
from tests.fixtures_sshd import SshHost, sshd
from tests.packaging import zip_of
from tests.scenario import Scenario, script, step

__all__ = ["Filled", "fill", "filled", "has"]

_POSTABLE = {route.path for route in ROUTES if route.method == "POST"}


def has(path: str) -> bool:
    """Whether there is a route to make something at a path with."""
    return path in _POSTABLE


def _secret(text: str) -> dict[str, Any]:
    return {"HasValue": True, "NewValue": text}


def _marked(name: str) -> dict[str, Any]:
    return _secret(secret(name))


@dataclass
class Filled:
    """A server with a full default space and another full one, and the host both have as their machine."""

    server: GuritaServer
    host: SshHost
    here: Scenario
    there: Scenario


@contextlib.contextmanager
def filled(folder: Path) -> Iterator[Filled]:
    """A server with two full spaces. One deployment in each waits for a person until the end."""
    (folder / "hosts").mkdir()
    with sshd(folder / "hosts") as (host,), gurita_server(folder / "server") as server:
        me = server.get("users/me")
        space = server.post("spaces", {"Name": "Next door", "SpaceManagersTeamMembers": [me["Id"]]})
        server.post(f"users/{me['Id']}/apikeys", {"Purpose": "To look at"})
        _more_of_the_system(server)
        made = Filled(server, host, Scenario(server.client), Scenario(server.client, space["Id"]))
        fill(made.here, host)
        fill(made.there, host, "site")
        yield made
        assert "Traceback" not in server.log.read_text()


def _more_of_the_system(server: GuritaServer) -> None:
    robot = server.post("users", {"Username": "robot", "DisplayName": "Robot", "IsService": True})["Id"]
    if has("/gurita/identity-providers"):
        directory = {"Host": "127.0.0.1", "Port": 9, "UserBase": "dc=example"}
        server.post("gurita/identity-providers", {"Name": "Directory", "IsEnabled": False, "Ldap": directory})
    if has("/serviceaccounts/{account}/oidcidentities/create/v1"):
        identity = {"Name": "Builds", "Issuer": "https://ci.example", "Subject": "repo:web"}
        body = {"ServiceAccountId": robot, **identity}
        server.post(f"serviceaccounts/{robot}/oidcidentities/create/v1", body)


def _come_to_rest(made: Scenario) -> None:
    """Returns once every task of the space has ended, but for those that wait for a person."""
    ends = time.monotonic() + 180
    while moving := [one for one in made.get("tasks?take=1000")["Items"] if not _is_still(one)]:
        assert time.monotonic() < ends, moving
        time.sleep(0.05)


def _is_still(task: dict[str, Any]) -> bool:
    return bool(task["IsCompleted"] or task["HasPendingInterruptions"])


def fill(made: Scenario, host: SshHost, package: str = "web") -> None:
    """One of everything in a space: what has a name, and a deployment that ended and one that asks a question.

    Packages, whose ids are made of their names, are called by `package`.
    """
    dev, test = made.environment("Dev"), made.environment("Test", Description="for testers")
    account = made.ssh_account(host)
    for kind, members in (
        ("UsernamePassword", {"Username": "u", "Password": _marked("account")}),
        ("Token", {"Token": _marked("token")}),
    ):
        made.post("accounts", {"AccountType": kind, "Name": f"A {kind}", **members})
    machine = made.ssh_machine(host, account, [dev, test], ["web"], "web 1")
    # Checked now, so that no check by schedule comes in between.
    made.wait(made.post("tasks", {"Name": "Health", "Arguments": {"MachineIds": [machine]}})["Id"])
    made.post("machinepolicies", {"Name": "Strict"})
    made.post("projectgroups", {"Name": "Shop"})
    phases = [{"Name": "First", "OptionalDeploymentTargets": [dev]}]
    made.post("lifecycles", {"Name": "Phased", "Phases": phases})
    _more(made, package)
    said = 'echo "said on #{Octopus.Machine.Name}"; echo kept > kept.txt; new_octopusartifact "$PWD/kept.txt" kept.txt'
    project = made.project("Web", [step("Say", script(said))], _variables(dev))
    made.post("channels", {"Name": "Hotfix", "ProjectId": project["Id"], "Description": "quickly"})
    done = made.wait(made.deploy(made.release(project["Id"], "1.0.0"), dev, Comments="as planned"))
    assert done["State"] == "Success", made.raw(done["Id"])
    asks = made.project("Asks", [step("Break", script("exit 9"))])
    task = made.deploy(made.release(asks["Id"]), dev, UseGuidedFailure=True)
    ends = time.monotonic() + 180
    while not made.get(f"interruptions?regarding={task}")["Items"]:
        assert time.monotonic() < ends, made.raw(task)
        time.sleep(0.05)
    _come_to_rest(made)


def _variables(environment: str) -> list[dict[str, Any]]:
    return [
        {"Name": "Port", "Value": "80", "Type": "String", "Scope": {"Environment": [environment]}},
        {"Name": "Port", "Value": "8080", "Type": "String"},
        {"Name": "Password", "Value": secret("variable"), "Type": "Sensitive", "IsSensitive": True},
        {
            "Name": "Why",
            "Value": "because",
            "Type": "String",
            "Prompt": {
                "Label": "Why",
                "Description": "For the record",
                "Required": True,
                "DisplaySettings": {"Octopus.ControlType": "SingleLineText"},
            },
        },
    ]


def _more(made: Scenario, package: str) -> None:
    """What has come since, as far as it is there."""
    proxy = {"Host": "127.0.0.1", "Port": 3128, "Username": "u", "Password": _marked("proxy")}
    # The built-in feed of the default space, seen through the protocol of others.
    nuget = f"{made.client.base_url}/Spaces-1/nuget/v3/index.json".replace("//Spaces", "/Spaces")
    key = _secret(made.client.headers["X-Octopus-ApiKey"])
    certificate = {"CertificateData": _secret(_certificate()), "Password": {"HasValue": False}}
    for path, body in (
        ("proxies", {"Name": "Out", **proxy}),
        ("certificates", {"Name": "shop.example", **certificate}),
        ("feeds", {"Name": "Far", "FeedType": "NuGet", "FeedUri": nuget, "Username": "key", "Password": key}),
        ("build-information", {**_BUILT, "PackageId": package}),
        ("libraryvariablesets", {"Name": "Shared", "Templates": [{"Name": "Key", "Label": "A key"}]}),
    ):
        if has(f"/{path}"):
            made.post(path, body)
    if has("/gurita/registration-tokens"):
        made.post("gurita/registration-tokens", {"Roles": ["web"], "EnvironmentIds": ["Environments-1"]})
    if has("/subscriptions"):
        made.post("subscriptions", {"Name": "For everybody", "EventNotificationSubscription": _TOLD})
    if has("/workers"):
        pool = made.post("workerpools", {"Name": "Builders", "WorkerPoolType": "StaticWorkerPool"})
        machine = made.get("machines/all")[0]
        kept = {name: machine[name] for name in ("Endpoint", "MachinePolicyId")}
        made.post("workers", {"Name": "builder 1", "WorkerPoolIds": [pool["Id"]], **kept})
    if has("/packages/raw"):
        for name, inside in (
            (f"{package}.1.4.2.zip", "hello.txt"),
            (f"lib.{package}.2.0.0.nupkg", "lib.nuspec"),
        ):
            file = {"fileToUpload": (name, _zip(inside, f"lib.{package}"))}
            pushed = made.client.post(f"/api/{made.space}/packages/raw", files=file)
            assert pushed.status_code == 201, pushed.text


_TOLD = {
    "Filter": {"EventGroups": ["Deployment"]},
    "EmailTeams": ["teams-everyone"],
    "WebhookHeaderKey": "Authorization",
    "WebhookHeaderValue": _marked("webhook header"),
    "WebhookSecret": _marked("webhook secret"),
}

_BUILT = {
    "Version": "1.4.2",
    "OctopusBuildInformation": {
        "BuildEnvironment": "Pipeline",
        "BuildNumber": "288",
        "BuildUrl": "https://ci.example/288",
        "Branch": "main",
        "VcsType": "Git",
        "VcsRoot": "https://git.example/web.git",
        "VcsCommitNumber": "314cf2c3ee91",
        "Commits": [{"Id": "314cf2c3ee91", "Comment": "Serve faster"}],
    },
}


_NUSPEC = (
    "<package><metadata><id>{id}</id><version>2.0.0</version><title>Lib</title><authors>us</authors>"
    "<description>Shared</description><releaseNotes>Faster</releaseNotes></metadata></package>"
)


def _zip(name: str, package: str) -> bytes:
    return zip_of({name: _NUSPEC.format(id=package) if name.endswith(".nuspec") else "made by a build"})


def _certificate() -> str:
    """A certificate for a day with its key, as PEM in base64."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example")])
    begins = datetime.now(UTC) - timedelta(hours=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return base64.b64encode(made.public_bytes(pem) + private).decode()
