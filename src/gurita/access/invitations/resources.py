"""Invitations as the API shows them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from gurita.http.wire import Moment, Wire

__all__ = ["Invitation", "Registering"]


class Invitation(Wire, kw_only=True):
    """A code with which somebody registers, shown once, and the teams they will belong to."""

    id: str = ""
    invitation_code: str = ""
    add_to_team_ids: Annotated[list[str], Meta(max_length=100)] = field(default_factory=list)
    space_id: str | None = None
    expires: Moment | None = None

    def __repr__(self) -> str:
        return f"Invitation({self.id})"


class Registering(Wire, kw_only=True):
    """Who somebody with an invitation wants to be."""

    username: Annotated[str, Meta(min_length=1, max_length=200)]
    password: Annotated[str, Meta(min_length=1, max_length=500)]
    invitation_code: Annotated[str, Meta(max_length=200)]
    display_name: Annotated[str, Meta(max_length=200)] = ""
    email_address: Annotated[str, Meta(max_length=320)] | None = ""

    def __repr__(self) -> str:
        return "Registering()"
