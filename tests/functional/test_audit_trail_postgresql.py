"""The chain on PostgreSQL: two writers, transactions that end out of order, hands in the database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest

from gurita.audit.trail.archiving import archive
from gurita.audit.trail.chain import CONTENT
from gurita.audit.trail.keeper import Keeper
from gurita.audit.trail.offline import Outside, verify_file
from gurita.audit.trail.streaming import Streamer
from gurita.http.context import Context, system_viewer
from gurita.store.blobs import Blobs
from tests.looping import in_loop
from tests.unit.audit.trails import Trail, trail

pytestmark = pytest.mark.needs("postgresql")


@in_loop
async def test_two_nodes_that_write_and_seal_at_once_make_one_chain(
    tmp_path: Path, postgres_url: str
) -> None:
    (tmp_path / "b").mkdir()
    key = {"GURITA_ROOT_KEY": "11" * 32}
    from gurita.secrets.keys import open_secrets

    async with (
        trail(tmp_path, postgres_url, secrets=open_secrets(tmp_path, dict(key))) as one,
        trail(tmp_path / "b", postgres_url, secrets=open_secrets(tmp_path, dict(key))) as two,
    ):
        done = asyncio.Event()

        async def writes(made: Trail, name: str) -> list[int]:
            numbers: list[int] = []
            for n in range(40):
                numbers += await made.write(*(f"{name} {n}.{m}" for m in range(3)))
            return numbers

        async def seals(made: Trail) -> None:
            while not done.is_set():
                await made.keeper.seal()

        sealing = [asyncio.create_task(seals(made)) for made in (one, two)]
        written = await asyncio.gather(writes(one, "a"), writes(two, "b"), writes(one, "c"))
        done.set()
        await asyncio.gather(*sealing)
        await one.keeper.seal()
        result = one.verified()
        assert result.findings == [] and result.unsealed == 0
        assert all(number in result.sealed for each in written for number in each)
        assert two.verified().good


@in_loop
async def test_an_event_committed_after_higher_ones_were_sealed_is_sealed_later(
    tmp_path: Path, postgres_url: str
) -> None:
    async with trail(tmp_path, postgres_url) as made:
        await made.write("before")
        names = ", ".join(CONTENT)
        late = f"INSERT INTO event ({names}, hash) SELECT {names}, hash FROM event ORDER BY number DESC LIMIT 1 RETURNING number"
        with psycopg.connect(postgres_url) as slow:
            row = slow.execute(late.encode()).fetchone()
            assert row is not None
            await made.write("after")
            await made.keeper.seal()
            assert row[0] not in made.verified().sealed
            assert made.verified().good
            slow.commit()
        assert (made.verified().findings, made.verified().unsealed) == ([], 1)
        await made.keeper.seal()
        assert row[0] in made.verified().sealed and made.verified().unsealed == 0


@in_loop
async def test_what_was_altered_is_named_here_too(tmp_path: Path, postgres_url: str) -> None:
    async with trail(tmp_path, postgres_url) as made:
        a, b, c, *_ = await made.write(*"abcdef")
        await made.keeper.seal()
        await made.alter(f"UPDATE event SET message = 'x' WHERE number = {a}")
        await made.alter(f"DELETE FROM event WHERE number = {b}")
        await made.alter(
            f"UPDATE event SET number = -1 WHERE number = {c}", f"UPDATE event SET number = {c} WHERE number = {c + 1}",
            f"UPDATE event SET number = {c + 1} WHERE number = -1",
        )  # fmt: skip
        assert made.named() == [
            ("altered", f"Events-{a}"), ("missing", f"Events-{b}"),
            ("reordered", f"Events-{c}"), ("reordered", f"Events-{c + 1}"),
        ]  # fmt: skip


@in_loop
async def test_a_node_that_was_slower_leaves_the_seal_to_the_other(tmp_path: Path, postgres_url: str) -> None:
    async with trail(tmp_path, postgres_url) as made:
        other = Keeper(Context(made.gurita.services, system_viewer(), ""), tmp_path)
        await other.begin()
        await made.write("a")
        heads = await asyncio.gather(made.keeper.seal(), other.seal())
        assert sum(head is not None for head in heads) == 1
        assert made.verified().good


@in_loop
async def test_archives_and_the_stream_work_here_too(tmp_path: Path, postgres_url: str) -> None:
    async with trail(tmp_path, postgres_url, blobs=Blobs.open(tmp_path / "blobs")) as made:
        await made.write(*"abc")
        await made.keeper.seal()
        await made.gurita.put(
            "audit-stream", {"IsEnabled": True, "FileName": "t.jsonl", "FromBeginning": True}
        )
        await made.gurita.put("eventretentionconfiguration", {"EventRetentionDays": 1})
        await made.keeper.seal()
        system = Context(made.gurita.services, system_viewer(), "")
        tomorrow = made.gurita.services.milliseconds() + 2 * 86_400_000
        assert await archive(system, tomorrow) == 0, "what was not delivered stays"
        streamer = Streamer(system, tmp_path)
        while await streamer.step():
            pass
        assert await archive(system, tomorrow) == 1
        await made.write("d")
        await made.keeper.seal()
        assert made.named(blobs=tmp_path / "blobs") == []
        assert verify_file(tmp_path / "audit" / "t.jsonl", Outside()).good
        (kept,) = (await made.gurita.get("events/archives"))["Items"]
        await made.gurita.delete(f"events/archives/{kept['Id']}")
        assert made.named() == []
