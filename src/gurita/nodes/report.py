"""A zip file with everything that helps to understand this server's state, and no secret."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, select

from gurita.configuration.rules import settings_sets
from gurita.engine.tables import task
from gurita.nodes import service, status
from gurita.nodes.counting import counts_in
from gurita.nodes.recent_logs import recent
from gurita.nodes.scheduling import schedules_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["Report", "report"]


@dataclass(frozen=True, slots=True)
class Report:
    """Names of files and what is in them."""

    files: dict[str, Any]

    def packed(self) -> bytes:
        """The zip file."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in self.files.items():
                text = content if isinstance(content, str) else _json(content)
                packed.writestr(name, text)
        return out.getvalue()


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1)


def report(tx: Tx, ctx: Context) -> Report:
    """What the report of this node says now."""
    tasks = select(task.c.state, func.count().label("count")).group_by(task.c.state)
    lines = [f"{one.occurred_at} {one.category:<7} {one.message_text}" for one in recent.lines()]
    return Report(
        {
            "system-info.json": status.system_info(),
            "settings.json": settings_sets(ctx.services.settings),
            "nodes.json": service.summaries_in(tx, ctx),
            "counts.json": counts_in(tx),
            "tasks.json": {row["state"]: row["count"] for row in tx.all(tasks)},
            "scheduler.json": schedules_in(tx, ctx.services.milliseconds()),
            "log.txt": "\n".join(lines),
        }
    )
