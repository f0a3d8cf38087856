"""Writing and reading what health checks find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec.structs import replace
from sqlalchemy import BindParameter, ColumnElement, RowMapping, bindparam, delete, insert, select, update

from gurita.audit import service as audit
from gurita.kernel.clock import iso_of
from gurita.machines import looks
from gurita.machines.resources import ConnectionLog, HealthStatus, MachineBase, MachineConnection
from gurita.machines.rules import places, status_of
from gurita.machines.tables import machine_health
from gurita.store.prepared import Prepared

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["Health", "connection_in", "forget_in", "record_in", "seen_before_in", "seen_in", "with_health_in"]

M = TypeVar("M", bound=MachineBase)

MOST_LOGS = 500
_BLOCKS = (1, 30, 300)

_CATEGORY = {
    "Healthy": "MachineHealthy",
    "HasWarnings": "MachineHasWarnings",
    "Unhealthy": "MachineUnhealthy",
    "Unavailable": "MachineUnavailable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a look at a machine found. `summary` is one sentence; `logs` are the evidence, at most 500 lines."""

    status: HealthStatus
    summary: str
    operating_system: str = "Unknown"
    operating_system_version: str = ""
    shell_name: str = "Unknown"
    shell_version: str = ""
    architecture: str = ""
    agent_version: str = ""
    has_latest_runner: bool = True
    logs: tuple[ConnectionLog, ...] = ()


def record_in(tx: Tx, ctx: Context, machine: MachineBase, health: Health) -> None:
    """Keeps what a check found, and an event when the status is another one than before.

    What a failed check could not see (operating system, shell) stays as it was.
    """
    now = int(ctx.services.clock.now().timestamp() * 1000)
    former = tx.one(select(machine_health).where(machine_health.c.machine == machine.id))
    values = _values(health, former, now)
    if former is None:
        tx.run(insert(machine_health).values(machine=machine.id, space=ctx.space, **values))
        looks.ask_in(tx, ctx.space, machine.id)
    else:
        tx.run(update(machine_health).where(machine_health.c.machine == machine.id).values(**values))
    if health.status in _CATEGORY and (former is None or former["status"] != health.status):
        message = (
            f"Machine {audit.mention(machine.id, machine.name)} was found {health.status}: {health.summary}"
        )
        audit.record(tx, ctx, _CATEGORY[health.status], message, [machine.id, *places(machine)])


def _values(health: Health, former: RowMapping | None, now: int) -> dict[str, object]:
    seen = {
        "os": health.operating_system,
        "os_version": health.operating_system_version,
        "shell": health.shell_name,
        "shell_version": health.shell_version,
        "architecture": health.architecture,
        "agent_version": health.agent_version,
    }
    if former is not None and health.status == "Unavailable" and health.operating_system == "Unknown":
        seen = {name: former[name] for name in seen}
    since = now if former is None else former["unavailable_since"] or now
    return {
        **seen,
        "status": health.status,
        "summary": health.summary,
        "latest_runner": health.has_latest_runner,
        "logs": msgspec.json.encode(health.logs[-MOST_LOGS:]).decode(),
        "checked": now,
        "unavailable_since": since if health.status == "Unavailable" else None,
    }


def forget_in(tx: Tx, machine: str) -> None:
    """Drops what is known of a machine's health."""
    tx.run(delete(machine_health).where(machine_health.c.machine == machine))


def seen_before_in(tx: Tx, machine: MachineBase) -> bool:
    """Whether a check has ever reached a machine, or none is wanted before somebody asks for one."""
    row = tx.one(
        select(machine_health.c.status, machine_health.c.os).where(machine_health.c.machine == machine.id)
    )
    if row is None:
        return bool(machine.skip_initial_health_check)
    return not (row["status"] == "Unavailable" and row["os"] == "Unknown")


def with_health_in(tx: Tx, machines: list[M]) -> list[M]:
    """The machines with what their last health checks found."""
    if not machines:
        return machines
    ids = [one.id for one in machines]
    found: dict[str, Mapping[str, Any]] = {}
    while ids:
        size = next((size for size in _BLOCKS if size >= len(ids)), _BLOCKS[-1])
        block, ids = ids[:size], ids[size:]
        asked = {f"id_{place}": id for place, id in enumerate([*block, *[""] * (size - len(block))])}
        found |= {row["machine"]: row for row in tx.all(_shown(size), asked)}
    return [_with_health(machine, found.get(machine.id)) for machine in machines]


@cache
def _shown(size: int) -> Prepared:
    """What is shown of the health of `size` machines; without the logs, which are long."""
    columns = [column for column in machine_health.c if column.name != "logs"]
    ids: list[BindParameter[str]] = [bindparam(f"id_{place}") for place in range(size)]
    return Prepared(select(*columns).where(machine_health.c.machine.in_(ids)))


def _with_health(machine: M, row: Mapping[str, Any] | None) -> M:
    status = "Unknown" if row is None else row["status"]
    machine = replace(machine, health_status=status, status=status_of(status, disabled=machine.is_disabled))
    if row is None:
        return replace(machine, status_summary="This machine was not checked yet.")
    return replace(
        machine,
        status_summary=row["summary"],
        has_latest_calamari=bool(row["latest_runner"]),
        operating_system=row["os"],
        operating_system_version=row["os_version"],
        shell_name=row["shell"],
        shell_version=row["shell_version"],
        architecture=row["architecture"],
    )


def connection_in(tx: Tx, machine: MachineBase) -> MachineConnection:
    """The evidence of a machine's last health check."""
    row = tx.one(select(machine_health).where(machine_health.c.machine == machine.id))
    if row is None:
        return MachineConnection(id=machine.id, machine_id=machine.id, status="Unknown")
    return MachineConnection(
        id=machine.id,
        machine_id=machine.id,
        status=status_of(row["status"], disabled=False),
        logs=msgspec.json.decode(row["logs"], type=list[ConnectionLog]),
        current_tentacle_version=row["agent_version"],
        last_checked=iso_of(row["checked"]),
    )


def seen_in(tx: Tx, space: str, column: str, kind: str, *where: ColumnElement[bool]) -> list[str]:
    """Every `os` or `shell` that health checks of a kind of machine (`Machines`, `Workers`) found in a space, sorted.

    `where` narrows the machines.
    """
    found, ours = machine_health.c[column], machine_health.c.machine.startswith(f"{kind}-")
    rows = tx.run(
        select(found)
        .distinct()
        .where(machine_health.c.space == space, found.not_in(("", "Unknown")), ours, *where)
    )
    return sorted(row[0] for row in rows.all())
