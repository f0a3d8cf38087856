"""`accounts` (api.md 8)."""

from __future__ import annotations

from gurita.accounts.resources import AccountUsages, Usage
from gurita.accounts.service import accounts, get_in
from gurita.catalog.serving import serve
from gurita.catalog.usage import users_of_in
from gurita.http.api import Call
from gurita.http.routes import Routes

__all__ = ["routes"]

_space = Routes("space")

_MEMBERS = {
    "Machines": "targets",
    "DeploymentProcesses": "deployment_processes",
    "VariableSets": "project_variable_sets",
    "LibraryVariableSets": "library_variable_sets",
    "RunbookProcesses": "runbook_processes",
}


@_space.get("/accounts/{id}/usages", permission="AccountView")
async def usages(call: Call, id: str) -> AccountUsages:
    """Who uses an account."""
    ctx = call.context
    users = await call.services.store.read(lambda tx: users_of_in(tx, ctx, get_in(tx, ctx, id).id))
    found = AccountUsages()
    for user in users:
        listed: list[Usage] = getattr(found, _MEMBERS.get(user.kind, "others"))
        listed.append(Usage(id=user.id, name=user.name))
    return found


routes = [*_space.items, *serve(accounts)]
