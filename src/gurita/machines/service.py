"""Targets: the common behaviour, and what other features ask of them and of workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import field
from msgspec.structs import replace
from sqlalchemy import ColumnElement, select

from gurita.access import service as access
from gurita.catalog.visibility import must_at
from gurita.engine.tables import action
from gurita.kernel.errors import Conflict, Forbidden, Invalid
from gurita.kernel.paging import MOST, Paging
from gurita.machines import health, roles
from gurita.machines.dialling import endpoint_in, refusal_of
from gurita.machines.health import Health
from gurita.machines.reachable import Reachable, ReachableQuery
from gurita.machines.records import MACHINES
from gurita.machines.resources import Machine, MachineBase
from gurita.machines.rules import settled
from gurita.machines.workers import service as workers
from gurita.store.kinds import KINDS

if TYPE_CHECKING:
    from gurita.http.context import Context
from gurita.store.tx import Tx

__all__ = [
    "Health",
    "MachineQuery",
    "any_in",
    "endpoint_in",
    "get_in",
    "in_environment_in",
    "list_in",
    "machines",
    "record_health_in",
    "refusal_of",
    "register_in",
]

M = TypeVar("M", bound=MachineBase)


class MachineQuery(ReachableQuery):
    """What targets may be filtered by. `deployment_id` are those a deployment went to."""

    roles: list[str] = field(default_factory=list)
    environment_ids: list[str] = field(default_factory=list)
    tenant_ids: list[str] = field(default_factory=list)
    tenant_tags: list[str] = field(default_factory=list)
    deployment_id: str = ""


class Machines(Reachable[Machine]):
    """The deployment targets of a space."""

    kind, body, item, query = MACHINES, Machine, "DeploymentTarget", MachineQuery
    path, permission, words = "machines", "Machine", "machine"
    template = (
        "{/id}{?skip,take,name,ids,partialName,roles,isDisabled,healthStatuses,commStyles,tenantIds,tenantTags,"
        "environmentIds,thumbprint,deploymentId,shellNames}"
    )
    links = {
        "Connection": "machines/{id}/connection",
        "TasksTemplate": "machines/{id}/tasks{?skip,take,ids,type}",
        "SinglyScopedVariableDetails": "machines/{id}/singlyScopedVariableDetails",
    }

    def created(self, tx: Tx, ctx: Context, doc: Machine) -> None:
        roles.keep_in(tx, ctx.space, doc.id, doc.roles)
        super().created(tx, ctx, doc)

    def modified(self, tx: Tx, ctx: Context, before: Machine, after: Machine) -> None:
        roles.keep_in(tx, ctx.space, after.id, after.roles)
        super().modified(tx, ctx, before, after)

    def deleting(self, tx: Tx, ctx: Context, doc: Machine) -> None:
        roles.keep_in(tx, ctx.space, doc.id, ())
        super().deleting(tx, ctx, doc)

    def filters(self, tx: Tx, ctx: Context, query: Any) -> Sequence[ColumnElement[bool]]:
        id = MACHINES.c.id
        found = list(super().filters(tx, ctx, query))
        if query.roles:
            found.append(roles.having(id, ctx.space, query.roles))
        if query.environment_ids:
            found.append(MACHINES.referring("EnvironmentIds", *query.environment_ids))
        if query.tenant_ids:
            found.append(MACHINES.referring("TenantIds", *query.tenant_ids))
        if query.tenant_tags:
            found.append(id.in_(_tagged(tx, ctx, query.tenant_tags)))
        if query.deployment_id:
            found.append(id.in_(_deployed_to(tx, ctx, query.deployment_id)))
        return found


machines = Machines()


def _tagged(tx: Tx, ctx: Context, tags: Sequence[str]) -> list[str]:
    """Ids of machines with one of the tenant tags."""
    wanted = {tag.casefold() for tag in tags}
    rows = tx.all(
        select(MACHINES.c.id, MACHINES.c.body).where(
            MACHINES.c.space_id == ctx.space, MACHINES.c.body.not_like('%"TenantTags":[]%')
        )
    )
    return [row["id"] for row in rows if wanted & {tag.casefold() for tag in _tags(row["body"])}]


class _Tagged(msgspec.Struct, rename="pascal"):
    tenant_tags: list[str] = []


_tags_of = msgspec.json.Decoder(_Tagged)


def _tags(body: str) -> list[str]:
    return _tags_of.decode(body).tenant_tags


def _deployed_to(tx: Tx, ctx: Context, deployment: str) -> list[str]:
    """Ids of the machines a deployment had anything to do on; none for one that is not in this space."""
    known = KINDS["Deployments"].table.c
    number = tx.scalar(select(known.task).where(known.id == deployment, known.space_id == ctx.space))
    if not number:
        return []
    return [
        row["target"] for row in tx.all(select(action.c.target).distinct().where(action.c.task == number))
    ]


def get_in(tx: Tx, ctx: Context, id: str) -> Machine:
    """A machine with its health, by id, slug or name. Raises NotFound."""
    return health.with_health_in(tx, [machines.get_in(tx, ctx, id)])[0]


def any_in(tx: Tx, ctx: Context, id: str) -> MachineBase:
    """A target or a worker with its health: a worker by its id, a target by id, slug or name. Raises NotFound."""
    if id.lower().startswith("workers-"):
        return workers.get_in(tx, ctx, id)
    return get_in(tx, ctx, id)


def list_in(tx: Tx, ctx: Context, query: MachineQuery) -> list[Machine]:
    """All machines a query asks for, with their health."""
    return machines.list_in(tx, ctx, query, Paging(0, MOST)).items


def in_environment_in(tx: Tx, ctx: Context, environment_id: str) -> list[Machine]:
    """All machines of an environment with their health, also disabled ones, by name."""
    return list_in(tx, ctx, MachineQuery(environment_ids=[environment_id]))


def register_in(tx: Tx, ctx: Context, machine: Machine, *, force: bool) -> Machine:
    """Creates a machine; with `force`, one of the same name is replaced.

    Who may only create machines may replace one with the same thumbprint: the same agent registering again.
    A caller with a registration token uses it up, and the token says environments and roles.
    Raises Conflict without `force`, Forbidden for another agent, Invalid for more than the token gives.
    """
    granted = access.redeem(tx, ctx)
    found = _placed_in(tx, ctx, _as_granted(machine, granted) if granted else machine, force=force)
    if granted:
        access.note_registered_in(tx, ctx, found.id)
    return found


def _placed_in(tx: Tx, ctx: Context, machine: Machine, *, force: bool) -> Machine:
    former = machines.named_in(tx, ctx.whole, machine.name)
    if former is None:
        return machines.create_in(tx, ctx, machine)
    must_at(tx, ctx, "MachineCreate", MACHINES, former, machine)
    same = former.thumbprint == settled(machine).thumbprint
    if not force:
        told = "with the same thumbprint" if same else "with another thumbprint"
        raise Conflict(
            f"Name: machine '{former.name}' ({former.id}) already exists, {told}. "
            "Choose another name, or add ?force=true to replace it."
        )
    if not same:
        if not ctx.viewer.may("MachineEdit", ctx.space):
            raise Forbidden(
                "MachineEdit",
                f"'{former.name}' has another thumbprint; replacing it takes more than adding machines.",
                space=ctx.space,
            )
        must_at(tx, ctx, "MachineEdit", MACHINES, former, machine)
    return machines.modify_in(tx, ctx.whole, former.id, replace(machine, id="", version=0))


def _as_granted(machine: Machine, granted: access.RegisteredAs) -> Machine:
    """What a token makes of a machine that registers with it."""
    found = []
    for member, asked, given in (
        ("EnvironmentIds", machine.environment_ids, granted.environment_ids),
        ("Roles", machine.roles, granted.roles),
    ):
        if more := [each for each in asked if each not in given]:
            told = ", ".join(given) or "nothing"
            found.append(
                f"{member}: this registration token gives {told}, not '{more[0]}'. Leave {member} out, or ask for "
                "another token."
            )
    if found:
        raise Invalid(*found)
    return replace(machine, environment_ids=list(granted.environment_ids), roles=list(granted.roles))


def record_health_in(tx: Tx, ctx: Context, id: str, found: Health) -> None:
    """Keeps what a health check of a target or worker found. Raises NotFound when it is gone meanwhile."""
    health.record_in(tx, ctx, any_in(tx, ctx, id), found)
