"""All routes of access."""

from __future__ import annotations

from gurita.access import key_routes, permission_routes, registration_routes, session_routes, user_routes
from gurita.access.invitations.routes import routes as _invitations
from gurita.access.providers.routes import routes as _providers
from gurita.access.teams.routes import routes as _teams
from gurita.access.workload.routes import routes as _workload
from gurita.http.routes import Route

__all__ = ["routes"]

routes: list[Route] = [
    *user_routes.system.items,
    *permission_routes.system.items,
    *_teams,
    *_providers,
    *_invitations,
    *_workload,
    *key_routes.system.items,
    *session_routes.system.items,
    *registration_routes.space.items,
]
