from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from gurita.audit.records import event
from gurita.audit.trail.chain import CONTENT, Head, content_hash, linked, row_hash, signed
from gurita.audit.trail.head_file import FILE, newest
from gurita.audit.trail.records import audit_seal
from gurita.audit.trail.sealing import last_head_in
from tests.looping import in_loop
from tests.unit.audit.trails import Trail, trail


async def filled(made: Trail) -> list[int]:
    """Nine events in three seals."""
    numbers: list[int] = []
    for seal in range(3):
        numbers += await made.write(*(f"{seal}.{n}" for n in range(3)))
        await made.keeper.seal()
    return numbers


@in_loop
async def test_a_trail_nobody_touched_is_as_it_was_written(tmp_path: Path) -> None:
    async with trail(tmp_path) as made:
        numbers = await filled(made)
        result = made.verified()
        assert result.findings == []
        assert result.head is not None and result.head.count == numbers[-1]
        assert result.head == newest(tmp_path)
        await made.write("not sealed")
        assert (made.verified().good, made.verified().unsealed) == (True, 1)


COLUMNS = [
    ("message", "'other'"), ("username", "'other'"), ("user_id", "'other'"), ("category", "'Deleted'"), ("space", "'other'"),
    ("occurred", "occurred + 1"), ("is_service", "0"), ("ip", "'1.2.3.4'"), ("user_agent", "'x'"), ("changes", "'{}'"),
    ("established_with", "'x'"), ("mentions", "'[ ]'"), ("related", "'[]'"), ("document_type", "'x'"), ("hash", "'00'"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value"), COLUMNS)
@in_loop
async def test_a_changed_column_is_named(tmp_path: Path, column: str, value: str) -> None:
    async with trail(tmp_path) as made:
        numbers = await filled(made)
        await made.alter(f"UPDATE event SET {column} = {value} WHERE number = {numbers[4]}")
        assert made.named() == [("altered", f"Events-{numbers[4]}")]


@in_loop
async def test_a_changed_row_with_its_hash_made_anew_is_named(tmp_path: Path) -> None:
    async with trail(tmp_path) as made:
        numbers = await filled(made)
        await made.alter(f"UPDATE event SET message = 'other' WHERE number = {numbers[4]}")
        await rehash(made, numbers[4])
        assert made.named() == [("altered", f"Events-{numbers[4]}")]


async def rehash(made: Trail, number: int) -> str:
    row = await made.gurita.store.read(lambda tx: tx.one(select(event).where(event.c.number == number)))
    assert row is not None
    found = row_hash(dict(row))
    await made.alter(f"UPDATE event SET hash = '{found}' WHERE number = {number}")
    return found


def copied(source: int, number: int) -> list[str]:
    """SQL that puts a copy of an event under another number."""
    names = ", ".join((*CONTENT, "hash"))
    return [
        f"INSERT INTO event (number, {names}) SELECT {number}, {names} FROM event WHERE number = {source}"
    ]


@in_loop
async def test_removed_inserted_and_swapped_rows_are_named(tmp_path: Path) -> None:
    async with trail(tmp_path) as made:
        numbers = await filled(made)
        a, b, c = numbers[1], numbers[4], numbers[7]
        await made.alter(f"DELETE FROM event WHERE number = {a}")
        assert made.named() == [("missing", f"Events-{a}")]
        await made.alter(*copied(b, a))
        assert made.named() == [("altered", f"Events-{a}")]
        await made.alter(f"DELETE FROM event WHERE number = {a}")
        await made.alter(f"UPDATE event SET number = {-b} WHERE number = {b}")
        await made.alter(f"UPDATE event SET number = {b} WHERE number = {c}")
        await made.alter(f"UPDATE event SET number = {c} WHERE number = {-b}")
        assert made.named()[0] == ("missing", f"Events-{a}")
        assert {about for kind, about in made.named()[1:]} == {f"Events-{b}", f"Events-{c}"}


@in_loop
async def test_two_swapped_rows_of_one_seal_are_called_reordered(tmp_path: Path) -> None:
    async with trail(tmp_path) as made:
        a, b, *_ = await filled(made)
        await made.alter(f"UPDATE event SET number = {-a} WHERE number = {a}")
        await made.alter(f"UPDATE event SET number = {a} WHERE number = {b}")
        await made.alter(f"UPDATE event SET number = {b} WHERE number = {-a}")
        assert made.named() == [("reordered", f"Events-{a}"), ("reordered", f"Events-{b}")]


@in_loop
async def test_a_row_with_a_number_no_seal_has_was_inserted(tmp_path: Path) -> None:
    async with trail(tmp_path) as made:
        numbers = await filled(made)
        await made.alter(*copied(numbers[0], -5))
        assert made.named() == [("inserted", "Events--5")]


@in_loop
async def test_a_row_removed_before_it_was_sealed_leaves_a_hole_that_is_named(tmp_path: Path) -> None:
    async with trail(tmp_path) as made:
        await filled(made)
        _, lost, _ = await made.write("a", "b", "c")
        await made.alter(f"DELETE FROM event WHERE number = {lost}")
        await made.keeper.seal()
        assert made.named() == [("missing", f"Events-{lost}")]


@in_loop
async def test_a_row_changed_before_it_was_sealed_is_named(tmp_path: Path) -> None:
    async with trail(tmp_path) as made:
        await filled(made)
        (number,) = await made.write("true")
        await made.alter(f"UPDATE event SET message = 'false' WHERE number = {number}")
        assert made.named() == [("altered", f"Events-{number}")]
        await made.keeper.seal()
        assert made.named() == [("altered", f"Events-{number}")]


@in_loop
async def test_a_removed_seal_and_an_altered_one_are_named(tmp_path: Path) -> None:
    async with trail(tmp_path) as made:
        numbers = await filled(made)
        last = await made.gurita.store.read(lambda tx: last_head_in(tx, ""))
        assert last is not None
        middle = last.seal - 1
        await made.alter(f"DELETE FROM audit_seal WHERE seal = {middle}")
        found = made.named()
        assert found[0] == ("missing", f"seal {middle}")
        assert {each for each in found[1:] if each[0] == "inserted"} == {
            ("inserted", f"Events-{n}") for n in numbers[3:6]
        }
        await made.alter(f"UPDATE audit_seal SET count = count + 1 WHERE seal = {last.seal}")
        assert ("forged", f"seal {last.seal}") in made.named()


@in_loop
async def test_a_cut_off_end_shows_by_the_head_outside_and_by_nothing_else(tmp_path: Path) -> None:
    async with trail(tmp_path) as made:
        numbers = await filled(made)
        last = newest(tmp_path)
        assert last is not None
        await made.alter(f"DELETE FROM event WHERE number >= {numbers[6]}")
        await made.alter(f"DELETE FROM audit_seal WHERE seal = {last.seal}")
        assert made.named(alone=True) == []
        assert made.named() == [("truncated", f"seal {last.seal}")]
        assert "3 events more" in made.verified().findings[0].text


@in_loop
async def test_a_head_forged_with_another_key_is_named(tmp_path: Path) -> None:
    async with trail(tmp_path) as made:
        numbers = await filled(made)
        last = newest(tmp_path)
        assert last is not None
        await made.alter(f"UPDATE event SET message = 'other' WHERE number = {numbers[-1]}")
        await forge(made, last, numbers[-3:])
        assert made.named(alone=True) == [("forged", f"seal {last.seal}")]
        assert ("rewritten", f"seal {last.seal}") in made.named()
        pub = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
        await made.alter(f"UPDATE audit_key SET public = '{pub}'")
        assert ("forged", f"seal {last.seal}") in made.named()


async def forge(made: Trail, last: Head, numbers: list[int]) -> None:
    """Whoever holds the database makes a seal anew, consistently, with a key of his own."""
    members = [(number, await rehash(made, number)) for number in numbers]
    row = await made.gurita.store.read(
        lambda tx: tx.one(select(audit_seal).where(audit_seal.c.seal == last.seal - 1))
    )
    assert row is not None
    head = msgspec.structs.replace(last, chain=linked(row["chain"], members))
    head = signed(head, Ed25519PrivateKey.generate())
    await made.alter(
        "UPDATE audit_seal SET chain = :chain, key = :key, signature = :signature, members = :members WHERE seal = :seal",
        chain=head.chain, key=head.key, signature=head.signature, seal=head.seal, members=msgspec.json.encode(members).decode(),
    )  # fmt: skip


@in_loop
async def test_an_older_database_is_found_at_the_next_start_and_by_the_verifier(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    async with trail(tmp_path) as made:
        await filled(made)
    shutil.copy(tmp_path / "gurita.db", tmp_path / "old")
    async with trail(tmp_path) as made:
        await filled(made)
        newer = newest(tmp_path)
    for name in ("gurita.db-wal", "gurita.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "old" / "gurita.db", tmp_path)
    async with trail(tmp_path) as made:
        assert newer is not None
        told = (await made.gurita.get("events?eventCategories=AuditTrailBroken"))["Items"]
        assert f"seal {newer.seal}" in told[0]["Message"]
        assert not (tmp_path / FILE).exists() or newest(tmp_path) != newer
        assert ("truncated", f"seal {made.verified().anchor.seal + 1}") in made.named()


def test_the_hash_covers_every_column() -> None:
    assert {*CONTENT, "number", "hash"} == {column.name for column in event.c}
    base = dict.fromkeys(CONTENT, "")
    assert len({content_hash({**base, name: "x"}) for name in CONTENT}) == len(CONTENT)
