"""Variable sets: what owners, releases and deployments ask of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET
from msgspec.structs import replace
from sqlalchemy import select

from gurita.catalog import frozen
from gurita.catalog.collection import Collection
from gurita.catalog.frozen import is_frozen, live_id, thaw_in
from gurita.catalog.visibility import must_at
from gurita.kernel.errors import Conflict, Invalid, NotFound
from gurita.store.kinds import KINDS
from gurita.variables import keeping, scoping, seeing, warning
from gurita.variables.owners import Owner, owned_by, owner_in
from gurita.variables.records import SEES_LIBRARY, VARIABLE_SETS, is_shared
from gurita.variables.resources import Variable, VariableSet
from gurita.variables.rules import ScopedVariable, check, completed, scoped
from gurita.variables.seeing import seeing_in, seen_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.store.tx import Tx

__all__ = [
    "Owner",
    "all_in",
    "content_in",
    "copy_in",
    "create_in",
    "delete_in",
    "freeze_in",
    "get_in",
    "holding_in",
    "id_of",
    "only_in",
    "owned_by",
    "owner_in",
    "owner_name_in",
    "save_in",
    "seeing_in",
    "seen_in",
    "snapshot_in",
    "values_in",
    "variable_sets",
]


class Content(msgspec.Struct, rename="pascal"):
    """What of a set is frozen: secrets as ids, so that a release keeps its values while nobody can read them."""

    variables: list[Variable]


class VariableSets(Collection[VariableSet]):
    """The variable sets of a space."""

    kind, body, item, words = VARIABLE_SETS, VariableSet, "VariableSet", "variable set"
    path = "variables"
    template = "{/id}{?ids}"

    def permission_to(self, verb: str) -> str:
        return "VariableView" if verb == "View" else "VariableEdit"

    def problems(self, doc: VariableSet) -> Sequence[str]:
        numbers = count()
        return check(completed(doc, lambda: f"new-{next(numbers)}"))

    def prepare(self, tx: Tx, ctx: Context, before: VariableSet | None, after: VariableSet) -> VariableSet:
        after = completed(after, ctx.services.random.guid)
        if before is not None:
            after = replace(after, owner_id=before.owner_id)
        if problems := scoping.problems_in(tx, ctx, before, after):
            raise Invalid(*problems)
        after = keeping.keep_in(tx, ctx, before, after)
        if before is not None:
            if is_shared(after):
                ctx.must("LibraryVariableSetEdit")
            seeing.must_change_in(tx, ctx, before, after)
        return after

    def get_in(self, tx: Tx, ctx: Context, id: str) -> VariableSet:
        return get_in(tx, ctx, id)

    def modify_in(self, tx: Tx, ctx: Context, id: str, doc: VariableSet) -> VariableSet:
        if is_frozen(id):
            raise Conflict(
                f"'{id}' is frozen in releases and never changes. Change '{live_id(id)[0]}' instead."
            )
        before = self.get_in(tx, ctx, id)
        return super().modify_in(tx, ctx, id, seeing.with_hidden_in(tx, ctx, before, doc))

    async def modify(self, ctx: Context, id: str, doc: VariableSet) -> VariableSet:
        """Replaces a set; what is probably not meant comes back with it."""

        def unit(tx: Tx) -> VariableSet:
            saved = self.modify_in(tx, ctx, id, doc)
            found = warning.warnings_in(tx, ctx, saved)
            return replace(self.present(tx, ctx, [saved])[0], warnings=found or UNSET)

        return await ctx.services.store.write(unit)

    def present(self, tx: Tx, ctx: Context, docs: list[VariableSet]) -> list[VariableSet]:
        return [
            replace(
                keeping.shown(seeing.seen_in(tx, ctx, d)), scope_values=scoping.values_in(tx, ctx, d.owner_id)
            )
            for d in docs
        ]

    def links_of(self, links: Links, doc: VariableSet) -> dict[str, str]:
        found = super().links_of(links, doc)
        found["Warnings"] = links.space(f"variables/{doc.id}/warnings")
        found["Secrets"] = links.space(f"variables/{doc.id}/secrets")
        if is_shared(doc):
            found["LibraryVariableSet"] = links.space(f"libraryvariablesets/{doc.owner_id}")
        elif doc.owner_id.startswith("Projects-"):
            found["Project"] = links.space(f"projects/{doc.owner_id}")
        return found


variable_sets = VariableSets()


def id_of(owner_id: str) -> str:
    """The id of an owner's variable set."""
    return f"variableset-{owner_id}"


def create_in(tx: Tx, ctx: Context, owner_id: str) -> VariableSet:
    """Makes the empty set of a new owner."""
    new = VariableSet(id=id_of(owner_id), space_id=ctx.space, owner_id=owner_id)
    return VARIABLE_SETS.open(tx, ctx.space).insert(new)


