"""Pushing what changed only: a signature of a version that is there, and a delta that makes the new one of it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gurita.formats.octodiff import DeltaRefused, apply_delta, signature
from gurita.http.incoming import NoRoom
from gurita.http.uploads import Upload
from gurita.http.wire import Wire
from gurita.kernel.errors import Invalid, NotFound
from gurita.packages.copies import copy_name
from gurita.packages.records import PackageRow
from gurita.packages.rules import identity
from gurita.packages.service import find_in, versions_in

if TYPE_CHECKING:
    from gurita.http.context import Context

__all__ = ["DeltaSignature", "rebuilt", "signature_for"]

LARGEST = 128 << 20
"""Bytes of the largest package a signature is made of: it takes processor time, some seconds for this one."""

_SUFFIX = ".octodelta"
_one_at_once = asyncio.Semaphore(1)


class DeltaSignature(Wire):
    """The signature, in base64, of the version to make a delta against."""

    signature: str
    base_version: str


async def signature_for(ctx: Context, package_id: str, version: str) -> DeltaSignature:
    """Of the version nearest below `version`, else of the newest. Raises NotFound: then push the whole file."""
    wanted = identity(package_id, version)
    rows = await ctx.services.store.read(lambda tx: versions_in(tx, ctx.space, package_id))
    good = [row for row in rows if row.size <= LARGEST]
    if not good:
        raise NotFound(f"signature for {package_id} {version}")
    base = next((row for row in good if identity(row.package_id, row.version).key <= wanted.key), good[0])
    async with _one_at_once:
        with copy_name(ctx.services.blobs) as file:
            await ctx.services.blobs.copy_to(base.sha256, file)
            made = await asyncio.to_thread(_signed, file)
    return DeltaSignature(signature=base64.b64encode(made).decode(), base_version=base.version)


def _signed(file: Path) -> bytes:
    with file.open("rb") as opened:
        return signature(opened)


async def rebuilt(ctx: Context, package_id: str, base_version: str, delta: Upload, into: Path) -> Upload:
    """The new file, made at `into`, as if it had been uploaded. Raises NotFound, Invalid, NoRoom."""
    base = await ctx.services.store.read(lambda tx: find_in(tx, ctx.space, package_id, base_version))
    if base is None:
        raise NotFound(f"{package_id} {base_version}")
    with copy_name(ctx.services.blobs) as old:
        await ctx.services.blobs.copy_to(base.sha256, old)
        return await asyncio.to_thread(_applied, old, delta, into, base)


def _applied(old: Path, delta: Upload, into: Path, base: PackageRow) -> Upload:
    name = delta.file_name
    if name.lower().endswith(_SUFFIX):
        name = name[: -len(_SUFFIX)]
    try:
        with old.open("rb") as source, delta.path.open("rb") as changes, into.open("wb") as new:
            hashed = _Hashed(new)
            size, sha1 = apply_delta(source, changes, hashed)
    except DeltaRefused as error:
        raise Invalid(
            f"{delta.file_name}: is no delta against {base.package_id} {base.version}: {error}. "
            "Nothing of it was kept; push the whole file."
        ) from None
    except OSError as error:
        if error.errno in (28, 122):  # ENOSPC, EDQUOT
            raise NoRoom from error
        raise
    return Upload(delta.field, name, into, size, hashed.sha256.hexdigest(), sha1)


class _Hashed:
    """A file that keeps the SHA-256 of what is written to it."""

    def __init__(self, file: Any) -> None:
        self.sha256 = hashlib.sha256()
        self._raw = file

    def write(self, block: bytes, /) -> int:
        self.sha256.update(block)
        return int(self._raw.write(block))
