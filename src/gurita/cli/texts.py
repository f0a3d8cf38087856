"""Texts that do not stand on the command line: in a file, or coming in."""

from __future__ import annotations

import sys
from pathlib import Path

from gurita.cli.errors import CommandError

__all__ = ["read_text"]


def read_text(path: Path) -> str:
    """What a file holds, `-` for stdin. Raises CommandError."""
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}.") from None
