"""Errors as answers: `{ErrorMessage, Errors}`. The one place where `Refused` becomes a status."""

from __future__ import annotations

import logging
import uuid
from typing import Any

import msgspec
from starlette.responses import Response

from gurita.http.tree import MethodNotAllowed
from gurita.kernel.errors import Refused, Retryable, Unauthenticated, Unavailable

__all__ = ["TooManyRequests", "refusal", "unexpected"]

_log = logging.getLogger("gurita.http")


class TooManyRequests(Refused):
    """The caller has to wait. `seconds` becomes Retry-After."""

    status = 429
    headline = "Too many attempts. Wait a moment and try again."

    def __init__(self, *errors: str, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(*errors)


def refusal(refused: Refused) -> Response:
    """The answer to a request that was refused."""
    headers: dict[str, str] = {}
    match refused:
        case MethodNotAllowed():
            headers["Allow"] = refused.allowed
        case TooManyRequests():
            headers["Retry-After"] = str(refused.seconds)
        case Unavailable():
            headers["Retry-After"] = "5"
        case Unauthenticated(challenge=True):
            headers["WWW-Authenticate"] = 'Basic realm="Gurita", charset="UTF-8"'
    return _answer(refused.status, refused.message, refused.errors, headers, refused.details)


def unexpected(error: Exception, what: str) -> Response:
    """The answer to a request that failed on our side: an incident id, which the log explains, and nothing internal."""
    incident = uuid.uuid4().hex[:12]
    _log.error("incident %s: %s", incident, what, exc_info=error)
    found = [f"Incident {incident}: the server's log says what happened."]
    if isinstance(error, Retryable):
        return _answer(503, Unavailable.headline, found, {"Retry-After": "5"})
    return _answer(500, "Something went wrong on the server.", found)


def _answer(
    status: int,
    message: str,
    errors: list[str],
    headers: dict[str, str] | None = None,
    details: object = None,
) -> Response:
    body: dict[str, Any] = {"ErrorMessage": message, "Errors": errors}
    if details is not None:
        body["Details"] = details
    return Response(msgspec.json.encode(body), status, headers, "application/json")
