"""Two states of a variable set, and a third made of both. Pure."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from typing import TypeVar

from gurita.variables.resources import Variable

__all__ = ["changed_members", "changes", "interleaved", "mixed"]

_MEMBERS = {
    "name": "Name",
    "value": "Value",
    "secret_id": "Value",
    "type": "Type",
    "scope": "Scope",
    "prompt": "Prompt",
    "description": "Description",
}

K = TypeVar("K", bound=Hashable)


def changes(
    before: Sequence[Variable], after: Sequence[Variable]
) -> Iterator[tuple[Variable | None, Variable | None]]:
    """The values that differ, in the order they have now, those that are gone last. A value is the same one by its id."""
    old = {each.id: each for each in before}
    new = {each.id: each for each in after}
    for id in {**new, **old}:
        if old.get(id) != new.get(id):
            yield old.get(id), new.get(id)


def changed_members(before: Variable, after: Variable) -> list[str]:
    """What of a value differs."""
    found = [
        shown for name, shown in _MEMBERS.items() if (getattr(before, name) or None) != (getattr(after, name) or None)
    ]  # fmt: skip
    return list(dict.fromkeys(found))


def mixed(before: Sequence[Variable], after: Sequence[Variable], taken: Collection[str]) -> list[Variable]:
    """The rows of `before` with the changes of the taken ids. What is in both sides stands in the order it has now."""
    old = {each.id: each for each in before}
    new = {each.id: each for each in after}
    kept = {id for id in old if id not in taken or id in new} | {id for id in taken if id in new}
    order = interleaved([id for id in new if id in kept], [id for id in old if id in kept])
    return [new[id] if id in new and (id in taken or id not in old) else old[id] for id in order]


def interleaved(first: Sequence[K], second: Sequence[K]) -> list[K]:
    """All of `first`, and what only `second` has, each behind what stood before it there."""
    known = set(first)
    behind: dict[K | None, list[K]] = {}
    former: K | None = None
    for one in second:
        if one in known:
            former = one
        else:
            behind.setdefault(former, []).append(one)
    return [*behind.get(None, ()), *(each for one in first for each in (one, *behind.get(one, ())))]
