"""`gurita project`."""

from __future__ import annotations

from typing import Any

from cyclopts import App

from gurita.cli.client import Client
from gurita.cli.collections import add_delete, add_list
from gurita.cli.naming import find
from gurita.cli.options import Options
from gurita.cli.output import Columns, member, show_one

__all__ = ["app"]

app = App(name="project", help="What is deployed, and by which process.")

_COLUMNS: Columns = {"Name": "Name", "Id": "Id", "Slug": "Slug", "Disabled": "IsDisabled"}
_MEMBERS: Columns = {
    "Name": "Name",
    "Id": "Id",
    "Slug": "Slug",
    "Description": "Description",
    "Lifecycle": "LifecycleId",
    "Project group": "ProjectGroupId",
    "Numbering": member("VersioningStrategy", "Template"),
    "Disabled": "IsDisabled",
}


add_list(app, "projects", _COLUMNS, "List projects.")
add_delete(app, "projects", "Delete a project with its releases.", along=" with its releases")


@app.command
def view(name: str, /, *, options: Options | None = None) -> None:
    """Show a project and the steps of its process.

    Parameters
    ----------
    name
        Name, slug or id.
    """
    with Client(options) as client:
        project = find(client, "projects", name)
        show_one(options, project, _MEMBERS)
        if options is None or options.output == "table":
            process = client.get(f"deploymentprocesses/{project['DeploymentProcessId']}")
            for number, step in enumerate(process["Steps"], 1):
                print(f"Step {number}  {_step(step)}")


@app.command
def create(
    name: str,
    /,
    *,
    group: str = "",
    lifecycle: str = "",
    description: str = "",
    options: Options | None = None,
) -> None:
    """Create a project.

    Parameters
    ----------
    name
        Its name, unique in the space.
    group
        Project group; the default one otherwise.
    lifecycle
        Which environments its releases go through; the default lifecycle otherwise.
    description
        What it is.
    """
    with Client(options) as client:
        body: dict[str, Any] = {"Name": name, "Description": description}
        body["ProjectGroupId"] = _id(client, "projectgroups", group)
        body["LifecycleId"] = _id(client, "lifecycles", lifecycle)
        show_one(options, client.post("projects", body), _MEMBERS)


def _id(client: Client, kind: str, name: str) -> str:
    """The id of what was named, or of the only or first one there is."""
    if name:
        return str(find(client, kind, name)["Id"])
    return str(client.get(f"{kind}/all")[0]["Id"])


def _step(step: Any) -> str:
    actions = step["Actions"]
    tags = step["Properties"].get("Octopus.Action.TargetRoles") or "the server"
    kinds = ", ".join(sorted({action["ActionType"] for action in actions}))
    return f"{step['Name']} ({kinds}) on {tags}"
