"""Machines: the common behaviour, and what other features ask of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import field
from msgspec.structs import replace
from sqlalchemy import ColumnElement, or_, select

from gurita.access import service as access
from gurita.accounts import service as accounts
from gurita.accounts.resources import SshKeyPairAccount, UsernamePasswordAccount
from gurita.accounts.rules import kind_of
from gurita.audit import service as audit
from gurita.catalog.collection import Collection
from gurita.http.query import ListQuery
from gurita.kernel.errors import Conflict, Forbidden, Invalid
from gurita.kernel.paging import MOST, Paging
from gurita.machines import health, roles
from gurita.machines.health import Health
from gurita.machines.policies import service as policies
from gurita.machines.records import MACHINES
from gurita.machines.resources import ListeningEndpoint, Machine, PollingEndpoint, SshEndpoint
from gurita.machines.rules import (
    agent_address,
    kept,
    problems,
    settled,
    split_fingerprints,
    subscription,
)
from gurita.machines.tables import machine_health
from gurita.transport import endpoints

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = [
    "Health",
    "MachineQuery",
    "endpoint_in",
    "get_in",
    "in_environment_in",
    "list_in",
    "machines",
    "record_health_in",
    "register_in",
]


class MachineQuery(ListQuery):
    """What machines may be filtered by. Several values of one member mean any of them."""

    roles: list[str] = field(default_factory=list)
    environment_ids: list[str] = field(default_factory=list)
    health_statuses: list[str] = field(default_factory=list)
    comm_styles: list[str] = field(default_factory=list)
    shell_names: list[str] = field(default_factory=list)
    thumbprint: str = ""
    is_disabled: bool | None = None


class Machines(Collection[Machine]):
    """The deployment targets of a space."""

    kind, body, item, query = MACHINES, Machine, "DeploymentTarget", MachineQuery
    path, permission, words = "machines", "Machine", "machine"
    template = (
        "{/id}{?skip,take,name,ids,partialName,roles,isDisabled,healthStatuses,commStyles,environmentIds,thumbprint,"
        "shellNames}"
    )
    links = {"Connection": "machines/{id}/connection"}

    def problems(self, doc: Machine) -> Sequence[str]:
        return problems(settled(doc))

    def prepare(self, tx: Tx, ctx: Context, before: Machine | None, after: Machine) -> Machine:
        after = settled(kept(after))
        if isinstance(after.endpoint, SshEndpoint):
            _check_account(tx, ctx, after.endpoint.account_id)
        if not after.machine_policy_id:
            policy = before.machine_policy_id if before else policies.default_in(tx, ctx).id
            after = replace(after, machine_policy_id=policy)
        return after

    def created(self, tx: Tx, ctx: Context, doc: Machine) -> None:
        roles.keep_in(tx, ctx.space, doc.id, doc.roles)
        _tell(tx, ctx, "MachineAdded", doc, "was added")

    def modified(self, tx: Tx, ctx: Context, before: Machine, after: Machine) -> None:
        roles.keep_in(tx, ctx.space, after.id, after.roles)
        if before.endpoint != after.endpoint:
            health.forget_in(tx, after.id)
        if before.is_disabled != after.is_disabled:
            word = "disabled" if after.is_disabled else "enabled"
            _tell(tx, ctx, f"Machine{word.capitalize()}", after, f"was {word}")

    def deleting(self, tx: Tx, ctx: Context, doc: Machine) -> None:
        roles.keep_in(tx, ctx.space, doc.id, ())
        health.forget_in(tx, doc.id)
        _tell(tx, ctx, "MachineDeleted", doc, "was deleted")

    def present(self, tx: Tx, ctx: Context, docs: list[Machine]) -> list[Machine]:
        return health.with_health_in(tx, docs)

    def filters(self, tx: Tx, ctx: Context, query: Any) -> Sequence[ColumnElement[bool]]:
        table = MACHINES.table
        found: list[ColumnElement[bool]] = []
        if query.roles:
            found.append(roles.having(table.c.id, ctx.space, query.roles))
        if query.environment_ids:
            found.append(MACHINES.referring("EnvironmentIds", *query.environment_ids))
        if query.health_statuses:
            found.append(_healthy(ctx.space, query.health_statuses))
        if query.shell_names:
            shells = machine_health.c.shell.in_(query.shell_names)
            found.append(
                table.c.id.in_(
                    select(machine_health.c.machine).where(machine_health.c.space == ctx.space, shells)
                )
            )
        if query.comm_styles:
            found.append(table.c.style.in_(query.comm_styles))
        if query.thumbprint:
            found.append(table.c.thumbprint == query.thumbprint)
        if query.is_disabled is not None:
            found.append(table.c.is_disabled == query.is_disabled)
        return found


machines = Machines()


def _healthy(space: str, statuses: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a machine has one of the statuses; `Unknown` are those never checked, too."""
    checked = select(machine_health.c.machine).where(machine_health.c.space == space)
    found = MACHINES.table.c.id.in_(checked.where(machine_health.c.status.in_(statuses)))
    return or_(found, MACHINES.table.c.id.not_in(checked)) if "Unknown" in statuses else found


