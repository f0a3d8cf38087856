"""What the variables of an owner may be scoped to: shown to whoever edits them, checked when they are saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gurita.accounts import service as accounts
from gurita.environments import service as environments
from gurita.kernel.paging import MOST, Paging
from gurita.machines import service as machines
from gurita.variables.owners import owner_in
from gurita.variables.resources import Reference, ScopeValues, VariableSet
from gurita.variables.rules import ACCOUNT_TYPES_OF, is_reference, scoped_ids

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["gone_in", "problems_in", "values_in"]


def values_in(tx: Tx, ctx: Context, owner_id: str) -> ScopeValues:
    """Everything the owner's variables may be scoped to, by name."""
    owner = owner_in(tx, ctx, owner_id)
    found = machines.machines.open(tx, ctx).list(Paging(0, MOST)).items
    tags = {role.casefold(): role for machine in found for role in machine.roles}
    return ScopeValues(
        environments=[Reference(id=e.id, name=e.name) for e in environments.all_in(tx, ctx)],
        machines=[Reference(id=m.id, name=m.name) for m in found],
        actions=list(owner.actions),
        roles=[Reference(id=role, name=role) for _, role in sorted(tags.items())],
        channels=list(owner.channels),
        processes=list(owner.processes),
    )


def problems_in(tx: Tx, ctx: Context, before: VariableSet | None, given: VariableSet) -> list[str]:
    """Scopes that name another owner's things. Environments and machines are checked as references.

    What the set named before may stay: a step may have been deleted since.
    """
    former = {(kind, id) for _, kind, id in scoped_ids(before)} if before else set()
    owner = owner_in(tx, ctx, given.owner_id)
    known = {
        "Action": {a.id for a in owner.actions},
        "Channel": {c.id for c in owner.channels},
        "ProcessOwner": {p.id for p in owner.processes},
    }
    words = {"Action": "an action", "Channel": "a channel", "ProcessOwner": "a process"}
    return [
        *(
            f"{member}: '{id}' does not exist in {owner.name}. Use {words[kind]} of it."
            for member, kind, id in scoped_ids(given)
            if kind in known and id not in known[kind] and (kind, id) not in former
        ),
        *_wrong_accounts_in(tx, ctx, given),
    ]


def _wrong_accounts_in(tx: Tx, ctx: Context, given: VariableSet) -> Iterator[str]:
    """Accounts of another type than their variable. Those that are not there at all are found as references."""
    for place, variable in enumerate(given.variables):
        kind, value = variable.type or "", str(variable.value or "")
        if kind in ACCOUNT_TYPES_OF and is_reference(kind, value):
            account = accounts.find_in(tx, ctx.whole, value)
            if account is not None and accounts.type_of(account) not in ACCOUNT_TYPES_OF[kind]:
                yield (
                    f"Variables[{place}].Value: '{account.name}' is a {accounts.type_of(account)} account; "
                    f"the type {kind} takes {' or '.join(ACCOUNT_TYPES_OF[kind])}."
                )


def gone_in(tx: Tx, ctx: Context, found: VariableSet) -> list[tuple[int, str, str]]:
    """What scopes name that the owner does not have any more, as (row, kind, id)."""
    owner = owner_in(tx, ctx, found.owner_id)
    known = {
        "Action": {a.id for a in owner.actions},
        "Channel": {c.id for c in owner.channels},
        "ProcessOwner": {p.id for p in owner.processes},
    }
    return [
        (row, kind, id)
        for row, variable in enumerate(found.variables)
        for kind, ids in (variable.scope or {}).items()
        for id in ids or ()
        if kind in known and id not in known[kind]
    ]
