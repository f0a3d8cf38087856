"""What of a set is probably not meant, as far as somebody sees the set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.secrets.opening import reveal
from gurita.variables import scoping, seeing
from gurita.variables.resources import VariableSet, VariableWarning
from gurita.variables.rules import short_secrets, warnings

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["warnings_in"]


def warnings_in(tx: Tx, ctx: Context, found: VariableSet) -> list[VariableWarning]:
    """The warnings about a stored set. That a secret is short is told only to who may change it."""
    shown = seeing.seen_in(tx, ctx, found)
    may_change = seeing.changing_in(tx, ctx, found.owner_id)
    secret = {
        each.id: each.secret_id
        for each in shown.variables
        if isinstance(each.secret_id, str) and may_change(each)
    }
    opened = ctx.services.secrets.open_all_in(tx, ctx.space, secret.values())
    lengths = {id: len(reveal(opened[kept])) for id, kept in secret.items()}
    found_here = warnings(shown.variables, scoping.gone_in(tx, ctx, shown))
    return [*short_secrets(shown.variables, lengths), *found_here]
