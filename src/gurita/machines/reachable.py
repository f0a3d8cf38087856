"""What targets and workers have in common: both are reached, checked, and told of in the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import field
from msgspec.structs import replace
from sqlalchemy import ColumnElement, or_, select

from gurita.accounts import service as accounts
from gurita.accounts.resources import SshKeyPairAccount, UsernamePasswordAccount
from gurita.accounts.rules import kind_of
from gurita.audit import service as audit
from gurita.catalog.collection import Collection
from gurita.engine.queue import NewTask, submit_in
from gurita.http.query import ListQuery
from gurita.kernel.errors import Invalid
from gurita.machines import health, looks
from gurita.machines.policies import service as policies
from gurita.machines.resources import MachineBase, SshEndpoint
from gurita.machines.rules import kept, places, problems, settled
from gurita.machines.tables import machine_health

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["Reachable", "ReachableQuery"]

M = TypeVar("M", bound=MachineBase)


class ReachableQuery(ListQuery):
    """What targets and workers may be filtered by. Several values of one member mean any of them."""

    health_statuses: list[str] = field(default_factory=list)
    comm_styles: list[str] = field(default_factory=list)
    shell_names: list[str] = field(default_factory=list)
    thumbprint: str = ""
    is_disabled: bool | None = None


class Reachable(Collection[M]):
    """Machines of either kind. `kind` has the columns `style`, `thumbprint`, `is_disabled`, `machine_policy_id`."""

    def problems(self, doc: M) -> Sequence[str]:
        return problems(settled(doc))

    def prepare(self, tx: Tx, ctx: Context, before: M | None, after: M) -> M:
        after = settled(kept(after))
        if isinstance(after.endpoint, SshEndpoint):
            _check_account(tx, ctx, after.endpoint.account_id)
        if not after.machine_policy_id:
            policy = before.machine_policy_id if before else policies.default_in(tx, ctx).id
            after = replace(after, machine_policy_id=policy)
        return after

    def created(self, tx: Tx, ctx: Context, doc: M) -> None:
        looks.ask_in(tx, ctx.space, doc.id)
        self._tell(tx, ctx, "MachineAdded", doc, "was added")
        if not doc.skip_initial_health_check and not doc.is_disabled:
            begin_check_in(tx, ctx, doc)

    def modified(self, tx: Tx, ctx: Context, before: M, after: M) -> None:
        looks.ask_in(tx, ctx.space, after.id)
        if before.endpoint != after.endpoint:
            health.forget_in(tx, after.id)
        if before.is_disabled != after.is_disabled:
            word = "disabled" if after.is_disabled else "enabled"
            self._tell(tx, ctx, f"Machine{word.capitalize()}", after, f"was {word}")

    def deleting(self, tx: Tx, ctx: Context, doc: M) -> None:
        health.forget_in(tx, doc.id)
        looks.forget_in(tx, doc.id)
        self._tell(tx, ctx, "MachineDeleted", doc, "was deleted")

    def present(self, tx: Tx, ctx: Context, docs: list[M]) -> list[M]:
        return health.with_health_in(tx, docs)

    def filters(self, tx: Tx, ctx: Context, query: Any) -> Sequence[ColumnElement[bool]]:
        c = self.kind.c
        found: list[ColumnElement[bool]] = []
        if query.health_statuses:
            found.append(_healthy(c.id, ctx.space, query.health_statuses))
        if query.shell_names:
            shells = machine_health.c.shell.in_(query.shell_names)
            found.append(
                c.id.in_(select(machine_health.c.machine).where(machine_health.c.space == ctx.space, shells))
            )
        if query.comm_styles:
            found.append(c.style.in_(query.comm_styles))
        if query.thumbprint:
            found.append(c.thumbprint == query.thumbprint)
        if query.is_disabled is not None:
            found.append(c.is_disabled == query.is_disabled)
        return found

    def _tell(self, tx: Tx, ctx: Context, category: str, machine: M, verb: str) -> None:
        message = f"{self.words.capitalize()} {audit.mention(machine.id, machine.name)} {verb}"
        audit.record(tx, ctx, category, message, [machine.id, *places(machine)])


def begin_check_in(tx: Tx, ctx: Context, machine: MachineBase) -> int:
    """Queues a health check of one machine, and gives the task's number."""
    environments: list[str] = list(getattr(machine, "environment_ids", ()))
    new = NewTask(
        ctx.space,
        "Health",
        f"Check the health of {machine.name}",
        {"MachineIds": [machine.id]},
        environment=environments[0] if len(environments) == 1 else None,
    )
    return submit_in(tx, new, ctx.services.milliseconds())


def _healthy(id: ColumnElement[str], space: str, statuses: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a machine has one of the statuses; `Unknown` are those never checked, too."""
    checked = select(machine_health.c.machine).where(machine_health.c.space == space)
    found = id.in_(checked.where(machine_health.c.status.in_(statuses)))
    return or_(found, id.not_in(checked)) if "Unknown" in statuses else found


def _check_account(tx: Tx, ctx: Context, id: str) -> None:
    account = accounts.find_in(tx, ctx.whole, id)
    if account is not None and not isinstance(account, SshKeyPairAccount | UsernamePasswordAccount):
        raise Invalid(
            f"Endpoint.AccountId: '{account.name}' is a {kind_of(account)} account, which cannot sign in through SSH. "
            "Name one of type SshKeyPair or UsernamePassword."
        )
