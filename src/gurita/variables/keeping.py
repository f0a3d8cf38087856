"""Sensitive values on their way into the secret table."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from msgspec import UNSET
from msgspec.structs import replace

from gurita.kernel.sensitive import Sensitive
from gurita.variables.resources import Variable, VariableSecret, VariableSet

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["keep_in", "secrets_of", "shown"]


def keep_in(tx: Tx, ctx: Context, before: VariableSet | None, after: VariableSet) -> VariableSet:
    """The set as it is stored. A sensitive value becomes a secret's id; sent as null it stays what it was, also
    when the variable was not sensitive before. An empty text clears it."""
    known = {v.id: v for v in before.variables} if before else {}
    return replace(after, variables=[_keep(tx, ctx, known.get(v.id), v) for v in after.variables])


def _keep(tx: Tx, ctx: Context, before: Variable | None, after: Variable) -> Variable:
    if not after.is_sensitive:
        return after
    value = after.value
    if value is None and before is not None:
        if before.is_sensitive:
            return replace(after, secret_id=before.secret_id)
        value = before.value
    if value is None or value == "":
        return replace(after, value=None)
    secret = ctx.services.secrets.store_in(tx, ctx.space, Sensitive(str(value)))
    return replace(after, value=None, secret_id=secret)


def shown(found: VariableSet) -> VariableSet:
    """The set as clients see it: no sensitive value, no secret's id."""
    return replace(found, variables=[replace(v, secret_id=UNSET) for v in found.variables])


def secrets_of(found: VariableSet) -> list[VariableSecret]:
    """Which of a stored set's sensitive variables have a value."""
    return [_secret(each) for each in found.variables if each.is_sensitive]


def _secret(variable: Variable) -> VariableSecret:
    kept = variable.secret_id
    if not isinstance(kept, str) or not kept:
        return VariableSecret(variable.id, False, "")
    return VariableSecret(variable.id, True, hashlib.sha256(kept.encode()).hexdigest()[:16])
