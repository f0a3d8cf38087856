"""Work on the database from the host itself, without a server on this data folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from gurita.http.context import Context, Services, system_viewer
from gurita.kernel.clock import SystemClock
from gurita.kernel.ids import SystemRandomness
from gurita.secrets.keys import open_secrets
from gurita.server.data_folder import DataFolder
from gurita.server.settings import Settings
from gurita.store.db import Store

__all__ = ["offline"]


@asynccontextmanager
async def offline(settings: Settings, env: Mapping[str, str]) -> AsyncIterator[Context]:
    """The system's own context on the database, with little more than its store.

    Raises DataFolderInUse while a server runs on the folder, WrongRootKey when the key is not the database's.
    """
    folder = DataFolder(settings.data)
    try:
        secrets = open_secrets(settings.data, env)
        store = await Store.open(settings.database_url)
        try:
            await store.write(secrets.check_in)
            services = Services(
                store=store, clock=SystemClock(), random=SystemRandomness(), settings=settings
            )
            yield Context(services, system_viewer(), "")
        finally:
            await store.close()
    finally:
        folder.close()
