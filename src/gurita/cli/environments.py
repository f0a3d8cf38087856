"""`gurita environment`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from gurita.cli.client import Client
from gurita.cli.collections import add_delete, add_list
from gurita.cli.options import Options
from gurita.cli.output import Columns, show_one

__all__ = ["app"]

app = App(name="environment", help="Groups of machines that releases go through.")

_COLUMNS: Columns = {
    "Name": "Name",
    "Id": "Id",
    "Slug": "Slug",
    "Guided failure": "UseGuidedFailure",
    "Description": "Description",
}


add_list(app, "environments", _COLUMNS, "List environments in their order.")
add_delete(app, "environments", "Delete an environment that nothing uses.")


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
