"""Blobs as files of their own, for work that needs one."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gurita.store.blobs import Blobs

__all__ = ["copy_name"]


@contextlib.contextmanager
def copy_name(blobs: Blobs) -> Iterator[Path]:
    """A name in the folder of uploads that nothing lies at, and nothing will when the block ends."""
    file = blobs.incoming / f"upload-{secrets.token_hex(8)}"
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)
