"""The first words on a connection, against hosts that speak in all manners."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gurita.runner.bundle import runner_file
from gurita.transport.errors import ConnectionLost, HostUnfit
from gurita.transport.first_contact import open_tickets
from gurita.transport.frames import FrameReader, encoded
from gurita.transport.ports import Channel, Finished
from gurita.transport.streams import Incoming
from tests.looping import in_loop

HELLO = {
    "id": 1,
    "identity": {"store_id": "s", "boot_id": "b", "begun": 3},
    "hostname": "h",
    "python": "3.9.2",
}


class Host:
    """A connection and its one channel: says `first`, takes a file if it said `need`, then answers hello."""

    closed = False

    def __init__(self, first: bytes, *, wants: int = 0, error: bytes = b"") -> None:
        self.out = Incoming(lambda: None)
        self.err = Incoming(lambda: None)
        self.taken = b""
        self._wants = wants
        self._dead = bool(error)
        if first:
            self.out.feed(first)
        if error:
            self.err.feed(error)
            self.out.end()
            self.err.end()

    async def open(self, command: str) -> Channel:
        assert "'" not in command.removeprefix("exec sh -c '").removesuffix("'")
        return self

    async def write(self, data: bytes) -> None:
        self.taken += data
        if len(self.taken) > self._wants and not self._dead:
            frames = FrameReader().feed(self.taken[self._wants :])
            if [frame.header["op"] for frame in frames] == ["hello"]:
                self.out.feed(encoded(HELLO))

    async def read(self, size: int = 65536) -> bytes:
        return await self.out.read(7)

    async def read_error(self, size: int = 65536) -> bytes:
        return await self.err.read(size)

    def close_input(self) -> None:
        self.out.end()
        self.err.end()

    async def wait(self) -> int:
        return 73

    def rest(self, resting: bool) -> None:
        pass

    async def run(self, command: str, stdin: bytes = b"", *, timeout: float) -> Finished:
        raise AssertionError

    async def put(self, data: AsyncIterator[bytes], path: str, *, mode: int) -> None:
        raise AssertionError

    def get(self, path: str, *, offset: int = 0) -> AsyncIterator[bytes]:
        raise AssertionError

    def close(self) -> None:
        self.close_input()


@in_loop
async def test_a_host_that_has_the_runner_is_sent_nothing_but_requests() -> None:
    host = Host(b"gurita-boot have\n")
    tickets = await open_tickets(host)  # type: ignore[arg-type]
    assert tickets.facts.hostname == "h"
    assert (await tickets.identity()).begun == 3
    assert runner_file().data not in host.taken
    await tickets.close()


@in_loop
async def test_a_host_that_needs_the_runner_gets_exactly_its_bytes_first() -> None:
    bundle = runner_file()
    host = Host(b"gurita-boot need\n", wants=bundle.size)
    tickets = await open_tickets(host)  # type: ignore[arg-type]
    assert host.taken[: bundle.size] == bundle.data
    await tickets.close()


@in_loop
async def test_what_start_files_print_before_is_passed_over() -> None:
    host = Host(b"Welcome!\nLast login gurita-boot never\n\ngurita-boot have\n")
    tickets = await open_tickets(host)  # type: ignore[arg-type]
    assert tickets.has_runner
    await tickets.close()


@pytest.mark.parametrize(
    ("first", "error", "told"),
    [
        (b"", b"mkdir: Read-only file system", "Read-only file system"),
        (b"This account is closed.\n", b" ", "This account is closed"),
        (b"gurita-boot perhaps\n", b" ", "gurita-boot perhaps"),
        (b"x\n" * 40000, b"", "64 KiB"),
    ],
)
@in_loop
async def test_a_host_that_cannot_be_made_ready_says_why(first: bytes, error: bytes, told: str) -> None:
    with pytest.raises(HostUnfit, match=told):
        await open_tickets(Host(first, error=error))  # type: ignore[arg-type]


@in_loop
async def test_a_runner_that_ends_before_hello_is_a_lost_connection() -> None:
    host = Host(b"gurita-boot have\n", error=b"Traceback: broken")
    with pytest.raises(ConnectionLost, match="broken"):
        await open_tickets(host)  # type: ignore[arg-type]
