"""The saved filters of machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from gurita.audit import service as audit
from gurita.catalog.stale import check_version
from gurita.kernel.errors import Invalid, NotFound
from gurita.machines.filters.records import FILTERS, id_of
from gurita.machines.filters.resources import MachineFilters
from gurita.machines.filters.rules import problems

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["get_in", "save_in"]


def get_in(tx: Tx, ctx: Context) -> MachineFilters:
    """The filters of the space."""
    id = id_of(ctx.space)
    try:
        return FILTERS.open(tx, ctx.space).get(id)
    except NotFound:
        return MachineFilters(id=id, space_id=ctx.space)


def save_in(tx: Tx, ctx: Context, wanted: MachineFilters) -> MachineFilters:
    """Keeps the filters of the space. Raises Invalid, Conflict if stale."""
    before = get_in(tx, ctx)
    check_version(tx, "saved filters of machines", before, wanted)
    if wrong := problems(wanted.filters):
        raise Invalid(*wrong)
    wanted = replace(wanted, id=before.id, space_id=ctx.space, version=before.version)
    if wanted == before:
        return before
    repository = FILTERS.open(tx, ctx.space)
    after = repository.update(wanted, before.version) if before.version else repository.insert(wanted)
    message = "Saved filters of machines were changed"
    audit.record(tx, ctx, "Modified", message, [after.id], before=before, after=after)
    return after
