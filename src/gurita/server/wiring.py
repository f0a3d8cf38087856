"""Builds a server out of its parts, in the order they need each other, and takes it apart again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from gurita.access.authentication import Authenticator
from gurita.access.first_start import FirstAdministrator
from gurita.access.teams.explaining import teams_for
from gurita.audit.trail.archiving import archiving
from gurita.audit.trail.keeper import Keeper
from gurita.audit.trail.streaming import Streamer
from gurita.certificates.watching import watching
from gurita.configuration.service import MaintenanceGate
from gurita.deployments import service as deployments
from gurita.engine.engine import Engine, Options
from gurita.engine.schedules import Recurring
from gurita.execution.wiring import register_handlers
from gurita.feeds.service import Limits, trimming
from gurita.http.api import Api, all_of
from gurita.http.context import Context, Services, system_viewer
from gurita.kernel.clock import SystemClock
from gurita.kernel.ids import SystemRandomness
from gurita.machines.polling import gate, greeting
from gurita.nodes.recent_logs import recent
from gurita.packages.delta_cache import delta_trimming
from gurita.packages.retention import blob_collection, package_retention
from gurita.secrets.keys import open_secrets
from gurita.secrets.opening import reveal
from gurita.server.data_folder import DataFolder
from gurita.server.opening import (
    agent_port_refused,
    make_administrator,
    open_blobs,
    open_outbound,
    open_store,
)
from gurita.server.routes import ROUTES
from gurita.server.server_key import server_key_in
from gurita.server.settings import Settings
from gurita.spaces.directory import Directory
from gurita.spaces.service import ensure_default
from gurita.store.aside import Aside
from gurita.store.installation import installation_in
from gurita.store.tx import Tx
from gurita.subscriptions.delivering.keeper import Keeper as Telling
from gurita.tasks.registry import rerunners
from gurita.tasks.service import pruning
from gurita.transport.hub import Hub

__all__ = ["Server", "running"]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `administrator` is set on the first start only, and holds what is shown once."""

    api: Api
    services: Services
    engine: Engine
    hub: Hub
    settings: Settings
    administrator: FirstAdministrator | None


@asynccontextmanager
async def running(settings: Settings, env: Mapping[str, str]) -> AsyncIterator[Server]:
    """A server with everything but its web port. Raises Terminal errors that say what to do."""
    async with AsyncExitStack() as stack:
        folder = DataFolder(settings.data)
        stack.callback(folder.close)
        logging.getLogger().addHandler(recent)
        stack.callback(logging.getLogger().removeHandler, recent)
        services = await _services(settings, env, stack)
        installation = await services.store.read(installation_in)
        services.installation_id = installation.id
        system = Context(services, system_viewer(), "")
        await ensure_default(system)
        keeper = Keeper(system, folder.path)
        stack.push_async_callback(keeper.stop)
        await keeper.start()
        streamer = Streamer(system, folder.path)
        stack.push_async_callback(streamer.stop)
        streamer.start()
        hub, agent_port = await _hub(services, settings, stack)
        services.settings = settings = replace(settings, agent_port=agent_port)
        engine = _engine(services, settings, stack)
        services.engine, services.hub = engine, hub
        rerunners["Deploy"] = deployments.rerun_in
        register_handlers(engine, services, installation, local=settings.local_scripts)
        for work in _recurring(services, settings):
            engine.recur(work)
        await engine.start()
        stack.push_async_callback(engine.stop)
        telling = Telling(system)
        stack.push_async_callback(telling.stop)
        await telling.start()
        api = _api(system, settings, stack)
        # Last of all: a password that is shown once must not be lost to a start that fails.
        administrator = await make_administrator(services, env)
        yield Server(api, services, engine, hub, settings, administrator)


def _api(system: Context, settings: Settings, stack: AsyncExitStack) -> Api:
    """All routes, and who may take them."""
    services = system.services
    directory = Directory(services.store, system)
    stack.callback(directory.close)
    gate = MaintenanceGate(services.store)
    stack.callback(gate.close)
    authenticator = Authenticator(services)
    return Api(
        ROUTES,
        services,
        authenticate=authenticator,
        renew=authenticator.renew,
        resolve_space=directory.resolve,
        prefix=settings.prefix,
        gate=all_of(directory.admit, gate),
        advise=teams_for(system),
    )


async def _services(settings: Settings, env: Mapping[str, str], stack: AsyncExitStack) -> Services:
    """What every feature stands on, but the engine and the hub."""
    secrets = open_secrets(settings.data, env)
    store = await open_store(settings)
    stack.push_async_callback(store.close)
    await store.write(secrets.check_in)
    services = Services(
        store=store,
        secrets=secrets,
        blobs=open_blobs(settings),
        clock=SystemClock(),
        random=SystemRandomness(),
        settings=settings,
        outbound=open_outbound(settings),
    )
    stack.push_async_callback(services.outbound.close)
    return services


def _recurring(services: Services, settings: Settings) -> tuple[Recurring, ...]:
    """What is done from time to time, on one node of the cluster."""
    system = Context(services, system_viewer(), "")
    limits = Limits(settings.download_cache_days, settings.download_cache_gib << 30)
    return (
        pruning(),
        package_retention(system.within),
        delta_trimming(),
        blob_collection(services),
        trimming(limits),
        watching(system.within),
        archiving(system),
    )


async def _hub(services: Services, settings: Settings, stack: AsyncExitStack) -> tuple[Hub, int]:
    """Connections to targets, and the port polling agents dial (-1: none)."""
    key = await services.store.write(lambda tx: server_key_in(tx, services.secrets))
    hub = Hub(key, services.clock, reveal, local_home=settings.data.absolute() / "local")
    stack.push_async_callback(hub.close)
    hub.greet(greeting(services, Context(services, system_viewer(), "").within))

    if settings.agent_port < 0:
        return hub, -1
    try:
        return hub, await hub.listen(
            settings.agent_host or settings.host, settings.agent_port, gate(services)
        )
    except OSError as error:
        raise agent_port_refused(error, settings) from error


def _engine(services: Services, settings: Settings, stack: AsyncExitStack) -> Engine:
    """One node on SQLite needs no heartbeat: the data folder's lock says who is alive."""
    beat: Callable[[Callable[[Tx], bool]], bool] | None = None
    if services.store.dialect != "sqlite":
        aside = Aside(services.store.backend)
        stack.push_async_callback(asyncio.to_thread, aside.close)
        beat = aside.write
    options = Options(node=settings.node_name, cap=settings.task_cap, lease=settings.lease)
    return Engine(services.store, services.blobs, services.clock, options, beat)
