"""`teams`, `userroles`, `scopeduserroles` (api.md §3)."""

from __future__ import annotations

from gurita.access.teams.explain_routes import routes as explained
from gurita.access.teams.guards import given_to_in
from gurita.access.teams.resources import ScopedUserRole
from gurita.access.teams.service import scoped_user_roles, teams, user_roles
from gurita.catalog.mixed import MixedQuery, found_in, serve_mixed, visible_spaces
from gurita.catalog.serving import listed, serve
from gurita.http.api import Call
from gurita.http.envelope import Listing
from gurita.http.routes import Routes
from gurita.kernel.paging import Page
from gurita.store.tx import Tx

__all__ = ["routes"]

_mixed = Routes("mixed")


@_mixed.get("/teams/{id}/scopeduserroles", permission="TeamView", returns=Listing[ScopedUserRole])
async def roles_of_team(call: Call, id: str, query: MixedQuery) -> bytes:
    """What a team was given, in the spaces the viewer may see teams of."""

    def read(tx: Tx) -> Page[ScopedUserRole]:
        place = found_in(tx, call.context, teams, id, "TeamView")
        team = teams.get_in(tx, place, id)
        shown = set(visible_spaces(tx, call.context, "TeamView", query))
        given = [each for each in given_to_in(tx, team=team.id) if (each.space_id or "") in shown]
        given = [each for each in given if not query.ids or each.id in query.ids]
        return Page(given[query.skip :][: query.take], len(given), query.paging)

    found = await call.services.store.read(read)
    return listed(call, scoped_user_roles, found, f"teams/{id}/scopeduserroles")


routes = [*explained, *_mixed.items, *serve_mixed(teams), *serve(user_roles), *serve_mixed(scoped_user_roles)]
