"""Which worker of a pool does a piece of work. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from gurita.machines.resources import Worker

__all__ = ["chosen_worker"]

_WELL = ("Healthy", "HasWarnings")


def chosen_worker(workers: Sequence[Worker], key: str) -> Worker | None:
    """One of the enabled workers that are well; None when none is.

    The same key chooses the same worker while the pool stays as it is; different keys spread over the pool. A worker
    that was never checked counts as well only where there is no better one.
    """
    enabled = [each for each in workers if not each.is_disabled]
    well = [each for each in enabled if each.health_status in _WELL]
    found = well or [each for each in enabled if each.health_status == "Unknown"]
    if not found:
        return None
    return min(found, key=lambda each: hashlib.sha256(f"{key}\n{each.id}".encode()).digest())
