"""Which variables hold in one environment only, or for one machine only: they would go with it."""

from __future__ import annotations

from gurita.environments import service as environments
from gurita.http.call import Call
from gurita.http.routes import Routes
from gurita.machines import service as machines
from gurita.store.tx import Tx
from gurita.variables.resources import ScopedVariables
from gurita.variables.service import only_in

__all__ = ["routes"]

_space = Routes("space")


@_space.get("/environments/{id}/singlyScopedVariableDetails", permission="EnvironmentView")
async def of_environment(call: Call, id: str) -> ScopedVariables:
    """Variables that hold in this environment only, and would hold nowhere without it."""
    return await call.services.store.read(
        lambda tx: _only_in(tx, call, "Environment", environments.get_in(tx, call.context, id).id)
    )


@_space.get("/machines/{id}/singlyScopedVariableDetails", permission="MachineView")
async def of_machine(call: Call, id: str) -> ScopedVariables:
    """Variables that hold for this machine only, and would hold nowhere without it."""
    return await call.services.store.read(
        lambda tx: _only_in(tx, call, "Machine", machines.get_in(tx, call.context, id).id)
    )


def _only_in(tx: Tx, call: Call, kind: str, id: str) -> ScopedVariables:
    if not call.viewer.may("VariableView", call.space):
        return ScopedVariables(
            has_unauthorized_project_variables=True, has_unauthorized_library_variable_set_variables=True
        )
    return ScopedVariables(variable_map=only_in(tx, call.context, kind, id))


routes = _space.items
