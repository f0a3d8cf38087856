"""Who asks, with what, and where: what a handler hands on to the services below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from gurita.kernel.errors import Forbidden
from gurita.kernel.places import ANYWHERE, Place, Scope, reached

if TYPE_CHECKING:
    from pathlib import Path

    from gurita.engine.engine import Engine
    from gurita.kernel.clock import Clock
    from gurita.kernel.ids import Randomness
    from gurita.outbound.client import Outbound
    from gurita.secrets.vault import Secrets
    from gurita.store.blobs import Blobs
    from gurita.store.db import Store
    from gurita.transport.hub import Hub

__all__ = ["NOBODY", "Context", "Services", "Settings", "Viewer", "system_viewer"]

_MOST_SCOPES = 3


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. `may(permission, space)` answers for a space id, for "" (the system), or for None (anywhere)."""

    user_id: str
    username: str
    display_name: str
    established_with: str
    user_agent: str
    ip: str
    is_service: bool
    may: Callable[[str, str | None], bool]
    credential: str = ""
    """The id of the key, session or token that proved it."""
    held: Callable[[str, str | None], Iterable[Scope]] | None = None
    """Of (permission, space): the scopes within which it is held. None: wherever `may` says so, without any narrowing."""
    inside: frozenset[str] = frozenset()
    """The ids of the spaces in which anything was given to the viewer."""

    def scopes(self, permission: str, space: str | None) -> list[Scope]:
        """How far a permission reaches in a space: within any of these; none of them, nowhere."""
        if self.held is not None:
            return list(self.held(permission, space))
        return [Scope()] if self.may(permission, space) else []

    @property
    def whole(self) -> Viewer:
        """The same person with nothing held back."""
        return replace(self, may=lambda _permission, _space: True, held=None)

    def refusal(self, permission: str, space: str, place: Place = ANYWHERE) -> Forbidden:
        """Why this viewer may not do something at a place, in words."""
        held = [scope.words for scope in self.scopes(permission, space)]
        said = []
        if held and place.words:
            more = f"; and {len(held) - _MOST_SCOPES} more scopes" if len(held) > _MOST_SCOPES else ""
            yours = "; ".join(held[:_MOST_SCOPES])
            said.append(f"{permission} is needed for {place.words}; yours reaches {yours}{more}.")
        return Forbidden(permission, *said, space=space, place=place)

    def may_at(self, permission: str, space: str, place: Place, *, somewhere: bool = False) -> bool:
        """Whether a permission is held at a place of a space, or (`somewhere`) at one of its environments and tenants."""
        return reached(self.scopes(permission, space), place, somewhere=somewhere)


NOBODY = Viewer("", "", "Nobody", "", "", "", False, lambda _permission, _space: False)
"""The viewer of a public route."""


def system_viewer() -> Viewer:
    """The server itself: what a schedule or a start-up does is done by it."""
    return Viewer(
        "users-system", "system", "System", "System", "", "", True, lambda _permission, _space: True
    )


class Settings(Protocol):
    """What the plumbing reads of the server's settings."""

    @property
    def data(self) -> Path:
        """The folder that holds everything this node keeps on disk."""

    @property
    def prefix(self) -> str:
        """The path the server runs under, such as `/octopus`; "" for none."""

    @property
    def public_url(self) -> str:
        """How browsers and agents reach this server; "" when nobody said."""

    @property
    def node_name(self) -> str:
        """This node's name."""

    @property
    def local_scripts(self) -> bool:
        """Whether steps may run on this node's own machine."""


class Services:
    """What the composition root hands to every feature. An attribute it did not set raises AttributeError."""

    store: Store
    secrets: Secrets
    blobs: Blobs
    clock: Clock
    random: Randomness
    engine: Engine
    hub: Hub
    outbound: Outbound
    settings: Settings
    installation_id: str

    def __init__(self, **given: Any) -> None:
        for name, service in given.items():
            if name not in Services.__annotations__:
                raise TypeError(f"there is no service called {name}")
            setattr(self, name, service)

    def milliseconds(self) -> int:
        """Now, in milliseconds since 1970 in UTC, as the tables keep it."""
        return int(self.clock.now().timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Context:
    """One request's services, viewer and space (an id; "" at the level of the system)."""

    services: Services
    viewer: Viewer
    space: str

    @property
    def whole(self) -> Context:
        """The same viewer with nothing held back: for what a deed takes that was asked for and checked already.

        Deploying needs no sight of targets, and a name must be unique among those one cannot see, too.
        """
        return replace(self, viewer=self.viewer.whole)

    def must(self, permission: str, place: Place = ANYWHERE, *, somewhere: bool = False) -> None:
        """Raises Forbidden, naming permission and scope, unless it is held in all of a place (`somewhere`: in any of it)."""
        if not self.viewer.may_at(permission, self.space, place, somewhere=somewhere):
            raise self.viewer.refusal(permission, self.space, place)

    def within(self, space: str) -> Context:
        """The same viewer in another space."""
        return replace(self, space=space)
