"""One contract, every carrier: commands, streams, files, and what happens when things break."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from gurita.kernel.clock import SystemClock
from gurita.transport.endpoints import OpenSsh, PollingAgent
from gurita.transport.errors import (
    AuthenticationRefused,
    CommandTimeout,
    ConnectFailed,
    ConnectionLost,
    HostKeyChanged,
    NotConnected,
    PathRefused,
)
from gurita.transport.hub import Hub
from tests.fixtures_carriers import CARRIERS, HASTY, QUICK, Carrier, carried, reveal
from tests.fixtures_sshd import free_port
from tests.looping import in_loop, until
from tests.patience import within

REMOTE = tuple(name for name in CARRIERS if name != "local")
DIALLED = ("openssh", "agent_listening")
STRANGE = "SHA256:" + "A" * 43


@pytest.fixture(scope="module", params=CARRIERS)
def carrier(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    with carried(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


async def parts(*values: bytes) -> AsyncIterator[bytes]:
    for value in values:
        yield value


async def whole(data: AsyncIterator[bytes]) -> bytes:
    return b"".join([part async for part in data])


@in_loop
async def test_a_command_gives_its_exit_code_and_both_streams(carrier: Carrier) -> None:
    async with carrier.hub() as hub:
        connection = await hub.connection("m", carrier.endpoint)
        finished = await connection.run("cat; echo bad >&2; exit 7", b"in \xff\n", timeout=120)
        assert (finished.rc, finished.out, finished.err) == (7, b"in \xff\n", b"bad\n")


@in_loop
async def test_a_command_ended_by_a_signal_answers_128_and_its_number(carrier: Carrier) -> None:
    async with carrier.hub() as hub:
        connection = await hub.connection("m", carrier.endpoint)
        assert (await connection.run("kill -9 $$", timeout=120)).rc == 137


@in_loop
async def test_a_command_finds_the_ticket_store_of_this_machine_and_no_secret_of_ours(
    carrier: Carrier,
) -> None:
    os.environ["GURITA_ROOT_KEY"] = "must not travel"
    try:
        async with carrier.hub() as hub:
            connection = await hub.connection("m", carrier.endpoint)
            seen = (await connection.run("env", timeout=120)).out.decode()
    finally:
        del os.environ["GURITA_ROOT_KEY"]
    assert f"GURITA_HOME={carrier.home}\n" in seen
    assert "must not travel" not in seen


@in_loop
async def test_streams_flow_while_the_command_runs(carrier: Carrier) -> None:
    async with carrier.hub() as hub:
        connection = await hub.connection("m", carrier.endpoint)
        channel = await connection.open("while read line; do echo got $line; done; exit 4")
        await channel.write(b"one\n")
        assert await channel.read() == b"got one\n"
        await channel.write(b"two\n")
        assert await channel.read() == b"got two\n"
        channel.close_input()
        assert await channel.read() == b""
        assert await channel.wait() == 4
        channel.close()


@in_loop
async def test_much_output_passes_a_slow_reader_unharmed(carrier: Carrier) -> None:
    async with carrier.hub() as hub:
        connection = await hub.connection("m", carrier.endpoint)
        channel = await connection.open("head -c 8000000 /dev/zero")
        size = 0
        while part := await channel.read(262144):
            size += len(part)
            if size % 7 == 0:
                await asyncio.sleep(0.001)
        assert size == 8_000_000
        assert await channel.wait() == 0


@in_loop
async def test_a_command_that_does_not_end_is_given_up_in_time(carrier: Carrier) -> None:
    async with carrier.hub() as hub:
        connection = await hub.connection("m", carrier.endpoint)
        with pytest.raises(CommandTimeout):
            await connection.run("sleep 600", timeout=0.3)
        assert (await connection.run("echo on", timeout=120)).out == b"on\n"


@in_loop
async def test_more_commands_than_channels_all_end(carrier: Carrier) -> None:
    async with carrier.hub() as hub:
        connection = await hub.connection("m", carrier.endpoint)
        answers = await asyncio.gather(*(connection.run(f"echo {n}", timeout=240) for n in range(40)))
        assert [answer.out for answer in answers] == [b"%d\n" % n for n in range(40)]


@in_loop
async def test_a_file_arrives_whole_with_its_mode_and_leaves_nothing_beside_it(
    carrier: Carrier, tmp_path: Path
) -> None:
    async with carrier.hub() as hub:
        connection = await hub.connection("m", carrier.endpoint)
        blocks = [os.urandom(700_001), b"", os.urandom(3), os.urandom(2_500_000)]
        target = tmp_path / "a file'$x"
        target.write_bytes(b"older")
        await connection.put(parts(*blocks), str(target), mode=0o640)
        assert target.read_bytes() == b"".join(blocks)
        assert target.stat().st_mode & 0o777 == 0o640
        assert list(tmp_path.iterdir()) == [target]
        assert await whole(connection.get(str(target))) == b"".join(blocks)
        assert await whole(connection.get(str(target), offset=3_200_000)) == b"".join(blocks)[3_200_000:]


@in_loop
async def test_an_empty_file_can_be_put_and_got(carrier: Carrier, tmp_path: Path) -> None:
    async with carrier.hub() as hub:
        connection = await hub.connection("m", carrier.endpoint)
        await connection.put(parts(), str(tmp_path / "empty"), mode=0o600)
        assert await whole(connection.get(str(tmp_path / "empty"))) == b""


@in_loop
async def test_a_put_that_fails_half_way_leaves_the_old_file_and_nothing_else(
    carrier: Carrier, tmp_path: Path
) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield b"x" * 100_000
        raise ValueError("the source broke")

    target = tmp_path / "kept"
    target.write_bytes(b"older")
    async with carrier.hub() as hub:
        connection = await hub.connection("m", carrier.endpoint)
        with pytest.raises(ValueError, match="the source broke"):
            await connection.put(breaking(), str(target), mode=0o600)
        assert target.read_bytes() == b"older"
        assert list(tmp_path.iterdir()) == [target]


@in_loop
async def test_a_file_that_is_not_there_is_refused_by_name(carrier: Carrier, tmp_path: Path) -> None:
    async with carrier.hub() as hub:
        connection = await hub.connection("m", carrier.endpoint)
        with pytest.raises(PathRefused, match="nowhere"):
            await whole(connection.get(str(tmp_path / "nowhere")))
        with pytest.raises(PathRefused, match="nowhere"):
            await connection.put(parts(b"x"), str(tmp_path / "nowhere" / "x"), mode=0o600)


@in_loop
async def test_the_hub_keeps_one_connection_and_dials_again_after_a_drop(carrier: Carrier) -> None:
    async with carrier.hub() as hub:
        first, second = await asyncio.gather(
            hub.connection("m", carrier.endpoint), hub.connection("m", carrier.endpoint)
        )
        assert first is second
        hub.drop("m")
        third = await hub.connection("m", carrier.endpoint)
        assert (await third.run("echo there", timeout=120)).out == b"there\n"


@pytest.fixture(params=REMOTE)
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Carrier]:
    """A remote machine of the test's own, to be hurt."""
    with carried(request.param, tmp_path) as found:
        yield found


