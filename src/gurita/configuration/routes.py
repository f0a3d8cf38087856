"""Settings of the server (api.md 10): each where clients look for it, and all below `configuration`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec.structs import replace
from sqlalchemy import func, select

from gurita.configuration.absent_routes import routes as _absent
from gurita.configuration.key_routes import routes as _keys
from gurita.configuration.resources import (
    AuthenticationConfiguration,
    ConfigurationSection,
    FeaturesConfiguration,
    License,
    LicenseLimit,
    LicenseStatus,
    MaintenanceConfiguration,
    PerformanceConfiguration,
    ServerConfiguration,
    SettingsMetadata,
    SettingsSet,
    UpgradeConfiguration,
)
from gurita.configuration.rules import described, settings_sets
from gurita.configuration.service import SECTIONS, change, kind_of, read_in
from gurita.configuration.smtp_routes import routes as _mail
from gurita.http import wire
from gurita.http.api import Call
from gurita.http.links import with_links
from gurita.http.permissions import SIGNED_IN
from gurita.http.routes import Routes
from gurita.http.wire import write
from gurita.store.kinds import KINDS
from gurita.store.tx import Tx

__all__ = ["routes"]

_system = Routes("system")

PLACES: dict[type[Any], tuple[str, str]] = {
    ServerConfiguration: ("serverconfiguration", "ConfigureServer"),
    MaintenanceConfiguration: ("maintenanceconfiguration", "AdministerSystem"),
    FeaturesConfiguration: ("featuresconfiguration", "ConfigureServer"),
    PerformanceConfiguration: ("performanceconfiguration", "ConfigureServer"),
    UpgradeConfiguration: ("upgradeconfiguration", "ConfigureServer"),
    AuthenticationConfiguration: ("gurita/authentication-settings", "ConfigureServer"),
}
"""Where each section is, and what changing it takes. Everybody who is signed in may read them."""


def _own(call: Call, kind: type[Any], value: Any) -> bytes:
    """A section with its links. The address of the server is the one in effect."""
    if isinstance(value, ServerConfiguration):
        settings = call.services.settings
        shown = settings.public_url or value.server_uri or getattr(settings, "url", "")
        value = replace(value, server_uri=shown)
    links = {"Self": call.links.system(PLACES[kind][0])}
    if kind is ServerConfiguration:
        links["Settings"] = call.links.system("serverconfiguration/settings")
    return with_links(write(value), links)


def _serve(kind: type[Any]) -> None:
    path, permission = PLACES[kind]

    async def get(call: Call) -> bytes:
        return _own(call, kind, await call.services.store.read(lambda tx: read_in(tx, kind)))

    async def put(call: Call, body: Any) -> bytes:
        return _own(call, kind, await change(call.context, body))

    named: tuple[tuple[Callable[..., Awaitable[bytes]], str, str], ...] = (
        (get, f"get_{path.replace('/', '_')}", f"{SECTIONS[kind][1]}"),
        (put, f"put_{path.replace('/', '_')}", f"Changes: {SECTIONS[kind][1]}"),
    )
    for handler, name, words in named:
        handler.__name__ = handler.__qualname__ = name
        handler.__doc__ = words
    put.__annotations__ = {"call": Call, "body": kind, "return": bytes}
    _system.get(f"/{path}", permission=SIGNED_IN, returns=kind)(get)
    _system.put(f"/{path}", permission=permission, returns=kind)(put)


for _kind in PLACES:
    _serve(_kind)


@_system.get("/serverconfiguration/settings", permission="ConfigureServer")
async def settings(call: Call) -> list[SettingsSet]:
    """The settings in effect on this node, without secrets."""
    return settings_sets(call.services.settings)


@_system.get("/configuration", permission=SIGNED_IN, returns=list[ConfigurationSection])
async def sections(call: Call) -> bytes:
    """The parts of the configuration."""
    return b"[" + b",".join(_section(call, kind) for kind in SECTIONS) + b"]"


def _section(call: Call, kind: type[Any]) -> bytes:
    name, words = SECTIONS[kind]
    place = call.links.system(f"configuration/{name}")
    links = {"Self": place, "Values": f"{place}/values", "Metadata": f"{place}/metadata"}
    section = ConfigurationSection(id=name, name=name.capitalize(), description=words)
    return with_links(write(section), links)


@_system.get("/configuration/{id}", permission=SIGNED_IN, returns=ConfigurationSection)
async def section(call: Call, id: str) -> bytes:
    """A part of the configuration."""
    return _section(call, kind_of(id))


@_system.get("/configuration/{id}/values", permission=SIGNED_IN, returns=dict[str, Any])
async def values(call: Call, id: str) -> bytes:
    """The values of a part."""
    kind = kind_of(id)
    return _own(call, kind, await call.services.store.read(lambda tx: read_in(tx, kind)))


@_system.put("/configuration/{id}/values", permission="AdministerSystem", returns=dict[str, Any])
async def set_values(call: Call, id: str, body: bytes) -> bytes:
    """Changes the values of a part."""
    kind = kind_of(id)
    return _own(call, kind, await change(call.context, wire.read(body or b"{}", kind)))


@_system.get("/configuration/{id}/metadata", permission=SIGNED_IN)
async def metadata(_call: Call, id: str) -> SettingsMetadata:
    """What the values of a part are."""
    kind = kind_of(id)
    return described(kind, *SECTIONS[kind])


@_system.get("/licenses/licenses-current", permission=SIGNED_IN)
async def license_(call: Call) -> License:
    """The licence: this software is free."""
    return License(links={"Self": call.links.system("licenses/licenses-current")})


@_system.get("/licenses/licenses-current-status", permission=SIGNED_IN)
async def license_status(call: Call) -> LicenseStatus:
    """What the licence allows, beside what there is."""

    def read(tx: Tx) -> list[LicenseLimit]:
        found = []
        for name, kind in (("Projects", "Projects"), ("Tenants", "Tenants"), ("Machines", "Machines")):
            known = KINDS.get(kind)
            count = 0 if known is None else tx.scalar(select(func.count()).select_from(known.table))
            found.append(LicenseLimit(name=name, current_usage=int(count)))
        return found

    own = {"Self": call.links.system("licenses/licenses-current-status")}
    return LicenseStatus(limits=await call.services.store.read(read), links=own)


routes = [*_keys, *_system.items, *_mail, *_absent]
