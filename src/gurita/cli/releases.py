"""`gurita release`: freezing a project under a version, and deploying it."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

from cyclopts import App, Parameter

from gurita.cli.client import Client
from gurita.cli.errors import ApiRefused, Misused
from gurita.cli.naming import explained, find
from gurita.cli.options import Options
from gurita.cli.output import Columns, show, show_one, when
from gurita.cli.waiting import wait_for

__all__ = ["app"]

app = App(name="release", help="Frozen copies of a project, and deploying them.")

_COLUMNS: Columns = {
    "Version": "Version",
    "Id": "Id",
    "Channel": "ChannelId",
    "Made": when("Assembled"),
    "Notes": "ReleaseNotes",
}
_CREATED: Columns = {"Version": "ReleaseVersion", "Id": "ReleaseId"}
_QUEUED: Columns = {"Environment": "EnvironmentName", "Deployment": "DeploymentId", "Task": "ServerTaskId"}
_Flag = Parameter(negative="")


@app.command(name="list")
def list_(project: str, /, *, take: int = 30, options: Options | None = None) -> None:
    """List the releases of a project, the newest first.

    Parameters
    ----------
    project
        Name, slug or id.
    take
        How many at most.
    """
    with Client(options) as client:
        id = quote(find(client, "projects", project)["Id"], safe="")
        show(options, client.get(f"projects/{id}/releases", take=take)["Items"], _COLUMNS)


@app.command
def create(
    project: str,
    /,
    *,
    version: str = "",
    channel: str = "",
    notes: str = "",
    ignore_existing: Annotated[bool, _Flag] = False,
    options: Options | None = None,
) -> None:
    """Freeze a project's process and variables as a release.

    Parameters
    ----------
    project
        Name, slug or id.
    version
        Unique in the project; the next one by the project's numbering otherwise.
    channel
        The project's default channel otherwise.
    notes
        What is new.
    ignore_existing
        A release of that version that is there already is fine.
    """
    body = {
        "ProjectName": project,
        "ReleaseVersion": version or None,
        "ChannelName": channel or None,
        "ReleaseNotes": notes or None,
        "IgnoreIfAlreadyExists": ignore_existing,
    }
    with Client(options) as client:
        show_one(options, _asked(client, "releases/create/v1", body), _CREATED)


@app.command
def deploy(  # noqa: PLR0913 - one argument an option
    project: str,
    version: str,
    /,
    *environments: str,
    wait: Annotated[bool, _Flag] = False,
    wait_for_person: bool = True,
    verbose: Annotated[bool, _Flag] = False,
    skip: list[str] | None = None,
    machine: list[str] | None = None,
    exclude_machine: list[str] | None = None,
    guided: Literal["on", "off"] | None = None,
    variable: list[str] | None = None,
    run_at: str = "",
    no_run_after: str = "",
    comment: str = "",
    options: Options | None = None,
) -> int:
    """Deploy a release to environments; one task for each.

    With --wait the exit code tells the result: 0 success, 1 failed, 3 canceled or timed out,
    4 waiting for a person (with --no-wait-for-person).

    Parameters
    ----------
    project
        Name, slug or id.
    version
        The release's version.
    environments
        Names, slugs or ids.
    wait
        Show progress until it has ended.
    wait_for_person
        Wait also while a person has to answer.
    verbose
        Show verbose log lines too.
    skip
        Name of a step to leave out; may be given again.
    machine
        Deploy to this machine only; may be given again.
    exclude_machine
        Leave this machine out; may be given again.
    guided
        When a step fails, ask a person what to do, or do not; the environment says it otherwise.
    variable
        NAME=VALUE for a prompted variable; may be given again.
    run_at
        Start then (2026-11-22T18:00:00+00:00), not now.
    no_run_after
        Do not start later than that.
    comment
        Why, for the record.
    """
    if not environments:
        raise Misused("Name at least one environment to deploy to.")
    body = {
        "ProjectName": project,
        "ReleaseVersion": version,
        "EnvironmentNames": list(environments),
        "SkipStepNames": skip,
        "SpecificMachineNames": machine,
        "ExcludedMachineNames": exclude_machine,
        "UseGuidedFailure": None if guided is None else guided == "on",
        "Variables": _variables(variable or []),
        "RunAt": run_at or None,
        "NoRunAfter": no_run_after or None,
        "Comments": comment or None,
    }
    with Client(options) as client:
        queued = _asked(client, "deployments/create/untenanted/v1", body)["DeploymentServerTasks"]
        if not wait:
            _show_queued(client, queued)
            return 0
        names = {each["ServerTaskId"]: each["EnvironmentName"] for each in _deployments(client, queued)}
        return wait_for(client, names, wait_for_person=wait_for_person, verbose=verbose)


def _asked(client: Client, path: str, body: dict[str, Any]) -> Any:
    try:
        return client.post(path, {name: value for name, value in body.items() if value is not None})
    except ApiRefused as refused:
        raise explained(client, refused) from refused


def _variables(given: list[str]) -> dict[str, str] | None:
    found = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise Misused(f"--variable is '{each}'; write it as NAME=VALUE.")
        found[name] = value
    return found or None


def _deployments(client: Client, queued: list[dict[str, str]]) -> list[dict[str, str]]:
    """What was queued with the space and the name of the environment of each."""
    found = []
    for each in queued:
        deployment = client.get(f"deployments/{each['DeploymentId']}")
        environment = client.get(f"environments/{deployment['EnvironmentId']}")
        found.append({**each, "SpaceId": deployment["SpaceId"], "EnvironmentName": environment["Name"]})
    return found


def _show_queued(client: Client, queued: list[dict[str, str]]) -> None:
    if client.options.output == "json":
        show(client.options, queued, {})
        return
    look = {"Look": lambda each: client.page_of({**each, "Id": each["ServerTaskId"]})}
    show(client.options, _deployments(client, queued), {**_QUEUED, **look})
