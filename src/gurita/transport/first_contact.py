"""The first words on a new connection: bring the runner where it is not, start it, and say hello."""

from __future__ import annotations

import sys

from gurita.transport.ports import Connection
from gurita.transport.runner_client import RunnerClient
from gurita.transport.runner_tickets import RunnerTickets
from gurita.transport.tickets import Tickets

__all__ = ["open_tickets"]


async def open_tickets(connection: Connection) -> Tickets:
    """To be written."""
    channel = await connection.open(f"exec {sys.executable} -m gurita.runner serve")
    return await RunnerTickets.greet(RunnerClient(channel, "host"))
