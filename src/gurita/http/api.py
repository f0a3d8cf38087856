"""The one ASGI application: finds the route, lets the viewer in or not, reads what the handler asks for, writes the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from msgspec import inspect as shapes
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Router
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from gurita.http import wire
from gurita.http.bodies import read_body, required
from gurita.http.call import Call
from gurita.http.context import NOBODY, Context, Services, Viewer
from gurita.http.errors import refusal, unexpected
from gurita.http.folding import accepts_null
from gurita.http.idempotency import Attempt, once
from gurita.http.paths import segments_of
from gurita.http.permissions import PUBLIC, SIGNED_IN, Inside
from gurita.http.query import read_query
from gurita.http.routes import Route
from gurita.http.security_headers import harden
from gurita.http.tree import Found, Trees
from gurita.kernel.errors import Forbidden, Invalid, NotFound, Refused, Unauthenticated

__all__ = ["Advise", "Api", "Authenticate", "Call", "Gate", "ResolveSpace", "all_of"]

Authenticate = Callable[[HTTPConnection], Awaitable[Viewer | None]]
"""Who a request comes from; None for nobody. Raises Refused when it claims somebody and does not prove it."""

ResolveSpace = Callable[[str | None], Awaitable[str | None]]
"""The id of a space from its id, slug or name in any case; None asks for the default space and answers an unknown one."""

Renew = Callable[[HTTPConnection, Response, str], Awaitable[None]]
"""Adds to an answer what keeps its viewer signed in; the text is the path that cookies are for."""

Gate = Callable[[Call], Awaitable[None]]
"""Asked of every call its permission lets in. Raises Refused, as in maintenance."""

Advise = Callable[[Viewer, Forbidden], Awaitable[None]]
"""Adds to a refusal whom one could ask: which teams have the permission there."""

_WORTH_ZIPPING = 4096
"""Bytes of the smallest answer that is compressed for who takes gzip; event streams and files never are."""

_AS_THEY_ARE = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/octet-stream")

_OVERRIDES = {b"PUT": "PUT", b"DELETE": "DELETE"}


class Api:
    """Serves routes. `prefix` is the path the server runs under."""

    def __init__(
        self,
        routes: Iterable[Route],
        services: Services,
        *,
        authenticate: Authenticate,
        resolve_space: ResolveSpace,
        prefix: str = "",
        lifespan: Any = None,
        gate: Gate | None = None,
        advise: Advise | None = None,
        renew: Renew | None = None,
    ) -> None:
        self.routes = tuple(routes)
        self.services = services
        self.prefix = prefix.rstrip("/")
        self.trees = Trees(self.routes)
        self._authenticate, self._resolve_space, self._gate = authenticate, resolve_space, gate
        self._advise, self._renew = advise, renew
        self._lifespan = Router(lifespan=lifespan)
        self._zipped = GZipMiddleware(
            self._serve, _WORTH_ZIPPING, compresslevel=3, exclude_content_types=_AS_THEY_ARE
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._serve_socket(scope, receive, send)
        elif _takes_gzip(scope):
            await self._zipped(scope, receive, send)
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._respond(scope, receive, send)
        except Refused as refused:
            response = refusal(refused)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - whatever it was, the client gets an answer
            response = unexpected(error, f"{scope['method']} {scope['path']}")
        harden(response, secure=scope["scheme"] == "https")
        if scope["method"] == "HEAD":
            response = await _headers_only(response)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> Response:
        found = self.trees.find(_method(scope), segments_of(scope, self.prefix))
        request = Request(scope, receive, send)
        try:
            call = await self._admit(found, request)
            response = await self._answer(call, found, scope, request)
            if self._renew is not None and call.viewer is not NOBODY:
                await self._renew(request, response, self.prefix or "/")
            return response
        except Forbidden as refused:
            if self._advise is not None and refused.space is not None:
                viewer = await self._authenticate(request)
                await self._advise(viewer or NOBODY, refused)
            raise

    async def _answer(self, call: Call, found: Found, scope: Scope, request: Request) -> Response:
        route = found.route
        arguments: dict[str, Any] = dict(zip(route.names, found.values, strict=True))
        if route.query:
            arguments["query"] = read_query(scope["query_string"], route.query)
        body = b""
        if route.body:
            body = await read_body(request, route.body_limit)
            arguments["body"] = _decoded(body, route)
        if route.method == "POST" and (attempt := _attempt(call, body)):
            return await once(call.context, attempt, lambda: _handled(call, arguments))
        return await _handled(call, arguments)

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        secure = scope["scheme"] == "wss"
        try:
            found = self.trees.find("WEBSOCKET", segments_of(scope, self.prefix))
            call = await self._admit(found, socket)
        except Refused as refused:
            await socket.send_denial_response(harden(refusal(refused), secure=secure))
        except Exception as error:  # noqa: BLE001 - as above
            await socket.send_denial_response(unexpected(error, f"WEBSOCKET {scope['path']}"))
        else:
            await found.route.handler(call, **dict(zip(found.route.names, found.values, strict=True)))

    async def _admit(self, found: Found, connection: Request | WebSocket) -> Call:
        """The call of somebody who may make it. Raises Unauthenticated, Forbidden, NotFound."""
        route = found.route
        viewer = NOBODY if route.permission == PUBLIC else await self._viewer(connection, route)
        call = Call(self, connection, route, Context(self.services, viewer, await self._space(found)))
        if not _may(call, viewer):
            raise Forbidden(route.permission, space=call.space)
        if self._gate is not None:
            await self._gate(call)
        return call

    async def still_allows(self, call: Call) -> bool:
        """Whether the call would be let in now. Raises Refused when its key or session is no longer good."""
        return await self.viewer_now(call) is not None

    async def viewer_now(self, call: Call) -> Viewer | None:
        """Whoever makes the call, with what they may do now; None when it would not be let in. Raises Refused."""
        if call.route.permission == PUBLIC:
            return call.viewer
        viewer = await self._authenticate(call.connection)
        return viewer if viewer is not None and _may(call, viewer) else None

    async def _viewer(self, connection: HTTPConnection, route: Route) -> Viewer:
        viewer = await self._authenticate(connection)
        if viewer is None:
            raise Unauthenticated(challenge=route.level == "beside")
        return viewer

    async def _space(self, found: Found) -> str:
        if not found.in_space:
            return ""
        space = await self._resolve_space(found.space)
        if space is None:
            raise NotFound(found.space or "default space")
        return space


def all_of(*gates: Gate) -> Gate:
    """A gate made of several, asked one after the other."""

    async def ask(call: Call) -> None:
        for gate in gates:
            await gate(call)

    return ask


def _takes_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    if method == "HEAD":
        return "GET"
    if method == "WEBSOCKET":
        return "UNKNOWN"  # the word routes have for sockets is no method
    if method == "POST":
        for name, value in scope["headers"]:
            if name == b"x-http-method-override":
                return _OVERRIDES.get(value.strip().upper(), "POST")
    return method


def _may(call: Call, viewer: Viewer) -> bool:
    route = call.route
    if isinstance(route.permission, Inside) or route.permission in (PUBLIC, SIGNED_IN):
        return True
    anywhere = route.level == "mixed" and not call.space
    return viewer.may(route.permission, None if anywhere else call.space)


def _decoded(body: bytes, route: Route) -> Any:
    if route.body is bytes:
        return body
    if not body and accepts_null(shapes.type_info(route.body)):
        return None
    return wire.read(required(body), route.body)


def _attempt(call: Call, body: bytes) -> Attempt | None:
    key = call.request.headers.get("idempotency-key")
    if key is None or not call.viewer.user_id:
        return None
    if not call.route.replayable:
        raise Invalid(
            "Idempotency-Key: not here, since the answer holds a secret, or the request files, that must not be kept."
        )
    return Attempt.of(key, call.viewer.user_id, str(call.request.scope["path"]), body)


async def _handled(call: Call, arguments: dict[str, Any]) -> Response:
    answer = await call.route.handler(call, **arguments)
    if isinstance(answer, Response):
        return answer
    content = b"" if answer is None else wire.write(answer)
    return Response(content, call.route.status, media_type=call.route.media)


async def _headers_only(response: Response) -> Response:
    if isinstance(response, StreamingResponse) and hasattr(response.body_iterator, "aclose"):
        await response.body_iterator.aclose()
    bare = Response(b"", response.status_code)
    bare.raw_headers = response.raw_headers
    return bare
