"""`gurita machine`."""

from __future__ import annotations

import shlex
from typing import Annotated, Any
from urllib.parse import urlsplit

from cyclopts import App, Parameter

from gurita.cli.client import Client
from gurita.cli.collections import add_delete
from gurita.cli.errors import Misused
from gurita.cli.naming import find
from gurita.cli.options import Options
from gurita.cli.output import Columns, member, note, show, show_one
from gurita.cli.waiting import wait_for

__all__ = ["app"]

app = App(name="machine", help="Where steps run.")

_KINDS = {
    "TentacleActive": "agent, dials in",
    "TentaclePassive": "agent, listens",
    "Ssh": "SSH",
    "None": "the server",
}
_COLUMNS: Columns = {
    "Name": "Name",
    "Id": "Id",
    "Kind": lambda each: _KINDS.get(each["Endpoint"]["CommunicationStyle"], ""),
    "Health": lambda each: "Disabled" if each["IsDisabled"] else each["HealthStatus"],
    "Roles": "Roles",
    "Found": "StatusSummary",
}
_MEMBERS: Columns = {
    **_COLUMNS,
    "Environments": "EnvironmentIds",
    "Fingerprint": "Thumbprint",
    "Address": member("Endpoint", "Uri"),
    "System": "OperatingSystem",
    "Shell": "ShellName",
}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_Flag = Parameter(negative="")


@app.command(name="list")
def list_(*, environment: str = "", role: str = "", options: Options | None = None) -> None:
    """List machines and their health.

    Parameters
    ----------
    environment
        Only those of this environment.
    role
        Only those with this role.
    """
    with Client(options) as client:
        id = find(client, "environments", environment)["Id"] if environment else ""
        show(options, client.all("machines", environmentIds=id, roles=role), _COLUMNS)


@app.command
def view(name: str, /, *, options: Options | None = None) -> None:
    """Show a machine and what the last health check saw.

    Parameters
    ----------
    name
        Name, slug or id.
    """
    with Client(options) as client:
        machine = find(client, "machines", name)
        show_one(options, machine, _MEMBERS)
        if client.options.output == "table":
            for line in client.get(f"machines/{machine['Id']}/connection")["Logs"]:
                print(f"  {line['MessageText']}")


@app.command
def health(
    *names: str,
    environment: str = "",
    wait: bool = True,
    verbose: Annotated[bool, _Flag] = False,
    options: Options | None = None,
) -> int:
    """Check machines now: those named, those of an environment, or all.

    Parameters
    ----------
    names
        Names, slugs or ids.
    environment
        All machines of this environment.
    wait
        Show progress until it has ended; the exit code tells the result.
    verbose
        Show verbose log lines too.
    """
    with Client(options) as client:
        arguments: dict[str, Any] = {"MachineIds": [find(client, "machines", name)["Id"] for name in names]}
        if environment:
            arguments["EnvironmentId"] = find(client, "environments", environment)["Id"]
        task = client.post("tasks", {"Name": "Health", "Arguments": arguments})
        if wait:
            return wait_for(client, {task["Id"]: task["Description"]}, verbose=verbose)
        show_one(options, task, {"Task": "Id", "State": "State"})
        return 0


@app.command
def invite(
    *,
    environment: list[str] | None = None,
    role: list[str] | None = None,
    pool: list[str] | None = None,
    expires_in_minutes: int = 60,
    websocket: Annotated[bool, _Flag] = False,
    options: Options | None = None,
) -> None:
    """Print the one command to paste on a new machine. Its token works once.

    Parameters
    ----------
    environment
        Where the machine will belong; may be given again.
    role
        What it is for, as steps ask for it; may be given again.
    pool
        Makes it a worker of this pool instead; may be given again.
    expires_in_minutes
        How long the token is good.
    websocket
        The agent will dial the server's web address: for networks that let nothing else out.
    """
    if not pool and not (environment and role):
        raise Misused(
            "Say what the machine becomes: --environment NAME and --role TAG, each at least once, or --pool NAME."
        )
    with Client(options) as client:
        ids = [find(client, "environments", name)["Id"] for name in environment or ()]
        pools = [find(client, "workerpools", name)["Id"] for name in pool or ()]
        body = {"EnvironmentIds": ids, "Roles": role or [], "ExpiresInMinutes": expires_in_minutes}
        if pools:
            body["WorkerPoolIds"] = pools
        made = client.post("gurita/registration-tokens", body)
        if client.options.output == "json":
            show_one(options, made, {})
            return
        words = ["--server", client.url, "--token", made["Token"]]
        if client.options.space:
            words += ["--space", made["SpaceId"]]
        for id in pools:
            words += ["--pool", id]
        if websocket:
            words += ["--websocket"]
        place = urlsplit(client.url)
        if place.hostname in _LOOPBACK:
            port = place.port or 80
            note(
                f"Mind that {client.url} is reached from this machine only. For others start the server with "
                f"--listen 0.0.0.0:{port}, and name it here as they do: --url http://its-name:{port}"
            )
        note(f"Paste this on the new machine within {expires_in_minutes} minutes:")
        print(f"curl -fsS {shlex.quote(client.url)}/agent/install.sh | sh -s -- {shlex.join(words)}")


@app.command(name="create-ssh")
def create_ssh(
    name: str,
    /,
    *,
    host: str,
    account: str,
    environment: list[str],
    role: list[str],
    fingerprint: str = "",
    port: int = 22,
    options: Options | None = None,
) -> int:
    """Add a machine that is reached through its own SSH server.

    Parameters
    ----------
    name
        Its name here.
    host
        Its address.
    account
        How to sign in there (`gurita account create-ssh` stores one).
    environment
        Where it belongs; may be given again.
    role
        What it is for; may be given again.
    fingerprint
        SHA256:… of its host key, as `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints it there.
        Without it the machine is asked, and its answer shown, to be compared.
    port
        Its SSH port.
    """
    with Client(options) as client:
        if not fingerprint:
            found = client.get("machines/discover", host=host, port=port, type="Ssh")
            note(f"{host} shows the key {found['Thumbprint']}.")
            note(f"If that is its key, say so: --fingerprint {found['Thumbprint']}")
            return 2
        endpoint = {
            "CommunicationStyle": "Ssh",
            "Host": host,
            "Port": port,
            "Fingerprint": fingerprint,
            "AccountId": find(client, "accounts", account)["Id"],
        }
        ids = [find(client, "environments", each)["Id"] for each in environment]
        body = {"Name": name, "Endpoint": endpoint, "EnvironmentIds": ids, "Roles": role}
        show_one(options, client.post("machines", body), _MEMBERS)
    return 0


add_delete(app, "machines", "Forget a machine.")
