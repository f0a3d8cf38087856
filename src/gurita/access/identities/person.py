"""What a provider says of somebody who proved to it who they are."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["LONGEST", "MOST_GROUPS", "ExternalGroup", "ExternalPerson", "cut"]

MOST_GROUPS = 2000
LONGEST = 300


@dataclass(frozen=True, slots=True)
class ExternalGroup:
    """A group of a provider: its id, as teams name it, and what people call it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ExternalPerson:
    """`subject` never changes and is never given to another; everything else may, and proves nothing."""

    subject: str
    username: str
    display_name: str = ""
    email: str = ""
    groups: tuple[ExternalGroup, ...] = field(default=())


def cut(text: object, most: int = LONGEST) -> str:
    """A text of a provider as it may be stored: one line without control characters, at most `most` characters."""
    if not isinstance(text, str):
        return ""
    return " ".join("".join(one if one.isprintable() else " " for one in text[: 2 * most]).split())[:most]
