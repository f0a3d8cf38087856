"""One contract of tickets over every carrier, with the runner and without Python."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from gurita.kernel.errors import Fenced
from gurita.kernel.sensitive import Sensitive
from gurita.transport.errors import (
    ConnectionLost,
    HostBusy,
    NeedsRunner,
    NotConnected,
    PathRefused,
    RunnerRefused,
    TransportError,
)
from gurita.transport.hub import Hub
from gurita.transport.tickets import Batch, Final, Private, Record, Ref, Spec, Tickets, Work
from tests.fixtures_carriers import CARRIERS, Carrier, carried, reveal
from tests.looping import in_loop, until

RUNNER = CARRIERS
BARE = ("openssh-bare", "agent_polling-bare")
FENCE = 1


def started(name: str, folder: Path) -> Any:
    carrier, _, bare = name.partition("-")
    return carried(carrier, folder, bare=bool(bare))


@pytest.fixture(scope="module", params=RUNNER + BARE)
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    with started(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


@pytest.fixture(scope="module", params=RUNNER)
def with_runner(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Carrier]:
    with started(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


@pytest.fixture(scope="module", params=BARE)
def bare(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    with started(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


@pytest.fixture(params=("openssh", "agent_listening", "agent_polling", "openssh-bare"))
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Carrier]:
    """A remote machine of the test's own, to be hurt."""
    with started(request.param, tmp_path) as found:
        yield found


def work(script: str, **changes: Any) -> Work:
    spec = Spec("sh", grace=1, name="test")
    made = Work(
        os.urandom(16).hex(), os.urandom(16).hex(), "i" * 32, "the tests", "write", spec, Private(script)
    )
    return replace(made, **changes)


@dataclass
class Log:
    """What a follower has stored."""

    records: list[Record] = field(default_factory=list)
    offset: int = 0
    parser: bytes = b""
    final: Final | None = None

    def text(self, kind: int | None = None) -> str:
        """All lines, as a reader sees them."""
        return "".join(
            f"{record.text}\n"
            for record in self.records
            if record.text is not None and kind in {None, record.kind}
        )

    def messages(self) -> list[dict[str, Any]]:
        return [record.message for record in self.records if record.message is not None]


async def follow(tickets: Tickets, ref: Ref, log: Log | None = None) -> Log:
    log = log or Log()
    async for each in tickets.follow(ref, FENCE, log.offset, log.parser):
        if isinstance(each, Batch):
            log.records += each.records
            log.offset, log.parser = each.next, each.parser
        else:
            log.final = each
    assert log.final is not None
    return log


async def reconnected(hub: Hub, carrier: Carrier) -> Tickets:
    """As the engine does: asks until the host is there again."""
    for _ in range(2000):
        try:
            return await hub.tickets("m", carrier.endpoint)
        except (ConnectionLost, NotConnected, TransportError):
            await asyncio.sleep(0.05)
    raise AssertionError("the host did not come back")


@in_loop
async def test_a_script_runs_once_and_its_log_and_result_arrive(host: Carrier, tmp_path: Path) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        before = await tickets.identity()
        job = work(f"echo one; echo run >>{tmp_path}/count; sleep 0.2; printf 'tail without end'; exit 3")
        answers = await asyncio.gather(*(tickets.start(job, FENCE) for _ in range(4)))
        log = await follow(tickets, job.ref)
        assert log.final is not None
        assert (log.final.state, log.final.rc) == ("ended", 3)
        assert log.text() == "one\ntail without end\n"
        assert (tmp_path / "count").read_text() == "run\n"
        after = (await tickets.status(job.ref, FENCE)).identity
        assert (after.store_id, after.boot_id) == (before.store_id, before.boot_id)
        assert after.begun == before.begun + 1
        assert {answer.identity.store_id for answer in answers} == {before.store_id}
        assert (await tickets.start(job, FENCE)).state == "ended"


@in_loop
async def test_a_host_tells_who_it_is(host: Carrier) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        assert tickets.facts.hostname == os.uname().nodename
        assert tickets.facts.arch == os.uname().machine
        assert tickets.facts.free_bytes > 0
        assert len(tickets.facts.identity.store_id) == 32


