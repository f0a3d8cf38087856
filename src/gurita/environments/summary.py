"""Environments with their machines counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import field

from gurita.environments.resources import Environment, EnvironmentSummaries, EnvironmentSummary
from gurita.environments.service import all_in
from gurita.http.wire import Wire
from gurita.machines.resources import Machine
from gurita.machines.rules import counted
from gurita.machines.service import MachineQuery, list_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["SummaryQuery", "summaries_in"]


class SummaryQuery(Wire):
    """Which environments, and which of their machines count."""

    ids: list[str] = field(default_factory=list)
    partial_name: str = ""
    machine_partial_name: str = ""
    roles: list[str] = field(default_factory=list)
    is_disabled: bool | None = None
    health_statuses: list[str] = field(default_factory=list)
    comm_styles: list[str] = field(default_factory=list)
    shell_names: list[str] = field(default_factory=list)
    tenant_ids: list[str] = field(default_factory=list)
    tenant_tags: list[str] = field(default_factory=list)
    hide_empty_environments: bool = False

    @property
    def machines(self) -> MachineQuery:
        """The query for the machines that count."""
        return MachineQuery(
            partial_name=self.machine_partial_name,
            roles=self.roles,
            is_disabled=self.is_disabled,
            health_statuses=self.health_statuses,
            comm_styles=self.comm_styles,
            shell_names=self.shell_names,
            tenant_ids=self.tenant_ids,
            tenant_tags=self.tenant_tags,
        )


def summaries_in(tx: Tx, ctx: Context, query: SummaryQuery) -> EnvironmentSummaries:
    """All environments asked for, in order, with the machines that count."""
    machines = list_in(tx, ctx, query.machines)
    wanted, partial = {id.lower() for id in query.ids}, query.partial_name.casefold()
    found: list[EnvironmentSummary] = []
    for environment in all_in(tx, ctx):
        if (wanted and environment.id.lower() not in wanted) or partial not in environment.name.casefold():
            continue
        inside = [machine for machine in machines if environment.id in machine.environment_ids]
        if inside or not query.hide_empty_environments:
            found.append(_summary(environment, inside))
    shown = {summary.environment.id for summary in found}
    inside = [machine for machine in machines if shown.intersection(machine.environment_ids)]
    return EnvironmentSummaries(
        environment_summaries=found,
        machine_tenant_summaries=_tenants(inside),
        machine_tenant_tag_summaries=_tags(inside),
        **counted(inside),
    )


def _summary(environment: Environment, machines: list[Machine]) -> EnvironmentSummary:
    return EnvironmentSummary(
        environment=environment,
        machine_tenant_summaries=_tenants(machines),
        machine_tenant_tag_summaries=_tags(machines),
        **counted(machines),
    )


def _tenants(machines: Iterable[Machine]) -> dict[str, int]:
    return dict(Counter(id for machine in machines for id in machine.tenant_ids))


def _tags(machines: Iterable[Machine]) -> dict[str, int]:
    return dict(Counter(tag for machine in machines for tag in machine.tenant_tags))
