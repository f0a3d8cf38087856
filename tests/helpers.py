"""A server in the test's own process: a real store in a folder, the features' routes, no sockets."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select

from gurita.accounts import routes as accounts
from gurita.accounts.proxies import routes as proxies
from gurita.audit import routes as audit
from gurita.certificates import routes as certificates
from gurita.configuration import routes as configuration
from gurita.configuration.service import MaintenanceGate
from gurita.dashboard import routes as dashboard
from gurita.deployments import routes as deployments
from gurita.environments import routes as environments
from gurita.explanations import routes as explanations
from gurita.feeds import routes as feeds
from gurita.http.api import Api, all_of
from gurita.http.context import Context, Services, Viewer, system_viewer
from gurita.http.routes import Route
from gurita.kernel.clock import SystemClock
from gurita.kernel.ids import SystemRandomness
from gurita.library import routes as library
from gurita.lifecycles import routes as lifecycles
from gurita.machines import routes as machines
from gurita.nodes import routes as nodes
from gurita.projects import routes as projects
from gurita.releases import routes as releases
from gurita.secrets.keys import open_secrets
from gurita.spaces import routes as spaces
from gurita.spaces.directory import Directory
from gurita.spaces.service import ensure_default_in
from gurita.store.db import Store
from gurita.store.tables import metadata
from gurita.variables import routes as variables
from tests.unit.http.asking import Answer, asked

__all__ = ["House", "database_digest", "house"]

ROUTES: tuple[Route, ...] = (
    *accounts.routes,
    *audit.routes,
    *certificates.routes,
    *configuration.routes,
    *dashboard.routes,
    *deployments.routes,
    *environments.routes,
    *feeds.routes,
    *library.routes,
    *lifecycles.routes,
    *machines.routes,
    *nodes.routes,
    *projects.routes,
    *proxies.routes,
    *releases.routes,
    *spaces.routes,
    *explanations.routes,
    *variables.routes,
)

_RESTLESS = {"commit_mark"}


class _Settings:
    data = Path()
    prefix = ""
    public_url = ""
    node_name = "here"
    local_scripts = True


@dataclass
class House:
    """The server. `viewer` is who asks, and may be changed at any time."""

    app: Api
    store: Store
    services: Services
    viewer: Viewer

    async def ask(self, method: str, target: str, body: Any = None) -> Answer:
        """One request; `body` is anything JSON can say, or bytes as they are."""
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        return await asked(self.app, method, f"/api/{target}", content)

    async def get(self, target: str) -> Any:
        """What a GET that must succeed answers."""
        return _good(await self.ask("GET", target))

    async def post(self, target: str, body: Any) -> Any:
        """What a POST that must succeed answers."""
        return _good(await self.ask("POST", target, body))

    async def put(self, target: str, body: Any) -> Any:
        """What a PUT that must succeed answers."""
        return _good(await self.ask("PUT", target, body))

    async def delete(self, target: str) -> Any:
        """What a DELETE that must succeed answers."""
        return _good(await self.ask("DELETE", target))

    async def refused(self, status: int, method: str, target: str, body: Any = None) -> Any:
        """What a request that must be refused answers, after proving that it changed nothing."""
        before = await database_digest(self.store)
        answer = await self.ask(method, target, body)
        assert answer.status == status, answer.body
        assert await database_digest(self.store) == before, "a refused request changed the database"
        return answer.json

    def may(self, allowed: Callable[[str, str | None], bool]) -> None:
        """From now on the caller may only do what `allowed(permission, space)` says."""
        self.viewer = replace(self.viewer, may=allowed)

    def context(self, space: str = "Spaces-1") -> Context:
        """The caller's context in a space."""
        return Context(self.services, self.viewer, space)


def _good(answer: Answer) -> Any:
    assert answer.status in (200, 201), answer.body
    return answer.json


@asynccontextmanager
async def house(
    folder: Path, *, url: str = "", more: Iterable[Route] = (), **services: Any
) -> AsyncIterator[House]:
    """A server with the default space, on a database in `folder` (or at `url`)."""
    store = await Store.open(url or f"sqlite:///{folder / 'gurita.db'}")
    try:
        given = {
            "store": store,
            "secrets": open_secrets(folder, {}),
            "clock": SystemClock(),
            "random": SystemRandomness(),
            "settings": _Settings(),
            **services,
        }
        context = Context(Services(**given), system_viewer(), "")
        await store.write(context.services.secrets.check_in)
        await store.write(lambda tx: ensure_default_in(tx, context))
        directory = Directory(store, context)
        told: list[House] = []

        async def authenticate(_connection: object) -> Viewer | None:
            return told[0].viewer

        app = Api(
            (*ROUTES, *more),
            context.services,
            authenticate=authenticate,
            resolve_space=directory.resolve,
            gate=all_of(directory.admit, MaintenanceGate(store)),
        )
        told.append(House(app, store, context.services, context.viewer))
        yield told[0]
    finally:
        await store.close()


async def database_digest(store: Store) -> str:
    """A hash of everything in the database: equal before and after what changes nothing."""

    def read(tx: Any) -> str:
        digest = hashlib.sha256()
        for table in metadata.sorted_tables:
            if table.name not in _RESTLESS:
                rows = sorted(repr(tuple(row)) for row in tx.run(select(table)).all())
                digest.update(f"{table.name}\n{rows}\n".encode())
        return digest.hexdigest()

    return await store.read(read)
