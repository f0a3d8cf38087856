"""Build information: pushed once a version, found by package and version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update

from gurita.audit import service as audit
from gurita.build_information.facts import release_facts
from gurita.build_information.records import build_information as table
from gurita.build_information.resources import (
    BuildInformation,
    BuildInformationQuery,
    OctopusBuildInformation,
    PushedBuildInformation,
)
from gurita.build_information.rules import flattened
from gurita.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from gurita.kernel.ids import folded
from gurita.kernel.paging import Page
from gurita.packages.rules import identity
from gurita.store.errors import is_integrity
from gurita.tasks.rules.words import moment_of

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["delete_in", "find_in", "for_packages_in", "list_in", "push_in", "release_facts"]

PREFIX = "BuildInformation-"
_AT_ONCE = 200
_EXISTS = "Metadata for the specified Package ID and version already exists."
_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(OctopusBuildInformation)


def push_in(tx: Tx, ctx: Context, body: PushedBuildInformation, mode: str) -> tuple[BuildInformation, bool]:
    """Stores what a build server says; whether it is new. Raises Invalid, Conflict, Forbidden (replacing has its own right)."""
    said = body.octopus_build_information or body.octopus_package_metadata
    if said is None:
        raise Invalid("OctopusBuildInformation: required.")
    who = identity(body.package_id.strip(), body.version)
    values = {
        "package_id": who.package_id,
        "version": who.version,
        "version_key": who.key,
        "body": _encode(said).decode(),
        "created": ctx.services.milliseconds(),
    }
    where = _same(ctx.space, body.package_id, body.version)
    before = tx.one(select(table).where(where))
    if before is None:
        added = {
            "space": ctx.space,
            "package_folded": who.package_folded,
            "version_folded": who.version_folded,
        }
        made = _of(_inserted(tx, {**values, **added}))
        audit.record(tx, ctx, "Created", _message(made, "was pushed"), [made.id], after=made)
        return made, True
    if mode == "IgnoreIfExists":
        return _of(before), False
    if mode != "OverwriteExisting":
        raise Conflict(
            f"{before['package_id']} {before['version']} has build information from {moment_of(before['created'])}. "
            "Push with overwriteMode=OverwriteExisting to replace it.",
            message=_EXISTS,
        )
    if not ctx.viewer.may("BuildInformationAdminister", ctx.space):
        raise Forbidden("BuildInformationAdminister", space=ctx.space)
    tx.run(update(table).where(table.c.number == before["number"]).values(**values))
    made = _of({**before, **values})
    audit.record(
        tx, ctx, "Modified", _message(made, "was replaced"), [made.id], before=_of(before), after=made
    )
    return made, False


def _inserted(tx: Tx, values: Mapping[str, Any]) -> Mapping[Any, Any]:
    """The new row. Raises Conflict when another node was faster."""
    try:
        with tx.nested():
            number = tx.scalar(insert(table).values(**values).returning(table.c.number))
    except Exception as error:
        if not is_integrity(error):
            raise
        raise Conflict("It was pushed by somebody else at this moment.", message=_EXISTS) from None
    return {**values, "number": number}


def find_in(tx: Tx, ctx: Context, id: str) -> BuildInformation:
    """By its id. Raises NotFound."""
    return _of(_row_in(tx, ctx, id))


def delete_in(tx: Tx, ctx: Context, id: str) -> None:
    """Removes one. Raises NotFound."""
    row = _row_in(tx, ctx, id)
    tx.run(delete(table).where(table.c.number == row["number"]))
    gone = _of(row)
    audit.record(tx, ctx, "Deleted", _message(gone, "was deleted"), [gone.id], before=gone)


def list_in(tx: Tx, ctx: Context, query: BuildInformationQuery) -> Page[BuildInformation]:
    """By package, the newest version first."""
    place = func.row_number().over(
        partition_by=table.c.package_folded, order_by=(table.c.version_key.desc(), table.c.number.desc())
    )
    inner = select(table, place.label("place")).where(table.c.space == ctx.space, *_filters(query)).subquery()
    where = [inner.c.place == 1] if query.latest else []
    total = int(tx.scalar(select(func.count()).select_from(inner).where(*where)))
    order = (inner.c.package_folded, inner.c.version_key.desc(), inner.c.number.desc())
    wanted = select(inner).where(*where).order_by(*order).offset(query.skip).limit(query.take)
    return Page([_of(row) for row in tx.all(wanted)], total, query.paging)


def for_packages_in(
    tx: Tx, space: str, packages: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], BuildInformation]:
    """Build information of packages by id and version, as they were asked for; without links. Those without any are left out."""
    asked = {(folded(id), folded(version)): (id, version) for id, version in packages}
    found: dict[tuple[str, str], BuildInformation] = {}
    keys = list(asked)
    for at in range(0, len(keys), _AT_ONCE):
        pairs = [
            and_(table.c.package_folded == id, table.c.version_folded == version)
            for id, version in keys[at : at + _AT_ONCE]
        ]
        for row in tx.all(select(table).where(table.c.space == space, or_(*pairs))):
            found[asked[row["package_folded"], row["version_folded"]]] = _of(row)
    return found


def _filters(query: BuildInformationQuery) -> Iterable[ColumnElement[bool]]:
    if query.package_id:
        yield table.c.package_folded == folded(query.package_id)
    for text in filter(None, (query.filter, query.partial_name)):
        yield table.c.package_folded.contains(folded(text), autoescape=True)
    if query.ids:
        yield table.c.number.in_([number for id in query.ids if (number := _number(id)) is not None])


def _same(space: str, package_id: str, version: str) -> ColumnElement[bool]:
    return and_(
        table.c.space == space,
        table.c.package_folded == folded(package_id),
        table.c.version_folded == folded(version),
    )


def _row_in(tx: Tx, ctx: Context, id: str) -> Mapping[Any, Any]:
    number = _number(id)
    row = None if number is None else tx.one(select(table).where(table.c.number == number))
    if row is None or row["space"] != ctx.space:
        raise NotFound(id)
    return row


def _number(id: str) -> int | None:
    digits = id[len(PREFIX) :]
    if id[: len(PREFIX)].lower() != PREFIX.lower() or not digits.isdecimal() or len(digits) > 18:
        return None
    return int(digits)


def _of(row: Mapping[Any, Any]) -> BuildInformation:
    return flattened(
        f"{PREFIX}{row['number']}",
        row["package_id"],
        row["version"],
        _decoder.decode(row["body"]),
        moment_of(row["created"]),
        {},
    )


def _message(one: BuildInformation, what: str) -> str:
    return f"Build information of {audit.mention(one.id, f'{one.package_id} {one.version}')} {what}"
