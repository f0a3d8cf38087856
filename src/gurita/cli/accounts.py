"""`gurita account`: how the server signs in on machines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from gurita.cli.client import Client
from gurita.cli.collections import add_delete, add_list
from gurita.cli.options import Options
from gurita.cli.output import Columns, show_one
from gurita.cli.texts import read_text

__all__ = ["app"]

app = App(name="account", help="How the server signs in on machines.")

_COLUMNS: Columns = {"Name": "Name", "Id": "Id", "Type": "AccountType", "User": "Username"}


add_list(app, "accounts", _COLUMNS, "List accounts.")
add_delete(app, "accounts", "Delete an account that nothing uses.")


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
