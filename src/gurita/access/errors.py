"""Refusals of access."""

from __future__ import annotations

from gurita.kernel.errors import Refused

__all__ = ["ForgedRequest", "InvalidCredentials"]


class ForgedRequest(Refused):
    """A write with a session cookie that does not prove to come from our own pages."""

    status = 403
    headline = "This request may have been made by another site in your name, so it was refused."


class InvalidCredentials(Refused):
    """A key, token or password that is not good (any more). Which of these is not told."""

    status = 401
    headline = "The API key, token or session you sent is not valid. It may be wrong, expired or revoked."
