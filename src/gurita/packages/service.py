"""What others ask the built-in repository: which versions there are, and which of them releases use."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, func, insert, select

from gurita.kernel.ids import folded
from gurita.kernel.paging import Page, Paging
from gurita.packages.delta_cache import Delta, delta_between
from gurita.packages.records import PackageRow, package, release_package, row_of

if TYPE_CHECKING:
    from gurita.store.tx import Tx

__all__ = [
    "Delta",
    "PackageRow",
    "count_in",
    "delta_between",
    "find_in",
    "forget_release_in",
    "note_release_in",
    "of_releases_in",
    "releases_using",
    "search_in",
    "versions_in",
    "versions_of_in",
]


def find_in(tx: Tx, space: str, package_id: str, version: str) -> PackageRow | None:
    """A version of a package, in whatever case it is asked for; None if it was not pushed."""
    wanted = select(package).where(
        package.c.space == space,
        package.c.package_folded == folded(package_id),
        package.c.version_folded == folded(version),
    )
    row = tx.one(wanted)
    return None if row is None else row_of(row)


def versions_in(
    tx: Tx,
    space: str,
    package_id: str,
    *,
    take: int | None = None,
    include_pre_release: bool = True,
    extension: str = "",
) -> list[PackageRow]:
    """The versions of a package, the highest first; of all kinds of files or of one."""
    wanted = _versions(space, [folded(package_id)], include_pre_release, extension).limit(take)
    return [row_of(row) for row in tx.all(wanted)]


def versions_of_in(
    tx: Tx,
    space: str,
    package_ids: Collection[str],
    *,
    include_pre_release: bool = True,
    extension: str = "",
) -> list[list[PackageRow]]:
    """As `versions_in` of each of some packages, in their order, by one statement."""
    found: dict[str, list[PackageRow]] = {folded(id): [] for id in package_ids}
    wanted = _versions(space, found, include_pre_release, extension)
    if found:
        for row in tx.all(wanted):
            found[row["package_folded"]].append(row_of(row))
    return [found[folded(id)] for id in package_ids]


def _versions(space: str, ids: Iterable[str], include_pre_release: bool, extension: str) -> Select[Any]:
    wanted = select(package).where(package.c.space == space, package.c.package_folded.in_(list(ids)))
    if not include_pre_release:
        wanted = wanted.where(package.c.is_pre_release.is_(False))
    if extension:
        wanted = wanted.where(func.lower(package.c.extension) == extension)
    return wanted.order_by(package.c.version_key.desc(), package.c.number.desc())


def search_in(
    tx: Tx,
    space: str,
    term: str,
    skip: int,
    take: int,
    *,
    include_pre_release: bool = True,
    extension: str = "",
) -> Page[PackageRow]:
    """The highest version of every package whose id holds `term`, by id; of all kinds of files or of one."""
    place = func.row_number().over(
        partition_by=package.c.package_folded,
        order_by=(package.c.version_key.desc(), package.c.number.desc()),
    )
    inner = select(package, place.label("place")).where(package.c.space == space)
    if text := folded(term):
        inner = inner.where(package.c.package_folded.contains(text, autoescape=True))
    if not include_pre_release:
        inner = inner.where(package.c.is_pre_release.is_(False))
    if extension:
        inner = inner.where(func.lower(package.c.extension) == extension)
    newest = inner.subquery()
    total = int(tx.scalar(select(func.count()).select_from(newest).where(newest.c.place == 1)))
    wanted = select(newest).where(newest.c.place == 1).order_by(newest.c.package_folded)
    rows = tx.all(wanted.offset(skip).limit(take))
    return Page([row_of(row) for row in rows], total, Paging(skip, take))


def count_in(tx: Tx, space: str) -> int:
    """How many versions the space's repository holds."""
    return int(tx.scalar(select(func.count()).select_from(package).where(package.c.space == space)))


def note_release_in(tx: Tx, space: str, release_id: str, packages: Iterable[tuple[str, str]]) -> None:
    """Keeps which package versions a release selected, instead of what was kept of it before."""
    forget_release_in(tx, space, release_id)
    for package_folded, version_folded in {(folded(id), folded(version)) for id, version in packages}:
        tx.run(
            insert(release_package).values(
                space=space,
                release=release_id,
                package_folded=package_folded,
                version_folded=version_folded,
            )
        )


def of_releases_in(tx: Tx, space: str, releases: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Which package versions each of the releases selected: ids and versions, folded."""
    found: dict[str, list[tuple[str, str]]] = {}
    mine = (release_package.c.space == space) & release_package.c.release.in_(releases)
    wanted = select(release_package).where(mine)
    wanted = wanted.order_by(release_package.c.package_folded, release_package.c.version_folded)
    for row in tx.all(wanted) if releases else ():
        found.setdefault(row["release"], []).append((row["package_folded"], row["version_folded"]))
    return found


def releases_using(space: str, package_id: str, version: str) -> Select[tuple[str]]:
    """The statement for the ids of the releases that selected a version, in whatever case it is asked for."""
    return select(release_package.c.release).where(
        release_package.c.space == space,
        release_package.c.package_folded == folded(package_id),
        release_package.c.version_folded == folded(version),
    )


def forget_release_in(tx: Tx, space: str, release_id: str) -> None:
    """The release is gone, or about to go in this unit."""
    mine = (release_package.c.space == space) & (release_package.c.release == release_id)
    tx.run(delete(release_package).where(mine))
