"""The commands that are the same for every kind of thing people name: `list` and `delete`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from gurita.cli.asking import confirmed
from gurita.cli.client import Client
from gurita.cli.naming import WORDS, find
from gurita.cli.options import Options
from gurita.cli.output import Columns, show

__all__ = ["add_delete", "add_list"]


def add_list(app: App, kind: str, columns: Columns, says: str, *, of_system: bool = False) -> None:
    """Gives `app` the command `list` for a kind as the API's paths call it, `projects`.

    What belongs to no space is read `of_system`.
    """

    def list_(*, name: str = "", options: Options | None = None) -> None:
        """List things.

        Parameters
        ----------
        name
            Only those whose name contains this.
        """
        with Client(options) as client:
            if of_system:
                client.of_system()
            show(options, client.all(kind, partialName=name), columns)

    app.command(list_, name="list", help=says)


def add_delete(app: App, kind: str, says: str, *, along: str = "") -> None:
    """Gives `app` the command `delete`: find, ask, delete. `along` is asked too: what goes with it."""

    def delete(
        name: str, /, *, yes: Annotated[bool, Parameter(negative="")] = False, options: Options | None = None
    ) -> int:
        """Delete a thing.

        Parameters
        ----------
        name
            Name, slug or id.
        yes
            Do not ask.
        """
        with Client(options) as client:
            found = find(client, kind, name)
            if not confirmed(f"Delete the {WORDS[kind]} '{found['Name']}'{along}?", yes=yes):
                return 1
            client.delete(client.part(kind, found["Id"]))
        return 0

    app.command(delete, name="delete", help=says)
