"""The other ways to run a script on many hosts: ansible, and xargs with ssh."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.processes import timed_run
from tests.fixtures_sshd import SshHost

__all__ = ["Ansible", "XargsSsh", "ssh_options"]


def ssh_options(folder: Path, host: SshHost) -> list[str]:
    """Options of the ssh client: only our key, nothing of the account's own configuration, no questions."""
    return [
        *("-F", "/dev/null", "-i", str(host.key), "-l", host.username),
        *("-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={folder / 'known_hosts'}"),
        *("-o", "BatchMode=yes", "-o", "LogLevel=ERROR", "-o", "IdentitiesOnly=yes"),
    ]


class XargsSsh:
    """`xargs -P50 ssh`: a connection and a process for each host."""

    def __init__(self, folder: Path, hosts: Sequence[SshHost]) -> None:
        self.folder, self.hosts = folder, hosts
        self._ports = "\n".join(str(host.port) for host in hosts).encode()

    def seconds(self, script: str, expect: bytes) -> float:
        """How long it takes to run the script everywhere. Raises RuntimeError when a host did not print `expect`."""
        options = ssh_options(self.folder, self.hosts[0])
        command = ["xargs", "-P", str(len(self.hosts)), "-I{}", "ssh", *options, "-p", "{}", "127.0.0.1"]
        took, out = timed_run(*command, script, stdin=self._ports)
        _all_said(out, expect, len(self.hosts))
        return took


class Ansible:
    """`ansible -m script` with pipelining and as many forks as hosts."""

    def __init__(self, folder: Path, hosts: Sequence[SshHost], script: str) -> None:
        self.folder, self.hosts = folder, hosts
        self._script = folder / "script.sh"
        self._script.write_text(f"#!/bin/bash\n{script}\n")
        python = f"{sys.base_prefix}/bin/python3"
        lines = [
            f"h{number} ansible_host=127.0.0.1 ansible_port={host.port} ansible_user={host.username}"
            f" ansible_ssh_private_key_file={host.key} ansible_python_interpreter={python}"
            for number, host in enumerate(hosts)
        ]
        (folder / "inventory").write_text("[all]\n" + "\n".join(lines) + "\n")
        (folder / "ansible.cfg").write_text(
            "[defaults]\nhost_key_checking = False\n"
            f"local_tmp = {folder}/ansible-local\nremote_tmp = {folder}/ansible-remote\n"
            f"[ssh_connection]\npipelining = True\ncontrol_path_dir = {folder}/cp\n"
        )

    def seconds(self, expect: bytes, *, keep: bool = True) -> float:
        """How long it takes to run the script everywhere. `keep`: connections are shared by commands and kept for a
        minute, as it does by itself where it can. Raises RuntimeError when a host did not print `expect`."""
        env = {
            **os.environ,
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_HOME": str(self.folder),
        }
        if not keep:
            env["ANSIBLE_SSH_ARGS"] = "-o ControlMaster=no"
        ansible = str(Path(sys.executable).with_name("ansible"))
        forks = str(len(self.hosts))
        command = [ansible, "all", "-i", str(self.folder / "inventory"), "-f", forks, "-m", "script"]
        took, out = timed_run(*command, "-a", str(self._script), env=env)
        _all_said(out, expect, len(self.hosts))
        return took

    def drop(self) -> None:
        """Ends the connections it keeps."""
        for socket in (self.folder / "cp").iterdir():
            told = ["ssh", "-F", "/dev/null", "-o", f"ControlPath={socket}", "-O", "exit", "any"]
            subprocess.run(told, capture_output=True, check=False)


def _all_said(out: bytes, expect: bytes, hosts: int) -> None:
    if out.count(expect) < hosts:
        raise RuntimeError(f"{out.count(expect)} of {hosts} hosts said {expect!r}: {out[:2000]!r}")
