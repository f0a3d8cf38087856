"""`gurita restored`: to be run once after a backup was put back, with every node stopped."""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict

from gurita.cli.server import ServerOptions

__all__ = ["restored"]


def restored(options: ServerOptions | None = None) -> int:
    """Say that the database was restored from a backup. Run it once, with every node stopped.

    What was unfinished in the backup ends as failed, since nobody knows what it did meanwhile; nothing is resumed.
    """
    from gurita.server.restoring import declare_restored
    from gurita.server.settings import read_settings

    settings = read_settings(asdict(options or ServerOptions()))
    ended = asyncio.run(declare_restored(settings, dict(os.environ)))
    for number in ended:
        print(f"ServerTasks-{number} ended as failed: it was not finished when the backup was made.")
    print("The database has a new incarnation. Start the server again.")
    return 0
