"""What a project's variables are in a given place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.http.wire import Wire
from gurita.kernel.errors import Invalid
from gurita.machines import service as machines
from gurita.variables import service
from gurita.variables.resources import VariableSet
from gurita.variables.rules import evaluate, here, scoped

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["PreviewQuery", "preview_in"]


class PreviewQuery(Wire):
    """Where the values are asked for; all but the project may be left out."""

    project: str = ""
    environment: str = ""
    channel: str = ""
    tenant: str = ""
    action: str = ""
    machine: str = ""
    role: str = ""
    runbook: str = ""


def preview_in(tx: Tx, ctx: Context, query: PreviewQuery) -> VariableSet:
    """The set with the one value of each name that applies. Sensitive values stay hidden.

    With a machine its target tags count, with a role a machine that has it and a step that targets it.
    """
    if not query.project:
        raise Invalid(
            "project: name the project whose variables are wanted, for example ?project=Projects-1."
        )
    found = service.get_in(tx, ctx, service.id_of(query.project))
    roles = [query.role] if query.role else []
    owned = machines.get_in(tx, ctx, query.machine).roles if query.machine else []
    at = here(
        environment=query.environment,
        machine=query.machine,
        machine_roles=[*owned, *roles],
        step_roles=roles,
        action=query.action,
        channel=query.channel,
        tenant=query.tenant,
        process=query.project,
    )
    applying = {(v.source, v.row) for v in evaluate(scoped(found.variables), at).values()}
    found.variables = [v for row, v in enumerate(found.variables) if (0, row) in applying]
    return service.variable_sets.present(tx, ctx, [found])[0]
