"""What a command on our own machine may see of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["clean_environment"]

_KEPT = {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "XDG_RUNTIME_DIR"}


def clean_environment(source: Mapping[str, str], home: Path | None) -> dict[str, str]:
    """The usual variables of a session and `GURITA_HOME`, and nothing else: the server's and the agent's own settings
    hold root keys, passwords and API keys. Settings of the operating system's proxies are kept."""
    kept = {
        name: value
        for name, value in source.items()
        if name in _KEPT or name.startswith("LC_") or name.lower().endswith("_proxy")
    }
    kept.setdefault("PATH", os.defpath)
    if home is not None:
        kept["GURITA_HOME"] = str(home)
    return kept
