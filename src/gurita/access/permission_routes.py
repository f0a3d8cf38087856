"""What a user may do and why: permissions, teams, and the explanation of a single answer."""

from __future__ import annotations

from starlette.responses import Response

from gurita.access.resources import PermissionSet, TeamName
from gurita.access.seeing import seen
from gurita.access.teams.showing import permission_set_in, teams_in
from gurita.http.api import Call
from gurita.http.permissions import SIGNED_IN
from gurita.http.routes import Routes

__all__ = ["system"]

system = Routes("system")


@system.get("/users/{id}/teams", permission=SIGNED_IN)
async def user_teams(call: Call, id: str) -> list[TeamName]:
    """The teams a user belongs to."""
    row = await seen(call, id)
    return await call.services.store.read(lambda tx: teams_in(tx, row))


@system.get("/users/{id}/permissions", permission=SIGNED_IN)
async def user_permissions(call: Call, id: str) -> PermissionSet:
    """What a user may do: by permission, the places it is held in."""
    return await _permissions(call, id)


@system.get("/users/{id}/permissions/configuration", permission=SIGNED_IN)
async def configured_permissions(call: Call, id: str) -> PermissionSet:
    """The same as it was given, team by team."""
    return await _permissions(call, id)


@system.get("/users/{id}/permissions/export", permission=SIGNED_IN, returns=str, media="text/csv")
async def exported_permissions(call: Call, id: str) -> Response:
    """What a user may do as lines of CSV. Ids and names of permissions hold nothing a spreadsheet would run."""
    found = await _permissions(call, id)
    lines = ["Permission,Space,Projects,ProjectGroups,Environments,Tenants"]
    for name, restrictions in found.space_permissions.items():
        for one in restrictions:
            ids = (
                one.restricted_to_project_ids,
                one.restricted_to_project_group_ids,
                one.restricted_to_environment_ids,
                one.restricted_to_tenant_ids,
            )
            lines.append(",".join([name, one.space_id or "", *(" ".join(each) for each in ids)]))
    lines += [f"{name},System,,,," for name in found.system_permissions]
    headers = {"Content-Disposition": 'attachment; filename="permissions.csv"'}
    return Response("\r\n".join([*lines, ""]), media_type="text/csv", headers=headers)


async def _permissions(call: Call, id: str) -> PermissionSet:
    row = await seen(call, id)
    own = call.links.system(f"users/{id}/permissions")
    return await call.services.store.read(lambda tx: permission_set_in(tx, row, {"Self": own}))
