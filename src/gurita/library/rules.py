"""What a library variable set must be like."""

from __future__ import annotations

from collections.abc import Iterator

from gurita.catalog.rules import name_problems, slug_problems, text_problems
from gurita.library.resources import LibraryVariableSet

__all__ = ["MOST_TEMPLATES", "problems"]

MOST_TEMPLATES = 1000


def problems(given: LibraryVariableSet) -> Iterator[str]:
    """Every fault of a set a client sends, each naming the member."""
    yield from name_problems(given.name)
    yield from slug_problems(given.slug)
    yield from text_problems(given.description)
    if len(given.templates) > MOST_TEMPLATES:
        yield f"Templates: has {len(given.templates)} entries. Use at most {MOST_TEMPLATES}."
        return
    seen: dict[str, int] = {}
    for place, template in enumerate(given.templates):
        where = f"Templates[{place}]"
        yield from name_problems(template.name, f"{where}.Name")
        yield from text_problems(template.label, f"{where}.Label")
        yield from text_problems(template.help_text, f"{where}.HelpText")
        first = seen.setdefault(template.name.strip().casefold(), place)
        if first != place:
            yield f"{where}.Name: '{template.name}' is also the name of Templates[{first}]. Use another name."
