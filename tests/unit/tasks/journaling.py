"""Tasks written into the journal by hand, as their owner would write them, and a server that shows them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
from sqlalchemy import insert
from starlette.types import Message

from gurita.engine.interruptions import ask_guidance_in
from gurita.engine.journal import (
    Asking,
    Declared,
    Progress,
    ask_in,
    begin_step_in,
    finish_step_in,
    progress_in,
)
from gurita.engine.logs import TASK, LogEntry, LogPlace
from gurita.engine.owner import Owner, own
from gurita.engine.plan import Frozen, Plan, PlanAction, PlanStep, Skip, Target
from gurita.engine.queue import Claimed, NewTask, claim_in, submit_in
from gurita.engine.rows import ActionRow
from gurita.engine.tables import task_plan
from gurita.engine.transitions import transition
from gurita.http.api import Api
from gurita.store.blobs import Blobs
from gurita.tasks.routes import routes
from tests.helpers import House, house

__all__ = ["Desk", "Heard", "listening", "plan_of", "room", "target"]

NOW = 1_727_103_438_798
"""2024-09-23T14:57:18.798Z"""


def target(name: str) -> Target:
    return Target(id=f"Machines-{name}", name=name)


def plan_of(*steps: int, targets: Sequence[str] = ("web",), **more: Any) -> Plan:
    """A plan whose steps have so many actions each."""
    to = tuple(target(name) for name in targets)
    made = []
    for index, count in enumerate(steps):
        actions = tuple(
            PlanAction(index=n, id=f"a{n}", name=f"act {n}", number=f"{index + 1}.{n + 1}", type="x")
            for n in range(count)
        )
        made.append(
            PlanStep(
                index=index,
                id=f"s{index}",
                name=f"step {index}",
                number=str(index + 1),
                group=index,
                actions=actions,
                targets=to,
            )
        )
    return Plan(steps=tuple(made), **more)


@dataclass
class Desk:
    """Writes tasks into a server's journal."""

    gurita: House
    clock: int = NOW

    async def write(self, unit: Callable[[Any], Any]) -> Any:
        return await self.gurita.store.write(unit)

    async def submit(self, name: str = "Deploy", space: str = "Spaces-1", **more: Any) -> int:
        described = more.pop("description", "Deploy Web release 1.0 to Dev")
        new = NewTask(space, name, described, **more)
        return int(await self.write(lambda tx: submit_in(tx, new, self.clock)))

    async def claim(self) -> Owner:
        claimed = await self.write(lambda tx: claim_in(tx, "OctopusServerNodes-here", self.clock + 1000))
        assert isinstance(claimed, Claimed)
        return claimed.owner

    async def started(self, plan: Plan | None = None, **more: Any) -> Owner:
        """A task that executes, with a plan."""
        await self.submit(**more)
        owner = await self.claim()
        if plan is not None:
            text = msgspec.json.encode(plan).decode()
            await self.write(lambda tx: tx.run(insert(task_plan).values(task=owner.number, plan=text)))
        return owner

    async def log(self, owner: Owner, *lines: tuple[int, str], place: LogPlace = TASK) -> None:
        entries = [LogEntry(self.clock + 2000, category, text) for category, text in lines]
        await self.write(lambda tx: own(tx, owner).log(place, entries))

    async def begin(self, owner: Owner, step: int, *names: str, skipped: Sequence[Skip] = ()) -> None:
        frozen = Frozen(targets=tuple(target(name) for name in names), skipped=tuple(skipped))
        await self.write(lambda tx: begin_step_in(tx, owner, step, "Running", frozen, self.clock + 1500))

    async def finish(self, owner: Owner, step: int, state: str = "Success") -> None:
        await self.write(lambda tx: finish_step_in(tx, owner, step, state, self.clock + 5000))

    async def attempt(
        self,
        owner: Owner,
        place: LogPlace,
        state: str = "success",
        *lines: tuple[int, str],
        artifacts: Sequence[Declared] = (),
    ) -> ActionRow:
        """An attempt that was asked for, wrote its lines and ended (or runs on)."""
        entries = [LogEntry(self.clock + 3000, category, text) for category, text in lines]

        def unit(tx: Any) -> ActionRow:
            row = ask_in(tx, owner, Asking(place, f"{owner.number}-{place}"), self.clock + 1600)
            assert isinstance(row, ActionRow)
            told = Progress(row.number, place, entries, state=state, error="It broke." * (state == "failed"))
            told.artifacts = list(artifacts)
            progress_in(tx, owner, told, self.clock + 4000)
            return row

        found: ActionRow = await self.write(unit)
        return found

    async def end(self, owner: Owner, rule: str = "succeed", **more: Any) -> None:
        await self.write(lambda tx: transition(tx, rule, owner.number, self.clock + 7000, **more))

    async def ask(self, owner: Owner, row: ActionRow, *buttons: str) -> str:
        """Asks a person about a failed attempt; gives the interruption's id."""
        form = {"Text": "It broke.", "Buttons": list(buttons or ("Retry", "Ignore", "Exclude", "Fail"))}
        number = await self.write(
            lambda tx: ask_guidance_in(tx, owner, "Spaces-1", row, "A failure.", form, self.clock + 4500)
        )
        return f"Interruptions-{number}"


@asynccontextmanager
async def room(folder: Path, url: str = "") -> AsyncIterator[tuple[House, Desk]]:
    """A server with tasks in it."""
    blobs = Blobs.open(folder / "blobs")
    async with house(folder, url=url, more=routes, blobs=blobs) as gurita:
        yield gurita, Desk(gurita)


@dataclass
class Heard:
    """A stream that is being listened to."""

    status: int
    queue: asyncio.Queue[bytes | None]
    left: bytes = b""

    async def next(self) -> dict[str, Any] | None:
        """The next event as `{id, event, data}`; None when the stream has ended. Beats are left out."""
        while True:
            while b"\n\n" not in self.left:
                piece = await asyncio.wait_for(self.queue.get(), 90)
                if piece is None:
                    return None
                self.left += piece
            block, _, self.left = self.left.partition(b"\n\n")
            found = dict(
                line.split(": ", 1) for line in block.decode().split("\n") if not line.startswith(":")
            )
            if found:
                return {**found, "data": msgspec.json.decode(found["data"])}

    async def until(self, kind: str) -> list[dict[str, Any]]:
        """All events up to and with the next of this kind."""
        found: list[dict[str, Any]] = []
        while not found or found[-1].get("event") != kind:
            one = await self.next()
            assert one is not None, f"the stream ended before {kind}: {found}"
            found.append(one)
        return found


@asynccontextmanager
async def listening(app: Api, target: str, last: str = "") -> AsyncIterator[Heard]:
    """Opens a stream and hangs up at the end."""
    path, _, query = target.partition("?")
    headers = [(b"host", b"gurita.test"), *([(b"last-event-id", last.encode())] if last else [])]
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": unquote(f"/api/{path}"), "raw_path": f"/api/{path}".encode(),
        "query_string": query.encode(), "headers": headers, "client": ("192.0.2.1", 1), "server": ("gurita.test", 80),
    }  # fmt: skip
    gone, head = asyncio.Event(), asyncio.get_running_loop().create_future()
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            await gone.wait()
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            head.set_result(message["status"])
        else:
            queue.put_nowait(message.get("body", b""))

    async def serve() -> None:
        await app(scope, receive, send)
        queue.put_nowait(None)

    serving = asyncio.create_task(serve())
    try:
        yield Heard(await asyncio.wait_for(head, 90), queue)
    finally:
        gone.set()
        await asyncio.wait_for(serving, 90)
