"""Items of the contract's dashboard: rows of the overview as clients read them.

There may be fifty thousand in an answer, so they are made and encoded a thousand at a time, and no two of anything
are made for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from gurita.dashboard.resources import DashboardItem
from gurita.http.wire import encode
from gurita.tasks.resources import FINAL_STATES
from gurita.tasks.rules import duration_words, lasted, moment_of, task_id, troubled
from gurita.tasks.service import asking_in

if TYPE_CHECKING:
    from gurita.deployments.overview.service import Placed
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.store.tx import Tx

__all__ = ["Items", "items_in"]

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Items:
    """Deployments in their places and what is needed to show them, read; nothing of it needs the database."""

    placed: Sequence[Placed]
    asking: dict[int, list[str]]
    now: int
    previous: bool = False

    def made(self, links: Links) -> Iterator[DashboardItem]:
        """The items, in the order of the deployments."""
        deployments, releases, tasks = (
            links.space("deployments/"),
            links.space("releases/"),
            links.system("tasks/"),
        )
        for one in self.placed:
            final, id = one.state in FINAL_STATES, task_id(one.task)
            queued = moment_of(one.created if one.not_before is None else one.not_before)
            yield DashboardItem(  # by place: by name it takes ten times as long
                one.deployment_id,
                one.project_id,
                one.environment_id,
                one.release_id,
                one.deployment_id,
                id,
                one.tenant_id or None,
                one.channel_id,
                one.release_number,
                queued,  # created
                queued,  # queue_time
                None if one.started is None else moment_of(one.started),
                moment_of(one.completed) if final and one.completed is not None else None,
                one.state,
                one.interruptions > 0 and not final,
                [] if final else sorted(set(self.asking.get(one.task, ()))),
                False,  # has_pending_preconditions
                [],  # pending_precondition_types
                troubled(one.state, warnings=one.warnings),
                one.error or "",
                duration_words(lasted(one.started, one.completed, self.now)),
                not self.previous,  # is_current
                self.previous,
                final,
                {
                    "Self": deployments + one.deployment_id,
                    "Release": releases + one.release_id,
                    "Task": tasks + id,
                },
            )

    def encoded(self, links: Links) -> Iterator[bytes]:
        """The items as JSON, many of them in a piece, with commas between."""
        made = self.made(links)
        for _ in range(0, len(self.placed), _AT_ONCE):
            yield encode(list(islice(made, _AT_ONCE)))[1:-1]


def items_in(tx: Tx, ctx: Context, placed: Sequence[Placed], *, previous: bool = False) -> Items:
    """What is needed to show deployments as items."""
    asking = asking_in(tx, [one.task for one in placed if one.interruptions])
    return Items(placed, asking, ctx.services.milliseconds(), previous)
