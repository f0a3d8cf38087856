"""What every resource of the API has."""

from __future__ import annotations

from gurita.http.wire import Wire

__all__ = ["Icon", "NamedResource", "Resource", "SystemResource"]


class SystemResource(Wire, kw_only=True):
    """Members every resource shares. `Links` are added on output and never stored.

    `version` counts saves. Sent back with a modification it must be the current one; 0 or absent is not checked.
    """

    id: str = ""
    version: int = 0


class Resource(SystemResource, kw_only=True):
    """A resource of a space."""

    space_id: str = ""


class NamedResource(Resource, kw_only=True):
    """A resource people name. The slug is made from the name unless one is given."""

    name: str
    slug: str = ""
    description: str | None = ""


class Icon(Wire):
    """A picture from the icon set, and its colour."""

    id: str | None = None
    color: str | None = None
