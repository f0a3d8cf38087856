"""Uploads: whatever the form looks like, the files arrive whole, or nothing does."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import errno
import hashlib
import os
import threading
import tracemalloc
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect, Request

from gurita.http.incoming import BLOCK, NoRoom
from gurita.http.uploads import Form, receive
from gurita.kernel.errors import Invalid, TooLarge

BOUNDARY = "-----x"


def part(name: str, content: bytes, file_name: str | None = None, *more: str) -> bytes:
    named = "" if file_name is None else f'; filename="{file_name}"'
    head = [f'Content-Disposition: form-data; name="{name}"{named}', *more]
    return b"--" + BOUNDARY.encode() + b"\r\n" + "\r\n".join(head).encode() + b"\r\n\r\n" + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--" + BOUNDARY.encode() + b"--\r\n"


def request(chunks: Iterable[bytes], *, cut: bool = False, **headers: str) -> Request:
    given_headers = {"content_type": f"multipart/form-data; boundary={BOUNDARY}", **headers}
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in given_headers.items()]
    left = iter(chunks)

    async def receive_next() -> dict[str, Any]:
        chunk = next(left, None)
        if chunk is None and cut:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    return Request({"type": "http", "method": "POST", "path": "/", "headers": pairs}, receive_next)


def received(folder: Path, chunks: Iterable[bytes], limit: int | None = None, **options: Any) -> Form:
    return asyncio.run(receive(request(chunks, **options), folder, limit))


def pieces(whole: bytes, size: int) -> list[bytes]:
    return [whole[at : at + size] for at in range(0, len(whole), size)]


@settings(max_examples=40, deadline=None)
@given(
    contents=st.lists(st.binary(max_size=300) | st.just(b"\r\n--" + BOUNDARY[:-1].encode()), max_size=4),
    size=st.integers(1, 400),
)
def test_files_arrive_whole_however_the_body_is_cut(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], size: int
) -> None:
    folder = tmp_path_factory.mktemp("incoming")
    body = form(*(part(f"f{n}", each, f"n{n}.zip") for n, each in enumerate(contents)), part("note", b"hi"))
    found = received(folder, pieces(body, size))
    assert found.fields == {"note": "hi"}
    assert [each.path.read_bytes() for each in found.files] == contents
    for number, (upload, content) in enumerate(zip(found.files, contents, strict=True)):
        assert (upload.field, upload.file_name, upload.size) == (f"f{number}", f"n{number}.zip", len(content))
        assert upload.sha256 == hashlib.sha256(content).hexdigest()
        assert upload.sha1 == hashlib.sha1(content, usedforsecurity=False).hexdigest()
    with found:
        pass
    assert not list(folder.iterdir())


def test_a_plain_body_is_one_file(tmp_path: Path) -> None:
    found = received(tmp_path, [b"abc", b"def"], content_type="application/octet-stream")
    assert [(each.file_name, each.path.read_bytes()) for each in found.files] == [("", b"abcdef")]
    disposition = 'attachment; filename="a.1.0.0.zip"'
    named = received(tmp_path, [b"x"], content_type="application/zip", content_disposition=disposition)
    assert named.files[0].file_name == "a.1.0.0.zip"


def test_what_was_moved_away_stays_and_the_rest_goes(tmp_path: Path) -> None:
    with received(tmp_path, [form(part("a", b"1", "a"), part("b", b"2", "b"))]) as found:
        kept = found.files[0].path.rename(tmp_path / "kept")
    assert list(tmp_path.iterdir()) == [kept]


@pytest.mark.parametrize("at", [1, 40, 90, 3 * BLOCK, -1])
def test_a_body_that_ends_too_early_leaves_nothing(tmp_path: Path, at: int) -> None:
    whole = form(part("a", b"1", "first.zip"), part("b", os.urandom(4 * BLOCK), "second.zip"))
    body = whole[: len(whole) - 10] if at < 0 else whole[:at]
    with pytest.raises(ClientDisconnect):
        received(tmp_path, pieces(body, 65536), cut=True)
    assert not list(tmp_path.iterdir())
    with pytest.raises(Invalid, match="no multipart form"):
        received(tmp_path, pieces(body, 65536))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "header",
    ["Content-MD5: {md5}", "Content-Digest: sha-256=:{sha256}:", "content-digest: sha-512=:{sha512}:"],
)
def test_a_hash_that_was_said_is_looked_at(tmp_path: Path, header: str) -> None:
    content = b"the bytes"
    said = {
        name: base64.b64encode(hashlib.new(name, content).digest()).decode()
        for name in ("md5", "sha256", "sha512")
    }
    good = form(part("a", content, "a.1.0.0.zip", header.format(**said)))
    with received(tmp_path, [good]) as found:
        assert found.files[0].size == len(content)
    with pytest.raises(Invalid, match=r"a.1.0.0.zip: its \w+ is .* damaged on its way"):
        received(tmp_path, [good.replace(b"the bytes", b"The bytes")])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "header", ["Content-MD5: ???", "Content-Digest: sha-256=abc", "Content-Digest: sha-256=:%%:"]
)
def test_a_hash_that_cannot_be_read_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(Invalid, match="Content-"):
        received(tmp_path, [form(part("a", b"x", "a.zip", header))])
    assert not list(tmp_path.iterdir())


def test_too_much_is_refused_with_everything_before_it(tmp_path: Path) -> None:
    body = form(part("a", b"1" * 600, "a"), part("b", b"2" * 600, "b"))
    with pytest.raises(TooLarge, match="1,000 bytes"):
        received(tmp_path, [body], 1000)
    assert not list(tmp_path.iterdir())
    assert len(received(tmp_path, [body], 1200).files) == 2


def test_a_body_without_a_boundary_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="boundary"):
        received(tmp_path, [b"x"], content_type="multipart/form-data")


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, left = os.write, [3 * BLOCK]

    def write(handle: int, data: Any) -> int:
        if len(data) > left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] -= len(data)
        return real(handle, data)

    monkeypatch.setattr("gurita.http.incoming.os.write", write)
    with pytest.raises(NoRoom, match="no space left"):
        received(tmp_path, pieces(form(part("a", b"x" * 8 * BLOCK, "a.zip")), 65536))
    assert not list(tmp_path.iterdir())


def test_a_request_that_is_cancelled_while_a_thread_writes_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, real = threading.Event(), threading.Event(), os.write

    def write(handle: int, data: Any) -> int:
        begun.set()
        assert go_on.wait(90)
        return real(handle, data)

    async def body() -> AsyncIterator[dict[str, Any]]:
        for piece in pieces(form(part("a", b"x" * 4 * BLOCK, "a.zip")), 65536):
            yield {"type": "http.request", "body": piece, "more_body": True}

    async def run() -> None:
        messages = body()
        asked = request([])
        asked._receive = messages.__anext__
        task = asyncio.create_task(receive(asked, tmp_path))
        await asyncio.to_thread(begun.wait, 90)
        assert begun.is_set()
        task.cancel()
        threading.Timer(0.05, go_on.set).start()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    monkeypatch.setattr("gurita.http.incoming.os.write", write)
    asyncio.run(run())
    assert not list(tmp_path.iterdir())


def test_memory_holds_two_blocks_whatever_the_size(tmp_path: Path) -> None:
    piece = os.urandom(65536)

    def chunks() -> Iterable[bytes]:
        yield part("a", b"", "a.zip")[:-2]
        for _ in range(64 * BLOCK // len(piece)):
            yield piece
        yield b"\r\n" + form()

    tracemalloc.start()
    try:
        with received(tmp_path, chunks()) as found:
            assert found.files[0].size == 64 * BLOCK
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * BLOCK
