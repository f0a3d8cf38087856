"""What a project's variables are in a given place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from gurita.explanations.then import then_in
from gurita.http.wire import Wire
from gurita.kernel.errors import Invalid
from gurita.library import service as library
from gurita.machines import service as machines
from gurita.projects import service as projects
from gurita.variables import service
from gurita.variables.resources import VariableSet
from gurita.variables.rules import Book, here, scoped

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["PreviewQuery", "names_in", "preview_in"]


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
    as_of: str = ""
    """A moment: the values and the included sets are those of then. Machines and their tags are today's."""


def preview_in(tx: Tx, ctx: Context, query: PreviewQuery) -> VariableSet:
    """The project's set with the one value of each name that applies, those of the library that it includes among them.
    Sensitive values stay hidden, and what the viewer may not see is left out.

    With a machine its target tags count, with a role a machine that has it and a step that targets it.
    """
    if not query.project:
        raise Invalid(
            "project: name the project whose variables are wanted, for example ?project=Projects-1."
        )
    then = then_in(tx, ctx, projects.get_in(tx, ctx.whole, query.project), query.as_of)
    own, *included = then.sets
    sets = [then.set_in(tx, ctx, own), *(then.set_in(tx, ctx.whole, id) for id in included)]
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
        process=then.project.id,
    )
    values = [v for n, one in enumerate(sets) for v in scoped(one.variables, source=n, from_project=n == 0)]
    applying = {(v.source, v.row) for v in Book(values).at(at).values.values()}
    shown = [
        replace(one, variables=[v for row, v in enumerate(one.variables) if (n, row) in applying])
        for n, one in enumerate(sets)
    ]
    seen = [v for one in shown for v in service.seen_in(tx, ctx, one).variables]
    return service.variable_sets.present(tx, ctx, [replace(sets[0], variables=seen)])[0]


def names_in(tx: Tx, ctx: Context, project: str, environments: list[str]) -> list[str]:
    """The names a viewer sees of a project and the sets it includes, or of all sets; with environments, those that have a
    value in one of them."""
    if project:
        ids = library.sets_of(projects.get_in(tx, ctx.whole, project))
        service.get_in(tx, ctx, ids[0])
        shown = [service.seen_in(tx, ctx, service.get_in(tx, ctx.whole, id)) for id in ids]
    else:
        shown = service.all_in(tx, ctx)
    wanted = {id.casefold() for id in environments if id}
    known: dict[str, str] = {}
    for one in shown:
        for variable in one.variables:
            named = {id.casefold() for id in (variable.scope or {}).get("Environment") or ()}
            if not wanted or not named or named & wanted:
                known.setdefault(variable.name.casefold(), variable.name)
    return [name for _, name in sorted(known.items())]
