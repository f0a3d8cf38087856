"""What a space must be like."""

from __future__ import annotations

from collections.abc import Collection

from gurita.catalog.rules import list_problems, name_problems, slug_problems, text_problems
from gurita.kernel.ids import slugged
from gurita.spaces.resources import Space

__all__ = ["LONGEST_SPACE_NAME", "problems", "slug_for"]

LONGEST_SPACE_NAME = 100


def problems(space: Space, taken: Collection[str]) -> list[str]:
    """Every fault of a space a client sends. `taken` are the first segments of paths, in lower case.

    A space with such a slug could only be reached by its id, since `/api/projects` means the path.
    """
    found = [
        *name_problems(space.name, most=LONGEST_SPACE_NAME),
        *slug_problems(space.slug),
        *text_problems(space.description),
        *list_problems(space.space_managers_teams, "SpaceManagersTeams"),
        *list_problems(space.space_managers_team_members, "SpaceManagersTeamMembers"),
    ]
    if space.is_private and space.is_default:
        found.append(
            "IsPrivate: the default space is open to administrators. Make another one the default first."
        )
    if space.slug.lower() in taken:
        found.append(
            f"Slug: '{space.slug}' is the beginning of an address of this API. "
            f"Choose another one, for example '{space.slug}-space'."
        )
    return found


def slug_for(name: str, taken: Collection[str]) -> str:
    """The slug of a space that was given none."""
    slug = slugged(name)
    return f"{slug}-space" if slug in taken else slug
