"""Which variables have another value at a place than they had. Pure.

A name whose rows are the same on both sides can only differ through a channel, or through what its text mentions: only those, and names
whose rows differ, are weighed at all, so that the cost goes with what changed and hardly with how many variables there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from gurita.deployments.differences.resources import VariableDifference
from gurita.variables.rules import Book, ScopedVariable, SecretRef, here
from gurita.variables.rules.referring import named_by, references

__all__ = ["Side", "Spot", "Variance"]

LONGEST = 300
_FACTS = "octopus.release."


@dataclass(frozen=True, slots=True)
class Side:
    """All values of a release as it is, or was, deployed. `hidden` are the (source, row) the reader may not see."""

    release: str
    channel: str
    values: list[ScopedVariable]
    hidden: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Spot:
    """A target in an environment: `machine` is "" for the server. `actions` are ids and names of the steps that run there."""

    environment: str
    project: str
    machine: str = ""
    roles: tuple[str, ...] = ()
    actions: Mapping[str, str] = field(default_factory=dict)


class Variance:
    """Two sides, and what differs between them at each place."""

    def __init__(self, before: Side, after: Side) -> None:
        self._sides = before, after
        changed = _differing(before, after)
        self._facts = before.release != after.release
        self._mentions = _mentions(after.values)
        wanted = self._closure(changed)
        self._books = [
            Book(each for each in side.values if each.name.casefold() in wanted) for side in self._sides
        ]
        rows = [each for side in self._sides for each in side.values if each.name.casefold() in wanted]
        self._scoped = {
            kind: {id.casefold() for each in rows for id in each.scope.get(kind, ())}
            for kind in ("Machine", "Role", "Action")
        }
        self._known: dict[object, tuple[list[VariableDifference], int]] = {}

    def at(self, spot: Spot) -> tuple[list[VariableDifference], int]:
        """The variables that differ at a place, by name, and how many more do that the reader may not see."""
        roles = tuple(sorted({r.casefold() for r in spot.roles} & self._scoped["Role"]))
        machine = spot.machine if spot.machine.casefold() in self._scoped["Machine"] else ""
        actions = {id: name for id, name in spot.actions.items() if id.casefold() in self._scoped["Action"]}
        key = spot.environment, spot.project, roles, machine, tuple(actions)
        if key not in self._known:
            self._known[key] = self._weighed(spot, actions)
        return self._known[key]

    def _weighed(self, spot: Spot, actions: Mapping[str, str]) -> tuple[list[VariableDifference], int]:
        base, unseen = self._differences(spot, "")
        found = dict(base)
        for id, name in actions.items():
            own, hidden = self._differences(spot, id)
            unseen |= hidden
            for folded, each in own.items():
                if base.get(folded) != each:
                    key = f"{folded} {each.change} {each.before} {each.after}"
                    found.setdefault(key, each).steps.append(name)
        shown = sorted(found.values(), key=lambda each: (each.name.casefold(), each.steps))
        return shown, len(unseen)

    def _differences(self, spot: Spot, action: str) -> tuple[dict[str, VariableDifference], set[str]]:
        """By folded name; and the names of those that may not be seen."""
        before, after = (
            _chosen(book, side, spot, action) for book, side in zip(self._books, self._sides, strict=True)
        )
        found: dict[str, VariableDifference] = {}
        unseen: set[str] = set()
        different = [
            name for name in {**before, **after} if _text(before.get(name)) != _text(after.get(name))
        ]
        for name in different:
            if self._is_hidden(0, before.get(name)) or self._is_hidden(1, after.get(name)):
                unseen.add(name)
            else:
                found[name] = _difference(before.get(name), after.get(name))
        causes = dict.fromkeys(different, "")
        self._through(after, causes)
        for name, cause in causes.items():
            if cause and not self._is_hidden(1, after[name]):
                told = cause if cause.casefold() not in unseen else ""
                found[name] = VariableDifference(name=after[name].name, change="Through", through=told)
        return found, unseen

    def _through(self, after: Mapping[str, ScopedVariable], causes: dict[str, str]) -> None:
        """Adds the variables whose texts mention one that differs, until there are no more."""
        spelled = {name: each.name for name, each in after.items()}
        more = True
        while more:
            more = False
            for name, variable in after.items():
                if name in causes or not isinstance(variable.value, str):
                    continue
                mentioned = self._mentions.get((variable.source, variable.row), ())
                cause = _cause(mentioned, causes, facts=self._facts)
                if cause:
                    causes[name], more = spelled.get(cause, cause), True

    def _closure(self, changed: set[str]) -> set[str]:
        """Folded names that may differ: those, and all whose texts mention one of them."""
        found, more = set(changed), True
        texts = [each for each in self._sides[1].values if (each.source, each.row) in self._mentions]
        while more:
            more = False
            for each in texts:
                name = each.name.casefold()
                mentioned = self._mentions[each.source, each.row]
                if name not in found and _cause(mentioned, found, facts=self._facts):
                    found.add(name)
                    more = True
        return found

    def _is_hidden(self, side: int, variable: ScopedVariable | None) -> bool:
        return variable is not None and (variable.source, variable.row) in self._sides[side].hidden


def _chosen(book: Book, side: Side, spot: Spot, action: str) -> dict[str, ScopedVariable]:
    place = here(
        environment=spot.environment,
        machine=spot.machine,
        machine_roles=spot.roles,
        action=action,
        channel=side.channel,
        process=spot.project,
    )
    return {name.casefold(): each for name, each in book.at(place).values.items()}


def _differing(before: Side, after: Side) -> set[str]:
    """Folded names whose rows are not the same, or that depend on a channel where that is another one."""
    one, other = _rows(before.values), _rows(after.values)
    found = {name for name in {**one, **other} if one.get(name) != other.get(name)}
    if before.channel != after.channel:
        scoped = (each for each in (*before.values, *after.values) if "Channel" in each.scope)
        found |= {each.name.casefold() for each in scoped}
    return found


def _rows(values: Iterable[ScopedVariable]) -> dict[str, list[tuple[object, ...]]]:
    found: dict[str, list[tuple[object, ...]]] = {}
    for each in values:
        scope = {kind: sorted(ids) for kind, ids in each.scope.items()}
        found.setdefault(each.name.casefold(), []).append((*_text(each), scope, each.from_project))
    return found


def _mentions(values: Iterable[ScopedVariable]) -> dict[tuple[int, int], tuple[str, ...]]:
    """What each text mentions: folded names of variables, and paths that no variable has."""
    listed = list(values)
    known = {each.name.casefold(): each.name.casefold() for each in listed}
    found = {}
    for each in listed:
        if isinstance(each.value, str) and "#{" in each.value:
            paths = references(each.value)
            found[each.source, each.row] = tuple(named_by(path, known) or path.casefold() for path in paths)
    return found


def _cause(mentioned: Iterable[str], causes: Collection[str], *, facts: bool) -> str:
    """The first of what is mentioned that is not as it was."""
    for name in mentioned:
        if name in causes:
            return name
        if facts and name.startswith(_FACTS):
            return _spelled(name)
    return ""


def _spelled(fact: str) -> str:
    return ".".join(part.capitalize() for part in fact.split("."))


def _text(variable: ScopedVariable | None) -> tuple[object, ...]:
    return () if variable is None else (variable.value, variable.type)


def _difference(before: ScopedVariable | None, after: ScopedVariable | None) -> VariableDifference:
    sensitive = any(each is not None and _is_secret(each) for each in (before, after))
    named = after or before
    return VariableDifference(
        name=named.name if named else "",
        change="Added" if before is None else "Removed" if after is None else "Changed",
        before=None if sensitive else _shown(before),
        after=None if sensitive else _shown(after),
        is_sensitive=sensitive,
    )


def _is_secret(variable: ScopedVariable) -> bool:
    return variable.is_sensitive or isinstance(variable.value, SecretRef)


def _shown(variable: ScopedVariable | None) -> str | None:
    text = variable.value if variable is not None and isinstance(variable.value, str) else None
    return text if text is None or len(text) <= LONGEST else f"{text[:LONGEST]}…"
