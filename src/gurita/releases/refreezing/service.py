"""What has changed since a release froze its variables, and taking a part of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import UNSET
from msgspec.structs import replace

from gurita.catalog.frozen import live_id
from gurita.catalog.visibility import must_at
from gurita.kernel.errors import Conflict, Invalid
from gurita.library import service as library
from gurita.projects import service as projects
from gurita.releases import service as releases
from gurita.releases.records import RELEASES
from gurita.releases.refreezing.resources import (
    TakeVariableChanges,
    VariableChange,
    VariableChanges,
    VariableState,
)
from gurita.releases.refreezing.rules import changed_members, changes, interleaved, mixed
from gurita.variables import service as variables

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.releases.resources import Release
    from gurita.store.tx import Tx
    from gurita.variables.resources import Variable

__all__ = ["changes_in", "take_in"]


@dataclass(slots=True)
class _Set:
    """A variable set on both sides. `frozen` is "" for one the release does not have, `live` False for one that does not
    hold for the project any more."""

    id: str
    frozen: str = ""
    live: bool = False
    version: int = 0
    before: list[Variable] = field(default_factory=list)
    after: list[Variable] = field(default_factory=list)


def changes_in(tx: Tx, ctx: Context, id: str) -> VariableChanges:
    """The changes the viewer sees, and how many more there are. Raises NotFound."""
    release = releases.get_in(tx, ctx, id)
    sets = _sets_in(tx, ctx, release)
    found = VariableChanges(release_id=release.id, digest=_digest(sets), other=_differs_otherwise(sets))
    for each in sets:
        seen, hidden = _parted_in(tx, ctx, each)
        found.hidden += len(hidden)
        if seen:
            name, names = _named_in(tx, ctx, each)
            found.changes += [_change(each.id, name, names, *pair) for pair in seen]
    return found


def take_in(tx: Tx, ctx: Context, id: str, body: TakeVariableChanges) -> Release:
    """Gives the release the chosen changes. Raises NotFound, Forbidden, Invalid for a change there is not, Conflict if
    either side has changed since it was looked at."""
    before = releases.get_in(tx, ctx, id)
    must_at(tx, ctx, "ReleaseEdit", RELEASES, before)
    sets = _sets_in(tx, ctx, before)
    if _digest(sets) != body.digest:
        raise Conflict(
            f"The variables, or those of release {before.number}, have changed meanwhile. Look at the changes again."
        )
    taken = _taken_in(tx, ctx, sets, body)
    if all(_ids(each) == taken[each.id] for each in sets):
        return releases.snapshot_variables_in(tx, ctx, id)
    frozen = [made for each in sets if (made := _frozen_in(tx, ctx, each, taken[each.id]))]
    after = replace(
        before,
        project_variable_set_snapshot_id=frozen[0],
        library_variable_set_snapshot_ids=frozen[1:],
    )
    return releases.releases.save_in(tx, ctx, before, after)


def _sets_in(tx: Tx, ctx: Context, release: Release) -> list[_Set]:
    """The sets of both sides, the project's own first, in the order they have now."""
    ids = [release.project_variable_set_snapshot_id, *release.library_variable_set_snapshot_ids]
    frozen = {live_id(id)[0]: id for id in ids}
    now = library.sets_of(projects.get_in(tx, ctx.whole, release.project_id))
    found = []
    for id in interleaved(now, list(frozen)):
        one = _Set(id, frozen=frozen.get(id, ""), live=id in now)
        if one.frozen:
            one.before = variables.content_in(tx, ctx, one.frozen)
        if one.live:
            stored = variables.get_in(tx, ctx.whole, id)
            one.after, one.version = stored.variables, stored.version
        found.append(one)
    return found


def _digest(sets: list[_Set]) -> str:
    said = "\n".join(f"{each.id} {each.frozen} {each.live} {each.version}" for each in sets)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _ids(one: _Set) -> set[str]:
    """The ids of the values that differ."""
    return {(old or new).id for old, new in changes(one.before, one.after) if old or new}  # type: ignore[union-attr]


def _differs_otherwise(sets: list[_Set]) -> bool:
    """Whether taking every value would still leave a difference."""
    return any(
        (bool(each.frozen) != each.live and not _ids(each)) or (each.before != each.after and not _ids(each))
        for each in sets
    )