@in_loop
async def test_a_ticket_cancelled_before_it_was_asked_for_never_begins(host: Carrier, tmp_path: Path) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        job = work(f"touch {tmp_path}/ran")
        assert await tickets.cancel(job.ref, FENCE, 1) == "canceled"
        assert (await tickets.start(job, FENCE)).state == "canceled"
        assert (await follow(tickets, job.ref)).final == Final("canceled", *_ANY)
        assert not (tmp_path / "ran").exists()


class _Any:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


_ANY: Any = (_Any(), _Any(), _Any(), _Any())


@in_loop
async def test_a_running_ticket_is_stopped_with_all_it_started(host: Carrier, tmp_path: Path) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        job = work(f"trap '' TERM; sleep 300 & echo $! >{tmp_path}/pid; echo up; wait; sleep 300")
        await tickets.start(job, FENCE)
        following = asyncio.ensure_future(follow(tickets, job.ref))
        await until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip())
        await tickets.cancel(job.ref, FENCE, 0.5)
        log = await following
        assert log.final is not None
        assert log.final.state == "canceled"
        assert log.text() == "up\n"
        pid = int((tmp_path / "pid").read_text())
        await until(lambda: not _lives(pid))


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@in_loop
async def test_a_script_beyond_its_time_is_ended(host: Carrier) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        job = work("echo begun; sleep 600", spec=Spec("sh", timeout=2, grace=1))
        await tickets.start(job, FENCE)
        log = await follow(tickets, job.ref)
        assert log.final is not None
        assert log.final.state == "timedout"
        assert log.text() == "begun\n"


@in_loop
async def test_a_lower_fence_is_refused_everywhere(host: Carrier) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        job = work("true")
        await tickets.start(job, 5)
        for asking in (
            tickets.start(job, 4),
            tickets.cancel(job.ref, 4, 1),
            tickets.status(job.ref, 4),
            tickets.forget(job.ref, 4),
        ):
            with pytest.raises(Fenced):
                await asking
        with pytest.raises(Fenced):
            async for _ in tickets.follow(job.ref, 4, 0):
                pass


@in_loop
async def test_a_forgotten_ticket_is_not_begun_again(host: Carrier, tmp_path: Path) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        job = work(f"echo run >>{tmp_path}/count")
        await tickets.start(job, FENCE)
        await follow(tickets, job.ref)
        await tickets.forget(job.ref, FENCE)
        assert (await tickets.status(job.ref, FENCE)).state == "forgotten"
        with pytest.raises(RunnerRefused) as caught:
            await tickets.start(job, FENCE)
        assert caught.value.code == "forgotten"
        assert (tmp_path / "count").read_text() == "run\n"


@in_loop
async def test_a_running_ticket_is_not_forgotten(host: Carrier) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        job = work("sleep 600")
        await tickets.start(job, FENCE)
        with pytest.raises(RunnerRefused) as caught:
            await tickets.forget(job.ref, FENCE)
        assert caught.value.code == "running"
        await tickets.cancel(job.ref, FENCE, 1)
        await follow(tickets, job.ref)


@in_loop
async def test_an_unknown_ticket_is_unknown(host: Carrier) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        assert (await tickets.status(work("").ref, FENCE)).state == "unknown"


@in_loop
async def test_a_log_is_exact_after_every_break_of_the_connection(own: Carrier, tmp_path: Path) -> None:
    enough = tmp_path / "enough"
    async with own.hub() as hub:
        tickets = await hub.tickets("m", own.endpoint)
        job = work(
            f'i=0; while [ $i -lt 100 ] || {{ [ ! -e "{enough}" ] && [ $i -lt 1000 ]; }}; '
            'do echo "line $i"; i=$((i+1)); sleep 0.05; done; exit 9'
        )
        await tickets.start(job, FENCE)
        log = Log()
        breaks = 0
        while log.final is None:
            connected = await reconnected(hub, own)
            breaking = asyncio.ensure_future(_break_often(own)) if breaks < 3 else None
            try:
                await follow(connected, job.ref, log)
            except ConnectionLost:
                breaks += 1
                if breaks >= 3:
                    enough.touch()
            finally:
                if breaking is not None:
                    breaking.cancel()
                    await asyncio.gather(breaking, return_exceptions=True)
        assert breaks >= 3
        assert log.final.rc == 9
        count = log.text().count("\n")
        assert count >= 100
        assert log.text() == "".join(f"line {i}\n" for i in range(count))
        assert (await (await reconnected(hub, own)).status(job.ref, FENCE)).identity.begun == 1


