"""`gurita account`: how the server signs in on machines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from gurita.cli.asking import confirmed
from gurita.cli.client import Client
from gurita.cli.errors import CommandError
from gurita.cli.naming import find
from gurita.cli.options import Options
from gurita.cli.output import Columns, show, show_one

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
        "PrivateKeyFile": {"HasValue": True, "NewValue": _read(key_file)},
    }
    if passphrase_file is not None:
        body["PrivateKeyPassphrase"] = {"HasValue": True, "NewValue": _read(passphrase_file).rstrip("\n")}
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
    with Client(options) as client:
        account = find(client, "accounts", name)
        if not confirmed(f"Delete the account '{account['Name']}'?", yes=yes):
            return 1
        client.delete(f"accounts/{account['Id']}")
    return 0


def _read(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}.") from None
