"""What an agent clears away when it starts: clear text of dead tickets, tombstones past their time."""

from __future__ import annotations

import logging
import shlex
import sys
from pathlib import Path

from gurita.transport.errors import TransportError
from gurita.transport.local import LocalConnection
from gurita.transport.runner_client import RunnerClient
from gurita.transport.runner_tickets import RunnerTickets

__all__ = ["KEPT_DAYS", "sweep"]

KEPT_DAYS = 90
_log = logging.getLogger(__name__)


async def sweep(home: Path) -> int:
    """Sweeps the ticket store of `home` through a runner of our own; answers how much went. Errors are only logged: an
    agent that cannot sweep can still serve."""
    connection = LocalConnection(home)
    try:
        channel = await connection.open(f"exec {shlex.quote(sys.executable)} -m gurita.runner serve")
        client = RunnerClient(channel, "this machine")
        try:
            return await (await RunnerTickets.greet(client)).sweep(KEPT_DAYS)
        finally:
            await client.close()
    except TransportError as error:
        _log.warning("the ticket store could not be swept: %s", error)
        return 0
    finally:
        await connection.close()
