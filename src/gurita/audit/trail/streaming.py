"""Sending sealed events on, to a file or an HTTPS receiver: each at least once, in the chain's order.

A delivery is whole seals as lines (`file_format`), a file that can be verified by itself. It is noted after it arrived, so
after a crash the last one may come again; its name (`X-Gurita-Delivery`) is the same then.
"""

from __future__ import annotations

import asyncio
import logging
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gurita.audit.trail.chain import Anchor
from gurita.audit.trail.exporting import Piece, opening_in, piece_in
from gurita.audit.trail.sealing import SEALED, anchor_in, head_at_in, last_head_in
from gurita.audit.trail.settings import AuditStream, Position, put_in, read_in
from gurita.kernel.errors import GuritaError
from gurita.kernel.faults import fault
from gurita.outbound.client import Ask
from gurita.outbound.policy import ADMINISTRATORS, NEIGHBOURS, PUBLIC_ONLY
from gurita.outbound.signing import signature
from gurita.secrets.opening import reveal
from gurita.store.lookout import look_out

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["Streamer", "signature"]

INTERVAL = 1.0
_LEASE = 120_000
_MOST_EVENTS = 1000
_MOST_SEALS = 100
_LONGEST_PAUSE = 300.0
_POLICIES = {"Public": PUBLIC_ONLY, "Neighbours": NEIGHBOURS, "Any": ADMINISTRATORS}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Delivery:
    """What is sent at once."""

    opening: bytes
    pieces: list[Piece]

    @property
    def body(self) -> bytes:
        return b"".join([self.opening, *(piece.lines for piece in self.pieces)])

    @property
    def name(self) -> str:
        first, last = self.pieces[0].head, self.pieces[-1].head
        return f"{first.installation}/{first.seal}-{last.seal}"


class Streamer:
    """One a node; one of them delivers at a time (`Position.owner`)."""

    def __init__(self, system: Context, folder: Path, interval: float = INTERVAL) -> None:
        self._ctx, self._store = system, system.services.store
        self._folder, self._interval = folder / "audit", interval
        self._me = uuid.uuid4().hex
        self._again: float | None = None
        self._rests_until = float("-inf")
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to look for what is to be sent. What is set anew has its event, and that its seal."""
        run = look_out(self._store, self._ctx.services.clock, (SEALED,), self._look, self._interval)
        self._loop = asyncio.create_task(run, name="audit-stream")

    async def stop(self) -> None:
        """Ends; what is on its way may arrive and comes again."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    async def _look(self) -> float | None:
        rest = self._rests_until - self._ctx.services.clock.monotonic()
        if rest > 0:
            return rest
        try:
            while await self.step():
                pass
        except Exception as error:  # noqa: BLE001 - a database that is away for a while ends nothing
            _log.warning("the audit stream stands still for now: %s", error)
            return self._interval
        return self._again

    async def step(self) -> bool:
        """Delivers what comes next; whether there may be more. Else `_again` says in how many seconds."""
        self._again = None
        found = await self._store.read(self._next_in)
        if found is None:
            return False
        if not await self._store.write(self._take_in):
            return False
        stream, delivery = found
        try:
            await self._send(stream, delivery)
        except (GuritaError, OSError) as error:
            told = str(error)
            await self._store.write(lambda tx: self._failed_in(tx, told))
            _log.warning("the audit stream could not be delivered and will be: %s", error)
            return False
        fault("audit.delivered")
        last = delivery.pieces[-1].head
        await self._store.write(lambda tx: self._delivered_in(tx, last.seal, last.count))
        return True

    def _next_in(self, tx: Tx) -> tuple[AuditStream, _Delivery] | None:
        stream = read_in(tx, AuditStream)
        if not stream.is_enabled:
            return None
        position, installation = read_in(tx, Position), self._ctx.services.installation_id
        newest = last_head_in(tx, installation)
        if newest is None or newest.seal <= position.seal or self._taken(position):
            return None
        pieces: list[Piece] = []
        at, events = position.seal, 0
        while len(pieces) < _MOST_SEALS and events < _MOST_EVENTS:
            piece = piece_in(tx, installation, at)
            if piece is None:
                break
            pieces.append(piece)
            at, events = piece.head.seal, events + len(piece.numbers)
        before = head_at_in(tx, pieces[0].head.seal - 1, installation)
        after: Anchor = anchor_in(tx) if before is None else before.anchor
        return stream, _Delivery(opening_in(tx, installation, after), pieces)

    def _take_in(self, tx: Tx) -> bool:
        """Whether this node is the one that delivers."""
        position, now = read_in(tx, Position), self._ctx.services.milliseconds()
        if self._taken(position):
            return False
        position.owner, position.until = self._me, now + _LEASE
        put_in(tx, position)
        return True

    def _taken(self, position: Position) -> bool:
        """Whether another node delivers; should it be gone, its time ends."""
        now = self._ctx.services.milliseconds()
        if position.owner == self._me or not now < position.until <= now + _LEASE:
            return False
        self._again = (position.until - now) / 1000
        return True

    def _delivered_in(self, tx: Tx, seal: int, count: int) -> None:
        now = self._ctx.services.milliseconds()
        if read_in(tx, Position).owner == self._me:
            put_in(tx, Position(seal, count, now, self._me, now + _LEASE))

    def _failed_in(self, tx: Tx, error: str) -> None:
        position = read_in(tx, Position)
        position.failures, position.error, position.until = position.failures + 1, error[:1000], 0
        self._again = min(2.0 ** min(position.failures, 10), _LONGEST_PAUSE)
        self._rests_until = self._ctx.services.clock.monotonic() + self._again
        put_in(tx, position)

    async def _send(self, stream: AuditStream, delivery: _Delivery) -> None:
        if stream.stream_type == "File":
            await asyncio.to_thread(_append, self._folder, stream.file_name, delivery)
            return
        moment = self._ctx.services.milliseconds() // 1000
        headers = {"Content-Type": "application/x-ndjson", "X-Gurita-Delivery": delivery.name}
        if secret := stream.secret.secret_id:
            secrets = self._ctx.services.secrets
            value = await self._store.read(lambda tx: secrets.open_in(tx, "", secret))
            headers["X-Gurita-Signature"] = signature(reveal(value), moment, delivery.body)
        ask = Ask(
            stream.url,
            "POST",
            headers,
            body=delivery.body,
            most=1 << 20,
            total=30.0,
            policy=_POLICIES[stream.addresses],
        )
        await self._ctx.services.outbound.ask(ask)


def _append(folder: Path, name: str, delivery: _Delivery) -> None:
    """Opens the file anew each time, so that it may be moved away (rotated) at any moment. Raises OSError."""
    folder.mkdir(mode=0o700, exist_ok=True)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(folder / name, "ab", opener=lambda path, _: os.open(path, flags, 0o600)) as file:
        start = file.tell()
        body = delivery.body if start == 0 else delivery.body.removeprefix(delivery.opening)
        try:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.truncate(file.fileno(), start)  # a half line would spoil the file
            raise
