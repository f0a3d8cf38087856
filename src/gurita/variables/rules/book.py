"""All values of a deployment's variables, sorted once, asked for every step and target.

What `gurita.formats.scoping.choose` says of a name is said here too, but for all names at once and quickly: most values hold
everywhere, and most others differ by what stays the same during a deployment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gurita.formats.scoping import RANKS, Candidate, Choice, Surroundings, choose
from gurita.variables.rules.choosing import LATER, ScopedVariable

__all__ = ["Book", "Chosen", "evaluate", "tied_names"]

_TARGETED, _ROLE, _UNSCOPED, _LAST = 3, 4, 11, 99
_KEPT = 64
"""Places for which the part that does not depend on machines and steps is remembered."""


class Chosen(NamedTuple):
    """The values that apply, by name as first spelled; and the names of which only the listing order decided."""

    values: dict[str, ScopedVariable]
    tied: list[str]


class _Value(NamedTuple):
    """A value ready to be weighed: its scope folded, the strongest field first; `order` settles equal ranks."""

    variable: ScopedVariable
    scope: tuple[tuple[str, frozenset[str]], ...]
    order: tuple[bool, int, int, str]


_Names = list[tuple[str, list[_Value]]]


class Book:
    """The values of all variables of some sets."""

    def __init__(self, variables: Iterable[ScopedVariable]) -> None:
        self._rows: dict[tuple[int, int], ScopedVariable] = {}
        self._named: dict[str, list[ScopedVariable]] = {}
        for variable in variables:
            self._rows[variable.source, variable.row] = variable
            self._named.setdefault(variable.name.casefold(), []).append(variable)
        self._fixed: dict[str, ScopedVariable] = {}
        self._early: _Names = []
        self._late: _Names = []
        for group in self._named.values():
            name = group[0].name
            if len(group) == 1 and not group[0].scope:
                self._fixed[name] = group[0]
            else:
                late = any(kind in LATER for each in group for kind in each.scope)
                (self._late if late else self._early).append((name, [_value(each) for each in group]))
        self._known: dict[tuple[tuple[str, frozenset[str]], ...], Chosen] = {}

    @property
    def names(self) -> list[str]:
        """All names as first spelled, in the order of their first rows."""
        return [group[0].name for group in self._named.values()]

    def at(self, place: Surroundings) -> Chosen:
        """The values that apply at a place."""
        here = {kind: frozenset(id.casefold() for id in ids) for kind, ids in place.ids.items()}
        targeted = frozenset(role.casefold() for role in place.targeted_roles)
        early = tuple(sorted((kind, ids) for kind, ids in here.items() if kind not in LATER))
        known = self._known.get(early)
        if known is None:
            values = dict(self._fixed)
            known = Chosen(values, _weigh(self._early, here, targeted, values))
            if len(self._known) < _KEPT:
                self._known[early] = known
        values = dict(known.values)
        return Chosen(values, [*known.tied, *_weigh(self._late, here, targeted, values)])

    def choice(self, name: str, place: Surroundings) -> Choice:
        """What was decided for one name, with the reason for each of its values."""
        group = self._named.get(name.casefold(), ())
        return choose([_candidate(each) for each in group], place)

    def row(self, candidate: Candidate) -> ScopedVariable:
        """The value a candidate stands for."""
        return self._rows[candidate.source, candidate.row]


def evaluate(variables: Iterable[ScopedVariable], at: Surroundings) -> dict[str, ScopedVariable]:
    """The value that applies for every name that has one here."""
    return Book(variables).at(at).values


def tied_names(variables: Iterable[ScopedVariable], at: Surroundings) -> list[str]:
    """Names for which only the listing order decided: something the deployment's log should say."""
    return Book(variables).at(at).tied


def _weigh(
    names: _Names,
    here: dict[str, frozenset[str]],
    targeted: frozenset[str],
    values: dict[str, ScopedVariable],
) -> list[str]:
    """Adds the value of each name that has one; gives the names of which only the order of rows decided."""
    tied = []
    for name, group in names:
        best: tuple[tuple[int, ...], tuple[bool, int, int, str]] | None = None
        winner, equals = None, False
        for value in group:
            ranks = _ranks(value.scope, here, targeted)
            if ranks is None:
                continue
            strength = ranks, value.order
            if best is not None and ranks == best[0] and value.order[0] == best[1][0]:
                equals = True
            elif best is None or strength < best:
                equals = False
            if best is None or strength < best:
                best, winner = strength, value.variable
        if winner is not None:
            values[name] = winner
            if equals:
                tied.append(name)
    return tied


def _ranks(
    scope: Sequence[tuple[str, frozenset[str]]], here: dict[str, frozenset[str]], targeted: frozenset[str]
) -> tuple[int, ...] | None:
    """The ranks of a scope that applies, the strongest first, with an end that loses against more of them; or None."""
    if not scope:
        return (_UNSCOPED, _LAST)
    ranks = []
    for kind, wanted in scope:
        known = here.get(kind)
        if not known or kind not in RANKS or wanted.isdisjoint(known):
            return None
        rank = RANKS[kind]
        if rank == _ROLE and not wanted.isdisjoint(known & targeted):
            rank = _TARGETED
        ranks.append(rank)
    ranks.sort()
    return (*ranks, _LAST)


def _value(variable: ScopedVariable) -> _Value:
    scope = tuple(
        (kind, frozenset(id.casefold() for id in ids)) for kind, ids in variable.scope.items() if ids
    )
    order = not variable.from_project, -variable.source, -variable.row, variable.id
    return _Value(variable, scope, order)


def _candidate(variable: ScopedVariable) -> Candidate:
    return Candidate(variable.id, variable.scope, variable.from_project, variable.source, variable.row)
