"""Secrets in the database: bound to their place, unreadable without the key, and rotated under way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from gurita.kernel.errors import NotFound
from gurita.kernel.sensitive import Sensitive
from gurita.secrets import Secrets
from gurita.secrets.errors import SecretDamaged, WrongRootKey
from gurita.secrets.opening import reveal
from gurita.secrets.sealing import Seal, key_id
from gurita.secrets.tables import root_key_check, secret, space_key
from gurita.store.db import Store
from gurita.store.tx import Tx
from tests.looping import in_loop

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
CLEAR = "correct horse battery staple \U0001f40e"
SPACE, TWIN = "Spaces-1", "Spaces-2"


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite:///{folder}/gurita.db")
    try:
        yield store
    finally:
        await store.close()


def kept(secrets: Secrets, text: str = CLEAR, space: str = SPACE) -> Callable[[Tx], str]:
    return lambda tx: secrets.store_in(tx, space, Sensitive(text))


def shown(secrets: Secrets, id: str, space: str = SPACE) -> Callable[[Tx], str]:
    return lambda tx: reveal(secrets.open_in(tx, space, id))


@in_loop
async def test_a_secret_opens_in_its_space_and_is_unknown_in_any_other(tmp_path: Path) -> None:
    secrets = Secrets(KEY)
    async with opened(tmp_path) as store:
        id = await store.write(kept(secrets))
        assert await store.read(shown(secrets, id)) == CLEAR
        assert await store.read(shown(Secrets(KEY), id)) == CLEAR
        system = await store.write(kept(secrets, "of the system", ""))
        assert await store.read(shown(secrets, system, "")) == "of the system"
        for space, wrong in ((TWIN, id), ("", id), (SPACE, system), (SPACE, "secret-0")):
            with pytest.raises(NotFound):
                await store.read(shown(secrets, wrong, space))


@in_loop
async def test_a_ciphertext_that_was_moved_does_not_open(tmp_path: Path) -> None:
    secrets = Secrets(KEY)
    async with opened(tmp_path) as store:
        mine, also_mine = await store.write(kept(secrets)), await store.write(kept(secrets, "another"))
        theirs = await store.write(kept(secrets, "theirs", TWIN))

        def move(tx: Tx, source: str, target: str, space: str = SPACE) -> None:
            row = tx.one(select(secret).where(secret.c.id == source))
            assert row is not None
            changed = {"sealed": row["sealed"], "key_id": row["key_id"], "space_id": space}
            tx.run(update(secret).where(secret.c.id == target).values(changed))

        await store.write(lambda tx: move(tx, mine, also_mine))
        with pytest.raises(SecretDamaged, match="moved"):
            await store.read(shown(secrets, also_mine))
        for reader in (secrets, Secrets(KEY)):
            await store.write(lambda tx: move(tx, mine, theirs, TWIN))
            with pytest.raises(SecretDamaged):
                await store.read(shown(reader, theirs, TWIN))
        await store.write(lambda tx: tx.run(update(secret).where(secret.c.id == mine).values(space_id=TWIN)))
        with pytest.raises(SecretDamaged):
            await store.read(shown(Secrets(KEY), mine, TWIN))


@in_loop
async def test_a_spaces_key_that_was_moved_does_not_open(tmp_path: Path) -> None:
    secrets = Secrets(KEY)
    async with opened(tmp_path) as store:
        await store.write(kept(secrets))
        id = await store.write(kept(secrets, "theirs", TWIN))

        def swap(tx: Tx) -> None:
            row = tx.one(select(space_key).where(space_key.c.space_id == SPACE))
            assert row is not None
            tx.run(update(space_key).where(space_key.c.space_id == TWIN).values(sealed=row["sealed"]))

        await store.write(swap)
        with pytest.raises(WrongRootKey):
            await store.read(shown(Secrets(KEY), id, TWIN))


@in_loop
async def test_no_clear_text_and_no_key_is_in_the_files(tmp_path: Path) -> None:
    secrets = Secrets(KEY)
    async with opened(tmp_path) as store:
        for number in range(20):
            await store.write(kept(secrets, f"{CLEAR} {number}"))
        await store.write(secrets.check_in)
        files = [file.read_bytes() for file in tmp_path.iterdir()]
    files += [file.read_bytes() for file in tmp_path.iterdir()]
    assert any(b"secret-" in data for data in files), "the search looks into the right files"
    for data in files:
        for hidden in (b"correct horse", CLEAR.encode(), KEY, KEY.hex().encode()):
            assert hidden not in data


@in_loop
async def test_another_root_key_is_refused_with_the_way_out(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await store.write(Secrets(KEY).check_in)
        await store.write(Secrets(KEY).check_in)
        with pytest.raises(
            WrongRootKey, match=r"from DATA/root\.key is not the one.*Put the former key back"
        ):
            await store.write(Secrets(OTHER, source="DATA/root.key").check_in)
        id = await store.write(kept(Secrets(KEY)))
        with pytest.raises(WrongRootKey):
            await store.read(shown(Secrets(OTHER), id))
        row = {"root_key_id": key_id(OTHER)}
        await store.write(lambda tx: tx.run(update(root_key_check).values(row)))
        with pytest.raises(WrongRootKey):
            await store.write(Secrets(OTHER).check_in)


@in_loop
async def test_the_root_key_is_rotated_while_secrets_are_in_use(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        old = Secrets(KEY)
        await store.write(old.check_in)
        ids = [await store.write(kept(old, f"value {n}", space)) for n, space in enumerate((SPACE, TWIN))]
        both = Secrets(OTHER, [KEY])
        before = await store.read(lambda tx: tx.all(select(secret)))
        await store.write(both.check_in)
        assert await store.read(shown(both, ids[0])) == "value 0"
        assert await store.write(both.rotate_root_in) == 0
        assert await store.read(lambda tx: tx.all(select(secret))) == before
        new = Secrets(OTHER)
        await store.write(new.check_in)
        assert await store.read(shown(new, ids[1], TWIN)) == "value 1"
        with pytest.raises(WrongRootKey):
            await store.write(Secrets(KEY).check_in)


@in_loop
async def test_the_root_key_changes_node_by_node(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await store.write(Secrets(KEY).check_in)
        ids = [await store.write(kept(Secrets(KEY), "first"))]
        waiting = Secrets(KEY, [OTHER])  # a node that knows the coming key already, and is not restarted yet
        await store.write(waiting.check_in)
        changed = Secrets(OTHER, [KEY])
        await store.write(changed.check_in)
        ids.append(
            await store.write(kept(waiting, "second", TWIN))
        )  # makes a key for a space, under the old root
        assert await store.read(shown(waiting, ids[0])) == "first"
        assert await store.read(shown(changed, ids[1], TWIN)) == "second"
        await store.write(Secrets(OTHER, [KEY]).check_in)
        new = Secrets(OTHER)
        await store.write(new.check_in)
        assert await store.read(shown(new, ids[0])) == "first"
        assert await store.read(shown(new, ids[1], TWIN)) == "second"


@in_loop
async def test_a_spaces_key_is_rotated_in_small_steps_and_the_old_one_goes(tmp_path: Path) -> None:
    secrets = Secrets(KEY)
    async with opened(tmp_path) as store:
        ids = [await store.write(kept(secrets, f"value {n}")) for n in range(7)]
        key = await store.write(lambda tx: secrets.rotate_space_in(tx, SPACE))
        ids.append(await store.write(kept(secrets, "value 7")))
        done = [await store.write(lambda tx: secrets.reseal_in(tx, SPACE, 3)) for _ in range(5)]
        assert done == [3, 3, 1, 0, 0]
        assert await store.read(lambda tx: [row["id"] for row in tx.all(select(space_key))]) == [key]
        for n, id in enumerate(ids):
            assert await store.read(shown(Secrets(KEY), id)) == f"value {n}"


def test_a_machine_that_cannot_encrypt_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Seal, "close", lambda self, clear, place: clear)
    with pytest.raises(RuntimeError, match="self-test failed"):
        Secrets(KEY)


@given(
    clear=st.binary(max_size=200), place=st.text(max_size=20), other=st.text(max_size=20), at=st.integers(0)
)
def test_sealed_text_opens_with_its_key_in_its_place_unchanged(
    clear: bytes, place: str, other: str, at: int
) -> None:
    seal = Seal(KEY)
    sealed = seal.close(clear, place)
    assert seal.open(sealed, place) == clear
    assert Seal(OTHER).open(sealed, place) is None
    assert seal.open(sealed, other) == (clear if other == place else None)
    at %= len(sealed)
    assert seal.open(sealed[:at] + bytes([sealed[at] ^ 0x40]) + sealed[at + 1 :], place) is None
    assert seal.open(sealed[:at], place) is None


def test_secrets_open_from_many_threads_at_once(tmp_path: Path) -> None:
    async def run() -> None:
        async with opened(tmp_path) as store:
            secrets = Secrets(KEY)
            ids = await asyncio.gather(
                *(store.write(kept(secrets, f"v{n}", f"Spaces-{n % 3}")) for n in range(30))
            )
            found = await asyncio.gather(
                *(store.read(shown(secrets, id, f"Spaces-{n % 3}")) for n, id in enumerate(ids))
            )
            assert found == [f"v{n}" for n in range(30)]

    asyncio.run(run())
