"""A route is a record; a feature exports a list of them.

    space = Routes("space")

    @space.get("/projects/{id}", permission="ProjectView", returns=Project)
    async def get_project(call: Call, id: str) -> bytes: ...

A last `{path*}` takes the rest of a path. Path values, `query` (a Wire struct), and `body` (a Wire struct, or `bytes`) are handed over by the names of the handler's
arguments. A mistake (an argument the path does not have, an unknown permission) surfaces at import.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_type_hints

from gurita.http.permissions import known

__all__ = ["Level", "Route", "Routes"]

Level = Literal["space", "system", "mixed", "root", "beside"]
"""Where a route lives: below any space; below /api; below both; below nothing (`/`); of a space, but beside /api (`/{space}/nuget`)."""

Handler = TypeVar("Handler", bound=Callable[..., Awaitable[Any]])
_BEFORE: dict[Level, str] = {
    "space": "/api/{spaceId}",
    "system": "/api",
    "mixed": "/api",
    "root": "",
    "beside": "/{spaceId}",
}


@dataclass(frozen=True, slots=True)
class Route:
    """What answers a method at a path. `body`, `query` and `returns` are types; `names` the path's parameters."""

    method: str
    path: str
    handler: Callable[..., Awaitable[Any]]
    permission: str
    level: Level
    status: int
    names: tuple[str, ...]
    body: Any
    query: Any
    returns: Any
    media: str
    also: tuple[str, ...]
    body_limit: int
    replayable: bool

    @property
    def public_path(self) -> str:
        """The one spelling the description shows."""
        return _BEFORE[self.level] + self.path or "/"


def _check_arguments(handler: Callable[..., Any], path: str, names: tuple[str, ...]) -> None:
    """Raises TypeError unless the handler asks for all path values, and nothing the request does not have."""
    asked = list(inspect.signature(handler).parameters)[1:]
    if wrong := [name for name in asked if name not in (*names, "body", "query")]:
        raise TypeError(f"{handler.__qualname__} asks for {wrong}, which {path} does not have")
    if missing := [name for name in names if name not in asked]:
        raise TypeError(f"{handler.__qualname__} leaves out {missing} of {path}")


def _check_permission(permission: str, where: str) -> None:
    if not known(permission):
        raise ValueError(f"{where}: '{permission}' is no permission")


@dataclass
class Routes:
    """Collects the routes of one level; `items` is what a feature exports."""

    level: Level = "space"
    items: list[Route] = field(default_factory=list)

    def add(
        self,
        method: str,
        path: str,
        *,
        permission: str,
        status: int = 200,
        returns: Any = None,
        media: str = "application/json",
        also: tuple[str, ...] = (),
        body_limit: int = 16 << 20,
        replayable: bool = True,
    ) -> Callable[[Handler], Handler]:
        """Registers the decorated handler. Raises TypeError or ValueError where handler and route do not fit.

        `returns` says what bytes stand for; `also` names other media types the answer has when it is asked for them;
        `body_limit` is in bytes and counts for handlers with a `body`; `replayable=False` is for answers that hold a
        secret, which must not be stored for an Idempotency-Key.
        """
        _check_permission(permission, f"{method} {path}")

        def register(handler: Handler) -> Handler:
            hints = get_type_hints(handler, include_extras=True)
            names = tuple(segment[1:-1].rstrip("*") for segment in path.split("/") if segment.startswith("{"))
            _check_arguments(handler, path, names)
            self.items.append(
                Route(
                    method=method,
                    path=path,
                    handler=handler,
                    permission=permission,
                    level=self.level,
                    status=status,
                    names=names,
                    body=hints.get("body"),
                    query=hints.get("query"),
                    returns=returns or hints.get("return"),
                    media=media,
                    also=also,
                    body_limit=body_limit,
                    replayable=replayable,
                )
            )
            return handler

        return register

    def get(self, path: str, *, permission: str, **options: Any) -> Callable[[Handler], Handler]:
        return self.add("GET", path, permission=permission, **options)

    def post(
        self, path: str, *, permission: str, status: int = 201, **options: Any
    ) -> Callable[[Handler], Handler]:
        return self.add("POST", path, permission=permission, status=status, **options)

    def put(self, path: str, *, permission: str, **options: Any) -> Callable[[Handler], Handler]:
        return self.add("PUT", path, permission=permission, **options)

    def delete(self, path: str, *, permission: str, **options: Any) -> Callable[[Handler], Handler]:
        return self.add("DELETE", path, permission=permission, **options)

    def socket(self, path: str, *, permission: str, **options: Any) -> Callable[[Handler], Handler]:
        """A WebSocket; the handler accepts it and serves it until it closes."""
        return self.add("WEBSOCKET", path, permission=permission, **options)
