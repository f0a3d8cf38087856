"""What a handler knows of its request besides its typed arguments."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.websockets import WebSocket

from gurita.http.context import Context, Services, Viewer
from gurita.http.links import Links
from gurita.http.routes import Route

__all__ = ["Call", "Door"]

_NOT_FILTERS = {"skip", "take", "apikey"}


class Door(Protocol):
    """What a call knows of the application it came in through."""

    prefix: str
    routes: tuple[Route, ...]

    async def still_allows(self, call: Call) -> bool:
        """Whether the call would be let in now."""

    async def viewer_now(self, call: Call) -> Viewer | None:
        """Whoever makes the call, with what they may do now; None when it would not be let in."""


class Call:
    """One request: `context` for the services, `links` for the answer, `request` (or `socket`) for what is rare."""

    __slots__ = ("api", "connection", "context", "route")

    def __init__(self, api: Door, connection: Request | WebSocket, route: Route, context: Context) -> None:
        self.api, self.connection, self.route, self.context = api, connection, route, context

    @property
    def links(self) -> Links:
        """Makes links below this server's prefix and the call's space."""
        return Links(self.api.prefix, self.context.space)

    @property
    def request(self) -> Request:
        """The HTTP request. Raises TypeError on a WebSocket."""
        if not isinstance(self.connection, Request):
            raise TypeError("a WebSocket has no request")
        return self.connection

    @property
    def socket(self) -> WebSocket:
        """The WebSocket. Raises TypeError on an HTTP request."""
        if not isinstance(self.connection, WebSocket):
            raise TypeError("an HTTP request has no socket")
        return self.connection

    @property
    def space(self) -> str:
        """The id of the space the path names; "" at the level of the system."""
        return self.context.space

    @property
    def viewer(self) -> Viewer:
        return self.context.viewer

    @property
    def services(self) -> Services:
        return self.context.services

    async def still_allowed(self) -> bool:
        """Whether the viewer would be let in now: what a long answer asks from time to time."""
        return await self.api.still_allows(self)

    async def viewer_now(self) -> Viewer | None:
        """The viewer with what they may do now; None when they would not be let in."""
        return await self.api.viewer_now(self)

    def filters(self) -> list[tuple[str, str]]:
        """The query without paging and keys: what the links of a list carry on."""
        query = self.connection.scope["query_string"].decode("latin-1")
        return [(name, value) for name, value in parse_qsl(query) if name.lower() not in _NOT_FILTERS]
