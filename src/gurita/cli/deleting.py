"""What every `delete` command does: find, ask, delete."""

from __future__ import annotations

from gurita.cli.asking import confirmed
from gurita.cli.client import Client
from gurita.cli.naming import WORDS, find
from gurita.cli.options import Options

__all__ = ["delete_named"]


def delete_named(options: Options | None, kind: str, name: str, *, yes: bool, along: str = "") -> int:
    """Deletes what is called so, if a person or `yes` says so; the exit code. `along` tells what goes with it."""
    with Client(options) as client:
        found = find(client, kind, name)
        if not confirmed(f"Delete the {WORDS[kind]} '{found['Name']}'{along}?", yes=yes):
            return 1
        client.delete(client.part(kind, found["Id"]))
    return 0
