"""`gurita restored`: declares that a backup was put back."""

from __future__ import annotations

from collections.abc import Mapping

from gurita.audit import service as audit
from gurita.audit.trail.head_file import retire
from gurita.engine.restore import declare_restored_in
from gurita.http.context import Context, Services, system_viewer
from gurita.kernel.clock import SystemClock
from gurita.kernel.ids import SystemRandomness
from gurita.secrets.keys import open_secrets
from gurita.server.data_folder import DataFolder
from gurita.server.settings import Settings
from gurita.store.db import Store
from gurita.store.tx import Tx

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
            services = Services(store=store, clock=SystemClock(), random=SystemRandomness())
            system = Context(services, system_viewer(), "")

            def unit(tx: Tx) -> list[int]:
                ended = declare_restored_in(tx, services.random, services.milliseconds())
                audit.record(
                    tx, system, "DatabaseRestored", "The database was restored from a backup", space=""
                )
                return ended

            ended = await store.write(unit)
            retire(settings.data)  # what the audit trail was before the backup was put back on purpose
            return ended
        finally:
            await store.close()
    finally:
        folder.close()
