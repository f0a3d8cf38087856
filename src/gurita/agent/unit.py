"""The systemd unit of the agent, as text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gurita.agent.errors import AgentError

__all__ = ["unit"]

_TEMPLATE = """\
[Unit]
Description=Gurita agent
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
ExecStart={command}
User={user}
UMask=0077
Restart=always
RestartSec=5
# Scripts under way live in the agent's group of processes and must survive its restart.
KillMode=process
SendSIGKILL=no

[Install]
WantedBy=multi-user.target
"""


def unit(command: Sequence[str], home: Path, user: str = "gurita") -> str:
    """A unit that runs `command run --home home` as `user`, an unprivileged one unless it is told otherwise.

    `command` is a program with its first words: `gurita-agent`, or `gurita agent`.

    Raises AgentError for a path or name systemd would read as something else.
    """
    words = [*command, "run", "--home", str(home)]
    for word in (*words, user):
        if any(ord(letter) < 32 for letter in word):
            raise AgentError(f"{word!r} cannot stand in a unit file")
    if not user or set(user) & set(' %"\\'):
        raise AgentError(f"{user!r} is no user name")
    return _TEMPLATE.format(command=" ".join(_quoted(word) for word in words), user=user)


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if set(word) & set(" \"'\\;") else escaped
