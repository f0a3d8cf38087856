"""Why grants do or do not do: the evaluator's answer with a sentence for every grant.

Somebody in a space asks of permissions of the system, too: those are held in the system, and explained from there.
"""

from __future__ import annotations

from gurita.access.rules.evaluating import Grant, Grants, applied, may
from gurita.kernel.permissions import PERMISSIONS, Permission
from gurita.kernel.places import Place, Scope

__all__ = ["allowed", "level_of", "why"]


def level_of(permission: str, space: str) -> str:
    """Where it is decided whether somebody in a space may: in the space (its id) or, for what only the system has, ""."""
    known = PERMISSIONS.get(permission)
    return space if known is None or known.space else ""


def allowed(grants: Grants, permission: str, space: str, place: Place) -> bool:
    """Whether the grants do, asked from within a space, or from the system ("")."""
    return may(grants, permission, level_of(permission, space), place)


def why(grant: Grant, grants: Grants, permission: str, space: str, place: Place) -> str:
    """Why one of the grants does not do by itself, in a sentence; "" for one that does."""
    level, known = level_of(permission, space), PERMISSIONS[permission]
    administers = "AdministerSystem" in grant.permissions and not grant.space
    if administers and level not in grants.private:
        return ""
    if administers:
        return "The space is private: administering the system does not reach into it."
    if permission not in grant.permissions:
        return f"The role does not have {permission}."
    if grant.space != level or (not level and not known.system):
        other = "this space" if level else "the system"
        return f"The role is given in another place than {other}."
    if known.undivided and level and not grant.scope.everything:
        return f"It is about the whole space, and the role is given for {grant.scope.words}."
    return _failing(applied(grant.scope, known), known, place)


def _failing(scope: Scope, permission: Permission, place: Place) -> str:
    """The first dimension that keeps a place out of a scope."""
    alone = (
        ("project", Scope(projects=scope.projects, groups=scope.groups)),
        ("environment", Scope(environments=scope.environments)),
        ("tenant", Scope(tenants=scope.tenants, explicit_tenant=permission.explicit_tenant)),
    )
    for name, one in alone:
        if not all(one.holds(spot) for spot in place.spots):
            return f"Its {name} scope does not reach there: it is given for {one.words}."
    return ""
