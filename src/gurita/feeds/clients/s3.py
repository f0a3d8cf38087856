"""Packages in S3 buckets, named `bucket/folder/Package.1.2.3.zip`; the package's id is `bucket/folder/Package`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from gurita.feeds.clients.types import FeedVersion, FoundPackage, Place, Source, UnknownPackage
from gurita.feeds.clients.web import LARGEST_FILE, Web
from gurita.formats.package_names import PackageNameError, read_file_name
from gurita.kernel.clock import iso
from gurita.outbound.client import Ask, Outbound
from gurita.outbound.errors import NotLetIn, Rejected, Unreachable
from gurita.secrets.opening import reveal

if TYPE_CHECKING:
    from obstore.store import RetryConfig

__all__ = ["S3Client"]

_MOST = 50_000
_SIGNED = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class _Object:
    key: str
    id: str
    version: str
    extension: str
    size: int
    modified: str


class S3Client:
    """All buckets one key may read. An address other than Amazon's is the feed's `FeedUri`."""

    def __init__(self, outbound: Outbound, source: Source) -> None:
        self._source = source
        self._web = Web(outbound, source)

    async def ping(self) -> None:
        """A key may be good for one bucket only, so only the address can be tried without a bucket's name."""
        if self._source.uri:
            await self._web.get(f"{self._source.uri}/", also=frozenset({400, 403, 404, 405}))

    async def search(self, term: str, skip: int, take: int) -> tuple[list[FoundPackage], int]:
        """Packages in the bucket the term names first: `bucket`, `bucket/part-of-a-name`."""
        bucket, _, part = term.strip().partition("/")
        if not bucket:
            return [], 0
        newest = {
            each.id: each for each in await self._objects(bucket, "") if part.lower() in each.id.lower()
        }
        ids = sorted(newest)
        return [FoundPackage(f"{bucket}/{id}") for id in ids[skip : skip + take]], len(ids)

    async def versions(self, package_id: str) -> list[FeedVersion]:
        return [FeedVersion(o.version, o.modified, size=o.size) for o in await self._of(package_id)]

    async def notes(self, package_id: str, version: str) -> str:
        return ""

    async def place(self, package_id: str, version: str) -> Place:
        for found in await self._of(package_id):
            if found.version == version:
                store = await self._store(package_id.partition("/")[0])
                url = await asyncio.to_thread(obstore.sign, store, "GET", found.key, _SIGNED)
                return Place(Ask(url, most=LARGEST_FILE), found.extension, size=found.size)
        raise UnknownPackage(f"The bucket has no file of version {version} of '{package_id}'.")

    def changes(self, version: str) -> bool:
        return False

    async def _of(self, package_id: str) -> list[_Object]:
        bucket, slash, id = package_id.partition("/")
        if not slash or not id:
            raise UnknownPackage(
                f"'{package_id}' names no bucket. Write bucket/package or bucket/folder/package."
            )
        found = [each for each in await self._objects(bucket, id) if each.id.lower() == id.lower()]
        if not found:
            raise UnknownPackage(f"The bucket '{bucket}' has no file of '{id}', such as {id}.1.0.0.zip.")
        return found

    async def _objects(self, bucket: str, prefix: str) -> list[_Object]:
        """The packages in the folder of `prefix`. Raises OutboundError."""
        store = await self._store(bucket)
        folder = prefix.rpartition("/")[0]
        try:
            listed = await obstore.list(store, prefix=folder or None, chunk_size=1000).collect_async()
        except (BaseError, ValueError) as error:
            raise _told(error, self._source.uri) from None
        names = [
            each
            for each in listed[:_MOST]
            if not prefix or str(each["path"]).lower().startswith(prefix.lower())
        ]
        return list(_packages(names))

    async def _store(self, bucket: str) -> Any:
        """obstore speaks to the address itself, so it is checked here first. Raises AddressRefused."""
        source = self._source
        options: dict[str, Any] = {"region": source.region or "us-east-1"}
        if source.uri:
            await self._web.check()
            options |= {"endpoint": source.uri, "virtual_hosted_style_request": False}
            options["client_options"] = {"allow_http": urlsplit(source.uri).scheme == "http"}
        if not source.use_machine_credentials and source.secret_key is not None:
            options |= {
                "access_key_id": source.access_key,
                "secret_access_key": reveal(source.secret_key),
            }
        retry: RetryConfig = {"max_retries": 1, "retry_timeout": timedelta(seconds=30)}
        return S3Store(bucket, retry_config=retry, **options)


def _packages(listed: list[Any]) -> Iterator[_Object]:
    for each in listed:
        folder, slash, name = str(each["path"]).rpartition("/")
        try:
            read = read_file_name(name)
        except PackageNameError:
            continue
        modified = iso(each["last_modified"])
        yield _Object(
            str(each["path"]),
            f"{folder}{slash}{read.id}",
            read.version,
            read.extension,
            each["size"],
            modified,
        )


def _told(error: Exception, url: str) -> Exception:
    """What S3 said, in words; the library's own text may hold signed addresses."""
    text = str(error)
    if (
        "PermissionDenied" in type(error).__name__
        or "403" in text
        or "Unauthenticated" in type(error).__name__
    ):
        return NotLetIn("S3 does not let this key in.", url, status=403)
    if "NoSuchBucket" in text or "NotFound" in type(error).__name__ or "404" in text:
        return UnknownPackage("S3 has no such bucket.")
    if isinstance(error, ValueError):
        return Rejected("This is no name of a bucket.", url)
    return Unreachable("S3 could not be asked.", url)
