"""Tickets, and what the owner of an action may conclude from what a target says of one. Pure."""

from __future__ import annotations

import hashlib
from typing import Literal

from gurita.engine.logs import LogPlace
from gurita.engine.rows import ActionRow
from gurita.store.installation import Installation
from gurita.transport.tickets import Identity

__all__ = ["Verdict", "task_key", "ticket", "verdict"]

Verdict = Literal["start", "follow", "lost"]


def ticket(installation: Installation, task: int, created: int, place: LogPlace) -> str:
    """32 hex digits for one attempt at one action on one target.

    The installation's incarnation is part of it: a restored database shares no ticket with what it was. So is the moment
    the task was made: a database that was set back and not declared restored numbers its next tasks like lost ones.
    """
    parts = (task, created, place.step, place.action, place.target, place.attempt)
    return _digest(installation, *parts)


def task_key(installation: Installation, task: int, created: int) -> str:
    """32 hex digits under which the tickets of a task lie on a target."""
    return _digest(installation, task, created)


def _digest(installation: Installation, *parts: object) -> str:
    text = "\n".join(str(part) for part in (installation.id, installation.incarnation, *parts))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def verdict(row: ActionRow, state: str, now: Identity) -> Verdict:
    """What to do with an action somebody asked for before, given what its target says of the ticket.

    *Unknown* means *not begun* only while the row is still `asking`, the store and boot are those recorded before the
    ask, and the store's count of begun tickets has not fallen. Anything else unknown is `lost`.
    """
    if state == "forgotten":
        return "lost"
    if state not in ("unknown", "pending"):
        return "follow"
    same = (now.store_id, now.boot_id) == (row.store_id, row.boot_id) and now.begun >= row.begun
    if state == "pending":
        return "start" if same else "lost"
    return "start" if same and row.state == "asking" else "lost"
