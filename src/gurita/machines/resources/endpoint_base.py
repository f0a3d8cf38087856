"""What all endpoints share."""

from __future__ import annotations

from msgspec import field

from gurita.http.wire import Wire

__all__ = ["EndpointBase"]


class EndpointBase(Wire, tag_field="CommunicationStyle"):
    """How a machine is reached. `id`, `name`, `space_id` and `links` are what older clients expect, and mean nothing."""

    id: str | None = None
    name: str | None = None
    space_id: str | None = None
    links: dict[str, str] = field(default_factory=dict)
