"""The saved filters of machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.catalog import single
from gurita.catalog.stale import check_version
from gurita.kernel.errors import Invalid
from gurita.machines.filters.records import FILTERS, id_of
from gurita.machines.filters.resources import MachineFilters
from gurita.machines.filters.rules import problems

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["get_in", "save_in"]


def get_in(tx: Tx, ctx: Context) -> MachineFilters:
    """The filters of the space."""
    return single.get_in(tx, ctx, FILTERS, id_of(ctx.space))


def save_in(tx: Tx, ctx: Context, wanted: MachineFilters) -> MachineFilters:
    """Keeps the filters of the space. Raises Invalid, Conflict if stale."""
    before = get_in(tx, ctx)
    check_version(tx, "saved filters of machines", before, wanted)
    if wrong := problems(wanted.filters):
        raise Invalid(*wrong)
    return single.save_in(tx, ctx, FILTERS, before, wanted, "Saved filters of machines were changed")
