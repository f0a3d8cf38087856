"""`variables/explain`: our own addition to the contract."""

from __future__ import annotations

from gurita.http.call import Call
from gurita.http.routes import Routes
from gurita.variables.explaining.resources import ExplainQuery, Explanations
from gurita.variables.explaining.service import explain_in

__all__ = ["routes"]

_space = Routes("space")


@_space.get("/variables/explain", permission="VariableView")
async def explain(call: Call, query: ExplainQuery) -> Explanations:
    """Why variables have the values they have: every candidate, the winner, and what its text is made of."""
    ctx = call.context
    return await call.services.store.read(lambda tx: explain_in(tx, ctx, query), long=True)


routes = _space.items
