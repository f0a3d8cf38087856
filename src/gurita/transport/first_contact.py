"""The first words on a new connection: bring the runner where it is not, start it, and say hello."""

from __future__ import annotations

from gurita.transport.ports import Connection
from gurita.transport.tickets import Tickets

__all__ = ["open_tickets"]


async def open_tickets(connection: Connection) -> Tickets:
    """To be written."""
    raise NotImplementedError
