"""The units a task's owner writes: each checks the fence first, and stands or falls as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import BigInteger, LargeBinary, Text, bindparam, func, insert, select, update

from gurita.engine.locks import Held, Mode, acquire_in, release_in
from gurita.engine.logs import LogEntry, LogPlace
from gurita.engine.owner import Owner, own, own_and_log
from gurita.engine.plan import Frozen
from gurita.engine.rows import ActionRow, StepRow
from gurita.engine.tables import action, artifact, output_variable, step
from gurita.engine.transitions import channel
from gurita.store.prepared import Prepared
from gurita.store.tx import Tx

__all__ = [
    "Asking",
    "Declared",
    "Output",
    "Progress",
    "ask_in",
    "begin_step_in",
    "finish_step_in",
    "load_in",
    "progress_in",
]

_frozen = msgspec.json.Decoder(Frozen)


@dataclass(frozen=True, slots=True)
class Asking:
    """What is committed before a target is asked: the ticket, and the store's identity at that moment.

    `lock` and `mode` name the target lock this action needs; empty means none.
    """

    place: LogPlace
    ticket: str
    store_id: str = ""
    boot_id: str = ""
    begun: int = 0
    lock: str = ""
    mode: Mode = "write"


@dataclass(frozen=True, slots=True)
class Output:
    """An output variable of an action. Exactly one of `value` and `secret` (a secret id) is set."""

    step_name: str
    target: str
    target_name: str
    name: str
    value: str | None = None
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """A file an action declared as an artifact: where it lies on its target, what it is called, and from where."""

    space: str
    name: str
    source: str
    path: str


@dataclass(slots=True)
class Progress:
    """What one unit stores of a running action: log, offset and everything the log told, together.

    `state` is set once, at the end, to one of the final states; `lock` is then given up. `refused` is a reason to fail at
    the end that is known before: it stays with the action, and is its error until then.
    """

    number: int
    place: LogPlace
    entries: list[LogEntry] = field(default_factory=list)
    offset: int | None = None
    parser: bytes | None = None
    outputs: list[Output] = field(default_factory=list)
    artifacts: list[Declared] = field(default_factory=list)
    state: str = "running"
    rc: int | None = None
    error: str | None = None
    lock: str = ""
    refused: str | None = None


def load_in(tx: Tx, number: int) -> tuple[dict[int, StepRow], list[ActionRow]]:
    """All that was journaled of a task."""
    steps = {
        row["step"]: StepRow(row["step"], row["state"], _frozen.decode(row["frozen"]))
        for row in tx.all(select(step).where(step.c.task == number))
    }
    rows = tx.all(select(action).where(action.c.task == number).order_by(action.c.number))
    return steps, [_action(dict(row)) for row in rows]


def _action(row: dict[str, object]) -> ActionRow:
    names = ActionRow.__dataclass_fields__
    values = {name: row[name] for name in names if name in row}
    parser = row["parser"]
    values |= {"offset": row["log_offset"], "parser": bytes(parser) if isinstance(parser, bytes) else b""}
    return ActionRow(**values)  # type: ignore[arg-type]


def begin_step_in(
    tx: Tx, owner: Owner, index: int, state: str, frozen: Frozen, now: int, entries: Sequence[LogEntry] = ()
) -> StepRow:
    """Freezes a step: condition, targets, window and skips are settled here, once."""
    owned = own(tx, owner)
    tx.run(
        insert(step).values(
            task=owner.number,
            step=index,
            state=state,
            frozen=msgspec.json.encode(frozen).decode(),
            started=now,
            completed=None if state == "Running" else now,
        )
    )
    owned.log(LogPlace(index), entries)
    tx.notify(channel(owner.number))
    return StepRow(index, state, frozen)


def finish_step_in(tx: Tx, owner: Owner, index: int, state: str, now: int) -> None:
    """Ends a running step."""
    own(tx, owner)
    tx.run(
        update(step)
        .where(step.c.task == owner.number, step.c.step == index, step.c.state == "Running")
        .values(state=state, completed=now)
    )
    tx.notify(channel(owner.number))


_ASKED = (
    *("task", "step", "action", "target", "attempt", "state", "ticket", "store_id", "boot_id", "begun"),
    "started",
)
_INSERT_ACTION = Prepared(
    insert(action).values({name: bindparam(name) for name in _ASKED}).returning(action.c.number)
)


def ask_in(tx: Tx, owner: Owner, asking: Asking, now: int) -> ActionRow | list[Held]:
    """Writes ahead that this ticket is about to be asked for; or gives whom its target lock waits for.

    Nothing may be sent to a target before this is committed.
    """
    own(tx, owner)
    place = asking.place
    if asking.lock:
        ahead = acquire_in(tx, asking.lock, owner.number, asking.ticket, asking.mode, now)
        if ahead:
            return ahead
    values = {
        "task": owner.number,
        "step": place.step,
        "action": place.action,
        "target": place.target,
        "attempt": place.attempt,
        "state": "asking",
        "ticket": asking.ticket,
        "store_id": asking.store_id,
        "boot_id": asking.boot_id,
        "begun": asking.begun,
        "started": now,
    }
    number = tx.scalar(_INSERT_ACTION, values)
    return ActionRow(
        number,
        place.step,
        place.action,
        place.target,
        place.attempt,
        "asking",
        asking.ticket,
        None,
        asking.store_id,
        asking.boot_id,
        asking.begun,
    )


_TOLD = {
    "state": bindparam("state"),
    "log_offset": func.coalesce(bindparam("offset", type_=BigInteger), action.c.log_offset),
    "parser": func.coalesce(bindparam("parser", type_=LargeBinary), action.c.parser),
}
_REFUSED = {"error": func.coalesce(bindparam("refused", type_=Text), action.c.error)}
_ENDED: dict[str, Any] = {name: bindparam(name) for name in ("completed", "rc", "error")}
_TELL_ACTION = Prepared(update(action).where(action.c.number == bindparam("n")).values(_TOLD | _REFUSED))
_END_ACTION = Prepared(update(action).where(action.c.number == bindparam("n")).values(_TOLD | _ENDED))


def progress_in(tx: Tx, owner: Owner, told: Progress, now: int) -> None:
    """Stores what an action told: log chunk, offset, outputs and artifacts are one unit."""
    if told.entries:
        own_and_log(tx, owner, told.place, told.entries)
    else:
        own(tx, owner)
    values = {"n": told.number, "state": told.state, "offset": told.offset, "parser": told.parser}
    ends = told.state != "running"
    if ends:
        values |= {"completed": now, "rc": told.rc, "error": told.error}
        tx.notify(channel(owner.number))
    else:
        values["refused"] = told.refused
    tx.run(_END_ACTION if ends else _TELL_ACTION, values)
    _store_outputs(tx, owner, told)
    _store_artifacts(tx, owner, told, now)
    if ends and told.lock:
        release_in(tx, told.lock, owner.number, told.number)


_OUTPUT = ("task", "action_row", "step_name", "target", "target_name", "name", "value", "secret")
_INSERT_OUTPUT = Prepared(insert(output_variable).values({name: bindparam(name) for name in _OUTPUT}))


def _store_outputs(tx: Tx, owner: Owner, told: Progress) -> None:
    for output in told.outputs:
        values = {
            "task": owner.number,
            "action_row": told.number,
            "step_name": output.step_name,
            "target": output.target,
            "target_name": output.target_name,
            "name": output.name,
            "value": output.value,
            "secret": output.secret,
        }
        tx.run(_INSERT_OUTPUT, values)


def _store_artifacts(tx: Tx, owner: Owner, told: Progress, now: int) -> None:
    for file in told.artifacts:
        tx.run(
            insert(artifact).values(
                task=owner.number,
                space=file.space,
                action_row=told.number,
                name=file.name,
                source=file.source,
                path=file.path,
                created=now,
            )
        )
