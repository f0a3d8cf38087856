"""An application with access and a few routes of others, on a database of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select

from gurita.access.routes import routes as access_routes
from gurita.access.service import Authenticator, ensure_administrator, redeem
from gurita.http.api import Api, Call
from gurita.http.context import Services
from gurita.http.permissions import SIGNED_IN
from gurita.http.routes import Routes
from gurita.kernel.clock import SystemClock
from gurita.kernel.ids import SystemRandomness
from gurita.secrets import open_secrets
from gurita.store.db import Store
from gurita.store.tables import metadata
from tests.unit.http.asking import Answer, asked

__all__ = ["ADMIN_KEY", "PASSWORD", "Household", "play"]

ADMIN_KEY = "API-ADMINISTRATOR0123456789"
PASSWORD = "correct horse battery"
ENV = {"GURITA_ADMIN_USERNAME": "ada", "GURITA_ADMIN_PASSWORD": PASSWORD, "GURITA_ADMIN_API_KEY": ADMIN_KEY}
INSTALLATION = "9c7b5a8e"

space, system = Routes("space"), Routes("system")


@space.post("/machines", permission="MachineCreate")
async def post_machine(call: Call) -> dict[str, Any]:
    becomes = await call.services.store.write(lambda tx: redeem(tx, call.context))
    found = None if becomes is None else [list(becomes.roles), list(becomes.environment_ids)]
    return {"By": call.viewer.established_with, "As": found, "User": call.viewer.user_id}


@space.get("/machines", permission="MachineView")
async def list_machines(call: Call) -> dict[str, Any]:
    return {"Space": call.space}


@system.post("/echo", permission=SIGNED_IN)
async def echo(call: Call) -> dict[str, Any]:
    return {"User": call.viewer.username}


class MovableClock(SystemClock):
    def __init__(self) -> None:
        self.moment = datetime(2026, 7, 1, 12, tzinfo=UTC)
        self.passed = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.passed

    def pass_(self, **amount: float) -> None:
        self.moment += timedelta(**amount)
        self.passed += timedelta(**amount).total_seconds()


class Household:
    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.clock = store, MovableClock()
        self.services = Services(
            store=store,
            clock=self.clock,
            random=SystemRandomness(),
            installation_id=INSTALLATION,
            secrets=open_secrets(folder, {}),
        )
        self.app = self.node()

    def node(self, prefix: str = "") -> Api:
        """An application of its own on the same database."""
        authenticator = Authenticator(self.services)
        return Api(
            [*access_routes, *space.items, *system.items],
            self.services,
            authenticate=authenticator,
            renew=authenticator.renew,
            resolve_space=_space,
            prefix=prefix,
        )

    async def ask(
        self,
        method: str,
        target: str,
        body: Any = None,
        *,
        key: str | None = ADMIN_KEY,
        headers: Mapping[str, str] | None = None,
        app: Api | None = None,
        scheme: str = "http",
    ) -> Answer:
        given = dict(headers or {})
        if key is not None:
            given["X-Octopus-ApiKey"] = key
        content = b"" if body is None else msgspec.json.encode(body)
        return await asked(app or self.app, method, target, content, headers=given, scheme=scheme)

    async def sign_in(self, username: str = "ada", password: str = PASSWORD, **more: Any) -> Answer:
        return await self.ask(
            "POST", "/api/users/login", {"Username": username, "Password": password, **more}, key=None
        )

    async def session(self, **more: Any) -> dict[str, str]:
        """The headers of a page that has signed in."""
        return headers_of(await self.sign_in(**more))

    async def user(self, name: str, **members: Any) -> dict[str, Any]:
        """A new user, as the API shows it."""
        body = {"Username": name, "Password": PASSWORD, **members}
        answer = await self.ask("POST", "/api/users", body)
        assert answer.status == 201, answer.body
        found: dict[str, Any] = answer.json
        return found

    async def key_of(self, name: str) -> str:
        """A key of a user, made by that user."""
        headers = await self.session(username=name)
        answer = await self.ask(
            "POST", "/api/users/me/apikeys", {"Purpose": "test"}, key=None, headers=headers
        )
        found: str = answer.json["ApiKey"]
        return found

    async def digest(self) -> str:
        """Everything in the database but what only counts attempts and events."""

        def all_rows(tx: Any) -> str:
            return repr(
                [
                    (table.name, sorted(map(repr, tx.all(select(table)))))
                    for table in metadata.sorted_tables
                    if table.name not in ("sign_in", "event", "event_related", "api_key_use", "commit_mark")
                ]
            )

        return await self.store.read(all_rows)

    async def events(self) -> list[str]:
        """The categories of all events."""
        table = metadata.tables["event"]
        rows = await self.store.read(lambda tx: tx.all(select(table.c.category).order_by(table.c.number)))
        return [row["category"] for row in rows]


def headers_of(answer: Answer) -> dict[str, str]:
    """What a browser sends after it got these cookies, with the token our pages add."""
    assert answer.status == 200, answer.body
    pairs = [cookie.partition(";")[0] for cookie in answer.cookies]
    csrf = next(pair.partition("=")[2] for pair in pairs if pair.startswith("Octopus-Csrf-Token_"))
    return {"Cookie": "; ".join(pairs), "X-Octopus-Csrf-Token": csrf}


async def _space(text: str | None) -> str | None:
    return {None: "Spaces-1", "spaces-1": "Spaces-1", "spaces-2": "Spaces-2"}.get(text and text.lower())


@asynccontextmanager
async def _household(folder: Path) -> AsyncIterator[Household]:
    store = await Store.open(f"sqlite:///{folder / 'gurita.db'}")
    try:
        house = Household(store, folder)
        await ensure_administrator(house.services, ENV)
        yield house
    finally:
        await store.close()


def play(folder: Path, scene: Callable[[Household], Awaitable[None]]) -> None:
    """Runs a scene in a household with one administrator, `ada`."""

    async def run() -> None:
        async with _household(folder) as house:
            await scene(house)

    asyncio.run(run())
