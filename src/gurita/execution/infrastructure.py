"""Dynamic infrastructure: targets and accounts that a deployment's scripts make and remove by service messages
(runtime formats, section 3; docs/guide/script-helpers.md).

Done in the unit that stores the message's place in the log, so that it happens once, whatever breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from gurita.accounts import service as accounts
from gurita.environments import service as environments
from gurita.execution.dynamic_accounts import ACCOUNT_MESSAGES, account_of
from gurita.execution.dynamic_targets import TARGET_MESSAGES, target_of
from gurita.execution.wishes import Wish, WishRefused
from gurita.kernel.errors import NotFound, Refused
from gurita.machines import service as machines
from gurita.machines.dialling import refusal_of
from gurita.machines.rules import style_of

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.machines.resources import Machine
    from gurita.store.tx import Tx

__all__ = ["Granted", "Infrastructure", "granted_in"]

_INFO, _WARNING, _ERROR = 1, 4, 5
_NOT_HERE = "'{}' was not made or removed: scripts do that in deployments only."


@dataclass(frozen=True, slots=True)
class Granted:
    """The answer to a wish, for the log. A refused one fails its action."""

    category: int
    text: str
    refused: bool = False


def granted_in(tx: Tx, infrastructure: Infrastructure | None, wishes: Iterable[Wish]) -> list[Granted]:
    """Does what scripts ask for, one after the other; what is refused leaves nothing behind and keeps no other from it."""
    return [_granted(tx, infrastructure, wish) for wish in wishes]


def _granted(tx: Tx, infrastructure: Infrastructure | None, wish: Wish) -> Granted:
    if infrastructure is None:
        return Granted(_ERROR, _NOT_HERE.format(wish.label or wish.text("machine")), refused=True)
    try:
        return Granted(*infrastructure.grant_in(tx, wish))
    except WishRefused as refusal:
        return Granted(_ERROR, str(refusal), refused=True)


@dataclass(frozen=True, slots=True)
class Infrastructure:
    """What scripts in one environment may make and remove. `task` names who does it in the audit trail."""

    ctx: Context
    environment: str
    tenant: str | None
    task: str

    def grant_in(self, tx: Tx, wish: Wish) -> tuple[int, str]:
        """Does what a message asks for; gives category and text for the log. Raises WishRefused, with nothing done."""
        what, does = self._deed(wish)
        try:
            with tx.nested():
                wish.must_be_readable()
                self._must_allow(tx, [self.environment])
                return does(tx, self._context(), wish)
        except Refused as error:
            raise WishRefused(f"{what}: {' '.join(error.errors) or error.message}") from error

    def _deed(self, wish: Wish) -> tuple[str, Callable[[Tx, Context, Wish], tuple[int, str]]]:
        kind, name = wish.kind.lower(), wish.label
        if kind == "delete-target":
            return f"The target '{wish.text('machine')}' was not deleted", self._delete
        if kind in TARGET_MESSAGES:
            return f"The target '{name}' was not created", self._target
        if kind in ACCOUNT_MESSAGES:
            return f"The account '{name}' was not created", self._account
        raise WishRefused(f"'{name}' was not created: this server has nothing that {wish.kind} makes.")

    def _context(self) -> Context:
        viewer = replace(self.ctx.viewer, user_agent=self.task)
        return replace(self.ctx, viewer=viewer)

    def _must_allow(self, tx: Tx, ids: Iterable[str]) -> None:
        for id in ids:
            environment = environments.get_in(tx, self.ctx, id)
            if not environment.allow_dynamic_infrastructure:
                raise WishRefused(
                    f"the environment '{environment.name}' does not allow dynamic infrastructure. Allow it in the "
                    "environment's settings (AllowDynamicInfrastructure), or make it by hand."
                )

    def _delete(self, tx: Tx, ctx: Context, wish: Wish) -> tuple[int, str]:
        asked = wish.needed("machine")
        try:
            machine = machines.machines.get_in(tx, ctx, asked)
        except NotFound:
            return _WARNING, f"There is no target '{asked}': nothing was deleted."
        self._must_be_ours(tx, machine)
        machines.machines.delete_in(tx, ctx, machine.id)
        return _INFO, f"Deleted the target {machine.name} ({machine.id})."

    def _must_be_ours(self, tx: Tx, machine: Machine) -> None:
        if self.environment not in machine.environment_ids:
            name = environments.get_in(tx, self.ctx, self.environment).name
            raise WishRefused(f"it does not belong to '{name}', where this deployment goes.")
        self._must_allow(tx, machine.environment_ids)

    def _target(self, tx: Tx, ctx: Context, wish: Wish) -> tuple[int, str]:
        made = target_of(tx, ctx, wish, self._place())
        former = machines.machines.named_in(tx, ctx, made.name)
        if former is None:
            machine, word = machines.machines.create_in(tx, ctx, made), "Created"
        else:
            wish.must_update("target")
            self._must_be_ours(tx, former)
            if style_of(former.endpoint) != style_of(made.endpoint):
                raise WishRefused(f"there is one of this name, of the style {style_of(former.endpoint)}.")
            changed = msgspec.structs.replace(former, endpoint=made.endpoint, roles=made.roles, version=0)
            machine, word = machines.machines.modify_in(tx, ctx, former.id, changed), "Updated"
        text = f"{word} the target {machine.name} ({machine.id}), tagged {', '.join(machine.roles)}."
        if refused := refusal_of(machine):
            return _WARNING, f"{text} {refused}"
        return _INFO, text

    def _account(self, tx: Tx, ctx: Context, wish: Wish) -> tuple[int, str]:
        made = account_of(wish, self._place())
        former = accounts.accounts.named_in(tx, ctx, made.name)
        if former is None:
            account = accounts.accounts.create_in(tx, ctx, made)
            return _INFO, f"Created the account {account.name} ({account.id})."
        wish.must_update("account")
        if self.environment not in former.environment_ids:
            raise WishRefused(
                "there is one of this name that is not limited to this environment. Such accounts are changed by people only; "
                "choose another name."
            )
        self._must_allow(tx, former.environment_ids)
        kept = {name: getattr(former, name) for name in (*_PLACES, "slug", "description")}
        account = accounts.accounts.modify_in(tx, ctx, former.id, msgspec.structs.replace(made, **kept))
        return _INFO, f"Updated the account {account.name} ({account.id})."

    def _place(self) -> dict[str, Any]:
        """Where everything made here belongs: to the deployment's environment and tenant."""
        tenants = [self.tenant] if self.tenant else []
        participation = "Tenanted" if tenants else "Untenanted"
        values = ([self.environment], tenants, participation)
        return dict(zip(_PLACES, values, strict=True))


_PLACES = ("environment_ids", "tenant_ids", "tenanted_deployment_participation")
