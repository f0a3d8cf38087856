"""The key this installation shows to its agents: one for all nodes, kept as a secret."""

from __future__ import annotations

import asyncssh
from sqlalchemy import Column, Table, Text, insert, select

from gurita.kernel.sensitive import Sensitive
from gurita.secrets.opening import reveal
from gurita.secrets.vault import Secrets
from gurita.store.tables import metadata
from gurita.store.tx import Tx
from gurita.transport.keys import new_key

__all__ = ["server_key_in"]

server_key = Table(
    "server_key",
    metadata,
    Column("name", Text, primary_key=True),
    Column("secret", Text, nullable=False),
)

_SSH = "ssh"


def server_key_in(tx: Tx, secrets: Secrets) -> asyncssh.SSHKey:
    """The installation's SSH key, made the first time anybody asks. Two nodes that ask at once get the same one."""
    found = tx.scalar(select(server_key.c.secret).where(server_key.c.name == _SSH))
    if found is None:
        found = secrets.store_in(tx, "", Sensitive(new_key("gurita-server").decode()))
        tx.run(insert(server_key).values(name=_SSH, secret=found))
    return asyncssh.import_private_key(reveal(secrets.open_in(tx, "", found)))
