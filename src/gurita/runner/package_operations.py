"""The operations on packages of the runner's channel. They need no ticket: a package is the same for everybody."""

from __future__ import annotations

from typing import Any, Callable, Dict

from gurita.runner.members import Members
from gurita.runner.package_cache import PackageCache, Upload
from gurita.runner.package_work import read_package
from gurita.runner.refusals import Refusal

__all__ = ["DELTA", "PackageOperations"]

Header = Dict[str, Any]

DELTA = ".octodelta"
"""The extension that says that an upload is a delta, for `package_apply`, and no package."""


class PackageOperations:
    """Asks and fills the cache below `root`. Raises Refusal. Uploads end with the channel; what they brought stays."""

    def __init__(self, root: str) -> None:
        self._cache = PackageCache(root)
        self._uploads: Dict[int, Upload] = {}
        self._last = 0

    def operations(self) -> "Dict[str, Callable[[Header, bytes], Header]]":
        """By name."""
        return {
            "package_find": self._find,
            "package_bases": self._bases,
            "package_open": self._open,
            "package_apply": self._apply,
            "package_write": self._write,
            "package_close": self._close,
            "package_trim": self._trim,
        }

    def _find(self, request: Header, _payload: bytes) -> Header:
        wanted = [read_package(each) for each in Members("request", request).objects("packages")]
        return {"found": [self._cache.find(package) for package in wanted]}

    def _bases(self, request: Header, _payload: bytes) -> Header:
        """Which of packages, the best first, a delta may be made against: the first that is here; -1 for none."""
        wanted = [read_package(each) for each in Members("request", request).objects("packages")]
        return {"base": next((at for at, package in enumerate(wanted) if self._cache.find(package)), -1)}

    def _apply(self, request: Header, _payload: bytes) -> Header:
        reader = Members("request", request)
        package, base, delta = (read_package(reader.object(name)) for name in ("package", "base", "delta"))
        self._cache.apply(package, base, delta)
        return {"have": True}

    def _open(self, request: Header, _payload: bytes) -> Header:
        reader = Members("request", request)
        package = read_package(reader.object("package"))
        is_delta = package.extension == DELTA
        upload = self._cache.upload_delta(package) if is_delta else self._cache.upload(package)
        if upload is None:
            return {"have": True}
        self._last += 1
        self._uploads[self._last] = upload
        return {"upload": self._last, "offset": upload.offset}

    def _write(self, request: Header, payload: bytes) -> Header:
        reader = Members("request", request)
        number = reader.whole("upload")
        upload = self._named(number)
        try:
            upload.write(reader.whole("offset"), payload)
        except (OSError, Refusal):
            del self._uploads[number]
            upload.drop()
            raise
        return {"offset": upload.offset}

    def _close(self, request: Header, _payload: bytes) -> Header:
        number = Members("request", request).whole("upload")
        upload = self._named(number)
        del self._uploads[number]
        try:
            upload.finish()
        except OSError:
            upload.drop()
            raise
        return {"have": True}

    def _trim(self, request: Header, _payload: bytes) -> Header:
        reader = Members("request", request)
        done = self._cache.trim(
            reader.whole("keep"), reader.seconds("days", 0), reader.seconds("free_percent", 20)
        )
        return dict(done._asdict())

    def _named(self, number: int) -> Upload:
        upload = self._uploads.get(number)
        if upload is None:
            raise Refusal("not-found", f"There is no upload {number} on this channel.")
        return upload
