"""Two people changing the same document: the second is told what the first did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gurita.audit.reading import last_about
from gurita.kernel.errors import Conflict

if TYPE_CHECKING:
    from gurita.store.tx import Tx

__all__ = ["check_version"]


def check_version(tx: Tx, words: str, before: Any, sent: Any) -> None:
    """Raises Conflict when the version a client sends is not the current one; 0 or none is not checked."""
    current, version = getattr(before, "version", 0), getattr(sent, "version", 0)
    if not version or version == current:
        return
    last = last_about(tx, before.id)
    told = f" It was last changed by {last.username} at {last.occurred}." if last else ""
    raise Conflict(
        f"Version: you changed version {version} of the {words} '{getattr(before, 'name', '') or before.id}', which is at "
        f"version {current} by now.{told} Get it again, make your change to it, and send it with Version {current}.",
        details={
            "CurrentVersion": current,
            "ChangedBy": last and last.username,
            "ChangedOn": last and last.occurred,
            "Differences": last.change_details.differences if last else [],
        },
    )
