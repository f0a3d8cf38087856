"""`gurita restored`: declares that a backup was put back."""

from __future__ import annotations

from collections.abc import Mapping

from gurita.engine.restore import declare_restored_in
from gurita.kernel.clock import SystemClock
from gurita.kernel.ids import SystemRandomness
from gurita.secrets.keys import open_secrets
from gurita.server.data_folder import DataFolder
from gurita.server.settings import Settings
from gurita.store.db import Store

__all__ = ["declare_restored"]


async def declare_restored(settings: Settings, env: Mapping[str, str]) -> list[int]:
    """Ends what was unfinished in the backup, for good; gives the numbers of those tasks.

    Raises DataFolderInUse while a server runs on the folder, WrongRootKey when the key is not the backup's.
    """
    folder = DataFolder(settings.data)
    try:
        secrets = open_secrets(settings.data, env)
        store = await Store.open(settings.database_url)
        try:
            await store.write(secrets.check_in)
            now = int(SystemClock().now().timestamp() * 1000)
            return await store.write(lambda tx: declare_restored_in(tx, SystemRandomness(), now))
        finally:
            await store.close()
    finally:
        folder.close()
