"""Working texts out beside the event loop: a project may have thousands of variables, and other tasks and requests wait.

Few threads for all deployments of a node: more of them would only take turns, and leave none to others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["aside"]

T = TypeVar("T")

_pool = ThreadPoolExecutor(2, thread_name_prefix="texts")


async def aside(call: Callable[[], T]) -> T:
    """The call's result; raises what it raises. It touches nothing that the loop changes meanwhile."""
    return await asyncio.get_running_loop().run_in_executor(_pool, call)
