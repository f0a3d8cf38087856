"""A server that tells: sealed when it is told to, with a receiver and a mail server that do what a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec

from gurita.access.routes import routes as access
from gurita.audit.trail.keeper import Keeper as Sealer
from gurita.http.context import Context, system_viewer
from gurita.kernel.clock import SystemClock
from gurita.outbound.client import Ask, Reply
from gurita.outbound.errors import OutboundError
from gurita.subscriptions.delivering.keeper import Keeper
from gurita.subscriptions.routes import routes
from tests.helpers import House, house

__all__ = ["Post", "Telling", "telling"]

HOOK = "https://chat.example/hook"


class MovableClock(SystemClock):
    def __init__(self) -> None:
        self.moment = datetime(2026, 7, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


@dataclass
class Receiver:
    """`answer` says of each request which status it gets, or which error."""

    answer: Callable[[Ask], int | OutboundError] = lambda _: 200
    asked: list[Ask] = field(default_factory=list)

    @asynccontextmanager
    async def stream(self, ask: Ask) -> AsyncIterator[Reply]:
        self.asked.append(ask)
        said = self.answer(ask)
        if isinstance(said, OutboundError):
            raise said

        async def nothing() -> AsyncIterator[bytes]:
            yield b""

        yield Reply(said, {}, nothing(), ask.url)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(ask.body) for ask in self.asked]

    @property
    def told(self) -> list[str]:
        """The messages of the events, in the order they came."""
        return [body["Payload"]["Event"]["Message"] for body in self.bodies]


@dataclass
class Post:
    """A mail server; `answer` may refuse an address."""

    answer: Callable[[str], OutboundError | None] = lambda _: None
    away: OutboundError | None = None
    sent: list[tuple[str, EmailMessage]] = field(default_factory=list)

    @asynccontextmanager
    async def session(self, _outbound: object, _relay: object) -> AsyncIterator[Post]:
        if self.away is not None:
            raise self.away
        yield self

    async def send(self, message: EmailMessage, _sender: str, recipient: str) -> None:
        if refused := self.answer(recipient):
            raise refused
        self.sent.append((recipient, message))


@dataclass
class Telling:
    """The server and its world."""

    gurita: House
    clock: MovableClock
    receiver: Receiver
    sealer: Sealer

    def node(self) -> Keeper:
        """A node that tells when it is told to; another one is another life, or another machine."""
        return Keeper(Context(self.gurita.services, system_viewer(), ""))

    async def happen(self, *names: str, space: str = "Spaces-1") -> list[str]:
        """New environments, sealed; their ids."""
        made = [(await self.gurita.post(f"{space}/environments", {"Name": each}))["Id"] for each in names]
        await self.sealer.seal()
        return made

    async def subscribe(self, space: str = "Spaces-1", **members: Any) -> str:
        """A subscription to new documents; its id."""
        told = {"Filter": {"EventCategories": ["Created"]}, **members}
        body = {"Name": f"S {sorted(members)}", "EventNotificationSubscription": told}
        made = await self.gurita.post(f"{space}/subscriptions" if space else "subscriptions", body)
        await self.sealer.seal()
        return str(made["Id"])

    async def shown(self, id: str) -> dict[str, Any]:
        """How telling goes on."""
        found: dict[str, Any] = (await self.gurita.get(f"subscriptions/{id}"))[
            "EventNotificationSubscription"
        ]
        return found

    async def team(self, name: str, *people: dict[str, Any], space: str = "Spaces-1", **scope: Any) -> str:
        """A team whose people may see events of a space, as far as `scope` says; its id."""
        users = [
            (await self.gurita.post("users", {"Username": one["Username"], **one}))["Id"] for one in people
        ]
        team = await self.gurita.post(f"{space}/teams", {"Name": name, "MemberUserIds": users})
        role = await self.gurita.post(
            "userroles", {"Name": f"R {name}", "GrantedSpacePermissions": ["EventView"]}
        )
        given = {"TeamId": team["Id"], "UserRoleId": role["Id"], **scope}
        await self.gurita.post(f"{space}/scopeduserroles", given)
        return str(team["Id"])

    def pass_(self, **amount: float) -> None:
        """Time."""
        self.clock.moment += timedelta(**amount)


@asynccontextmanager
async def telling(folder: Path, url: str = "", **services: Any) -> AsyncIterator[Telling]:
    """A server whose subscriptions are told when a test says so, on a database in the folder or at `url`."""
    clock, receiver = MovableClock(), Receiver()
    more = [*routes, *access]
    given: dict[str, Any] = {"clock": clock, "outbound": receiver, "installation_id": "9c7b5a8e"}
    async with house(folder, url=url, more=more, **{**given, **services}) as gurita:
        sealer = Sealer(Context(gurita.services, system_viewer(), ""), folder)
        await sealer.begin()
        yield Telling(gurita, clock, receiver, sealer)
