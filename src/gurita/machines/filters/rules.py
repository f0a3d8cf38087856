"""What saved filters may be, pure."""

from __future__ import annotations

from collections.abc import Sequence

from gurita.catalog.rules import name_problems, text_problems
from gurita.kernel.ids import folded
from gurita.machines.filters.resources import MachineFilter

__all__ = ["MOST_FILTERS", "problems"]

MOST_FILTERS = 100
_MOST_VALUES = 200
_LONGEST = 200
_LISTS = ("environment_ids", "roles", "health_statuses", "comm_styles")


def problems(filters: Sequence[MachineFilter]) -> list[str]:
    """What is wrong with the filters of a space."""
    if len(filters) > MOST_FILTERS:
        return [f"Filters: has {len(filters)} entries. Keep at most {MOST_FILTERS}."]
    found: list[str] = []
    names: set[str] = set()
    for place, one in enumerate(filters):
        where = f"Filters[{place}]"
        found += name_problems(one.name, f"{where}.Name", 60)
        found += text_problems(one.partial_name, f"{where}.PartialName", _LONGEST)
        if folded(one.name) in names:
            found.append(f"{where}.Name: '{one.name}' stands twice. Choose another name.")
        names.add(folded(one.name))
        found += _list_problems(one, where)
    return found


def _list_problems(one: MachineFilter, where: str) -> list[str]:
    found: list[str] = []
    for member in _LISTS:
        words = "".join(part.capitalize() for part in member.split("_"))
        values = getattr(one, member)
        if len(values) > _MOST_VALUES:
            found.append(f"{where}.{words}: has {len(values)} entries. Keep at most {_MOST_VALUES}.")
            continue
        for place, value in enumerate(values):
            found += text_problems(value, f"{where}.{words}[{place}]", _LONGEST)
            if "," in value:
                found.append(
                    f"{where}.{words}[{place}]: must not hold a comma, which parts values in a query."
                )
    if not any([one.partial_name, *(getattr(one, member) for member in _LISTS), one.is_disabled is not None]):
        found.append(f"{where}: narrows nothing. Say what machines it is for.")
    return found
