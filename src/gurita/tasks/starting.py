"""Starting tasks by hand, and running ended ones again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from gurita.audit.service import mention, record
from gurita.engine.queue import NewTask, submit_in
from gurita.environments import service as environments
from gurita.http import wire
from gurita.http.context import Context
from gurita.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from gurita.kernel.places import Place
from gurita.machines import service as machines
from gurita.machines.policies import service as policies
from gurita.machines.pools import service as pools
from gurita.machines.workers import service as workers
from gurita.store.kinds import KINDS
from gurita.store.repository import Repository
from gurita.store.tx import Tx
from gurita.tasks.finding import find_in
from gurita.tasks.registry import checks, rerunners
from gurita.tasks.resources import FINAL_STATES, AdHocScriptArguments, HealthArguments, NewTaskBody
from gurita.tasks.rules import milliseconds, task_id
from gurita.tasks.rules.starting import STARTABLE, check_health, check_script, check_times, target_type_of
from gurita.tasks.seeing import must_in

__all__ = ["create_in", "rerun_in", "within_in"]

_DESCRIPTIONS = {"AdHocScript": "Run a script", "Health": "Check the health of deployment targets"}
_NAMED: dict[str, Callable[[Tx, Context, str], Any]] = {
    "EnvironmentId": environments.get_in,
    "EnvironmentIds": environments.get_in,
    "MachineIds": machines.any_in,
    "MachinePolicyId": policies.get_in,
    "WorkerIds": workers.get_in,
    "WorkerPoolId": pools.get_in,
    "WorkerPoolIds": pools.get_in,
}
"""Members of arguments that name documents."""

_RERUN_PERMISSIONS = {"Deploy": "DeploymentCreate", "RunbookRun": "RunbookRunCreate"}


def create_in(tx: Tx, ctx: Context, body: NewTaskBody) -> int:
    """Queues a task of a kind that is started by hand; gives its number. Raises Invalid."""
    name = next((one for one in STARTABLE if one.lower() == body.name.strip().lower()), None)
    if name is None:
        known = ", ".join(STARTABLE)
        raise Invalid(f"Name: '{body.name[:40]}' is not a task that can be started here. Known: {known}.")
    if body.space_id and body.space_id.lower() != ctx.space.lower():
        raise Invalid(f"SpaceId: the path names {ctx.space}. Post to /api/{body.space_id[:40]}/tasks.")
    now = ctx.services.milliseconds()
    queue, expiry = _moment(body.queue_time, "QueueTime"), _moment(body.queue_time_expiry, "QueueTimeExpiry")
    check_times(queue, expiry, now)
    arguments = _resolved(tx, ctx, _arguments(name, body.arguments))
    place = _place_in(tx, ctx, arguments)
    ctx.must("TaskCreate", place)
    if check := checks.get(name):
        check(tx, ctx, arguments)
    new = NewTask(
        space=ctx.space,
        name=name,
        description=body.description.strip() or _DESCRIPTIONS[name],
        arguments=arguments,
        environment=_only(place.environments),
        origin=ctx.viewer.user_id,
        not_before=queue,
        not_after=expiry,
    )
    return _queue(tx, ctx, new, now)


def within_in(tx: Tx, ctx: Context, space: str) -> Context:
    """The space a body names that was posted below /api (api.md 1). Raises Invalid, Forbidden."""
    found = Repository(KINDS["Spaces"], tx, "", ctx.viewer).find(space)
    if found is None or not ctx.viewer.may("TaskView", found.id):
        raise Invalid(f"SpaceId: there is no space '{space[:80]}'.")
    if not ctx.viewer.may("TaskCreate", found.id):
        raise Forbidden("TaskCreate", space=found.id)
    return ctx.within(found.id)


def _queue(tx: Tx, ctx: Context, new: NewTask, now: int) -> int:
    number = submit_in(tx, new, now)
    id = task_id(number)
    record(tx, ctx, "Queued", f"Task {mention(id, new.description)} was queued", [id], space=new.space)
    return number


def _moment(text: str | None, name: str) -> int | None:
    return milliseconds(wire.moment(text, name)) if text else None


def _arguments(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """The arguments as they are stored: members spelled as in the contract, nothing unknown."""
    kind = AdHocScriptArguments if name == "AdHocScript" else HealthArguments
    try:
        read = wire.read(wire.encode(given), kind)
    except Invalid as error:
        raise Invalid(*(f"Arguments.{each}" for each in error.errors)) from None
    if isinstance(read, AdHocScriptArguments):
        check_script(read)
        read.target_type = target_type_of(read)  # type: ignore[assignment]
    else:
        check_health(read)
    stored: dict[str, Any] = msgspec.to_builtins(read)
    return stored


def _resolved(tx: Tx, ctx: Context, arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments with ids in place of names. Raises Invalid for what this space does not have."""

    def one(find: Callable[[Tx, Context, str], Any], member: str, named: str) -> str:
        try:
            return str(find(tx, ctx, named).id)
        except NotFound:
            raise Invalid(f"Arguments.{member}: '{named[:80]}' is not in this space.") from None

    for member, find in _NAMED.items():
        given = arguments.get(member)
        if isinstance(given, list):
            arguments[member] = [one(find, member, each) for each in given]
        elif given:
            arguments[member] = one(find, member, given)
    return arguments


