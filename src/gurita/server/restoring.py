"""`gurita restored`: declares that a backup was put back."""

from __future__ import annotations

from collections.abc import Mapping

from gurita.audit import service as audit
from gurita.audit.trail.head_file import retire
from gurita.engine.restore import declare_restored_in
from gurita.server.offline import offline
from gurita.server.settings import Settings
from gurita.store.tx import Tx

__all__ = ["declare_restored"]


async def declare_restored(settings: Settings, env: Mapping[str, str]) -> list[int]:
    """Ends what was unfinished in the backup, for good; gives the numbers of those tasks.

    Raises DataFolderInUse while a server runs on the folder, WrongRootKey when the key is not the backup's.
    """
    async with offline(settings, env) as system:
        services = system.services

        def unit(tx: Tx) -> list[int]:
            ended = declare_restored_in(tx, services.random, services.milliseconds())
            told = "The database was restored from a backup"
            audit.record(tx, system, "DatabaseRestored", told, space="")
            return ended

        ended = await services.store.write(unit)
        retire(settings.data)  # what the audit trail was before the backup was put back on purpose
        return ended
