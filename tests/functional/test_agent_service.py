"""The agent as a process: who may sign in, what it refuses, and how it comes and goes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from gurita.transport.endpoints import ListeningAgent
from gurita.transport.ssh_dial import AGENT_USER, client_options
from gurita.transport.tickets import Final, Private, Spec, Work
from tests.fixtures_carriers import QUICK, AgentProcess, Carrier, carried
from tests.fixtures_sshd import children_of
from tests.looping import in_loop, until

RUN = (
    "import asyncio, sys; from pathlib import Path; from gurita.agent.main import run; "
    "asyncio.run(run(Path(sys.argv[1])))"
)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Carrier]:
    with carried("agent_listening", tmp_path) as found:
        yield found


@asynccontextmanager
async def signed_in(own: Carrier, **options: Any) -> AsyncIterator[asyncssh.SSHClientConnection]:
    """A plain SSH client with the server's key, to ask for what our own client never asks."""
    given = client_options(QUICK) | {"known_hosts": None, "username": AGENT_USER} | options
    given.setdefault("client_keys", [own.server_key])
    async with asyncssh.connect("127.0.0.1", own.port, **given) as ssh:
        yield ssh


def agent_of(own: Carrier) -> AgentProcess:
    assert own.agent is not None
    return own.agent


@in_loop
async def test_a_key_or_user_that_is_not_pinned_does_not_get_in(own: Carrier) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519")
    with pytest.raises(asyncssh.PermissionDenied):
        async with signed_in(own, client_keys=[stranger]):
            pass
    with pytest.raises(asyncssh.PermissionDenied):
        async with signed_in(own, username="root"):
            pass
    with pytest.raises(asyncssh.PermissionDenied):
        async with signed_in(own, client_keys=None, password="gurita", preferred_auth=["password"]):
            pass
    assert fingerprinted(stranger) in agent_of(own).log()


def fingerprinted(key: asyncssh.SSHKey) -> str:
    return key.get_fingerprint("sha256")


@in_loop
async def test_there_is_no_shell_no_terminal_and_no_forwarding(own: Carrier) -> None:
    async with signed_in(own) as ssh:
        assert (await ssh.run()).exit_status == 1
        with pytest.raises(asyncssh.ChannelOpenError):
            await ssh.run("echo in", term_type="xterm", request_pty="force")
        with pytest.raises(asyncssh.ChannelOpenError):
            await ssh.open_connection("127.0.0.1", own.port)
        with pytest.raises(asyncssh.ChannelOpenError):
            await ssh.open_unix_connection("/run/x")
        with pytest.raises(asyncssh.ChannelListenError):
            await ssh.forward_remote_port("127.0.0.1", 0, "127.0.0.1", own.port)


@in_loop
async def test_the_agents_files_are_for_putting_and_getting_only(own: Carrier, tmp_path: Path) -> None:
    async with signed_in(own) as ssh, ssh.start_sftp_client() as sftp:
        with pytest.raises(asyncssh.SFTPOpUnsupported):
            await sftp.mkdir(str(tmp_path / "d"))
        with pytest.raises(asyncssh.SFTPOpUnsupported):
            await sftp.symlink("/etc/passwd", str(tmp_path / "l"))
        with pytest.raises(asyncssh.SFTPOpUnsupported):
            await sftp.listdir(str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]


@in_loop
async def test_variables_a_client_sends_do_not_reach_commands(own: Carrier) -> None:
    async with signed_in(own) as ssh:
        seen = (await ssh.run("env", env={"LD_PRELOAD": "/x", "GURITA_HOME": "/elsewhere"})).stdout
    assert "LD_PRELOAD" not in str(seen)
    assert f"GURITA_HOME={own.home}\n" in str(seen)


