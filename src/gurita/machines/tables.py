"""What is kept beside the documents of machines: target tags, what the last health check found, when to look again."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text

from gurita.store.tables import metadata

__all__ = ["machine_health", "machine_look", "machine_role"]

machine_role = Table(
    "machine_role",
    metadata,
    Column("machine", Text, primary_key=True),
    Column("folded", Text, primary_key=True),
    Column("space", Text, nullable=False),
    Column("role", Text, nullable=False),
)
"""One row a target tag of a machine, to filter by. `folded` is how tags are compared."""
Index("machine_role_space", machine_role.c.space, machine_role.c.folded)

machine_health = Table(
    "machine_health",
    metadata,
    Column("machine", Text, primary_key=True),
    Column("space", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("os", Text, nullable=False),
    Column("os_version", Text, nullable=False),
    Column("shell", Text, nullable=False),
    Column("shell_version", Text, nullable=False),
    Column("architecture", Text, nullable=False),
    Column("agent_version", Text, nullable=False),
    Column("latest_runner", Boolean, nullable=False),
    Column("logs", Text, nullable=False),
    Column("checked", BigInteger, nullable=False),
    Column("unavailable_since", BigInteger),
)
"""What the last health check of a machine found; no row before the first. `checked` is milliseconds since 1970 in
UTC. Apart from the document, so that a check disturbs nobody who edits it."""
Index("machine_health_space", machine_health.c.space, machine_health.c.status)

machine_look = Table(
    "machine_look",
    metadata,
    Column("machine", Text, primary_key=True),
    Column("space", Text, nullable=False),
    Column("due", BigInteger),
    Column("looked", BigInteger, nullable=False),
    Column("asked", BigInteger, nullable=False),
)
"""When a machine is looked at whether a check of it is due (`looks`): `due` and when it last was, in milliseconds since
1970 in UTC; no `due` for not before somebody asks. `asked` counts how often somebody did."""
Index("machine_look_due", machine_look.c.due)
Index("machine_look_looked", machine_look.c.looked)
