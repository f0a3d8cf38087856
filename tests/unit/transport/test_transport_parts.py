"""Small parts: streams, keys, environments, versions, block sizes, names."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncssh
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.kernel.sensitive import Sensitive
from gurita.transport import algorithms
from gurita.transport.endpoints import ListeningAgent, Local, OpenSsh, PollingAgent, described
from gurita.transport.environment import clean_environment
from gurita.transport.errors import ConnectionLost, HostKeyChanged
from gurita.transport.keys import authorized_line, fingerprint, key_at, new_key
from gurita.transport.polling import agent_version, subscription_in
from gurita.transport.sftp_files import block_size
from gurita.transport.streams import Incoming
from gurita.transport.tickets import Private, Ref, Spec, Work
from tests.looping import in_loop


@in_loop
async def test_bytes_before_a_failure_are_read_before_it_is_raised() -> None:
    stream = Incoming(lambda: None)
    stream.feed(b"abc")
    stream.fail(ConnectionLost("gone"))
    assert await stream.read(2) == b"ab"
    assert await stream.read(2) == b"c"
    with pytest.raises(ConnectionLost):
        await stream.read(2)


@in_loop
async def test_a_failure_after_the_end_is_no_failure_to_the_reader() -> None:
    stream = Incoming(lambda: None)
    waiting = asyncio.ensure_future(stream.read(5))
    await asyncio.sleep(0)
    stream.end()
    stream.fail(ConnectionLost("gone"))
    assert await waiting == b""
    assert await stream.read(5) == b""


def test_a_key_file_is_made_once_private_and_read_again(tmp_path: Path) -> None:
    first = key_at(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert fingerprint(key_at(tmp_path / "key")) == fingerprint(first)
    assert list(tmp_path.iterdir()) == [tmp_path / "key"]


def test_a_key_file_others_may_read_is_refused_with_the_way_out(tmp_path: Path) -> None:
    key_at(tmp_path / "key")
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(PermissionError, match="chmod 600"):
        key_at(tmp_path / "key")


def test_a_fingerprint_looks_like_ssh_keygens() -> None:
    key = asyncssh.import_private_key(new_key("c"))
    assert fingerprint(key).startswith("SHA256:")
    assert len(fingerprint(key)) == 50
    assert authorized_line(key).startswith("ssh-ed25519 AAAA")


def test_no_setting_or_secret_of_ours_reaches_a_command() -> None:
    source = {
        "PATH": "/bin",
        "GURITA_ROOT_KEY": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "LC_ALL": "C.UTF-8",
        "https_proxy": "p",
        "SSH_AUTH_SOCK": "x",
        "PYTHONPATH": "x",
    }
    kept = clean_environment(source, Path("/h"))
    assert kept == {"PATH": "/bin", "LC_ALL": "C.UTF-8", "https_proxy": "p", "GURITA_HOME": "/h"}


@pytest.mark.parametrize(
    ("advertised", "expected"),
    [(None, 32768), (0, 32768), (16384, 16384), (261120, 261120), (1 << 22, 261120)],
)
def test_blocks_stay_below_what_ends_opensshs_session(advertised: int | None, expected: int) -> None:
    assert block_size(advertised) == expected < 256 * 1024


@given(st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", min_size=1, max_size=64))
def test_the_subscription_is_found_in_an_agents_version(subscription: str) -> None:
    assert subscription_in("SSH-2.0-" + agent_version("0.1.0", subscription)) == subscription


@pytest.mark.parametrize(
    "version",
    [
        "SSH-2.0-OpenSSH_9.2",
        "SSH-2.0-GuritaAgent_1",
        "SSH-2.0-GuritaAgent_1 a b",
        "SSH-2.0-GuritaAgent_1 " + "a" * 65,
    ],
)
def test_a_stranger_has_no_subscription(version: str) -> None:
    assert subscription_in(version) == ""


def test_aes_gcm_comes_first_and_nothing_weak_is_offered() -> None:
    assert "gcm" in algorithms.CIPHERS[0]
    assert algorithms.KEY_EXCHANGES[0] == "mlkem768x25519-sha256"
    offered = {*algorithms.CIPHERS, *algorithms.KEY_EXCHANGES, *algorithms.MACS, *algorithms.SIGNATURES}
    assert not [name for name in offered if "sha1" in name or "cbc" in name or name in {"ssh-rsa", "ssh-dss"}]


def test_nothing_secret_is_printed_with_an_endpoint_or_a_piece_of_work() -> None:
    hidden = Sensitive("hunter2")
    endpoint = OpenSsh("h", 22, "u", hidden, hidden, hidden, ())
    private = Private("echo hunter2", {"a": "hunter2"}, ("a",), ("hunter2",))
    work = Work("t", "k", "i", "h", "write", Spec("bash"), private)
    assert "hunter2" not in repr((endpoint, work))
    assert work.ref == Ref("t", "k")


@pytest.mark.parametrize(
    ("endpoint", "name"),
    [
        (OpenSsh("h", 22, "u", None, None, None, ()), "u@h:22"),
        (ListeningAgent("h", 1, ()), "the agent at h:1"),
        (PollingAgent("s", ()), "the polling agent s"),
        (Local(), "the server's own machine"),
    ],
)
def test_an_endpoint_is_named_for_people(endpoint: object, name: str) -> None:
    assert described(endpoint) == name  # type: ignore[arg-type]


def test_a_changed_key_names_what_was_expected_and_what_was_found() -> None:
    error = HostKeyChanged("host", ("SHA256:a", "SHA256:b"), "SHA256:c")
    assert "SHA256:a or SHA256:b" in str(error)
    assert "SHA256:c" in str(error)