@in_loop
async def test_a_host_that_stops_answering_is_lost_within_the_keepalive_bound(own: Carrier) -> None:
    async with own.hub(HASTY) as hub:
        connection = await hub.connection("m", own.endpoint)
        channel = await connection.open("sleep 600")
        frozen = own.freeze()
        assert frozen
        try:
            with within(HASTY.keepalive * HASTY.attempts + 1):
                with pytest.raises(ConnectionLost):
                    await channel.read()
                with pytest.raises(ConnectionLost):
                    await channel.wait()
            assert connection.closed
        finally:
            own.thaw(frozen)


@in_loop
async def test_a_broken_connection_is_told_to_all_and_the_next_call_dials_anew(own: Carrier) -> None:
    async with own.hub() as hub:
        connection = await hub.connection("m", own.endpoint)
        waiting = asyncio.gather(
            *(connection.run("sleep 600", timeout=500) for _ in range(3)), return_exceptions=True
        )
        await asyncio.sleep(0.3)
        own.break_connection()
        assert [type(each) for each in await waiting] == [ConnectionLost] * 3
        with pytest.raises(ConnectionLost):
            await connection.run("true", timeout=120)
        if isinstance(own.endpoint, PollingAgent):
            subscription = own.endpoint.subscription
            await until(lambda: subscription in hub.connected)
        again = await hub.connection("m", own.endpoint)
        assert (await again.run("echo back", timeout=120)).out == b"back\n"


@in_loop
async def test_a_host_with_another_key_is_refused_naming_both_keys(own: Carrier) -> None:
    endpoint: Any = own.endpoint
    async with own.hub() as hub:
        with pytest.raises(HostKeyChanged) as caught:
            await hub.connection("m", replace(endpoint, fingerprints=(STRANGE,)))
        assert caught.value.expected == (STRANGE,)
        assert caught.value.found == endpoint.fingerprints[0]
        rotating = replace(endpoint, fingerprints=(STRANGE, endpoint.fingerprints[0]))
        assert (await (await hub.connection("m", rotating)).run("echo ok", timeout=120)).out == b"ok\n"