def copy_in(tx: Tx, ctx: Context, source: str, owner: str, ids: Mapping[str, str]) -> None:
    """Gives an owner, whose set is new, the variables of another one. `ids` maps what scopes name there to what they
    name here. Secrets come along by their ids."""
    copied_from = VARIABLE_SETS.open(tx, ctx.space, ctx.viewer).get(id_of(source))
    seeing.must_see_all_in(tx, ctx, copied_from)
    found = copied_from.variables
    if not found:
        return
    copied = [
        replace(
            each,
            id=ctx.services.random.guid(),
            scope={kind: [ids.get(one, one) for one in of or []] for kind, of in (each.scope or {}).items()},
        )
        for each in found
    ]
    before = VARIABLE_SETS.open(tx, ctx.space).get(id_of(owner))
    variable_sets.save_in(tx, ctx, before, replace(before, variables=copied))


def delete_in(tx: Tx, ctx: Context, owner_id: str) -> None:
    """Removes the set of an owner that goes. Frozen copies stay for whoever still names them."""
    VARIABLE_SETS.open(tx, ctx.space).delete(id_of(owner_id))


def get_in(tx: Tx, ctx: Context, id: str) -> VariableSet:
    """A variable set as it is stored, or as it was frozen. Raises NotFound, Forbidden."""
    if not is_frozen(id):
        stored = VARIABLE_SETS.open(tx, ctx.space, ctx.viewer).get(id)
        if is_shared(stored):
            ctx.must(SEES_LIBRARY)
        return stored
    live, version = live_id(id)
    if not live.startswith("variableset-"):
        raise NotFound(id)
    owner = live.removeprefix("variableset-")
    found = VariableSet(
        id=id, space_id=ctx.space, owner_id=owner, version=version, variables=content_in(tx, ctx, id)
    )
    if is_shared(found):
        ctx.must(SEES_LIBRARY)
    must_at(tx, ctx, "VariableView", VARIABLE_SETS, found)
    return found


def all_in(tx: Tx, ctx: Context, owner: str = "") -> list[VariableSet]:
    """The live sets somebody sees, of one owner or of all, with the variables they see."""
    where = [VARIABLE_SETS.c.owner_id == owner] if owner else []
    found = VARIABLE_SETS.open(tx, ctx.space, ctx.viewer).all(where=where)
    library = bool(ctx.viewer.scopes(SEES_LIBRARY, ctx.space))
    return [seeing.seen_in(tx, ctx, one) for one in found if library or not is_shared(one)]


def content_in(tx: Tx, ctx: Context, id: str) -> list[Variable]:
    """The variables of a frozen set."""
    return VARIABLE_SETS.codec.read(thaw_in(tx, ctx.space, id).decode(), Content).variables


def save_in(tx: Tx, ctx: Context, id: str, doc: VariableSet) -> VariableSet:
    """Replaces the variables of a set, as a client's PUT does. Raises Invalid, Conflict if stale."""
    return variable_sets.modify_in(tx, ctx, id, doc)


def snapshot_in(tx: Tx, ctx: Context, id: str) -> str:
    """Freezes a set as it is now and returns the copy's id."""
    found = VARIABLE_SETS.open(tx, ctx.space).get(id)
    return freeze_in(tx, ctx, found.id, found.version, found.variables)


def freeze_in(tx: Tx, ctx: Context, id: str, version: int, rows: list[Variable]) -> str:
    """Freezes rows as the copy of a set at a version, whatever the set holds, and returns the copy's id."""
    return frozen.freeze_in(tx, ctx.space, id, version, Content(rows))


def only_in(tx: Tx, ctx: Context, kind: str, id: str) -> dict[str, list[str]]:
    """Names of variables that are scoped to one document alone (`kind` as in scopes, such as `Environment`), by the ids
    of their owners."""
    found: dict[str, list[str]] = {}
    for each in all_in(tx, ctx):
        names = {one.name for one in each.variables if ((one.scope or {}).get(kind) or []) == [id]}
        if names:
            found[each.owner_id] = sorted(names)
    return found


def holding_in(tx: Tx, ctx: Context, value: str) -> dict[str, str]:
    """The owners of variables with exactly this value, such as a certificate's id: ids and names."""
    owners = {each.owner_id for each in all_in(tx, ctx) if any(one.value == value for one in each.variables)}
    return {id: owner_name_in(tx, ctx, id) for id in sorted(owners)}


def owner_name_in(tx: Tx, ctx: Context, id: str) -> str:
    """What the owner of a set is called; its id if it is gone."""
    kind = KINDS.get(id.partition("-")[0])
    if kind is None:
        return id
    return tx.scalar(select(kind.c.name).where(kind.c.id == id, kind.c.space_id == ctx.space)) or id


def values_in(tx: Tx, ctx: Context, ids: Iterable[str]) -> list[ScopedVariable]:
    """The values of several sets (live or frozen), the first of them the project's own, the others library sets.

    A sensitive value stays a `SecretRef`, which the execution opens. Whoever asks gets all: it is for the server's own use.
    """
    found: list[ScopedVariable] = []
    for place, id in enumerate(ids):
        found += scoped(get_in(tx, ctx.whole, id).variables, source=place, from_project=place == 0)
    return found
