"""`gurita space`."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import App, Parameter

from gurita.cli.asking import typed
from gurita.cli.client import Client
from gurita.cli.collections import add_list
from gurita.cli.errors import ApiRefused
from gurita.cli.naming import find
from gurita.cli.options import Options
from gurita.cli.output import Columns, show_one
from gurita.cli.waiting import wait_for

__all__ = ["app"]

app = App(name="space", help="Walled-off parts of the server.")

_COLUMNS: Columns = {
    "Name": "Name",
    "Id": "Id",
    "Slug": "Slug",
    "Default": "IsDefault",
    "Private": "IsPrivate",
    "Queue stopped": "TaskQueueStopped",
}
_Flag = Parameter(negative="")
_SHUT = 409


add_list(app, "spaces", _COLUMNS, "List spaces.", of_system=True)


@app.command
def create(
    name: str,
    /,
    *,
    description: str = "",
    manager: list[str] | None = None,
    team: list[str] | None = None,
    private: Annotated[bool, _Flag] = False,
    options: Options | None = None,
) -> None:
    """Create a space. Whoever makes it manages it, too.

    Parameters
    ----------
    name
        Its name, unique on the server.
    description
        What it is for.
    manager
        Id of a user who manages it; may be given again.
    team
        Id of a team that manages it; may be given again.
    private
        Only who was given something in it sees what is inside, administrators not.
    """
    with Client(options) as client:
        body = {"Name": name, "Description": description, "IsPrivate": private}
        body |= {"SpaceManagersTeamMembers": manager or [], "SpaceManagersTeams": team or []}
        show_one(options, client.of_system().post("spaces", body), _COLUMNS)


@app.command
def delete(
    name: str,
    /,
    *,
    yes: Annotated[bool, _Flag] = False,
    wait: bool = True,
    options: Options | None = None,
) -> int:
    """Stop the task queue of a space, and delete it with everything in it.

    Parameters
    ----------
    name
        Name, slug or id.
    yes
        Do not ask for its name.
    wait
        Show progress until it is gone; the exit code tells the result.
    """
    with Client(options) as client:
        client.of_system()
        space = _found(client, name)
        if not typed(f"Delete the space '{space['Name']}' with everything in it?", space["Name"], yes=yes):
            return 1
        path = client.part("spaces", space["Id"])
        if not (space["TaskQueueStopped"] or space.get("IsDefault")):
            client.put(path, {**space, "TaskQueueStopped": True})
        task = client.delete(path)
        if wait:
            return wait_for(client, {task["Id"]: task["Description"]})
        show_one(options, task, {"Task": "Id", "State": "State"})
        return 0


def _found(client: Client, name: str) -> Any:
    """A space; by its name alone when it is half deleted, so that its deletion can begin again."""
    try:
        return find(client, "spaces", name)
    except ApiRefused as refused:
        if refused.status != _SHUT:
            raise
        return {"Id": name, "Name": name, "TaskQueueStopped": True}