def test_a_second_agent_on_the_same_home_is_refused(own: Carrier) -> None:
    second = subprocess.run(
        [sys.executable, "-c", RUN, str(own.home)], capture_output=True, text=True, timeout=120, check=False
    )
    assert second.returncode != 0
    assert f"another agent runs on {own.home}" in second.stderr


@in_loop
async def test_an_agent_told_to_stop_ends_cleanly_and_leaves_detached_work_alive(own: Carrier) -> None:
    async with own.hub() as hub:
        connection = await hub.connection("m", own.endpoint)
        started = await connection.run("setsid sleep 600 </dev/null >/dev/null 2>&1 & echo $!", timeout=120)
        agent = agent_of(own)
        assert await asyncio.to_thread(agent.stop) == 0
        pid = int(started.out)
        os.kill(pid, 0)
        os.kill(pid, signal.SIGKILL)


@in_loop
async def test_a_command_whose_client_is_gone_sees_its_streams_closed_and_is_not_killed(
    own: Carrier, tmp_path: Path
) -> None:
    command = f"cat >/dev/null; echo late >{tmp_path}/marker"
    async with own.hub() as hub:
        connection = await hub.connection("m", own.endpoint)
        await connection.open(command)
    await until(lambda: (tmp_path / "marker").exists() and (tmp_path / "marker").read_text() == "late\n")


@in_loop
async def test_a_command_that_writes_to_nobody_does_not_stay(own: Carrier) -> None:
    agent = agent_of(own)
    assert agent.process is not None
    pid = agent.process.pid
    async with own.hub() as hub:
        connection = await hub.connection("m", own.endpoint)
        channel = await connection.open("yes")
        await channel.read()
    await until(lambda: not children_of(pid))


@in_loop
async def test_an_agent_clears_away_what_dead_tickets_left_when_it_starts(own: Carrier) -> None:
    async with own.hub() as hub:
        tickets = await hub.tickets("m", own.endpoint)
        made = Work("a" * 32, "b" * 32, "i", "h", "write", Spec("sh"), Private("kill -9 $PPID; sleep 60"))
        await tickets.start(made, 1)
        [final] = [each async for each in tickets.follow(made.ref, 1, 0) if isinstance(each, Final)]
        assert final.state == "lost"
    ticket = own.home / "tickets-v1" / made.task / made.ticket
    assert (ticket / "private").exists()
    own.break_connection()
    await until(lambda: not (ticket / "private").exists())


def test_an_agent_that_runs_as_root_says_so(own: Carrier) -> None:
    warned = "runs as root" in agent_of(own).log()
    assert warned == (os.geteuid() == 0)


@in_loop
async def test_a_killed_agent_is_back_on_the_same_key(own: Carrier) -> None:
    endpoint = own.endpoint
    assert isinstance(endpoint, ListeningAgent)
    own.break_connection()
    async with own.hub() as hub:
        assert await hub.discover("127.0.0.1", own.port) == endpoint.fingerprints[0]


@in_loop
async def test_an_agent_dials_every_node(tmp_path: Path) -> None:
    from dataclasses import replace

    from gurita.agent import config
    from gurita.kernel.clock import SystemClock
    from gurita.transport.hub import Hub
    from tests.fixtures_carriers import reveal
    from tests.fixtures_sshd import free_port

    with carried("agent_polling", tmp_path) as own:
        agent = agent_of(own)
        agent.stop()
        other_port = free_port()
        ports = (f"127.0.0.1:{own.port}", f"127.0.0.1:{other_port}")
        config.save(own.home, replace(config.load(own.home), servers=ports))
        agent.start()
        second = Hub(own.server_key, SystemClock(), reveal, dialling=QUICK)
        async with own.hub() as first:
            await second.listen("127.0.0.1", other_port, own.allowed)
            try:
                await until(lambda: second.connected and first.connected)
                for hub in (first, second):
                    connection = await hub.connection("m", own.endpoint)
                    assert (await connection.run("echo hi", timeout=120)).out == b"hi\n"
            finally:
                await second.close()
