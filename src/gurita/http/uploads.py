"""Uploads: files of a request streamed to a folder, hashed on the way, whatever they are called and however many.

    with await receive(call.request, blobs.incoming) as form:
        for upload in form.files: ...       # what is not moved away is removed at the end of the block

The folder lies on the disk the files will stay on, so that keeping one is a rename. Memory holds two blocks, whatever the
size. A request that is refused or cut off leaves no file.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)
from starlette.requests import Request

from gurita.http.bodies import drain
from gurita.http.digests import Digests, expected, wrong
from gurita.http.incoming import Incoming
from gurita.kernel.errors import Invalid, Refused, TooLarge

__all__ = ["MOST_PARTS", "Form", "Upload", "receive"]

MOST_PARTS = 200
"""Files and fields of one request."""

_LONGEST_FIELD = 1 << 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was received whole. Hashes are in hex; `file_name` is what the client said, and not to be trusted."""

    field: str
    file_name: str
    path: Path
    size: int
    sha256: str
    sha1: str


@dataclass(slots=True)
class Form:
    """What a request held. As a context manager it removes the files that were not moved away."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[Upload] = field(default_factory=list)

    def discard(self) -> None:
        """Removes every file that is still where it was received."""
        for each in self.files:
            each.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


async def receive(request: Request, folder: Path, limit: int | None = None) -> Form:
    """The files and fields of a `multipart/form-data` body, or any other body as one file without a field's name.

    `limit` is in bytes, for all files together. A part (or a plain body) may say its hash: `Content-MD5` or
    `Content-Digest` (RFC 9530). Raises Invalid, TooLarge, NoRoom, and ClientDisconnect when it is cut off.
    """
    chunks = request.stream()
    receiving = _Receiving(folder, limit)
    try:
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        if kind.lower().startswith("multipart/"):
            await _parts(receiving, chunks, options.get("boundary", ""))
        else:
            await receiving.begin("", _file_name(request), request.headers)
            async for chunk in chunks:
                await receiving.add(chunk)
            await receiving.end()
    except MultipartError as error:
        receiving.discard()
        await drain(chunks)
        raise Invalid(f"The body is no multipart form: {error}. Nothing of it was kept.") from None
    except Refused:
        receiving.discard()
        await drain(chunks)
        raise
    except BaseException:
        receiving.discard()
        raise
    return receiving.form


async def _parts(receiving: _Receiving, chunks: AsyncIterator[bytes], boundary: str) -> None:
    if not boundary:
        raise Invalid("Content-Type: a multipart body needs a boundary.")
    with PushMultipartParser(boundary, max_segment_size=1 << 62, max_segment_count=MOST_PARTS) as parser:
        async for chunk in chunks:
            if not chunk:
                continue
            for event in parser.parse(chunk):
                if isinstance(event, MultipartSegment):
                    await receiving.begin(event.name, event.filename, dict(event.headerlist))
                elif event is None:
                    await receiving.end()
                else:
                    await receiving.add(bytes(event))


class _Receiving:
    """The form so far, and the part that is arriving."""

    def __init__(self, folder: Path, limit: int | None) -> None:
        self.form = Form()
        self._folder, self._limit, self._size = folder, limit, 0
        self._field, self._file_name = "", ""
        self._plain = bytearray()
        self._file: Incoming | None = None
        self._expected: Digests = {}

    async def begin(self, name: str, file_name: str | None, headers: Mapping[str, str]) -> None:
        self._field, self._file_name = name, file_name or ""
        self._plain = bytearray()
        if file_name is not None:
            self._expected = expected(headers)
            self._file = Incoming(self._folder, self._expected)

    async def add(self, data: bytes) -> None:
        if self._file is None:
            self._plain += data
            if len(self._plain) > _LONGEST_FIELD:
                raise Invalid(f"{self._field}: is a large field without a file name. Send it as a file.")
            return
        self._size += len(data)
        if self._limit is not None and self._size > self._limit:
            raise TooLarge(f"The files are larger than {self._limit:,} bytes.")
        await self._file.add(data)

    async def end(self) -> None:
        if self._file is None:
            self.form.fields[self._field] = self._plain.decode("utf-8", "replace")
            return
        hashes = await self._file.end()
        if problem := wrong(self._expected, hashes):
            raise Invalid(f"{self._file_name or 'The body'}: {problem}")
        file, self._file = self._file, None
        self.form.files.append(
            Upload(self._field, self._file_name, file.path, file.size, hashes["sha256"], hashes["sha1"])
        )

    def discard(self) -> None:
        if self._file is not None:
            self._file.discard()
        self.form.discard()


def _file_name(request: Request) -> str:
    """What a plain body is called, if its Content-Disposition says so."""
    _, options = parse_options_header(request.headers.get("content-disposition", ""))
    return str(options.get("filename", ""))
