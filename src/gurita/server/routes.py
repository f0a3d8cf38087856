"""Every route this server has."""

from __future__ import annotations

from gurita.access.routes import routes as access
from gurita.accounts.proxies.routes import routes as proxies
from gurita.accounts.routes import routes as accounts
from gurita.audit.routes import routes as audit
from gurita.build_information.routes import routes as build_information
from gurita.certificates.routes import routes as certificates
from gurita.configuration.routes import routes as configuration
from gurita.dashboard.routes import routes as dashboard
from gurita.deployments.routes import routes as deployments
from gurita.environments.routes import routes as environments
from gurita.explanations.routes import routes as explanations
from gurita.feeds.routes import routes as feeds
from gurita.http.openapi import routes as openapi
from gurita.http.root import routes as root
from gurita.http.routes import Route
from gurita.library.routes import routes as library
from gurita.lifecycles.routes import routes as lifecycles
from gurita.machines.routes import routes as machines
from gurita.nodes.routes import routes as nodes
from gurita.packages.routes import routes as packages
from gurita.projects.routes import routes as projects
from gurita.releases.routes import routes as releases
from gurita.server.agent_routes import routes as agents
from gurita.server.pages import routes as pages
from gurita.spaces.routes import routes as spaces
from gurita.subscriptions.routes import routes as subscriptions
from gurita.tasks.machine_routes import routes as machine_tasks
from gurita.tasks.routes import routes as tasks
from gurita.variables.routes import routes as variables

__all__ = ["ROUTES"]

ROUTES: tuple[Route, ...] = (
    *root,
    *openapi,
    *access,
    *audit,
    *spaces,
    *nodes,
    *configuration,
    *environments,
    *machines,
    *accounts,
    *feeds,
    *proxies,
    *certificates,
    *lifecycles,
    *projects,
    *explanations,
    *variables,
    *library,
    *packages,
    *build_information,
    *releases,
    *deployments,
    *dashboard,
    *tasks,
    *machine_tasks,
    *subscriptions,
    *agents,
    *pages,
)
