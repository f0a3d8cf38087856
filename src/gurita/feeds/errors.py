"""How asking a feed ends when it does not end well. Every message names the feed and a way out."""

from __future__ import annotations

from gurita.kernel.errors import Refused, Terminal, Unavailable

__all__ = ["FeedRefuses", "FeedUnavailable"]


class FeedRefuses(Refused, Terminal):
    """The feed, or this server on its behalf, says no, and would say it again."""

    status = 400


class FeedUnavailable(Unavailable):
    """The feed cannot be asked now; it may be later."""

    headline = "The feed could not be asked. Try again in a moment."