async def _break_often(own: Carrier) -> None:
    """Until who follows has noticed: a polling agent may just be dialling again."""
    for _ in range(40):
        await asyncio.sleep(0.9)
        await asyncio.to_thread(own.break_connection)


@pytest.mark.parametrize("name", ["agent_listening", "agent_polling", "agent_polling-bare"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@in_loop
async def test_a_ticket_survives_the_restart_of_its_agent(
    name: str, number: signal.Signals, tmp_path: Path
) -> None:
    with started(name, tmp_path) as own:
        async with own.hub() as hub:
            tickets = await hub.tickets("m", own.endpoint)
            job = work("echo before; sleep 1.5; echo after; exit 4")
            await tickets.start(job, FENCE)
            await asyncio.sleep(0.3)
            await asyncio.to_thread(own.agent.stop, number)
            own.agent.start()
            own.wait_listening()
            log = Log()
            while log.final is None:
                try:
                    await follow(await reconnected(hub, own), job.ref, log)
                except ConnectionLost:
                    await asyncio.sleep(0.05)
            assert log.final.rc == 4
            assert log.text() == "before\nafter\n"


@in_loop
async def test_a_runner_that_was_killed_is_started_again_on_the_same_connection(with_runner: Carrier) -> None:
    async with with_runner.hub() as hub:
        tickets = await hub.tickets("m", with_runner.endpoint)
        connection = await hub.connection("m", with_runner.endpoint)
        await tickets.close()
        again = await hub.tickets("m", with_runner.endpoint)
        assert again is not tickets
        assert connection is await hub.connection("m", with_runner.endpoint)
        assert (await again.identity()).store_id == (await tickets.identity()).store_id


@in_loop
async def test_a_secret_output_travels_apart_from_the_log(with_runner: Carrier) -> None:
    async with with_runner.hub() as hub:
        tickets = await hub.tickets("m", with_runner.endpoint)
        script = 'echo "pass $(get_octopusvariable pw)"; set_octopusvariable "out" "s3cr3t-value" -sensitive; set_octopusvariable "plain" "x"'
        private = Private(script, {"pw": "hunter2-long"}, ("pw",), ())
        job = work("", spec=Spec("bash"), private=private)
        await tickets.start(job, FENCE)
        log = await follow(tickets, job.ref)
        assert log.final is not None
        assert log.final.rc == 0, log.text()
        assert log.text() == "pass ********\n"
        found = {
            message["variable"]: message for message in log.messages() if message["name"] == "setVariable"
        }
        assert found["plain"]["value"] == "x"
        assert found["out"]["sensitive"] is True
        assert "s3cr3t-value" not in repr(log.records)
        value = await tickets.secret(job.ref, FENCE, found["out"]["secret"])
        assert reveal(value) == "s3cr3t-value"


@in_loop
async def test_an_artifact_is_fetched_and_nothing_else(with_runner: Carrier, tmp_path: Path) -> None:
    data = os.urandom(6_000_000)
    (tmp_path / "made.bin").write_bytes(data)
    async with with_runner.hub() as hub:
        tickets = await hub.tickets("m", with_runner.endpoint)
        job = work(f'new_octopusartifact "{tmp_path}/made.bin" "made"', spec=Spec("bash"))
        await tickets.start(job, FENCE)
        log = await follow(tickets, job.ref)
        (artifact,) = [message for message in log.messages() if message["name"] == "createArtifact"]
        got = b"".join([part async for part in tickets.fetch(job.ref, FENCE, artifact["path"])])
        assert got == data
        with pytest.raises((PathRefused, RunnerRefused)):
            async for _ in tickets.fetch(job.ref, FENCE, "/etc/passwd"):
                pass


@in_loop
async def test_two_installations_do_not_write_to_a_host_at_once(with_runner: Carrier) -> None:
    async with with_runner.hub() as hub:
        tickets = await hub.tickets("m", with_runner.endpoint)
        first = work("sleep 600", holder="the first server")
        await tickets.start(first, FENCE)
        second = work("true", installation="j" * 32, holder="the second server")
        with pytest.raises(HostBusy) as caught:
            await tickets.start(second, FENCE)
        assert caught.value.holder == "the first server"
        assert (await tickets.status(second.ref, FENCE)).state == "unknown"
        await tickets.cancel(first.ref, FENCE, 1)
        await follow(tickets, first.ref)
        assert (await tickets.start(second, FENCE)).state in {"running", "ended"}
        await follow(tickets, second.ref)


@in_loop
async def test_a_large_log_arrives_whole(host: Carrier) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        job = work("seq -f 'line %07.0f padding padding padding padding padding' 1 100000")
        await tickets.start(job, FENCE)
        log = await follow(tickets, job.ref)
        lines = log.text().splitlines()
        assert len(lines) == 100_000
        assert lines[-1].startswith("line 0100000 ")


@in_loop
async def test_a_host_without_python_parses_messages_on_this_side(bare: Carrier) -> None:
    async with bare.hub() as hub:
        tickets = await hub.tickets("m", bare.endpoint)
        assert not tickets.has_runner
        value, name, yes = "czNjcjN0", "b3V0", "VHJ1ZQ=="
        script = f"echo a; echo \"##octopus[setVariable name='{name}' value='{value}' sensitive='{yes}']\"; echo b >&2"
        job = work(script)
        await tickets.start(job, FENCE)
        log = await follow(tickets, job.ref)
        assert log.text() == "a\nb\n"
        (message,) = log.messages()
        assert message["variable"] == "out"
        assert message["value"] == Sensitive("s3cr3t")
        assert "s3cr3t" not in repr(log.records)


@in_loop
async def test_a_script_without_python_gets_its_arguments_folder_and_environment(
    bare: Carrier, tmp_path: Path
) -> None:
    async with bare.hub() as hub:
        tickets = await hub.tickets("m", bare.endpoint)
        spec = Spec("sh", ("a b", "it's"), workdir=str(tmp_path), environment={"GREETING": "hello 'you'"})
        job = work('echo "$1|$2|$GREETING"; pwd', spec=spec)
        await tickets.start(job, FENCE)
        log = await follow(tickets, job.ref)
        assert log.text() == f"a b|it's|hello 'you'\n{tmp_path}\n"


@in_loop
async def test_what_needs_the_runner_is_refused_without_python(bare: Carrier) -> None:
    async with bare.hub() as hub:
        tickets = await hub.tickets("m", bare.endpoint)
        with pytest.raises(NeedsRunner):
            await tickets.start(work("print(1)", spec=Spec("python")), FENCE)
        with pytest.raises(NeedsRunner):
            async for _ in tickets.fetch(work("").ref, FENCE, "/x"):
                pass


@in_loop
async def test_a_probe_shows_what_it_found(host: Carrier) -> None:
    async with host.hub() as hub:
        evidence = await hub.probe(host.endpoint)
        assert evidence.error is None, evidence.log
        assert evidence.latency_ms > 0
        assert evidence.facts is not None
        assert evidence.has_runner == (await hub.tickets("m", host.endpoint)).has_runner
        endpoint: Any = host.endpoint
        if host.name != "local":
            assert evidence.fingerprint == endpoint.fingerprints[0]
            wrong = await hub.probe(replace(endpoint, fingerprints=("SHA256:" + "A" * 43,)))
            assert wrong.error is not None
            assert wrong.fingerprint == endpoint.fingerprints[0]
            assert any("somebody may stand in between" in line for line in wrong.log)
