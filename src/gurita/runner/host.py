"""Facts about this machine and its processes."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import pwd
import select
import signal
import sys
import time
from typing import Any, Dict, List

from gurita.runner.durable import read_line, read_text, replace

__all__ = ["alive", "boot_id", "facts", "output_of", "process_mark", "start_time", "which"]


_DAY = 86400
_ASKED = {
    "bash": ["bash", "-c", "echo $BASH_VERSION"],
    "python3": ["python3", "-ISc", "import sys; print('.'.join(map(str, sys.version_info[:3])))"],
    "pwsh": ["pwsh", "-Version"],
}


@functools.lru_cache(maxsize=None)
def boot_id() -> str:
    """What changes with every boot of this machine."""
    return (
        read_line("/proc/sys/kernel/random/boot_id")
        or output_of(["sysctl", "-n", "kern.boottime"])
        or "unknown"
    )


def start_time(pid: int) -> str:
    """When a process began, in the system's own words; empty for one that is gone or a zombie."""
    stat = read_text(f"/proc/{pid}/stat")
    if stat is not None:
        fields = stat[stat.rindex(")") + 2 :].split()
        return "" if fields[0] in "ZX" else fields[19]
    if os.path.isdir("/proc/self"):
        return ""
    state = output_of(["ps", "-o", "state=", "-o", "lstart=", "-p", str(pid)])
    return "" if state.startswith("Z") else state.partition(" ")[2].strip()


def process_mark(pid: int) -> str:
    """`pid|start time|boot id`: names a process safely although its number may be used again."""
    return f"{pid}|{start_time(pid)}|{boot_id()}"


def alive(mark: str) -> bool:
    """Whether the process a `process_mark` names still runs."""
    pid, _, rest = mark.strip().partition("|")
    start, _, boot = rest.partition("|")
    return bool(pid.isdigit() and start) and boot == boot_id() and start_time(int(pid)) == start


def which(program: str) -> str:
    """The path of a program in PATH, or an empty text. A path is taken as it is."""
    if "/" in program:
        return program if os.access(program, os.X_OK) else ""
    for folder in os.environ.get("PATH", os.defpath).split(":"):
        path = os.path.join(folder, program)
        if os.access(path, os.X_OK) and not os.path.isdir(path):
            return path
    return ""


def output_of(arguments: List[str], seconds: float = 10.0) -> str:
    """What a small program prints, without surrounding blanks; empty if it cannot be run or takes too long."""
    path = which(arguments[0])
    if not path:
        return ""
    reading, writing = os.pipe()
    nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    actions = [
        (os.POSIX_SPAWN_DUP2, source, target) for source, target in ((nothing, 0), (writing, 1), (nothing, 2))
    ]
    try:
        pid = os.posix_spawn(path, arguments, os.environ, file_actions=actions)
    except OSError:
        return ""
    finally:
        os.close(writing)
        os.close(nothing)
        text = b""
    deadline = time.monotonic() + seconds
    while select.select([reading], [], [], max(0.0, deadline - time.monotonic()))[0]:
        part = os.read(reading, 65536)
        text += part
        if not part or len(text) > 65536:
            break
    else:
        os.kill(pid, signal.SIGKILL)
    os.close(reading)
    os.waitpid(pid, 0)
    return text.decode("utf-8", "replace").strip()


def facts(root: str) -> Dict[str, object]:
    """What `hello` tells about the machine; `free_bytes` is what an ordinary user may still write below `root`."""
    system = os.uname()
    space = os.statvfs(root)
    name, version = _release()
    return {
        "python": ".".join(map(str, sys.version_info[:3])),
        "hostname": system.nodename,
        "os": name or system.sysname,
        "os_version": version or system.release,
        "arch": system.machine,
        "user": _user(),
        "shells": _shells(root),
        "free_bytes": space.f_bavail * space.f_frsize,
    }


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _release() -> "tuple[str, str]":
    lines = (read_text("/etc/os-release") or "").splitlines()
    found = {key: value.strip("\"'") for key, _, value in (line.partition("=") for line in lines)}
    return found.get("NAME", ""), found.get("VERSION_ID", "")


def _shells(root: str) -> Dict[str, str]:
    """Versions by name. Asked of each program at most once a day while its file is the same, and kept beside the runner."""
    kept = os.path.join(root, "runner", "shells")
    try:
        known = json.loads(read_text(kept) or "{}")
    except ValueError:
        known = {}
    found = {name: _version(arguments, known.get(name)) for name, arguments in _ASKED.items()}
    if found != known:
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(kept), 0o700, exist_ok=True)
            replace(kept, json.dumps(found), sync=False)
    return {name: str(entry[1]) for name, entry in found.items() if entry[1]}


def _version(arguments: List[str], known: Any) -> List[Any]:
    """What identifies the program, its version, and when it was asked (seconds since 1970)."""
    path, now = which(arguments[0]), int(time.time())
    if not path:
        return ["", "", 0]
    mark = f"{path} {os.stat(path).st_mtime_ns}"
    if isinstance(known, list) and len(known) == 3 and known[0] == mark and abs(now - known[2]) < _DAY:
        return known
    return [mark, output_of(arguments).replace("PowerShell ", ""), now]
