"""Storing what an action tells: one unit for log, offset, outputs and secrets; artifacts and the ticket's end after."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from gurita.engine.journal import Progress
from gurita.engine.logs import LogEntry
from gurita.engine.rows import ActionRow
from gurita.engine.run import Run
from gurita.engine.tables import artifact, output_variable
from gurita.execution.infrastructure import Granted, granted_in
from gurita.execution.job import Job
from gurita.execution.outcome import Outcome
from gurita.execution.telling import Teller
from gurita.execution.wishes import Wish
from gurita.formats.masking import Masker, mask_text
from gurita.kernel.errors import GuritaError
from gurita.kernel.faults import fault
from gurita.kernel.sensitive import Sensitive
from gurita.secrets.opening import reveal
from gurita.secrets.vault import Secrets
from gurita.store.blobs import Blobs
from gurita.store.tx import Tx
from gurita.transport.tickets import Batch, Final, Ref, Tickets

__all__ = ["Stored", "Storing"]

_ERROR = 5
_EXIT_CODE = "Octopus.Action.Script.ExitCode"
_log = logging.getLogger(__name__)


class Storing:
    """Makes a `Stored` for each attempt, and lets go of tickets whose results are safe."""

    def __init__(self, secrets: Secrets, blobs: Blobs) -> None:
        self.secrets, self.blobs = secrets, blobs
        self._letting_go: set[asyncio.Task[None]] = set()

    def open(self, run: Run, job: Job, row: ActionRow, secrets: tuple[Sensitive, ...]) -> Stored:
        """What is known and stored of one attempt."""
        return Stored(self, run, job, row, Masker(reveal(each) for each in secrets))

    def let_go(self, tickets: Tickets, ref: Ref, fence: int) -> None:
        """Tells the target in the background that the result is stored. A miss is swept up later."""

        async def forget() -> None:
            with contextlib.suppress(GuritaError):
                await tickets.forget(ref, fence)

        task = asyncio.create_task(forget())
        self._letting_go.add(task)
        task.add_done_callback(self._letting_go.discard)


class Stored:
    """One attempt: what was heard, and how far it is in the journal."""

    def __init__(self, storing: Storing, run: Run, job: Job, row: ActionRow, masker: Masker) -> None:
        self.row = row
        self.offset, self.parser = row.offset, row.parser
        self._storing, self._run, self._job = storing, run, job
        self._teller = Teller(row, job, masker)
        self._heard, self._heard_parser = row.offset, row.parser
        self._values: list[tuple[str, Sensitive]] = []
        self._wishes: list[Wish] = []
        self._refused = row.error if row.active else None

    @property
    def masker(self) -> Masker:
        """It knows what this attempt may not show."""
        return self._teller.masker

    async def recall(self) -> None:
        """After another owner of the task: the sensitive outputs this attempt has set are secrets of its log again."""
        c, secrets, space = output_variable.c, self._storing.secrets, self._job.space
        told = select(c.secret).where(c.action_row == self.row.number, c.secret.is_not(None))

        def read(tx: Tx) -> list[Sensitive]:
            return [secrets.open_in(tx, space, row["secret"]) for row in tx.all(told)]

        for value in await self._run.read(read):
            self.masker.add(reveal(value))

    @property
    def full(self) -> bool:
        """Whether it is time to store."""
        return self._teller.full

    @property
    def failure(self) -> str | None:
        """What the script itself said of its result."""
        return self._teller.failure

    def say(self, category: int, text: str) -> None:
        """A line of the server's own at this place of the log."""
        self._teller.say(category, text, self._run.now())

    def hear(self, batch: Batch) -> None:
        """Takes what a target told."""
        self._teller.hear(batch.records)
        self._heard, self._heard_parser = batch.next, batch.parser

    def final(self, final: Final) -> None:
        """The offset of the ticket's end."""
        self._heard, self._heard_parser = final.next, final.parser

    def rewind(self) -> None:
        """After a break: what was heard and not stored will be told again."""
        self._teller.drop()
        self._values.clear()
        self._wishes.clear()
        self._heard, self._heard_parser = self.offset, self.parser

    async def fetch_secrets(self, tickets: Tickets, ref: Ref) -> None:
        """Gets the sensitive outputs named since the last time; they are secrets of the log from now on."""
        named, self._teller.secrets = self._teller.secrets, []
        for variable, value in self._teller.values:
            self._teller.masker.add(reveal(value))
            self._values.append((variable, value))
        self._teller.values = []
        for variable, number in named:
            value = await tickets.secret(ref, self._run.owner.fence, number)
            self._teller.masker.add(reveal(value))
            self._values.append((variable, value))
        asked, self._teller.asked = self._teller.asked, []
        for each in asked:
            values = {name: await self._fetched(tickets, ref, value) for name, value in each.values.items()}
            self._teller.wishes.append(Wish(each.kind, values, each.at))

    async def _fetched(self, tickets: Tickets, ref: Ref, value: Any) -> str | Sensitive:
        """An attribute of a message; a secret is one of the log from now on."""
        if isinstance(value, dict):
            value = await tickets.secret(ref, self._run.owner.fence, int(value.get("secret", 0)))
        if not isinstance(value, Sensitive):
            return str(value)
        self._teller.masker.add(reveal(value))
        return value

    async def store(self) -> None:
        """Commits what was heard so far, if anything."""
        if self._teller.empty and not self._values:
            return
        await self._commit(self._take())
        self.row = replace(self.row, state="running", offset=self.offset, parser=self.parser)
        fault("engine.mid-log")

    async def end(self, outcome: Outcome, tickets: Tickets | None, ref: Ref) -> ActionRow:
        """Commits the last of the log with the result, then lets the target forget the ticket."""
        if self._teller.wishes:
            await self.store()
        if self._refused and outcome.state == "success":
            outcome = Outcome("failed", outcome.rc, self._refused)
        if outcome.error and outcome.state != "canceled" and outcome.error != self._refused:
            self.say(_ERROR, outcome.error)
        if tickets is not None and outcome.state != "lost":
            await self.store_artifacts(tickets, ref)
        told = self._take()
        if outcome.rc is not None:
            told.outputs.append(self._teller.output(_EXIT_CODE, str(outcome.rc)))
        told.state, told.rc, told.error, told.lock = outcome.state, outcome.rc, outcome.error, self._job.lock
        await self._commit(told)
        if tickets is not None:
            self._storing.let_go(tickets, ref, self._run.owner.fence)
        return replace(
            self.row,
            state=outcome.state,
            rc=outcome.rc,
            error=outcome.error,
            completed=self._run.now(),
            offset=self.offset,
        )

    def _take(self) -> Progress:
        self._wishes = self._teller.wishes
        return self._teller.take(self._heard, self._heard_parser)

    async def _commit(self, told: Progress) -> None:
        values, self._values = self._values, []
        wishes, self._wishes = self._wishes, []
        secrets, space = self._storing.secrets, self._job.space
        outputs, entries = list(told.outputs), list(told.entries)

        def more_in(tx: Tx) -> None:
            told.outputs = list(outputs)
            for variable, value in values:
                secret = secrets.store_in(tx, space, value)
                told.outputs.append(self._teller.secret_output(variable, secret))
            granted = granted_in(tx, self._job.infrastructure, wishes)
            told.entries = self._with_answers(entries, wishes, granted)
            told.refused = self._refused or next((each.text for each in granted if each.refused), None)

        await self._run.progress(told, more_in if values or wishes else None)
        self._refused = self._refused or told.refused
        self.offset, self.parser = self._heard, self._heard_parser

    def _with_answers(
        self, entries: list[LogEntry], wishes: list[Wish], granted: list[Granted]
    ) -> list[LogEntry]:
        """The log with the answer to each wish at its place."""
        found, now = list(entries), self._run.now()
        for wish, answer in zip(reversed(wishes), reversed(granted), strict=True):
            found.insert(wish.at, LogEntry(now, answer.category, mask_text(answer.text, self._teller.masker)))
        return found

    async def store_artifacts(self, tickets: Tickets, ref: Ref) -> None:
        """Fetches the files this attempt declared. One that cannot be had is a warning, not a failure."""
        if self._teller.declared:
            await self.store()
        wanted = select(artifact.c.number, artifact.c.name, artifact.c.path).where(
            artifact.c.action_row == self.row.number, artifact.c.blob.is_(None)
        )
        if not (self._teller.declared or self.offset):
            return
        for row in await self._run.read(lambda tx: tx.all(wanted)):
            await self._store_artifact(tickets, ref, row["number"], row["name"], row["path"])

    async def _store_artifact(self, tickets: Tickets, ref: Ref, number: int, name: str, path: str) -> None:
        sizes: list[int] = []

        async def counted() -> AsyncIterator[bytes]:
            async for data in tickets.fetch(ref, self._run.owner.fence, path):
                sizes.append(len(data))
                yield data

        try:
            key = await self._storing.blobs.put(counted())
        except GuritaError as error:
            self.say(4, f"The artifact {name} could not be collected from {path}: {error}")
            return
        values = {"blob": key, "size": sum(sizes)}
        await self._run.write(
            lambda tx: tx.run(update(artifact).where(artifact.c.number == number).values(**values))
        )
