"""Reading and changing settings, and holding writes back while the server is in maintenance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import insert, select, update

from gurita.audit import service as audit
from gurita.configuration.records import server_setting
from gurita.configuration.resources import (
    AuthenticationConfiguration,
    FeaturesConfiguration,
    MaintenanceConfiguration,
    PerformanceConfiguration,
    ServerConfiguration,
    UpgradeConfiguration,
)
from gurita.configuration.smtp import Sender, sender_in
from gurita.http.call import Call
from gurita.http.permissions import PUBLIC
from gurita.http.wire import Wire
from gurita.kernel.errors import Invalid, NotFound, Unavailable
from gurita.store.codec import JSON

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.db import Store
    from gurita.store.tx import Tx

__all__ = [
    "CHANGED",
    "SECTIONS",
    "MaintenanceGate",
    "Sender",
    "change",
    "change_in",
    "in_maintenance_in",
    "kind_of",
    "public_url_in",
    "read_in",
    "sender_in",
]

S = TypeVar("S", bound=Wire)

CHANGED = "configuration"
"""Notified whenever a setting was changed."""

SECTIONS: dict[type[Any], tuple[str, str]] = {
    ServerConfiguration: ("server", "How people and agents reach this server."),
    MaintenanceConfiguration: ("maintenance", "Whether only administrators may change anything."),
    AuthenticationConfiguration: (
        "authentication",
        "Whether people may sign in with a password, or as a guest.",
    ),
    FeaturesConfiguration: ("features", "Features that may be switched off."),
    PerformanceConfiguration: ("performance", "How older portals draw their dashboard."),
    UpgradeConfiguration: ("upgrade", "Which new versions are told of."),
}
"""The struct of each section: its name, and what it is about."""

_WRITES = frozenset({"POST", "PUT", "DELETE"})


def kind_of(name: str) -> type[Any]:
    """The struct of a section, by its name in any case. Raises NotFound."""
    for kind, (known, _) in SECTIONS.items():
        if known == name.lower():
            return kind
    raise NotFound(name)


def read_in(tx: Tx, kind: type[S]) -> S:
    """A section as it is now."""
    name = SECTIONS[kind][0]
    body = tx.scalar(select(server_setting.c.body).where(server_setting.c.name == name))
    return kind() if body is None else JSON.read(body, kind)


def public_url_in(tx: Tx, ctx: Context) -> str:
    """How people reach this server, with its prefix and without a slash at the end; "" when nobody said."""
    settings = ctx.services.settings
    told = (settings.public_url or read_in(tx, ServerConfiguration).server_uri or "").rstrip("/")
    return f"{told.removesuffix(settings.prefix)}{settings.prefix}" if told else ""


def in_maintenance_in(tx: Tx) -> bool:
    """Whether only administrators may change anything."""
    return read_in(tx, MaintenanceConfiguration).is_in_maintenance_mode


async def change(ctx: Context, body: S) -> S:
    """Stores a section, with its event, and gives it back. Raises Invalid."""
    return await ctx.services.store.write(lambda tx: change_in(tx, ctx, body))


def change_in(tx: Tx, ctx: Context, body: S) -> S:
    """The same within a unit."""
    kind = type(body)
    name = SECTIONS[kind][0]
    before = read_in(tx, kind)
    after = _checked(ctx, msgspec.structs.replace(body, id=name))
    if after == before:
        return before
    row = {"body": JSON.write(after)}
    if tx.scalar(select(server_setting.c.name).where(server_setting.c.name == name)) is None:
        tx.run(insert(server_setting).values(name=name, version=1, **row))
    else:
        version = server_setting.c.version + 1
        tx.run(update(server_setting).where(server_setting.c.name == name).values(version=version, **row))
    category, told = "Modified", f"The {name} settings of the server were changed"
    if isinstance(after, MaintenanceConfiguration):
        on = after.is_in_maintenance_mode
        category = "MaintenanceStarted" if on else "MaintenanceEnded"
        told = f"The server {'is in' if on else 'left'} maintenance"
    audit.record(tx, ctx, category, told, before=before, after=after, space="")
    tx.notify(CHANGED)
    return after


def _checked(ctx: Context, body: S) -> S:
    """The section as it may be stored."""
    for member, text in (
        ("ServerUri", "server_uri"),
        ("HelpSidebarSupportLink", "help_sidebar_support_link"),
    ):
        value = (getattr(body, text, None) or "").strip()
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise Invalid(f"{member}: '{value[:100]}' is not an address. Write https://deploy.example.com.")
    fixed = ctx.services.settings.public_url
    if (
        isinstance(body, ServerConfiguration)
        and fixed
        and (body.server_uri or fixed).rstrip("/") != fixed.rstrip("/")
    ):
        raise Invalid(
            f"ServerUri: is set to {fixed} by the option --public-url, which goes before. Change it there."
        )
    if isinstance(body, FeaturesConfiguration):
        fresh = FeaturesConfiguration()
        never = ("is_community_action_templates_enabled", "is_built_in_worker_enabled", "is_step_ui_framework_enabled",
                 "is_configuration_as_code_enabled", "is_configuration_as_code_for_runbooks_enabled")  # fmt: skip
        return msgspec.structs.replace(body, **{name: getattr(fresh, name) for name in never})
    return body


class MaintenanceGate:
    """Refuses what would change something while the server is in maintenance, except from administrators.

    Asked by every request, from memory; a change on any node counts at once.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changes = store.subscribe(CHANGED)
        self._closed: bool | None = None

    async def __call__(self, call: Call) -> None:
        """Raises Unavailable. Signing in stays possible, or nobody could end it."""
        if self._changes.take() or self._closed is None:
            self._closed = await self._store.read(in_maintenance_in)
        route = call.route
        if not self._closed or route.method not in _WRITES or route.permission == PUBLIC:
            return
        if route.path not in _ALWAYS and not call.viewer.may("AdministerSystem", ""):
            raise Unavailable(
                "Only administrators may change anything until the maintenance ends. Reading works as always.",
                message="The server is in maintenance mode.",
            )

    def close(self) -> None:
        """Listens no longer for changes."""
        self._changes.close()


_ALWAYS = frozenset({"/users/logout", "/users/access-token"})
