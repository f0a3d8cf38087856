"""Sending files: piece by piece, with progress for people."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from gurita.cli.client import Client
from gurita.cli.errors import CommandError

__all__ = ["pieces", "upload"]

_PIECE = 1 << 20


def pieces(path: Path) -> Iterator[bytes]:
    """A file in pieces, `-` for stdin. Raises CommandError before the first if it cannot be opened."""
    if str(path) == "-":
        return iter(lambda: sys.stdin.buffer.read(_PIECE), b"")
    return _pieces(_opened(path))


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror or error}.") from None


def upload(client: Client, path: str, file: Path, query: dict[str, Any]) -> tuple[int, Any]:
    """Sends a file as a form and answers status and what came back. On a terminal a bar shows how far it is."""
    with _opened(file) as opened, _told(opened, file.name, file.stat().st_size) as told:
        return client.upload(path, told, file.name, query)


@contextmanager
def _told(opened: BinaryIO, name: str, size: int) -> Iterator[BinaryIO]:
    """The same file, whose reading is drawn on stderr if that is a terminal."""
    if not sys.stderr.isatty():
        yield opened
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        yield progress.wrap_file(opened, total=size, description=name)
