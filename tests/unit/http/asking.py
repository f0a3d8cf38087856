"""Asks an ASGI application directly: every byte of the path reaches it as written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import msgspec
from starlette.types import ASGIApp, Message

from gurita.http.api import Api
from gurita.http.context import Services, Viewer, system_viewer
from gurita.http.routes import Route

__all__ = ["Answer", "ask", "asked", "make_api"]

SPACES = {"spaces-1": "Spaces-1", "default": "Spaces-1", "spaces-2": "Spaces-2", "second space": "Spaces-2"}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    cookies: list[str]

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def errors(self) -> list[str]:
        found: list[str] = self.json["Errors"]
        return found


async def _space(text: str | None) -> str | None:
    return "Spaces-1" if text is None else SPACES.get(text.lower())


def make_api(
    routes: Iterable[Route],
    viewer: Viewer | None = None,
    *,
    nobody: bool = False,
    services: Services | None = None,
    **options: Any,
) -> Api:
    """An application whose every caller is `viewer` (somebody who may do everything, unless said otherwise)."""

    async def authenticate(_connection: object) -> Viewer | None:
        return None if nobody else viewer or system_viewer()

    return Api(routes, services or Services(), authenticate=authenticate, resolve_space=_space, **options)


async def asked(
    app: ASGIApp,
    method: str,
    target: str,
    body: bytes | Iterable[bytes] = b"",
    headers: Mapping[str, str] | None = None,
    scheme: str = "http",
) -> Answer:
    """The answer to one request. `target` is path and query, exactly as they travel."""
    path, _, query = target.partition("?")
    given = {"host": "gurita.test", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "path": unquote(path),
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given.items()],
        "client": ("192.0.2.1", 40000),
        "server": ("gurita.test", 80),
    }
    chunks = iter([body] if isinstance(body, bytes) else body)
    sent: list[Message] = []
    ended = [True] if isinstance(body, bytes) else []

    async def receive() -> Message:
        chunk = next(chunks, None)
        if chunk is None:
            if ended:
                await asyncio.Event().wait()  # a client that stays and listens
            ended.append(True)
            return {"type": "http.request", "body": b"", "more_body": False}
        return {"type": "http.request", "body": chunk, "more_body": not isinstance(body, bytes)}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    head = sent[0]
    pairs = [(name.decode(), value.decode("latin-1")) for name, value in head["headers"]]
    cookies = [value for name, value in pairs if name == "set-cookie"]
    return Answer(head["status"], dict(pairs), b"".join(one.get("body", b"") for one in sent[1:]), cookies)


def ask(
    app: ASGIApp, method: str, target: str, body: bytes | Iterable[bytes] = b"", **options: Any
) -> Answer:
    """`asked`, from a test that is not async."""
    return asyncio.run(asked(app, method, target, body, **options))
