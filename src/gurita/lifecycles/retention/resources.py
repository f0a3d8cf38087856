"""API shape of a space's own retention (api.md 10)."""

from __future__ import annotations

from typing import Literal

from gurita.catalog.resource import Resource
from gurita.http.wire import Whole

__all__ = ["NAMES", "RetentionPolicy", "RetentionType"]

RetentionType = Literal["LifecycleRelease", "LifecycleTentacle", "RunbookRetention"]

NAMES: dict[RetentionType, str] = {
    "LifecycleRelease": "Releases",
    "LifecycleTentacle": "Files on deployment targets",
    "RunbookRetention": "Runs of runbooks",
}
"""The kinds there are, one policy each, with the words people read."""


class RetentionPolicy(Resource, kw_only=True):
    """What `Strategy: Default` means in the space: everything, or the newest items or days."""

    name: str = ""
    retention_type: RetentionType = "LifecycleRelease"
    strategy: Literal["Forever", "Count"] = "Forever"
    quantity_to_keep: Whole = 0
    unit: Literal["Days", "Items"] = "Items"
