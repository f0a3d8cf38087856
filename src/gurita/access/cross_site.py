"""Proof that a write with a session cookie comes from our own pages (T17): its Origin, and its CSRF token."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from gurita.access.credentials import digest
from gurita.access.errors import ForgedRequest
from gurita.access.sessions import CSRF_HEADER
from gurita.http.context import Services

__all__ = ["check_origin", "check_token"]

_SAFE = {"GET", "HEAD", "OPTIONS"}


def check_origin(connection: HTTPConnection, services: Services) -> None:
    """Raises ForgedRequest for a write or a WebSocket from another origin. A WebSocket must name its origin."""
    socket = connection.scope["type"] == "websocket"
    if not socket and connection.scope["method"] in _SAFE:
        return
    origin = connection.headers.get("origin")
    if origin is None:
        if socket:
            raise ForgedRequest("The request names no Origin.")
        return
    host = urlsplit(origin).netloc.lower()
    ours = {connection.headers.get("host", "").lower()}
    public = getattr(getattr(services, "settings", None), "public_url", "")
    if public:
        ours.add(urlsplit(public).netloc.lower())
    if not host or host not in ours:
        raise ForgedRequest(f"It comes from {origin[:100]}, which is not this server.")


def check_token(connection: HTTPConnection, expected: str) -> None:
    """Raises ForgedRequest for a write without the session's CSRF token in its header."""
    if connection.scope["type"] == "websocket" or connection.scope["method"] in _SAFE:
        return
    given = connection.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(digest(given), expected):
        raise ForgedRequest(
            "Send the value of the cookie Octopus-Csrf-Token_… in the header X-Octopus-Csrf-Token."
        )
