"""Pushing: every file of a request becomes a version, or none does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from gurita.audit import service as audit
from gurita.http.uploads import Upload
from gurita.kernel.errors import Conflict, Forbidden, Invalid
from gurita.kernel.faults import fault
from gurita.packages.describing import Description, read_archive
from gurita.packages.records import PackageRow, package, row_of
from gurita.packages.resources import OverwriteMode
from gurita.packages.rules import Identity, identity, identity_of_file
from gurita.store.blob_keeping import keep, let_go_in
from gurita.store.errors import is_integrity
from gurita.tasks.rules.words import moment_of

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["ADMINISTER", "Pushed", "push"]

ADMINISTER = "BuiltInFeedAdminister"
_EXISTS = "A package with the same name and version already exists."


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of one file."""

    row: PackageRow
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Arrival:
    upload: Upload
    who: Identity
    says: Description


async def push(
    ctx: Context, uploads: Sequence[Upload], mode: OverwriteMode, extension: str = ""
) -> list[Pushed]:
    """Keeps files that were received, in their order. The files stay where they are.

    `extension` is for clients that send no file name. Raises Invalid, Conflict, Forbidden, NoSpace.
    """
    arrivals = [await asyncio.to_thread(_read, upload, extension) for upload in uploads]
    _each_once(arrivals)
    services = ctx.services
    # A refusal that can be known now leaves no trace at all.
    settled = await services.store.read(lambda tx: _settled(tx, ctx, arrivals, mode))
    files = [(one.upload.path, one.upload.sha256) for one in arrivals if one not in settled]
    if not files:
        return await services.store.read(lambda tx: [Pushed(_there(tx, ctx, one), False) for one in arrivals])
    fault("packages.before-keep")
    return await keep(
        services.store,
        services.blobs,
        files,
        lambda tx: [_store_in(tx, ctx, one, mode) for one in arrivals],
        services.milliseconds(),
    )


def _read(upload: Upload, extension: str) -> _Arrival:
    kind = extension or _extension(upload.file_name)
    name = upload.file_name or "The package"
    if upload.size == 0:
        raise Invalid(f"{name}: is empty.")
    if kind == ".nupkg":
        says = read_archive(upload.path, kind, name)
        return _Arrival(upload, identity(says.package_id, says.version, kind), says)
    who = identity_of_file(upload.file_name)
    return _Arrival(upload, who, read_archive(upload.path, who.extension, name))


def _extension(file_name: str) -> str:
    return ".nupkg" if file_name.lower().endswith(".nupkg") else ""


def _each_once(arrivals: Sequence[_Arrival]) -> None:
    if not arrivals:
        raise Invalid("The request holds no file. Send packages as files of a multipart form.")
    names = [one.who.name_folded for one in arrivals]
    for one in arrivals:
        if names.count(one.who.name_folded) > 1:
            raise Invalid(f"{one.who.package_id} {one.who.version} is in the request twice.")


def _settled(tx: Tx, ctx: Context, arrivals: Sequence[_Arrival], mode: OverwriteMode) -> list[_Arrival]:
    """Those that are there and stay as they are. Raises what storing would raise, as far as it can be seen now."""
    settled = []
    for one in arrivals:
        if (before := _row(tx, ctx, one.who)) is not None:
            _may_replace(ctx, one, before, mode)
            if mode == "IgnoreIfExists":
                settled.append(one)
    return settled


def _there(tx: Tx, ctx: Context, one: _Arrival) -> PackageRow:
    row = _row(tx, ctx, one.who)
    if row is None:
        raise Conflict(f"{one.who.package_id} {one.who.version} was deleted at this moment. Push it again.")
    return row_of(row)


def _row(tx: Tx, ctx: Context, who: Identity) -> Mapping[Any, Any] | None:
    return tx.one(
        select(package).where(package.c.space == ctx.space, package.c.name_folded == who.name_folded)
    )


def _may_replace(ctx: Context, one: _Arrival, before: Mapping[Any, Any], mode: OverwriteMode) -> None:
    if mode == "IgnoreIfExists":
        return
    if mode == "FailIfExists":
        same = "with the same content" if before["blob"] == one.upload.sha256 else "with other content"
        raise _exists(one, f"pushed {moment_of(before['published'])}, {same}")
    if not ctx.viewer.may(ADMINISTER, ctx.space):
        raise Forbidden(ADMINISTER, space=ctx.space)


def _exists(one: _Arrival, how: str) -> Conflict:
    who = one.who
    return Conflict(
        f"{who.package_id} {who.version} is there: {how}. "
        "Push a new version, or say overwriteMode=OverwriteExisting or IgnoreIfExists.",
        message=f"{_EXISTS} Package: {who.package_id}, version: {who.version}.",
    )


def _store_in(tx: Tx, ctx: Context, one: _Arrival, mode: OverwriteMode) -> Pushed:
    values = _values(ctx, one)
    before = _row(tx, ctx, one.who)
    if before is None:
        if (number := _inserted(tx, values)) is None:
            raise _exists(one, "pushed by somebody else at this moment")
        made = row_of({**values, "number": number})
        _record(tx, ctx, "Created", made, "was pushed")
        return Pushed(made, True)
    _may_replace(ctx, one, before, mode)
    if mode == "IgnoreIfExists":
        let_go_in(tx, [one.upload.sha256], values["published"])
        return Pushed(row_of(before), False)
    tx.run(update(package).where(package.c.number == before["number"]).values(**values))
    if before["blob"] != one.upload.sha256:
        let_go_in(tx, [before["blob"]], values["published"])
    made = row_of({**values, "number": before["number"]})
    _record(tx, ctx, "Modified", made, "was replaced", row_of(before))
    return Pushed(made, False)


def _inserted(tx: Tx, values: Mapping[str, Any]) -> int | None:
    """The new row's number; None when another node was faster."""
    try:
        with tx.nested():
            return int(tx.scalar(insert(package).values(**values).returning(package.c.number)))
    except Exception as error:
        if is_integrity(error):
            return None
        raise


def _values(ctx: Context, one: _Arrival) -> dict[str, Any]:
    who, says, upload = one.who, one.says, one.upload
    return {
        "space": ctx.space,
        "package_id": who.package_id,
        "package_folded": who.package_folded,
        "version": who.version,
        "version_folded": who.version_folded,
        "name_folded": who.name_folded,
        "version_key": who.key,
        "is_pre_release": who.is_pre_release,
        "extension": who.extension,
        "size": upload.size,
        "sha1": upload.sha1,
        "blob": upload.sha256,
        "title": says.title,
        "summary": says.summary,
        "description": says.description,
        "release_notes": says.release_notes,
        "published": ctx.services.milliseconds(),
    }


def _record(
    tx: Tx, ctx: Context, category: str, row: PackageRow, what: str, before: PackageRow | None = None
) -> None:
    message = f"Package {audit.mention(row.id, f'{row.package_id} {row.version}')} {what}"
    audit.record(tx, ctx, category, message, [row.id], before=_shown(before), after=_shown(row))


def _shown(row: PackageRow | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "PackageId": row.package_id,
        "Version": row.version,
        "FileExtension": row.extension,
        "PackageSizeBytes": row.size,
        "Hash": row.sha1,
        "Sha256": row.sha256,
    }
