"""What asks feeds elsewhere: one file a protocol."""

from __future__ import annotations

from gurita.feeds.clients.registry import client_for
from gurita.feeds.clients.types import (
    FeedClient,
    FeedVersion,
    FoundPackage,
    NotServed,
    Place,
    Source,
    UnknownPackage,
)

__all__ = [
    "FeedClient",
    "FeedVersion",
    "FoundPackage",
    "NotServed",
    "Place",
    "Source",
    "UnknownPackage",
    "client_for",
]
