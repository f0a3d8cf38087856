"""A space's own retention: three policies that are always there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from gurita.audit import service as audit
from gurita.catalog.stale import check_version
from gurita.kernel.errors import Invalid, NotFound
from gurita.lifecycles.retention.records import POLICIES, id_of
from gurita.lifecycles.retention.resources import NAMES, RetentionPolicy, RetentionType

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["all_in", "find_in", "modify_in", "of_kind_in"]


def of_kind_in(tx: Tx, ctx: Context, kind: RetentionType) -> RetentionPolicy:
    """The policy of a kind; everything is kept unless somebody said otherwise."""
    id = id_of(ctx.space, kind)
    try:
        return POLICIES.open(tx, ctx.space).get(id)
    except NotFound:
        return RetentionPolicy(id=id, space_id=ctx.space, name=NAMES[kind], retention_type=kind)


def all_in(tx: Tx, ctx: Context) -> list[RetentionPolicy]:
    """The policies of a space."""
    return [of_kind_in(tx, ctx, kind) for kind in NAMES]


def find_in(tx: Tx, ctx: Context, id: str) -> RetentionPolicy:
    """A policy by its id. Raises NotFound."""
    for kind in NAMES:
        if id_of(ctx.space, kind).lower() == id.lower():
            return of_kind_in(tx, ctx, kind)
    raise NotFound(id)


def modify_in(tx: Tx, ctx: Context, id: str, wanted: RetentionPolicy) -> RetentionPolicy:
    """Changes how much is kept. Raises NotFound, Invalid, Conflict if stale."""
    before = find_in(tx, ctx, id)
    check_version(tx, "retention policy", before, wanted)
    if wanted.strategy == "Count" and wanted.quantity_to_keep < 1:
        raise Invalid("QuantityToKeep: is 0. Keep at least 1, or use the strategy Forever.")
    after = replace(
        before, strategy=wanted.strategy, quantity_to_keep=wanted.quantity_to_keep, unit=wanted.unit
    )
    if after == before:
        return before
    repository = POLICIES.open(tx, ctx.space)
    after = repository.update(after, before.version) if before.version else repository.insert(after)
    message = f"Retention of {audit.mention(after.id, after.name)} was changed"
    audit.record(tx, ctx, "Modified", message, [after.id], before=before, after=after)
    return after
