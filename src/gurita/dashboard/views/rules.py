"""What views may be, pure."""

from __future__ import annotations

from collections.abc import Sequence

from gurita.catalog.rules import name_problems, text_problems
from gurita.dashboard.views.resources import DashboardView
from gurita.kernel.ids import folded

__all__ = ["MOST_VIEWS", "problems"]

MOST_VIEWS = 50
_LONGEST_SEARCH = 2000


def problems(views: Sequence[DashboardView]) -> list[str]:
    """What is wrong with the views of one person."""
    if len(views) > MOST_VIEWS:
        return [f"Views: has {len(views)} entries. Keep at most {MOST_VIEWS}."]
    found: list[str] = []
    names: set[str] = set()
    for place, one in enumerate(views):
        found += name_problems(one.name, f"Views[{place}].Name", 60)
        found += text_problems(one.search, f"Views[{place}].Search", _LONGEST_SEARCH)
        if folded(one.name) in names:
            found.append(f"Views[{place}].Name: '{one.name}' stands twice. Choose another name.")
        names.add(folded(one.name))
    return found
