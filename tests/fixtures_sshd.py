"""Real OpenSSH servers on loopback, each a host of its own: port, host key, authorized key and ticket store.

Works as root and as any other user (who then signs in as himself). Import it with
`from fixtures_sshd import sshd`; the folder `tests` is on the path of the suites through `conftest.py`, and of the
bench through its own line.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gurita.kernel.sensitive import Sensitive
from gurita.transport.endpoints import OpenSsh
from tests.canary import in_folder
from tests.ports import free_port

__all__ = [
    "SSHD",
    "SshHost",
    "bare_path",
    "children_of",
    "free_port",
    "python_path",
    "sshd",
    "without_python",
]

SSHD = next((path for path in ("/usr/sbin/sshd", "/usr/local/sbin/sshd") if os.path.exists(path)), "")

_CONFIG = """
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host_key
PidFile none
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PrintMotd no
LogLevel ERROR
MaxStartups 200
Subsystem sftp internal-sftp
SetEnv {environment}
"""


@dataclass
class SshHost:
    """One sshd. `home` is its GURITA_HOME, `key` the client's private key file."""

    folder: Path
    port: int
    home: Path
    key: Path
    fingerprint: str
    environment: Mapping[str, str]
    bare: bool = False
    username: str = field(default_factory=getpass.getuser)
    process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> OpenSsh:
        """What the server would have stored for this host."""
        key = Sensitive(self.key.read_text())
        return OpenSsh("127.0.0.1", self.port, self.username, key, None, None, (self.fingerprint,))

    def start(self) -> None:
        """Starts (again) on the same port with the same keys."""
        environment = " ".join(f'"{name}={value}"' for name, value in self.environment.items())
        config = _CONFIG.format(port=self.port, folder=self.folder, environment=environment)
        (self.folder / "sshd_config").write_text(config)
        command = [SSHD, "-D", "-e", "-f", str(self.folder / "sshd_config")]
        if self.bare:
            command = without_python(command)
        log = (self.folder / "sshd.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def wait_ready(self) -> None:
        """Returns once it accepts connections; raises RuntimeError with its log when it does not within a minute.

        A port somebody else took meanwhile is exchanged for another.
        """
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process is not None:
            if self.process.poll() is not None:
                self.port = free_port()
                self.start()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                time.sleep(0.01)
                if self.process.poll() is None:
                    return
            time.sleep(0.02)
        raise RuntimeError(f"sshd did not start: {(self.folder / 'sshd.log').read_text()}")

    def stop(self) -> None:
        """Ends the listener and every session it holds. Detached tickets live on."""
        if self.process is None:
            return
        for pid in reversed(self.sessions()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        self.process = None

    def sessions(self) -> list[int]:
        """The processes that serve connections, without the commands they run."""
        if self.process is None:
            return []
        return [pid for pid in children_of(self.process.pid) if "sshd" in _command(pid)]

    def freeze(self) -> list[int]:
        """Stops every session's process with SIGSTOP: the host no longer answers. Give the list to `thaw`."""
        frozen = self.sessions()
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        return frozen

    def thaw(self, frozen: list[int]) -> None:
        """Lets frozen sessions go on, those that are still there."""
        for pid in frozen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def cut(self) -> None:
        """Kills the sessions' processes: connections break, the listener stays."""
        for pid in reversed(self.sessions()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def new_host_key(self) -> None:
        """Gives the host another key; takes effect with the next start."""
        for name in ("host_key", "host_key.pub"):
            (self.folder / name).unlink()
        _keygen(self.folder / "host_key")


@contextlib.contextmanager
def sshd(
    folder: Path, count: int = 1, *, environment: Mapping[str, str] | None = None, bare: bool = False
) -> Iterator[list[SshHost]]:
    """`count` SSH hosts, ready; all accept the same client key and have a GURITA_HOME each. Ended at the exit.

    `bare` hosts have no Python (this needs root), `environment` adds variables to what their commands see.
    When the test went well, no secret it handed out (`tests.canary`) may lie in what is left of its tickets.
    """
    if not SSHD:
        raise RuntimeError("OpenSSH's sshd is not installed")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    key = folder / "client_key"
    if not key.exists():
        _keygen(key)
    hosts = [_host(folder / f"host{number}", key, environment or {}, bare) for number in range(count)]
    try:
        for host in hosts:
            host.start()
        for host in hosts:
            host.wait_ready()
        yield hosts
    finally:
        for host in hosts:
            host.stop()
    found = [leak for host in hosts for leak in in_folder(host.home)]
    assert found == [], "secrets leaked to the host:\n" + "\n".join(found)


def _host(folder: Path, key: Path, environment: Mapping[str, str], bare: bool) -> SshHost:
    folder.mkdir(parents=True)
    home = folder / "home"
    home.mkdir()
    _keygen(folder / "host_key")
    shutil.copy(key.with_suffix(".pub"), folder / "authorized_keys")
    # A home without shell start files: a login shell's own set-up would be measured as ours.
    (folder / "user").mkdir()
    values = {
        "HOME": str(folder / "user"),
        "GURITA_HOME": str(home),
        "PATH": bare_path(folder) if bare else python_path(),
        **environment,
    }
    return SshHost(folder, free_port(), home, key, _fingerprint(folder / "host_key.pub"), values, bare)


def python_path() -> str:
    """A PATH whose first python3 is a real interpreter, not a starter script of a version manager."""
    return f"{sys.base_prefix}/bin:/usr/local/bin:/usr/bin:/bin"


def bare_path(folder: Path) -> str:
    """A PATH with the usual tools and no Python, made of links in a new folder."""
    tools = folder / "bare-bin"
    tools.mkdir(parents=True, exist_ok=True)
    for source in ("/usr/bin", "/bin", "/usr/sbin", "/sbin"):
        for tool in os.scandir(source):
            if not tool.name.startswith(("python", "perl")) and not (tools / tool.name).is_symlink():
                (tools / tool.name).symlink_to(tool.path)
    return str(tools)


def without_python(command: list[str]) -> list[str]:
    """The same command where the Pythons at well-known places cannot be seen: a mount namespace of its own."""
    hide = (
        "for f in /usr/bin/python3* /usr/local/bin/python3* /usr/libexec/platform-python; do "
        'if [ -f "$f" ]; then mount --bind /dev/null "$f"; fi; done; exec "$@"'
    )
    return ["unshare", "--mount", "sh", "-c", hide, "sh", *command]


def children_of(pid: int) -> list[int]:
    """All descendants of a process, parents before children."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            after_name = entry.read_text().rpartition(")")[2].split()
            parents.setdefault(int(after_name[1]), []).append(int(entry.parent.name))
    found: list[int] = []
    queue = [pid]
    while queue:
        for child in parents.get(queue.pop(0), []):
            found.append(child)
            queue.append(child)
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""


def _keygen(path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)


def _fingerprint(public: Path) -> str:
    answer = subprocess.run(
        ["ssh-keygen", "-l", "-f", str(public)], check=True, capture_output=True, text=True
    )
    return answer.stdout.split()[1]
