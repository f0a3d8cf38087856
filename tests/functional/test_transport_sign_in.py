"""Signing in to SSH hosts: passwords, passphrases, hosts with many keys, and what is agreed on the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from gurita.kernel.sensitive import Sensitive
from gurita.transport.endpoints import ListeningAgent, OpenSsh
from gurita.transport.errors import AuthenticationRefused, HostKeyChanged
from gurita.transport.keys import fingerprint
from gurita.transport.ssh_dial import dial_agent, dial_openssh
from tests.fixtures_carriers import QUICK, carried, reveal
from tests.looping import in_loop


class PasswordOnly(asyncssh.SSHServer):
    """Lets `u` in with `right`."""

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("u", "right")


@asynccontextmanager
async def serving(*keys: asyncssh.SSHKey) -> AsyncIterator[int]:
    server = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=PasswordOnly, server_host_keys=list(keys), process_factory=_hello
    )
    try:
        yield int(server.get_port())
    finally:
        server.close()


async def _hello(process: Any) -> None:
    process.stdout.write("hello")
    process.exit(0)


def to(port: int, password: str, *pinned: str, **changes: Any) -> OpenSsh:
    values = {"private_key": None, "passphrase": None} | changes
    return OpenSsh("127.0.0.1", port, "u", password=Sensitive(password), fingerprints=pinned, **values)


@in_loop
async def test_an_account_with_a_password_signs_in_with_it() -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    async with serving(key) as port:
        connection = await dial_openssh(to(port, "right", fingerprint(key)), reveal, QUICK)
        assert (await connection.run("x", timeout=120)).out == b"hello"
        await connection.close()
        with pytest.raises(AuthenticationRefused) as caught:
            await dial_openssh(to(port, "wrong", fingerprint(key)), reveal, QUICK)
        assert "wrong" not in str(caught.value).replace("127.0.0.1", "")


@in_loop
async def test_a_pinned_key_counts_whichever_of_the_hosts_keys_it_is() -> None:
    keys = [
        asyncssh.generate_private_key("ssh-ed25519"),
        asyncssh.generate_private_key("ecdsa-sha2-nistp256"),
        asyncssh.generate_private_key("ssh-rsa", key_size=2048),
    ]
    async with serving(*keys) as port:
        for key in keys:
            connection = await dial_openssh(to(port, "right", fingerprint(key)), reveal, QUICK)
            assert connection.fingerprint == fingerprint(key)
            await connection.close()
        with pytest.raises(HostKeyChanged) as caught:
            await dial_openssh(to(port, "right", "SHA256:" + "A" * 43), reveal, QUICK)
        assert caught.value.found == fingerprint(keys[0])


@in_loop
async def test_a_key_under_a_passphrase_is_opened_and_a_wrong_passphrase_is_told() -> None:
    key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    locked = Sensitive(key.export_private_key("pkcs8-pem", "open sesame").decode())
    host = asyncssh.generate_private_key("ssh-ed25519")
    async with serving(host) as port:
        for passphrase, error in (
            ("open sesame", None),
            ("wrong", AuthenticationRefused),
            ("", AuthenticationRefused),
        ):
            endpoint = to(
                port, "right", fingerprint(host), private_key=locked, passphrase=Sensitive(passphrase)
            )
            if error is None:
                await (await dial_openssh(endpoint, reveal, QUICK)).close()
            else:
                with pytest.raises(error, match="private key cannot be read"):
                    await dial_openssh(endpoint, reveal, QUICK)


@in_loop
async def test_an_account_with_nothing_to_sign_in_with_is_told_before_dialling() -> None:
    with pytest.raises(AuthenticationRefused, match="neither a key nor a password"):
        await dial_openssh(to(1, "", "SHA256:x"), reveal, QUICK)


@in_loop
async def test_the_accounts_own_ssh_settings_are_never_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = asyncssh.generate_private_key("ssh-ed25519")
    (tmp_path / ".ssh").mkdir()
    async with serving(host) as port:
        settings = "Host *\n  HostName 192.0.2.1\n  User somebody\n  ProxyCommand false\n"
        (tmp_path / ".ssh" / "config").write_text(settings)
        known = f"[127.0.0.1]:{port} {host.export_public_key().decode()}"
        (tmp_path / ".ssh" / "known_hosts").write_text(known)
        monkeypatch.setenv("HOME", str(tmp_path))
        connection = await dial_openssh(to(port, "right", fingerprint(host)), reveal, QUICK)
        await connection.close()
        with pytest.raises(HostKeyChanged):
            await dial_openssh(to(port, "right", "SHA256:" + "A" * 43), reveal, QUICK)


@in_loop
async def test_server_and_agent_agree_on_aes_gcm_and_the_hybrid_key_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed: list[bytes] = []
    get_kex = vars(asyncssh.connection)["get_kex"]

    def noting(conn: Any, algorithm: bytes) -> Any:
        agreed.append(algorithm)
        return get_kex(conn, algorithm)

    monkeypatch.setattr(asyncssh.connection, "get_kex", noting)
    with carried("agent_listening", tmp_path) as own:
        assert isinstance(own.endpoint, ListeningAgent)
        connection = await dial_agent(own.endpoint, own.server_key, QUICK)
        ssh = connection._ssh
        assert "gcm" in str(ssh.get_extra_info("send_cipher"))
        assert "gcm" in str(ssh.get_extra_info("recv_cipher"))
        assert agreed == [b"mlkem768x25519-sha256"]
        await connection.close()
