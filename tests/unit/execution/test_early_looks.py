"""The first look at an agent waits until it listens or has dialled in, and no other look waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

import pytest

from gurita.execution.health import BEGINNING, probed
from gurita.transport.endpoints import Endpoint, ListeningAgent, OpenSsh, PollingAgent
from gurita.transport.errors import AuthenticationRefused, ConnectFailed, NotConnected, TransportError
from gurita.transport.hub import Hub
from gurita.transport.probing import Evidence
from tests.looping import in_loop

LISTENING = ListeningAgent("web.example", 10933, ("SHA256:x",))
POLLING = PollingAgent("the-agent", ("SHA256:x",))
NOBODY = ConnectFailed("nobody listens there")
AWAY = NotConnected("it has not dialled in")


class Waited:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class Host:
    """Answers a look with the next of some errors, then as a healthy one."""

    def __init__(self, *errors: TransportError) -> None:
        self._errors: Iterator[TransportError] = iter(errors)
        self.looks = 0

    async def probe(self, endpoint: Endpoint) -> Evidence:
        self.looks += 1
        return Evidence(error=next(self._errors, None))


async def look(host: Host, endpoint: Endpoint, patience: float) -> tuple[TransportError | None, float]:
    clock = Waited()
    found = await probed(cast(Hub, host), endpoint, clock, patience)
    return found.error, clock.seconds


@pytest.mark.parametrize(("endpoint", "error"), [(LISTENING, NOBODY), (POLLING, AWAY)])
@in_loop
async def test_an_agent_that_is_there_a_little_later_is_found(
    endpoint: Endpoint, error: TransportError
) -> None:
    host = Host(*[error] * 5)
    assert await look(host, endpoint, BEGINNING) == (None, 2.5)
    assert host.looks == 6


@pytest.mark.parametrize(("endpoint", "error"), [(LISTENING, NOBODY), (POLLING, AWAY)])
@in_loop
async def test_an_agent_that_never_comes_is_given_up_in_time(
    endpoint: Endpoint, error: TransportError
) -> None:
    found, waited = await look(Host(*[error] * 1000), endpoint, BEGINNING)
    assert found is error
    assert BEGINNING - 1 <= waited <= BEGINNING


@pytest.mark.parametrize(
    ("endpoint", "error", "patience"),
    [
        (LISTENING, NOBODY, 0.0),
        (LISTENING, AuthenticationRefused("not with this key"), BEGINNING),
        (OpenSsh("web.example", 22, "deploy", None, None, None, ("SHA256:x",)), NOBODY, BEGINNING),
        (POLLING, AWAY, 0.0),
        (POLLING, AuthenticationRefused("not with this key"), BEGINNING),
    ],
)
@in_loop
async def test_nothing_else_is_waited_for(endpoint: Endpoint, error: TransportError, patience: float) -> None:
    assert await look(Host(error), endpoint, patience) == (error, 0.0)
