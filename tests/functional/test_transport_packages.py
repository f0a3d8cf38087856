"""Packages over every carrier: streamed, verified, shared by those who ask at once, gone on with after a cut."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gurita.runner.package_work import Package, PackageWork, RunScript
from gurita.transport.errors import ConnectionLost, NeedsRunner, RunnerRefused, TransportError
from gurita.transport.tickets import Batch, Brought, Final, PackageData, Private, Spec, Tickets, Work
from tests.fixtures_carriers import CARRIERS, Carrier, carried
from tests.looping import in_loop, until


@pytest.fixture(params=CARRIERS)
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Carrier]:
    with carried(request.param, tmp_path) as found:
        yield found


def named(data: bytes, id: str = "Acme.Web") -> Package:
    return Package(id, "1.2.3", ".zip", hashlib.sha256(data).hexdigest(), len(data))


def source(data: bytes, asked: list[int], part: int = 300_000) -> PackageData:
    """The bytes as a server streams them; notes from where they were asked."""

    async def parts(offset: int) -> AsyncIterator[bytes]:
        asked.append(offset)
        for at in range(offset, len(data), part):
            yield data[at : at + part]
            await asyncio.sleep(0)

    return parts


def whole(host: Carrier) -> list[Path]:
    return list((host.home / "packages-v1").glob("*@*"))


@in_loop
async def test_a_package_is_sent_once_whoever_asks_and_used_by_a_ticket(host: Carrier) -> None:
    data, asked = os.urandom(5_000_000), list[int]()
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        package = named(data)
        sent = await asyncio.gather(*(tickets.bring_package(package, source(data, asked)) for _ in range(3)))
        assert [each.sent for each in sent] == [len(data)] * 3
        assert asked == [0]
        assert await tickets.bring_package(package, source(data, asked)) == Brought()
        assert await tickets.find_packages([package, named(b"other")]) == [True, False]
        assert [path.read_bytes() for path in whole(host)] == [data]
        document = PackageWork(
            kind="transfer", package=package, transfer_path=str(host.home / "drop")
        ).as_json()
        assert (await ended(tickets, Private("", package=document))).rc == 0
        assert (host.home / "drop/Acme.Web.1.2.3.zip").read_bytes() == data
        assert (await tickets.trim_packages(keep=1, free_percent=0))["left"] == 1


async def ended(tickets: Tickets, private: Private) -> Final:
    work = Work("a" * 32, os.urandom(16).hex(), "i" * 32, "the tests", "write", Spec("package"), private)
    await tickets.start(work, 1)
    async for each in tickets.follow(work.ref, 1, 0):
        if not isinstance(each, Batch):
            return each
    raise AssertionError("no end")


@in_loop
async def test_wrong_bytes_are_refused_and_leave_nothing(host: Carrier) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        with pytest.raises(RunnerRefused) as refused:
            await tickets.bring_package(named(b"promised"), source(b"brought!", []))
        assert refused.value.code == "bad-package"
        with pytest.raises(RunnerRefused):
            await tickets.bring_package(named(b"short"), source(b"far too long" * 1_000_000, []))
        assert [path for path in (host.home / "packages-v1").rglob("*") if path.is_file()] == []
        assert await tickets.find_packages([named(b"promised")]) == [False]


@in_loop
async def test_a_source_that_fails_ends_the_transfer_and_not_the_connection(host: Carrier) -> None:
    async def broken(offset: int) -> AsyncIterator[bytes]:
        yield b"x" * 1_000_000
        raise OSError(5, "the server's disk")

    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        data = b"x" * 2_000_000
        with pytest.raises(OSError, match="disk"):
            await tickets.bring_package(named(data), broken)
        asked: list[int] = []
        sent = await tickets.bring_package(named(data), source(data, asked))
        assert sent.sent == len(data) - asked[0]
        assert [path.read_bytes() for path in whole(host)] == [data]


@in_loop
async def test_a_transfer_nobody_waits_for_any_more_ends(host: Carrier) -> None:
    begun = asyncio.Event()

    async def endless(offset: int) -> AsyncIterator[bytes]:
        for _ in range(10_000):
            begun.set()
            yield b"x" * 1000
            await asyncio.sleep(0.01)

    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        waiting = [
            asyncio.ensure_future(tickets.bring_package(named(b"y" * 10_000_000), endless)) for _ in range(2)
        ]
        await begun.wait()
        waiting[0].cancel()
        await asyncio.sleep(0.1)
        assert not waiting[1].done()
        waiting[1].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        tasks = [task for task in asyncio.all_tasks() if "PackageTransfer._send" in repr(task)]
        await until(lambda: all(task.done() for task in tasks))
        assert await tickets.find_packages([named(b"y")]) == [False]


@pytest.mark.parametrize("carrier", ["openssh", "agent_listening", "agent_polling"])
@in_loop
async def test_a_cut_connection_leaves_no_wrong_file_and_the_rest_is_sent(
    carrier: str, tmp_path: Path
) -> None:
    data = os.urandom(20_000_000)
    with carried(carrier, tmp_path) as host:
        async with host.hub() as hub:
            tickets = await hub.tickets("m", host.endpoint)

            async def cut(offset: int) -> AsyncIterator[bytes]:
                for at in range(offset, len(data), 1_000_000):
                    if at == 12_000_000:
                        host.break_connection()
                    yield data[at : at + 1_000_000]

            with pytest.raises(ConnectionLost):
                await tickets.bring_package(named(data), cut)
            assert whole(host) == []
            asked: list[int] = []
            for _ in range(2000):
                try:
                    tickets = await hub.tickets("m", host.endpoint)
                    await tickets.bring_package(named(data), source(data, asked))
                    break
                except TransportError:
                    await asyncio.sleep(0.05)
            assert [path.read_bytes() for path in whole(host)] == [data]
            assert asked[-1] <= 12_000_000


@pytest.mark.parametrize("carrier", ["openssh", "agent_polling"])
@in_loop
async def test_a_host_without_python_refuses_packages_with_that_reason(carrier: str, tmp_path: Path) -> None:
    with carried(carrier, tmp_path, bare=True) as host:
        async with host.hub() as hub:
            tickets = await hub.tickets("m", host.endpoint)
            document = PackageWork(kind="script", script=RunScript("bash", "true")).as_json()
            for asked in (
                tickets.find_packages([named(b"x")]),
                tickets.bring_package(named(b"x"), source(b"x", [])),
                tickets.trim_packages(),
                ended(tickets, Private("", package=document)),
            ):
                with pytest.raises(NeedsRunner, match=r"Python 3\.8"):
                    await asked
