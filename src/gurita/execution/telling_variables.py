"""What the log tells of an action's variables: all of them if somebody asks for it, and those of which only the order of
rows decided. Nothing sensitive is ever printed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from gurita.execution.values import Values
from gurita.formats.masking import MASK, Masker
from gurita.formats.variables import Variables
from gurita.secrets.opening import reveal

__all__ = ["printed", "ties"]

PRINT = "OctopusPrintVariables"
PRINT_EVALUATED = "OctopusPrintEvaluatedVariables"
SUPPRESS = "OctopusSuppressDuplicateVariableWarning"

_VERBOSE, _WARNING = 0, 4
_LONGEST = 2000
_MASK = MASK.decode()


def printed(values: Values) -> list[tuple[int, str]]:
    """The lines somebody asked for by `OctopusPrintVariables` or `OctopusPrintEvaluatedVariables`."""
    variables = values.variables
    told: list[tuple[int, str]] = []
    if _is_on(variables, PRINT):
        told += _listed("The following variables are available:", _raw(variables), values)
    if _is_on(variables, PRINT_EVALUATED):
        told += _listed("The following evaluated variables are available:", _evaluated(variables), values)
    if told:
        told.insert(
            0, (_WARNING, f"{PRINT} and {PRINT_EVALUATED} are for finding faults. Remove them afterwards.")
        )
    return told


def ties(values: Values, known: Collection[str]) -> list[tuple[int, str]]:
    """A warning for each variable with several equally specific values here; `known` were told before."""
    if _is_on(values.variables, SUPPRESS):
        return []
    way_out = f"Narrow their scopes, or set {SUPPRESS} to True."
    several = "has several values that are equally specific here; the one listed last is used."
    return [
        (_WARNING, f"The variable '{name}' {several} {way_out}") for name in values.tied if name not in known
    ]


def _is_on(variables: Variables, name: str) -> bool:
    try:
        return name in variables and (variables.value(name) or "").strip().lower() == "true"
    except ValueError:
        return False


def _raw(variables: Variables) -> Iterable[tuple[str, str]]:
    return ((name, variables[name]) for name in variables)


def _evaluated(variables: Variables) -> Iterable[tuple[str, str]]:
    for name in variables:
        try:
            value = variables.value(name)
        except ValueError as error:
            value = f"(cannot be evaluated: {error})"
        yield name, variables[name] if value is None else value


def _listed(title: str, pairs: Iterable[tuple[str, str]], values: Values) -> list[tuple[int, str]]:
    hidden = {name.casefold() for name in values.sensitive}
    secrets = Masker(reveal(each) for each in values.secrets)
    told = [(_VERBOSE, title)]
    for name, value in sorted(pairs, key=lambda pair: pair[0].casefold()):
        shown = _MASK if name.casefold() in hidden else _masked(value, secrets)
        more = f"… ({len(shown)} characters)" if len(shown) > _LONGEST else ""
        told.append((_VERBOSE, f"[{name}] = '{shown[:_LONGEST]}{more}'"))
    return told


def _masked(text: str, secrets: Masker) -> str:
    stream = secrets.sibling()
    data = stream.feed(text.encode("utf-8", "surrogatepass")) + stream.flush()
    return data.decode("utf-8", "replace")
