"""Library variable sets: the common behaviour, and what projects and releases ask of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement

from gurita.catalog.collection import Collection
from gurita.http.query import ListQuery
from gurita.kernel.errors import Invalid, NotFound
from gurita.library.records import LIBRARY_SETS
from gurita.library.resources import LibraryVariableSet
from gurita.library.rules import problems
from gurita.variables import service as variables

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.projects.resources import Project
    from gurita.store.tx import Tx

__all__ = [
    "LibraryQuery",
    "LibraryVariableSets",
    "get_in",
    "library_sets",
    "names_in",
    "sets_of",
    "snapshots_in",
]


class LibraryQuery(ListQuery):
    """What sets may be filtered by. `content_type`: `Variables` or `ScriptModule`."""

    content_type: str = ""


class LibraryVariableSets(Collection[LibraryVariableSet]):
    """The library variable sets of a space."""

    kind, body, item, query = LIBRARY_SETS, LibraryVariableSet, "LibraryVariableSet", LibraryQuery
    path, permission, words = "libraryvariablesets", "LibraryVariableSet", "library variable set"
    template = "{/id}{?skip,contentType,take,ids,partialName}"

    def problems(self, doc: LibraryVariableSet) -> Sequence[str]:
        return list(problems(doc))

    def prepare(
        self, tx: Tx, ctx: Context, before: LibraryVariableSet | None, after: LibraryVariableSet
    ) -> LibraryVariableSet:
        if before is not None and after.content_type != before.content_type:
            raise Invalid(
                f"ContentType: '{before.name}' holds {before.content_type}, which stays so. Create another set."
            )
        guid = ctx.services.random.guid
        return replace(
            after,
            variable_set_id="",
            templates=[replace(each, id=each.id or guid(), links={}) for each in after.templates],
        )

    def created(self, tx: Tx, ctx: Context, doc: LibraryVariableSet) -> None:
        variables.create_in(tx, ctx, doc.id)

    def deleting(self, tx: Tx, ctx: Context, doc: LibraryVariableSet) -> None:
        variables.delete_in(tx, ctx, doc.id)

    def present(self, tx: Tx, ctx: Context, docs: list[LibraryVariableSet]) -> list[LibraryVariableSet]:
        return [replace(doc, variable_set_id=variables.id_of(doc.id)) for doc in docs]

    def filters(self, tx: Tx, ctx: Context, query: Any) -> Sequence[ColumnElement[bool]]:
        wanted = query.content_type.strip().lower()
        known = {"variables": "Variables", "scriptmodule": "ScriptModule"}
        return [LIBRARY_SETS.c.content_type == known.get(wanted, wanted)] if wanted else ()

    def links_of(self, links: Links, doc: LibraryVariableSet) -> dict[str, str]:
        return super().links_of(links, doc) | {
            "Variables": links.space(f"variables/{variables.id_of(doc.id)}"),
            "Usages": links.space(f"libraryvariablesets/{doc.id}/usages"),
        }


library_sets = LibraryVariableSets()


def get_in(tx: Tx, ctx: Context, id: str) -> LibraryVariableSet:
    """A set by id, slug or name. Raises NotFound."""
    return library_sets.get_in(tx, ctx, id)


def names_in(tx: Tx, ctx: Context, ids: Iterable[str]) -> dict[str, str]:
    """The names of sets by their ids; those that are gone are left out."""
    found = LIBRARY_SETS.open(tx, ctx.space).all(where=[LIBRARY_SETS.c.id.in_(list(ids))])
    return {each.id: each.name for each in found}


def sets_of(project: Project) -> list[str]:
    """The ids of the live variable sets that hold for a project: its own, then the included ones as it lists them."""
    included = dict.fromkeys(project.included_library_variable_set_ids)
    return [variables.id_of(project.id), *(variables.id_of(id) for id in included)]


def snapshots_in(tx: Tx, ctx: Context, project: Project) -> list[str]:
    """Freezes the included sets of a project as they are now and returns the copies' ids, in the project's order."""
    return [variables.snapshot_in(tx, ctx, id) for id in sets_of(project)[1:]]


def _describe(tx: Tx, ctx: Context, id: str) -> variables.Owner:
    """Variables of the library know no steps, channels or processes: those belong to a project."""
    try:
        return variables.Owner(f"library variable set '{LIBRARY_SETS.open(tx, ctx.space).get(id).name}'")
    except NotFound:
        return variables.Owner(id)


variables.owned_by("LibraryVariableSets", _describe)
