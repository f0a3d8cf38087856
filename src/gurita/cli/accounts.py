"""`gurita account`: how the server signs in on machines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from gurita.cli.client import Client
from gurita.cli.deleting import delete_named
from gurita.cli.options import Options
from gurita.cli.output import Columns, show, show_one
from gurita.cli.texts import read_text

__all__ = ["app"]

app = App(name="account", help="How the server signs in on machines.")

_COLUMNS: Columns = {"Name": "Name", "Id": "Id", "Type": "AccountType", "User": "Username"}


@app.command(name="list")
def list_(*, name: str = "", options: Options | None = None) -> None:
    """List accounts.

    Parameters
    ----------
    name
        Only those whose name contains this.
    """
    with Client(options) as client:
        show(options, client.all("accounts", partialName=name), _COLUMNS)


@app.command(name="create-ssh")
def create_ssh(
    name: str,
    /,
    *,
    username: str,
    key_file: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    passphrase_file: Path | None = None,
    options: Options | None = None,
) -> None:
    """Store a user name and private key for SSH.

    Parameters
    ----------
    name
        Its name here.
    username
        The user on the machines.
    key_file
        The private key, - for stdin.
    passphrase_file
        File with the key's passphrase.
    """
    body = {
        "Name": name,
        "AccountType": "SshKeyPair",
        "Username": username,
        "PrivateKeyFile": {"HasValue": True, "NewValue": read_text(key_file)},
    }
    if passphrase_file is not None:
        body["PrivateKeyPassphrase"] = {"HasValue": True, "NewValue": read_text(passphrase_file).rstrip("\n")}
    with Client(options) as client:
        show_one(options, client.post("accounts", body), _COLUMNS)


@app.command
def delete(
    name: str, /, *, yes: Annotated[bool, Parameter(negative="")] = False, options: Options | None = None
) -> int:
    """Delete an account that nothing uses.

    Parameters
    ----------
    name
        Name, slug or id.
    yes
        Do not ask.
    """
    return delete_named(options, "accounts", name, yes=yes)