def _parted_in(
    tx: Tx, ctx: Context, one: _Set
) -> tuple[list[tuple[Variable | None, Variable | None]], list[str]]:
    """The changes the viewer sees, and the ids of the others."""
    sees = variables.seeing_in(tx, ctx, one.id.removeprefix("variableset-"))
    seen: list[tuple[Variable | None, Variable | None]] = []
    hidden: list[str] = []
    for old, new in changes(one.before, one.after):
        if all(sees(each) for each in (old, new) if each):
            seen.append((old, new))
        else:
            hidden.extend({each.id for each in (old, new) if each})
    return seen, hidden


def _named_in(tx: Tx, ctx: Context, one: _Set) -> tuple[str, dict[str, str]]:
    """The name of the set's owner, and those of what its scopes may name."""
    shown = variables.variable_sets.present(tx, ctx, [variables.get_in(tx, ctx.whole, one.frozen or one.id)])
    values = shown[0].scope_values
    names: dict[str, str] = {}
    if values is not UNSET and values is not None:
        for kind in (values.environments, values.machines, values.actions, values.channels):
            names |= {each.id: each.name for each in kind}
        names |= {each.id: each.name for each in values.processes}
    return variables.owner_name_in(tx, ctx, shown[0].owner_id), names


def _change(
    set_id: str, set_name: str, names: dict[str, str], old: Variable | None, new: Variable | None
) -> VariableChange:
    told = new or old
    return VariableChange(
        set_id=set_id,
        set_name=set_name,
        variable_id=told.id if told else "",
        name=told.name if told else "",
        change="Added" if old is None else "Removed" if new is None else "Changed",
        members=changed_members(old, new) if old and new else [],
        before=_state(old, names),
        after=_state(new, names),
    )


def _state(one: Variable | None, names: dict[str, str]) -> VariableState | None:
    if one is None:
        return None
    secret = one.is_sensitive or isinstance(one.secret_id, str)
    return VariableState(
        name=one.name,
        value=None if secret or one.value is None else str(one.value),
        type=one.type or "String",
        is_sensitive=secret,
        is_prompted=one.prompt is not None,
        scope={kind: [names.get(id, id) for id in ids] for kind, ids in (one.scope or {}).items() if ids},
    )


def _taken_in(tx: Tx, ctx: Context, sets: list[_Set], body: TakeVariableChanges) -> dict[str, set[str]]:
    """The ids of the chosen values by set."""
    taken: dict[str, set[str]] = {each.id: set() for each in sets}
    known: set[tuple[str, str]] = set()
    for each in sets:
        seen, hidden = _parted_in(tx, ctx, each)
        known |= {(each.id, one.id) for pair in seen for one in pair if one}
        if body.take_hidden:
            taken[each.id].update(hidden)
    if wrong := list(_unknown(body, known)):
        raise Invalid(*wrong)
    for chosen in body.take:
        taken[chosen.set_id].add(chosen.variable_id)
    if not any(taken.values()):
        raise Invalid("Take: nothing is chosen. Name at least one change.")
    return taken


def _unknown(body: TakeVariableChanges, known: set[tuple[str, str]]) -> Iterator[str]:
    for place, one in enumerate(body.take):
        if (one.set_id, one.variable_id) not in known:
            yield f"Take[{place}]: '{one.variable_id[:60]}' of '{one.set_id[:60]}' is none of the changes."


def _frozen_in(tx: Tx, ctx: Context, one: _Set, taken: set[str]) -> str:
    """The id under which the set is frozen with the chosen changes; "" for one the release shall not have.

    A set that differs from what it is now keeps the version it was frozen at: so it goes on to count as changed.
    """
    complete = taken == _ids(one)
    if not one.frozen and not taken:
        return ""
    if not one.live and complete and taken:
        return ""
    if one.live and complete and taken:
        return variables.snapshot_in(tx, ctx, one.id)
    if one.frozen and not taken:
        return one.frozen
    version = live_id(one.frozen)[1] if one.frozen else 0
    return variables.freeze_in(tx, ctx, one.id, version, mixed(one.before, one.after, taken))
