"""How saved filters are stored: one document a space, once somebody has kept one."""

from __future__ import annotations

from gurita.machines.filters.resources import MachineFilters
from gurita.store.documents import DocumentKind

__all__ = ["FILTERS", "id_of"]

FILTERS = DocumentKind("machinefilters", MachineFilters, label=None)


def id_of(space: str) -> str:
    """The id of a space's filters."""
    return f"machinefilters-{space}"
