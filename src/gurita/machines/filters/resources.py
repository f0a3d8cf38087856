"""API shape of the saved filters of machines."""

from __future__ import annotations

from msgspec import field

from gurita.catalog.resource import Resource
from gurita.http.wire import Wire
from gurita.machines.resources import HealthStatus

__all__ = ["MachineFilter", "MachineFilters"]


class MachineFilter(Wire):
    """What a list of deployment targets is asked for, under a name. Members that say nothing narrow nothing.

    They mean what the query of `machines` means by the same names; several values of one member mean any of them.
    """

    name: str
    partial_name: str = ""
    environment_ids: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    health_statuses: list[HealthStatus] = field(default_factory=list)
    comm_styles: list[str] = field(default_factory=list)
    is_disabled: bool | None = None


class MachineFilters(Resource):
    """All saved filters of a space, in the order in which they are offered."""

    filters: list[MachineFilter] = field(default_factory=list)
