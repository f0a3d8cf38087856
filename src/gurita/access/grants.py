"""What somebody may do: one pure evaluator, and nothing else decides.

Today a user is an administrator, who may do everything, or belongs to everyone, who may nothing but look after
themselves (routes that ask only for being signed in).
"""

from __future__ import annotations

from dataclasses import dataclass

from gurita.http.permissions import PERMISSIONS

__all__ = ["NO_GRANTS", "Grants", "may"]


@dataclass(frozen=True, slots=True)
class Grants:
    """What was given to a user, from whichever team."""

    administrator: bool = False
    space_permissions: frozenset[tuple[str, str]] = frozenset()
    """Pairs of permission and space id."""
    system_permissions: frozenset[str] = frozenset()


NO_GRANTS = Grants()


def may(grants: Grants, permission: str, space: str | None) -> bool:
    """Whether the grants hold a permission in a space (its id), in the system (""), or anywhere at all (None).

    An unknown permission is held by nobody.
    """
    known = PERMISSIONS.get(permission)
    if known is None:
        return False
    if grants.administrator:
        return True
    if space:
        return (permission, space) in grants.space_permissions
    if permission in grants.system_permissions:
        return True
    return space is None and any(name == permission for name, _ in grants.space_permissions)