def _place_in(tx: Tx, ctx: Context, arguments: Mapping[str, Any]) -> Place:
    """Where a task does something: the environments and tenants of the targets it names; none named is everywhere."""
    environments_, tenants = set(arguments.get("EnvironmentIds") or ()), set[str]()
    if one := arguments.get("EnvironmentId"):
        environments_.add(one)
    for id in arguments.get("MachineIds") or ():
        try:
            machine = machines.any_in(tx, ctx, id)
        except NotFound:  # a repeated task may name what is gone
            continue
        environments_.update(getattr(machine, "environment_ids", ()))
        tenants.update(getattr(machine, "tenant_ids", ()))
    return Place("", None, frozenset(environments_), frozenset(tenants))


def _only(ids: frozenset[str] | None) -> str | None:
    """The one id there is: a task has one environment or none."""
    return next(iter(ids)) if ids and len(ids) == 1 else None


def rerun_in(tx: Tx, ctx: Context, id: str) -> int:
    """Queues a task that does again what an ended one did; gives its number.

    Raises NotFound, Forbidden, Invalid for a kind that cannot be repeated, Conflict while the task has not ended.
    """
    row = find_in(tx, ctx, id)
    name, space = row["name"], row["space"]
    permission = _RERUN_PERMISSIONS.get(name, "TaskCreate")
    must_in(tx, ctx, permission, row)
    rerunner = rerunners.get(name)
    if rerunner is None:
        raise Invalid(f"A task of the kind {name} cannot be run again.")
    if row["state"] not in FINAL_STATES:
        raise Conflict(f"{task_id(row['number'])} has not ended. Wait for its end, or cancel it first.")
    return rerunner(tx, ctx.within(space), dict(row))


def _again(tx: Tx, ctx: Context, row: Mapping[str, Any]) -> int:
    """The same arguments once more."""
    arguments = msgspec.json.decode(row["arguments"])
    ctx.must("TaskCreate", _place_in(tx, ctx.whole, arguments))
    if check := checks.get(row["name"]):
        check(tx, ctx, arguments)
    new = NewTask(
        space=row["space"],
        name=row["name"],
        description=row["description"],
        arguments=arguments,
        environment=row["environment"],
        origin=ctx.viewer.user_id,
        rerun_of=row["number"],
    )
    return _queue(tx, ctx, new, ctx.services.milliseconds())


rerunners.update(dict.fromkeys(STARTABLE, _again))
