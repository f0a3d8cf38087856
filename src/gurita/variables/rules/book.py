"""All values of a deployment's variables, sorted once, asked for every step and target."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gurita.formats.scoping import Candidate, Choice, Surroundings, choose
from gurita.variables.rules.choosing import ScopedVariable

__all__ = ["Book", "Chosen"]


class Chosen(NamedTuple):
    """The values that apply, by name as first spelled; and the names of which only the listing order decided."""

    values: dict[str, ScopedVariable]
    tied: list[str]


class Book:
    """Most variables have one value that holds everywhere: only the others are weighed again for every place."""

    def __init__(self, variables: Iterable[ScopedVariable]) -> None:
        self._rows: dict[tuple[int, int], ScopedVariable] = {}
        named: dict[str, list[ScopedVariable]] = {}
        for variable in variables:
            self._rows[variable.source, variable.row] = variable
            named.setdefault(variable.name.casefold(), []).append(variable)
        self._names = {key: group[0].name for key, group in named.items()}
        self._fixed: dict[str, ScopedVariable] = {}
        self._weighed: dict[str, list[Candidate]] = {}
        for group in named.values():
            if len(group) == 1 and not group[0].scope:
                self._fixed[group[0].name] = group[0]
            else:
                self._weighed[group[0].name] = [_candidate(each) for each in group]

    @property
    def names(self) -> list[str]:
        """All names as first spelled, in the order of their first rows."""
        return list(self._names.values())

    def at(self, place: Surroundings) -> Chosen:
        """The values that apply at a place."""
        values, tied = dict(self._fixed), []
        for name, candidates in self._weighed.items():
            choice = choose(candidates, place)
            if choice.candidate is not None:
                values[name] = self._rows[choice.candidate.source, choice.candidate.row]
                if choice.tied:
                    tied.append(name)
        return Chosen(values, tied)

    def choice(self, name: str, place: Surroundings) -> Choice:
        """What was decided for one name, with the reason for each of its values."""
        known = self._names.get(name.casefold(), name)
        if known in self._fixed:
            return choose([_candidate(self._fixed[known])], place)
        return choose(self._weighed.get(known, []), place)

    def row(self, candidate: Candidate) -> ScopedVariable:
        """The value a candidate stands for."""
        return self._rows[candidate.source, candidate.row]


def _candidate(variable: ScopedVariable) -> Candidate:
    return Candidate(variable.id, variable.scope, variable.from_project, variable.source, variable.row)
