"""What the engine writes. Times are milliseconds since 1970 in UTC unless said otherwise."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from gurita.store.tables import metadata

__all__ = [
    "action",
    "artifact",
    "change",
    "interruption",
    "lock",
    "log_chunk",
    "node",
    "output_variable",
    "poison",
    "schedule",
    "step",
    "stopped_queue",
    "task",
    "task_plan",
]

_Big = BigInteger().with_variant(Integer, "sqlite")


def _number() -> Column[int]:
    return Column("number", _Big, primary_key=True, autoincrement=True)


node = Table(
    "node",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("run", Text, nullable=False),
    Column("cap", Integer, nullable=False),
    Column("draining", Boolean, nullable=False, server_default=false()),
    Column("started", BigInteger, nullable=False),
    Column("last_seen", Float, nullable=False),
    Column("stopped", Boolean, nullable=False, server_default=false()),
    Column("version", Text, nullable=False),
)
"""`run` names the life of the process; `last_seen` is seconds by the database's clock."""

task = Table(
    "task",
    metadata,
    _number(),
    Column("space", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("tag", Text),
    Column("project", Text),
    Column("environment", Text),
    Column("tenant", Text),
    Column("origin", Text, nullable=False, server_default=""),
    Column("created", BigInteger, nullable=False),
    Column("not_before", BigInteger),
    Column("not_after", BigInteger),
    Column("started", BigInteger),
    Column("completed", BigInteger),
    Column("updated", BigInteger, nullable=False),
    Column("node", Text),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("takeovers", Integer, nullable=False, server_default="0"),
    Column("takeover_mark", Integer, nullable=False, server_default="-1"),
    Column("cancelling", BigInteger),
    Column("waits", Boolean, nullable=False, server_default=false()),
    Column("interruptions", Integer, nullable=False, server_default="0"),
    Column("warnings", Boolean, nullable=False, server_default=false()),
    Column("error", Text),
    Column("log_lines", BigInteger, nullable=False, server_default="0"),
    Column("log_blob", Text),
    Column("rerun_of", _Big),
)
Index("task_queue", task.c.priority.desc(), task.c.number, postgresql_where=task.c.state == "Queued")
Index("task_state", task.c.state, task.c.number)
Index("task_node", task.c.node)
Index("task_space", task.c.space, task.c.number, task.c.state, task.c.interruptions)
Index("task_project", task.c.space, task.c.project, task.c.environment, task.c.number)

task_plan = Table(
    "task_plan",
    metadata,
    Column("task", _Big, primary_key=True, autoincrement=False),
    Column("plan", Text, nullable=False),
)
"""Apart from `task`, whose row changes with every line of the log: SQLite writes a row anew as a whole."""

step = Table(
    "step",
    metadata,
    Column("task", _Big, primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("state", Text, nullable=False),
    Column("frozen", Text, nullable=False),
    Column("started", BigInteger, nullable=False),
    Column("completed", BigInteger),
)

action = Table(
    "action",
    metadata,
    _number(),
    Column("task", _Big, nullable=False),
    Column("step", Integer, nullable=False),
    Column("action", Integer, nullable=False),
    Column("target", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("resolution", Text),
    Column("ticket", Text, nullable=False),
    Column("store_id", Text, nullable=False, server_default=""),
    Column("boot_id", Text, nullable=False, server_default=""),
    Column("begun", BigInteger, nullable=False, server_default="0"),
    Column("log_offset", BigInteger, nullable=False, server_default="0"),
    Column("parser", LargeBinary),
    Column("rc", Integer),
    Column("error", Text),
    Column("warnings", Boolean, nullable=False, server_default=false()),
    Column("started", BigInteger, nullable=False),
    Column("completed", BigInteger),
    UniqueConstraint("task", "step", "action", "target", "attempt"),
)

lock = Table(
    "lock",
    metadata,
    _number(),
    Column("key", Text, nullable=False),
    Column("task", _Big, nullable=False),
    Column("holder", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("since", BigInteger, nullable=False),
    UniqueConstraint("key", "task", "holder"),
)
"""`key` is `tag:…` or `target:…`; `holder` the action within the task ("" for the task itself)."""
Index(
    "lock_tag",
    lock.c.key,
    unique=True,
    postgresql_where=lock.c.mode == "tag",
    sqlite_where=lock.c.mode == "tag",
)
Index("lock_task", lock.c.task)

schedule = Table(
    "schedule",
    metadata,
    Column("key", Text, primary_key=True),
    Column("next_due", BigInteger, nullable=False),
    Column("every", BigInteger, nullable=False),
    Column("last", BigInteger),
)

log_chunk = Table(
    "log_chunk",
    metadata,
    _number(),
    Column("task", _Big, nullable=False),
    Column("step", Integer, nullable=False),
    Column("action", Integer, nullable=False),
    Column("target", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("worst", Integer, nullable=False),
    Column("data", LargeBinary),
    Column("place", BigInteger),
    Column("size", Integer, nullable=False),
)
"""`first` counts the task's lines from 0. `data` is null once the chunk lies in the task's blob at `place`.
`step == -1` is the task's own log."""
Index("log_chunk_task", log_chunk.c.task, log_chunk.c.number)

interruption = Table(
    "interruption",
    metadata,
    _number(),
    Column("task", _Big, nullable=False),
    Column("space", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("action_row", _Big),
    Column("form", Text, nullable=False),
    Column("result", Text),
    Column("pending", Boolean, nullable=False),
    Column("responsible", Text),
    Column("created", BigInteger, nullable=False),
    Column("submitted", BigInteger),
)
Index("interruption_task", interruption.c.task)

artifact = Table(
    "artifact",
    metadata,
    _number(),
    Column("task", _Big, nullable=False),
    Column("space", Text, nullable=False),
    Column("action_row", _Big),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("path", Text, nullable=False, server_default=""),
    Column("blob", Text),
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("created", BigInteger, nullable=False),
)
Index("artifact_task", artifact.c.task)

output_variable = Table(
    "output_variable",
    metadata,
    _number(),
    Column("task", _Big, nullable=False),
    Column("action_row", _Big, nullable=False),
    Column("step_name", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("target_name", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Text),
    Column("secret", Text),
)
Index("output_variable_task", output_variable.c.task)

poison = Table(
    "poison",
    metadata,
    Column("ticket", Text, primary_key=True),
    Column("task", _Big, nullable=False),
    Column("target", Text, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
)
"""Cancels a target has not confirmed; delivered before anything else starts there."""
Index("poison_target", poison.c.target)

stopped_queue = Table("stopped_queue", metadata, Column("space", Text, primary_key=True))
"""Spaces whose tasks are not claimed."""

change = Table(
    "change",
    metadata,
    _number(),
    Column("xid", BigInteger, nullable=False),
    Column("space", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""What live pages are told. `xid` is the writing transaction, so that readers can leave out what an older, still
running one may yet precede."""
Index("change_order", change.c.xid, change.c.number)
