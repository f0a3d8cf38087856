"""Nobody gives what they lack: what a viewer would have to hold to grant a role, and what they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gurita.access.rules.evaluating import applied
from gurita.kernel.permissions import PERMISSIONS
from gurita.kernel.places import Scope

__all__ = ["Holds", "lacking"]

Holds = Callable[[str, str], Iterable[Scope]]


def lacking(holds: Holds, permissions: Iterable[str], space: str, scope: Scope) -> list[str]:
    """The permissions not held within all of `scope`, so that they may not be given there.

    `holds` answers the scopes within which a permission is held in a space.

    A system permission in a role that is given in a space has no effect there, and the other way round: what has no
    effect needs no holder.
    """
    return sorted(
        name
        for name in permissions
        if (known := PERMISSIONS.get(name)) is not None
        and (known.space if space else known.system)
        and not (space and known.undivided and not scope.everything)
        and not any(_covers(held, applied(scope, known)) for held in holds(name, space))
    )


def _covers(held: Scope, wanted: Scope) -> bool:
    """Whether all of `wanted` lies within `held`. Empty is everything, so that only an empty dimension covers an empty one."""
    projects = not (held.projects or held.groups) or (
        bool(wanted.projects or wanted.groups)
        and wanted.projects <= held.projects
        and wanted.groups <= held.groups
    )
    return (
        projects
        and _dimension(held.environments, wanted.environments)
        and _dimension(held.tenants, wanted.tenants)
    )


def _dimension(held: frozenset[str], wanted: frozenset[str]) -> bool:
    return not held or (bool(wanted) and wanted <= held)