def _check_account(tx: Tx, ctx: Context, id: str) -> None:
    account = accounts.find_in(tx, ctx, id)
    if account is not None and not isinstance(account, SshKeyPairAccount | UsernamePasswordAccount):
        raise Invalid(
            f"Endpoint.AccountId: '{account.name}' is a {kind_of(account)} account, which cannot sign in through SSH. "
            "Name one of type SshKeyPair or UsernamePassword."
        )


def _tell(tx: Tx, ctx: Context, category: str, machine: Machine, verb: str) -> None:
    message = f"Machine {audit.mention(machine.id, machine.name)} {verb}"
    audit.record(tx, ctx, category, message, [machine.id, *machine.environment_ids])


def get_in(tx: Tx, ctx: Context, id: str) -> Machine:
    """A machine with its health, by id, slug or name. Raises NotFound."""
    return health.with_health_in(tx, [machines.get_in(tx, ctx, id)])[0]


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
    if granted := access.redeem(tx, ctx):
        machine = _as_granted(machine, granted)
    former = machines.named_in(tx, ctx, machine.name)
    if former is None:
        return machines.create_in(tx, ctx, machine)
    same = former.thumbprint == settled(machine).thumbprint
    if not force:
        told = "with the same thumbprint" if same else "with another thumbprint"
        raise Conflict(
            f"Name: machine '{former.name}' ({former.id}) already exists, {told}. "
            "Choose another name, or add ?force=true to replace it."
        )
    if not same and not ctx.viewer.may("MachineEdit", ctx.space):
        raise Forbidden(
            "MachineEdit",
            f"'{former.name}' has another thumbprint; replacing it takes more than adding machines.",
        )
    return machines.modify_in(tx, ctx, former.id, replace(machine, id="", version=0))


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
    """Keeps what a health check found. Raises NotFound when the machine is gone meanwhile."""
    health.record_in(tx, ctx, machines.get_in(tx, ctx, id), found)


def endpoint_in(tx: Tx, ctx: Context, machine: Machine) -> endpoints.Endpoint:
    """What to dial for a machine, with its account's secrets. A machine without endpoint is the server itself."""
    told = machine.endpoint
    fingerprints = split_fingerprints(machine.thumbprint)
    if isinstance(told, ListeningEndpoint):
        host, port = agent_address(told.uri)
        return endpoints.ListeningAgent(host, port, fingerprints)
    if isinstance(told, PollingEndpoint):
        return endpoints.PollingAgent(subscription(told.uri), fingerprints)
    if isinstance(told, SshEndpoint):
        signs = accounts.sign_in_in(tx, ctx, told.account_id)
        return endpoints.OpenSsh(
            (told.host or "").strip("[]"),
            told.port,
            signs.username,
            signs.private_key,
            signs.passphrase,
            signs.password,
            fingerprints,
        )
    return endpoints.Local()
