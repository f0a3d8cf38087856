"""Finding documents of a space by a part of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gurita.http.wire import Wire
from gurita.kernel.paging import Paging
from gurita.store.kinds import KINDS
from gurita.store.repository import Repository

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["SearchQuery", "SpaceSearchResult", "search_in"]

_FOUND = {
    "Projects": ("Project", "ProjectView"),
    "Environments": ("Environment", "EnvironmentView"),
    "Machines": ("DeploymentTarget", "MachineView"),
    "Lifecycles": ("Lifecycle", "LifecycleView"),
    "ProjectGroups": ("ProjectGroup", "ProjectGroupView"),
    "Releases": ("Release", "ReleaseView"),
    "Feeds": ("Feed", "FeedView"),
    "Accounts": ("Account", "AccountView"),
    "Certificates": ("Certificate", "CertificateView"),
    "LibraryVariableSets": ("LibraryVariableSet", "LibraryVariableSetView"),
    "WorkerPools": ("WorkerPool", "WorkerView"),
}
"""Kinds that are searched, as the contract calls them, and what one must be allowed to see."""

_EACH = 20


class SearchQuery(Wire):
    """A part of the names that are looked for, in any case."""

    keyword: str = ""


class SpaceSearchResult(Wire):
    """A document that was found."""

    id: str
    name: str
    type: str


def search_in(tx: Tx, ctx: Context, query: SearchQuery) -> list[SpaceSearchResult]:
    """What the viewer may see of what is called like that: at most twenty of a kind."""
    word = query.keyword.strip()
    if not word:
        return []
    return [
        SpaceSearchResult(id=one.id, name=_called(one), type=type_name)
        for kind, (type_name, permission) in _FOUND.items()
        if kind in KINDS and ctx.viewer.may(permission, ctx.space)
        for one in Repository(KINDS[kind], tx, ctx.space, ctx.viewer)
        .list(Paging(0, _EACH), partial_name=word)
        .items
    ]


def _called(document: Any) -> str:
    """A release is called by its version (`number`), everything else by its name."""
    return str(getattr(document, "name", "") or document.number)