@pytest.mark.parametrize("name", DIALLED)
@in_loop
async def test_nothing_is_offered_to_a_host_with_another_key(name: str) -> None:
    tried: list[str] = []

    class Trap(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            tried.append(username)
            return True

    trap = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=Trap, server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")]
    )
    key = asyncssh.generate_private_key("ssh-ed25519")
    hub = Hub(key, SystemClock(), reveal, dialling=QUICK)
    endpoint: Any = _endpoint(name, trap.get_port(), key)
    try:
        with pytest.raises(HostKeyChanged):
            await hub.connection("m", endpoint)
        assert tried == []
    finally:
        await hub.close()
        trap.close()


def _endpoint(name: str, port: int, key: asyncssh.SSHKey) -> Any:
    from gurita.kernel.sensitive import Sensitive
    from gurita.transport.endpoints import ListeningAgent

    if name == "agent_listening":
        return ListeningAgent("127.0.0.1", port, (STRANGE,))
    text = key.export_private_key().decode()
    return OpenSsh("127.0.0.1", port, "u", Sensitive(text), None, Sensitive("pw"), (STRANGE,))


@pytest.mark.parametrize("name", DIALLED)
@in_loop
async def test_a_wrong_key_of_ours_is_an_authentication_refused(name: str, tmp_path: Path) -> None:
    from gurita.kernel.sensitive import Sensitive

    with carried(name, tmp_path) as own:
        wrong = asyncssh.generate_private_key("ssh-ed25519")
        own.server_key = wrong
        endpoint: Any = own.endpoint
        if isinstance(endpoint, OpenSsh):
            endpoint = replace(endpoint, private_key=Sensitive(wrong.export_private_key().decode()))
        async with own.hub() as hub:
            with pytest.raises(AuthenticationRefused):
                await hub.connection("m", endpoint)


@in_loop
async def test_a_port_nobody_listens_on_is_a_failed_connect(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    hub = Hub(key, SystemClock(), reveal, dialling=QUICK)
    with pytest.raises(ConnectFailed, match=r"127\.0\.0\.1"):
        await hub.connection("m", _endpoint("openssh", free_port(), key))
    with pytest.raises(ConnectFailed):
        await hub.discover("127.0.0.1", free_port())
    await hub.close()


@in_loop
async def test_a_polling_agent_that_is_away_is_not_connected_and_comes_back(tmp_path: Path) -> None:
    with carried("agent_polling", tmp_path) as own:
        endpoint: Any = own.endpoint
        agent: Any = own.agent
        async with own.hub() as hub:
            agent.stop()
            await until(lambda: not hub.connected)
            with pytest.raises(NotConnected):
                await hub.connection("m", endpoint)
            agent.start()
            await until(lambda: endpoint.subscription in hub.connected)
            assert (await (await hub.connection("m", endpoint)).run("echo hi", timeout=120)).out == b"hi\n"


@in_loop
async def test_a_polling_agent_nobody_registered_is_sent_away_unauthenticated(tmp_path: Path) -> None:
    with carried("agent_polling", tmp_path) as own:
        asked: list[tuple[str, str]] = []

        async def nobody(found: str, subscription: str) -> bool:
            asked.append((found, subscription))
            return False

        hub = Hub(own.server_key, SystemClock(), reveal, dialling=QUICK)
        try:
            await hub.listen("127.0.0.1", own.port, nobody)
            endpoint: Any = own.endpoint
            await until(lambda: asked)
            assert asked[0] == (endpoint.fingerprints[0], endpoint.subscription)
            await asyncio.sleep(0.2)
            assert not hub.connected
        finally:
            await hub.close()


@in_loop
async def test_a_polling_agent_does_not_serve_a_server_with_another_key(tmp_path: Path) -> None:
    with carried("agent_polling", tmp_path) as own:
        impostor = Hub(asyncssh.generate_private_key("ssh-ed25519"), SystemClock(), reveal, dialling=QUICK)
        asked: list[str] = []

        async def anybody(found: str, subscription: str) -> bool:
            asked.append(found)
            return True

        try:
            await impostor.listen("127.0.0.1", own.port, anybody)
            await until(lambda: asked)
            await asyncio.sleep(0.3)
            assert not impostor.connected
        finally:
            await impostor.close()


@in_loop
async def test_the_discovered_fingerprint_is_the_pinned_one(own: Carrier) -> None:
    endpoint: Any = own.endpoint
    if isinstance(endpoint, PollingAgent):
        async with own.hub() as hub:
            assert hub.connected[endpoint.subscription].fingerprint == endpoint.fingerprints[0]
        return
    async with own.hub() as hub:
        assert await hub.discover(endpoint.host, endpoint.port) == endpoint.fingerprints[0]
