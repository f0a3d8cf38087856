"""Worker pools (api.md 8)."""

from __future__ import annotations

from typing import Literal

from gurita.catalog.resource import NamedResource

__all__ = ["WorkerPool"]


class WorkerPool(NamedResource):
    """A group of workers steps may run on. One pool of a space is the default."""

    is_default: bool = False
    sort_order: int = 0
    worker_pool_type: Literal["StaticWorkerPool", "DynamicWorkerPool"] = "StaticWorkerPool"
    can_add_workers: bool = True
