"""`gurita environment`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from gurita.cli.client import Client
from gurita.cli.deleting import delete_named
from gurita.cli.options import Options
from gurita.cli.output import Columns, show, show_one

__all__ = ["app"]

app = App(name="environment", help="Groups of machines that releases go through.")

_COLUMNS: Columns = {
    "Name": "Name",
    "Id": "Id",
    "Slug": "Slug",
    "Guided failure": "UseGuidedFailure",
    "Description": "Description",
}


@app.command(name="list")
def list_(*, name: str = "", options: Options | None = None) -> None:
    """List environments in their order.

    Parameters
    ----------
    name
        Only those whose name contains this.
    """
    with Client(options) as client:
        found = client.all("environments", partialName=name)
        show(options, sorted(found, key=lambda each: each["SortOrder"]), _COLUMNS)


@app.command
def create(
    name: str,
    /,
    *,
    description: str = "",
    guided_failure: Annotated[bool, Parameter(negative="")] = False,
    options: Options | None = None,
) -> None:
    """Create an environment.

    Parameters
    ----------
    name
        Its name, unique in the space.
    description
        What it is for.
    guided_failure
        When a step fails there, ask a person what to do.
    """
    with Client(options) as client:
        body = {"Name": name, "Description": description, "UseGuidedFailure": guided_failure}
        show_one(options, client.post("environments", body), _COLUMNS)


@app.command
def delete(
    name: str, /, *, yes: Annotated[bool, Parameter(negative="")] = False, options: Options | None = None
) -> int:
    """Delete an environment that nothing uses.

    Parameters
    ----------
    name
        Name, slug or id.
    yes
        Do not ask.
    """
    return delete_named(options, "environments", name, yes=yes)
