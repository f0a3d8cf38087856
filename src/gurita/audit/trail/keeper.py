"""Seals what was committed, within a second as long as the server runs, and when it begins and ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from gurita.audit import service as audit
from gurita.audit.records import RECORDED
from gurita.audit.trail.chain import Head
from gurita.audit.trail.head_file import FILE, keep_aside, newest, write_head
from gurita.audit.trail.keys import signer_in
from gurita.audit.trail.sealing import anchor_in, find_in, head_at_in, made, put_in
from gurita.kernel.faults import fault
from gurita.store.lookout import look_out

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["INTERVAL", "Keeper"]

INTERVAL = 1.0
"""Seconds between two looks, if something is recorded all the time. What comes after a pause is sealed at once."""

_MOST_SEALS = 1000
_log = logging.getLogger(__name__)


class Keeper:
    """One a node; nodes that seal at once do not disturb each other."""

    def __init__(self, system: Context, folder: Path) -> None:
        self._ctx, self._store = system, system.services.store
        self._installation, self._folder = system.services.installation_id, folder
        self._key: Ed25519PrivateKey | None = None
        self._loop: asyncio.Task[None] | None = None
        self._outrun = self._told = False

    async def start(self) -> None:
        """Begins, and goes on until `stop`."""
        await self.begin()
        clock = self._ctx.services.clock
        run = look_out(self._store, clock, (RECORDED,), self._look, INTERVAL)
        self._loop = asyncio.create_task(run, name="audit-keeper")

    async def begin(self) -> None:
        """Compares the database with the newest head this node knows, and seals what is left of the last life."""
        self._key = await self._store.write(lambda tx: signer_in(tx, self._ctx.services.secrets))
        await self._compare()
        await self.seal()

    async def stop(self) -> None:
        """Seals what is there and ends."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        with contextlib.suppress(Exception):
            await self.seal()

    async def seal(self) -> Head | None:
        """Seals everything that is committed now; the newest head it wrote, if it wrote one."""
        head, self._outrun = None, False
        for _ in range(_MOST_SEALS):
            now = self._ctx.services.milliseconds()
            found = await self._store.read(lambda tx, now=now: find_in(tx, now))  # type: ignore[misc]
            if found is None or self._key is None:
                break
            seal = made(found, self._installation, self._key, now)
            fault("audit.before-seal")
            if not await self._store.write(lambda tx, seal=seal: put_in(tx, seal)):  # type: ignore[misc]
                self._outrun = True  # the other node may not have seen all that this one found
                break
            head = seal.head
            if not found.more:
                break
        if head is not None:
            await asyncio.to_thread(write_head, self._folder, head)
        return head

    async def _look(self) -> float | None:
        try:
            await self.seal()
        except Exception as error:  # noqa: BLE001 - a database that is away for a while ends nothing
            if not self._told:
                _log.warning("the audit trail cannot be sealed for now: %s", error)
            self._told = True
            return INTERVAL
        self._told = False
        return INTERVAL if self._outrun else None

    async def _compare(self) -> None:
        known = await asyncio.to_thread(newest, self._folder)
        if known is None:
            return

        def differs(tx: Tx) -> bool:
            if known.installation != self._installation:
                return True
            if known.seal <= anchor_in(tx).seal:
                return False
            here = head_at_in(tx, known.seal, self._installation)
            return here is None or here.chain != known.chain

        if await self._store.read(differs):
            keep_aside(self._folder, known)
            _log.error(
                "The audit trail is not the one %s of this node knows: seal %s of it is missing or another. Was an older "
                "database put back without `gurita restored`? `gurita audit verify` tells more.", FILE, known.seal,
            )  # fmt: skip
            told = f"The audit trail lacks seal {known.seal}, or has another: events were removed, or an older database was put back"
            await self._store.write(
                lambda tx: audit.record(tx, self._ctx, "AuditTrailBroken", told, space="")
            )
