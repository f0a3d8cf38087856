"""`variables/names` and `variables/preview` (api.md 4), and `variables/explain`, our own addition to the contract."""

from __future__ import annotations

from msgspec import field

from gurita.catalog.serving import body_of
from gurita.explanations.previewing import PreviewQuery, names_in, preview_in
from gurita.explanations.resources import ExplainQuery, VariableExplanations
from gurita.explanations.service import explain_in
from gurita.http.call import Call
from gurita.http.routes import Routes
from gurita.http.wire import Wire
from gurita.store.tx import Tx
from gurita.variables.resources import VariableSet
from gurita.variables.service import variable_sets

__all__ = ["routes"]

_space = Routes("space")


class NamesQuery(Wire):
    """Of whom the names are wanted, and that they have a value in one of some environments (ids)."""

    project: str = ""
    runbook: str = ""
    project_environments_filter: list[str] = field(default_factory=list)


@_space.get("/variables/names", permission="VariableView")
async def names(call: Call, query: NamesQuery) -> list[str]:
    """The names of a project's variables and of the sets it includes, or of all in the space, each once."""
    ctx = call.context

    def read(tx: Tx) -> list[str]:
        return names_in(tx, ctx, query.project, query.project_environments_filter)

    return await call.services.store.read(read, long=True)


@_space.get("/variables/preview", permission="VariableView", returns=VariableSet)
async def preview(call: Call, query: PreviewQuery) -> bytes:
    """The variables of a project as they would be in a place: one value a name."""
    found = await call.services.store.read(lambda tx: preview_in(tx, call.context, query), long=True)
    return body_of(call, variable_sets, found)


@_space.get("/variables/explain", permission="VariableView")
async def explain(call: Call, query: ExplainQuery) -> VariableExplanations:
    """Why variables have the values they have: every candidate, the winner, and what its text is made of."""
    ctx = call.context
    return await call.services.store.read(lambda tx: explain_in(tx, ctx, query), long=True)


routes = _space.items
