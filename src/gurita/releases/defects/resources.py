"""API shapes of defects (api.md 5)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from gurita.http.wire import Wire

__all__ = ["Defect"]


class Defect(Wire):
    """Why a release must not go further. The release it is about is named in its links."""

    id: str = ""
    space_id: str = ""
    release_id: str = ""
    description: Annotated[str, Meta(max_length=10_000)] = ""
    status: Literal["Unresolved", "Resolved"] = "Unresolved"
