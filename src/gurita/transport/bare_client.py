"""stub"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gurita.transport.ports import Connection
from gurita.transport.tickets import Tickets


class BareTickets:
    @classmethod
    async def greet(cls, connection: Connection, command: Callable[[Sequence[str]], str]) -> Tickets:
        raise NotImplementedError
