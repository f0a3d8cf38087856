"""What of a variable set is probably not meant: values that never win, or win only by where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from gurita.variables.resources import Variable, VariableWarning

__all__ = ["MOST_WARNINGS", "short_secrets", "warnings"]

MOST_WARNINGS = 200
SHORT = 3
"""Sensitive values of so many characters or fewer are too short to be hidden in logs (product.md item 8)."""

_MOST_OF_A_NAME = 300

_Scope = Mapping[str, frozenset[str]]


def warnings(
    variables: Sequence[Variable], gone: Iterable[tuple[int, str, str]] = ()
) -> list[VariableWarning]:
    """What somebody should know of a set, the worst first. `gone`: rows whose scope names what is not there, as
    (row, kind, id)."""
    found = [*_gone(variables, gone)]
    for rows in _named(variables).values():
        found += _of_name(variables, rows[:_MOST_OF_A_NAME])
    return list(islice(found, MOST_WARNINGS))


def short_secrets(variables: Sequence[Variable], lengths: Mapping[str, int]) -> Iterator[VariableWarning]:
    """A warning for every sensitive value that is too short. `lengths` by the variables' ids."""
    for variable in variables:
        if 0 < lengths.get(variable.id, 0) <= SHORT:
            yield VariableWarning(
                code="short-secret",
                name=variable.name,
                variable_ids=[variable.id],
                message=f"The sensitive value of '{variable.name}' has {SHORT} characters or fewer: hiding it would hide "
                "half of every log, so logs show it. Use a longer one.",
            )


def _named(variables: Sequence[Variable]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row, variable in enumerate(variables):
        found.setdefault(variable.name.casefold(), []).append(row)
    return found


def _of_name(variables: Sequence[Variable], rows: Sequence[int]) -> Iterator[VariableWarning]:
    scopes = {row: _scope(variables[row]) for row in rows}
    for place, row in enumerate(rows):
        for later in rows[place + 1 :]:
            if scopes[row].keys() != scopes[later].keys():
                continue
            if warning := _pair(variables, row, later, scopes):
                yield warning
                break


def _pair(
    variables: Sequence[Variable], row: int, later: int, scopes: Mapping[int, _Scope]
) -> VariableWarning | None:
    mine, other = scopes[row], scopes[later]
    name, ids = variables[row].name, [variables[row].id, variables[later].id]
    numbers = f"Rows {row + 1} and {later + 1} of '{name}'"
    if mine == other:
        text = f"{numbers} have the same scope. The later one always wins; remove one of them."
        return VariableWarning(code="duplicate", name=name, variable_ids=ids, message=text)
    if all(mine[kind] <= other[kind] for kind in mine):
        text = (
            f"Row {row + 1} of '{name}' never applies: wherever it would, row {later + 1} does too and wins."
        )
        return VariableWarning(code="unreachable", name=name, variable_ids=ids, message=text)
    if all(mine[kind] & other[kind] for kind in mine):
        text = (
            f"{numbers} are equally specific where both apply. The later one wins there; narrow one of them."
        )
        return VariableWarning(code="ambiguous", name=name, variable_ids=ids, message=text)
    return None


def _gone(variables: Sequence[Variable], gone: Iterable[tuple[int, str, str]]) -> Iterator[VariableWarning]:
    lost: dict[tuple[int, str], set[str]] = {}
    for row, kind, id in gone:
        lost.setdefault((row, kind), set()).add(id.casefold())
    for (row, kind), ids in lost.items():
        variable = variables[row]
        if _scope(variable).get(kind, frozenset()) <= ids:
            yield VariableWarning(
                code="unreachable",
                name=variable.name,
                variable_ids=[variable.id],
                message=f"Row {row + 1} of '{variable.name}' never applies: nothing its {kind} scope names is there.",
            )


def _scope(variable: Variable) -> dict[str, frozenset[str]]:
    scope = variable.scope or {}
    return {kind: frozenset(id.casefold() for id in ids) for kind, ids in scope.items() if ids}
