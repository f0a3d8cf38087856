"""Blobs: content by its hash, whole or not at all."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from obstore.store import MemoryStore

from gurita.kernel.errors import NotFound
from gurita.store import blobs as module
from gurita.store.blobs import Blobs
from gurita.store.errors import NoSpace
from tests.looping import in_loop


def made(kind: str, folder: Path) -> Blobs:
    if kind == "folder":
        return Blobs.open(folder / "blobs")
    folder.mkdir(exist_ok=True)
    return Blobs(MemoryStore(), folder, None)


@pytest.fixture(params=["folder", "object store"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return made(request.param, tmp_path)


async def parts(*given: bytes) -> AsyncIterator[bytes]:
    for part in given:
        yield part


@in_loop
async def test_content_comes_back_by_its_hash_whole_and_in_ranges(blobs: Blobs) -> None:
    data = os.urandom(100_000)
    key = await blobs.put(data)
    assert key == hashlib.sha256(data).hexdigest()
    assert await blobs.put(parts(data[:7], b"", data[7:])) == key
    assert await blobs.size(key) == len(data)
    for start, length in ((0, 10), (99_990, 10), (99_990, 100), (50, 0), (0, 100_000)):
        assert await blobs.get_range(key, start, length) == data[start : start + length]
    assert await blobs.get_range(key, 100_000, 5) == b""
    assert await blobs.get_range(key, 200_000, 5) == b""
    assert b"".join([part async for part in blobs.stream(key, 5)]) == data[5:]


@in_loop
async def test_what_is_not_there_is_not_found_and_may_be_deleted(blobs: Blobs) -> None:
    for key in ("0" * 64, "../../etc/passwd", "", "A" * 64):
        with pytest.raises(NotFound):
            await blobs.size(key)
        with pytest.raises(NotFound):
            await blobs.get_range(key, 0, 1)
        await blobs.delete(key)
    key = await blobs.put(b"short-lived")
    await blobs.delete(key)
    with pytest.raises(NotFound):
        await blobs.size(key)


@in_loop
async def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    blobs = Blobs.open(tmp_path)

    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await blobs.put(broken())
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


@in_loop
async def test_a_full_disk_says_so_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "_sync", full)
    blobs = Blobs.open(tmp_path)
    with pytest.raises(NoSpace, match="no space left"):
        await blobs.put(b"x")
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_only_uploads_long_dead_are_swept_away(tmp_path: Path) -> None:
    Blobs.open(tmp_path)
    old, fresh = tmp_path / "incoming/old", tmp_path / "incoming/fresh"
    for file in (old, fresh):
        file.write_text("x")
    os.utime(old, (0, 0))
    Blobs.open(tmp_path)
    assert not old.exists()
    assert fresh.exists()


@in_loop
async def test_many_at_once_store_the_same_content_once(tmp_path: Path) -> None:
    blobs = Blobs.open(tmp_path)
    keys = await asyncio.gather(*(blobs.put(b"same") for _ in range(20)))
    assert len(set(keys)) == 1
    assert len([file for file in tmp_path.rglob("*") if file.is_file()]) == 1


@given(data=st.binary(max_size=300), start=st.integers(0, 400), length=st.integers(0, 400))
def test_a_range_is_what_slicing_gives(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, start: int, length: int
) -> None:
    async def run(kind: str) -> None:
        blobs = made(kind, tmp_path_factory.getbasetemp() / "ranges")
        key = await blobs.put(data)
        assert await blobs.get_range(key, start, length) == data[start : start + length]

    for kind in ("folder", "object store"):
        asyncio.run(run(kind))
