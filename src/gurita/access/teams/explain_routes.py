"""`permissions/explain`: why somebody may do something in a place, or may not."""

from __future__ import annotations

from typing import Any

from msgspec import field
from sqlalchemy import RowMapping

from gurita.access import users
from gurita.access.rules.evaluating import Grants
from gurita.access.rules.explaining import allowed, why
from gurita.access.teams.explaining import Considered, considered_in, teams_in
from gurita.access.teams.reading import grants_in, teams_of_in
from gurita.http.call import Call
from gurita.http.permissions import SIGNED_IN
from gurita.http.routes import Routes
from gurita.http.wire import Wire
from gurita.kernel.errors import Forbidden, Invalid, NotFound
from gurita.kernel.permissions import PERMISSIONS
from gurita.kernel.places import Place
from gurita.store.kinds import KINDS
from gurita.store.repository import Repository
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")


class ExplainQuery(Wire):
    """What is asked about; `user` is oneself unless said otherwise. Places are ids, slugs or names; all may be left out."""

    permission: str = ""
    project: str = ""
    environment: str = ""
    tenant: str = ""
    user: str = ""


class ExplainedGrant(Wire):
    """A role a team of the user was given, and why it does or does not do."""

    team_id: str
    team_name: str
    user_role_id: str
    user_role_name: str
    space_id: str | None
    scope: str
    fits: bool
    why: str


class NamedTeam(Wire):
    """A team that may."""

    id: str
    name: str


class PermissionExplanation(Wire):
    """The answer with everything that was considered."""

    permission: str
    user_id: str
    place: str
    is_allowed: bool
    grants: list[ExplainedGrant] = field(default_factory=list)
    teams: list[NamedTeam] = field(default_factory=list)


@_space.get("/permissions/explain", permission=SIGNED_IN)
async def explain(call: Call, query: ExplainQuery) -> PermissionExplanation:
    """Why somebody may do something at a place, or may not. Of others, for who may see teams."""
    name = next((one for one in PERMISSIONS if one.lower() == query.permission.strip().lower()), None)
    if name is None:
        raise Invalid(f"permission: there is no permission '{query.permission[:80]}'. See permissions/all.")
    return await call.services.store.read(lambda tx: _explained(tx, call, name, query))


def _explained(tx: Tx, call: Call, permission: str, query: ExplainQuery) -> PermissionExplanation:
    viewer = call.viewer
    other = query.user and query.user.lower() not in {"me", viewer.user_id.lower(), viewer.username.lower()}
    if other and not viewer.may("TeamView", call.space):
        raise Forbidden("TeamView", space=call.space)
    row = users.find(tx, query.user if other else viewer.user_id)
    place = _place(tx, call, query)
    grants = grants_in(tx, row["number"], active=row["is_active"])
    tells = viewer.may("TeamView", call.space)
    found = teams_in(tx, permission, call.space, place) if tells else {}
    return PermissionExplanation(
        permission=permission,
        user_id=users.user_id(row["number"]),
        place=place.words,
        is_allowed=allowed(grants, permission, call.space, place),
        grants=[
            _shown(one, grants, permission, call.space, place) for one in _considered(tx, call.space, row)
        ],
        teams=[NamedTeam(id=id, name=name) for id, name in found.items()],
    )


def _considered(tx: Tx, space: str, row: RowMapping) -> list[Considered]:
    return considered_in(tx, space, teams_of_in(tx, row["number"])) if row["is_active"] else []


def _shown(one: Considered, grants: Grants, permission: str, space: str, place: Place) -> ExplainedGrant:
    grant, reason = one.grant, why(one.grant, grants, permission, space, place)
    return ExplainedGrant(
        team_id=grant.team,
        team_name=one.team,
        user_role_id=grant.role,
        user_role_name=one.role,
        space_id=grant.space or None,
        scope=grant.scope.words,
        fits=not reason,
        why=reason or "This grant is enough.",
    )


def _place(tx: Tx, call: Call, query: ExplainQuery) -> Place:
    """Raises NotFound for what is not in this space, Forbidden for what the viewer does not see."""
    project = _found(tx, call, "Projects", query.project)
    environment = _found(tx, call, "Environments", query.environment)
    return Place(
        None if project is None else project.id,
        None if project is None else project.project_group_id,
        None if environment is None else frozenset([environment.id]),
        frozenset([query.tenant]) if query.tenant else None,
    )


def _found(tx: Tx, call: Call, kind: str, text: str) -> Any:
    if not text:
        return None
    found = Repository(KINDS[kind], tx, call.space, call.viewer).find(text)
    if found is None:
        raise NotFound(text)
    return found


routes = _space.items
