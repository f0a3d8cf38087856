"""Registers the engine's handlers and its recurring work."""

from __future__ import annotations

from gurita.engine.engine import Engine
from gurita.execution.adhoc import RunningScripts
from gurita.execution.deploying import Deploying
from gurita.execution.health import HealthChecking
from gurita.execution.health_schedule import health_schedule
from gurita.execution.performing import Performer
from gurita.execution.poisons import Poisons
from gurita.execution.space_removal import RemovingSpaces
from gurita.execution.storing import Storing
from gurita.execution.target_jobs import Endpoints
from gurita.http.context import Context, Services, system_viewer
from gurita.spaces import removing
from gurita.store.installation import Installation

__all__ = ["register_handlers"]


def register_handlers(engine: Engine, services: Services, installation: Installation, *, local: bool) -> None:
    """Tells the engine who does what. `local` allows work on the server's own machine."""

    def context(space: str) -> Context:
        return Context(services, system_viewer(), space)

    endpoints = Endpoints(services.store, local)
    storing = Storing(services.secrets, services.blobs)
    performer = Performer(services.hub, installation, Poisons(services.store, installation), storing)
    engine.handle(["Deploy"], Deploying(performer, endpoints, context))
    engine.handle(["Health"], HealthChecking(services.hub, endpoints, context))
    engine.handle(["AdHocScript"], RunningScripts(performer, endpoints, context))
    engine.handle([removing.TASK], RemovingSpaces(context))
    engine.recur(health_schedule(context))
