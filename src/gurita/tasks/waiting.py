"""What a task waits for: reasons with the tasks they name, as far as the viewer may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import ColumnElement, RowMapping, or_, select

from gurita.engine.locks import Held, blockers
from gurita.engine.plan import Frozen
from gurita.engine.states import RULES
from gurita.engine.tables import lock, step, task
from gurita.engine.why import Reason, holders_sentence, reasons_in
from gurita.kernel.paging import Page, Paging
from gurita.store.among import among
from gurita.tasks.finding import COLUMNS, tasks_in
from gurita.tasks.resources import Explanation, StatusMessage, Task, WaitReason
from gurita.tasks.rules import number_of, task_id
from gurita.tasks.seeing import sees_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["ahead_in", "blocking_in", "explain_in", "messages"]

_TARGET = "target:"
_TITLES = {
    "cap": "All places are taken",
    "draining": "The server is draining",
    "no-node": "No server is running",
    "person": "Waiting for a person",
    "queue-position": "Other tasks are ahead",
    "queue-stopped": "The task queue is stopped",
    "scheduled": "Scheduled for later",
    "starting": "About to start",
    "tag-busy": "Another task runs there",
    "target-busy": "A target is in use",
}
_frozen = msgspec.json.Decoder(Frozen)


def explain_in(tx: Tx, ctx: Context, row: RowMapping) -> Explanation:
    """Why the task of that row is in its state, and what it waits for."""
    number, rule = row["number"], row["rule"]
    found = reasons_in(tx, number, ctx.services.milliseconds())
    if row["state"] == "Executing":
        found = [*found, *_targets(tx, number)]
    return Explanation(
        task_id=task_id(number),
        state=row["state"],
        rule=rule,
        rule_description=RULES[rule].why if rule in RULES else "Put into the queue.",
        reasons=[_seen(tx, ctx, reason) for reason in found],
    )


def messages(explanation: Explanation) -> list[StatusMessage]:
    """The reasons as clients of the field show them."""
    return [
        StatusMessage(category="Info", title=_TITLES.get(one.code, "Waiting"), message=one.text)
        for one in explanation.reasons
    ]


def _targets(tx: Tx, number: int) -> list[Reason]:
    """One reason a target whose lock this task waits for."""
    names: dict[str, str] = {}
    found: list[Reason] = []
    for key, held in _blocked(tx, number).items():
        names = names or _names(tx, number)
        machine = key.removeprefix(_TARGET)
        found.append(holders_sentence(names.get(machine, machine), held))
    return found


def _blocked(tx: Tx, number: int) -> dict[str, list[Held]]:
    """Rows of other tasks this one waits for, by the key of the lock."""
    mine = tx.all(select(lock.c.number, lock.c.key).where(lock.c.task == number, ~lock.c.granted))
    queues: dict[str, list[Held]] = {}
    named = select(lock.c.key, lock.c.number, lock.c.task, lock.c.holder, lock.c.mode)
    for row in tx.all(named.where(among(lock.c.key, {one["key"] for one in mine})).order_by(lock.c.number)):
        held = Held(row["number"], row["task"], row["holder"], row["mode"])
        queues.setdefault(row["key"], []).append(held)
    found: dict[str, list[Held]] = {}
    for row in mine:
        others = [each for each in blockers(queues[row["key"]], row["number"]) if each.task != number]
        if others:
            found.setdefault(row["key"], []).extend(others)
    return found


def _names(tx: Tx, number: int) -> dict[str, str]:
    """Names of the targets of the steps under way, by id."""
    rows = tx.all(select(step.c.frozen).where(step.c.task == number, step.c.state == "Running"))
    return {target.id: target.name for row in rows for target in _frozen.decode(row["frozen"]).targets}


def _seen(tx: Tx, ctx: Context, reason: Reason) -> WaitReason:
    """A reason without tasks the viewer may not see: then nothing of them is said but that they are."""
    numbers = [number for id in reason.ids if (number := number_of(id)) is not None]
    rows = tx.all(select(*COLUMNS).where(task.c.number.in_(numbers))) if numbers else []
    if any(not sees_in(tx, ctx.viewer, "TaskView", row) for row in rows):
        return WaitReason(code=reason.code, text="Waiting for another task to end.")
    return WaitReason(code=reason.code, text=reason.text, ids=list(reason.ids))


def ahead_in(tx: Tx, ctx: Context, row: RowMapping, paging: Paging) -> Page[Task]:
    """The tasks a task waits for: those with its tag that run or come first, and those that hold its targets."""
    number = row["number"]
    earlier = or_(
        task.c.priority > row["priority"],
        (task.c.priority == row["priority"]) & (task.c.number < number),
    )
    before = (task.c.state == "Queued") & earlier
    return _seen_in(tx, ctx, _holding(tx, row) | _of_tag(tx, row, before), paging)


def blocking_in(tx: Tx, ctx: Context, row: RowMapping, paging: Paging) -> Page[Task]:
    """The running tasks that hold what a task waits for: its tag, or a target."""
    return _seen_in(tx, ctx, _holding(tx, row), paging)


def _holding(tx: Tx, row: RowMapping) -> set[int]:
    held = {each.task for found in _blocked(tx, row["number"]).values() for each in found}
    return held | _of_tag(tx, row, task.c.state.in_(["Executing", "Cancelling"]))


def _of_tag(tx: Tx, row: RowMapping, where: ColumnElement[bool]) -> set[int]:
    """Other tasks with the tag of a waiting one."""
    if row["tag"] is None or row["state"] != "Queued":
        return set()
    same = select(task.c.number).where(task.c.tag == row["tag"], task.c.number != row["number"], where)
    return {each["number"] for each in tx.all(same)}


def _seen_in(tx: Tx, ctx: Context, numbers: set[int], paging: Paging) -> Page[Task]:
    rows = tx.all(select(*COLUMNS).where(task.c.number.in_(sorted(numbers))).order_by(task.c.number))
    seen = [each for each in rows if sees_in(tx, ctx.viewer, "TaskView", each)]
    page = seen[paging.skip : paging.skip + paging.take]
    return Page(tasks_in(tx, page, ctx.services.milliseconds()), len(seen), paging)
