"""What other features tell tasks: how their kind is run again, and what their arguments must fulfil.

Filled by the composition root while the server starts, and only read afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["Check", "Rerunner", "checks", "rerunners"]

Rerunner = Callable[["Tx", "Context", Mapping[str, Any]], int]
"""Queues another task like the one of that row, and gives its number. The context is in the task's space."""

Check = Callable[["Tx", "Context", Mapping[str, Any]], None]
"""Raises Invalid for arguments that name what does not exist, or NotFound; the context is in the task's space."""

rerunners: dict[str, Rerunner] = {}
"""By kind of task. The tasks of this package are there already (`gurita.tasks.starting`)."""

checks: dict[str, Check] = {}
"""By kind of task, for those that are started by hand."""
