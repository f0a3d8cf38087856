"""Secrets inside documents: set, kept, cleared, and never shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import UNSET
from sqlalchemy import func, select

from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import Wire
from gurita.kernel.errors import Invalid
from gurita.secrets import Secrets
from gurita.secrets.opening import reveal
from gurita.secrets.service import hide, keep_in, secret_ids
from gurita.secrets.tables import secret
from gurita.store.db import Store
from tests.looping import in_loop

SPACE = "Spaces-1"
SECRETS = Secrets(bytes(range(32)))


class Login(Wire, tag_field="Kind", tag="Login"):
    password: SensitiveValue = msgspec.field(default_factory=SensitiveValue)


class Nothing(Wire, tag_field="Kind", tag="None"):
    note: str = ""


class Step(Wire):
    id: str = ""
    name: str = ""
    properties: dict[str, str | SensitiveValue] = msgspec.field(default_factory=dict)


class Thing(Wire):
    name: str = ""
    token: SensitiveValue | None = None
    login: Login | Nothing = msgspec.field(default_factory=Nothing)
    steps: list[Step] = msgspec.field(default_factory=list)
    numbers: list[int] = msgspec.field(default_factory=list)


def given(text: str | None) -> SensitiveValue:
    return SensitiveValue(has_value=True, new_value=text)


KEEP = given(None)


class Kept:
    def __init__(self, store: Store) -> None:
        self.store = store

    async def save(self, old: Thing | None, new: Thing) -> Thing:
        return await self.store.write(lambda tx: keep_in(tx, SECRETS, SPACE, old, new))

    async def clear(self, value: Any) -> str:
        return await self.store.read(lambda tx: reveal(SECRETS.open_in(tx, SPACE, value.secret_id)))

    async def count(self) -> int:
        return int(await self.store.read(lambda tx: tx.scalar(select(func.count()).select_from(secret))))


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Kept]:
    store = await Store.open(f"sqlite:///{folder}/gurita.db")
    try:
        yield Kept(store)
    finally:
        await store.close()


@in_loop
async def test_a_value_is_set_kept_changed_and_cleared(tmp_path: Path) -> None:
    async with opened(tmp_path) as kept:
        first = await kept.save(None, Thing(token=given("one")))
        assert first.token is not None
        assert (first.token.has_value, first.token.new_value) == (True, None)
        assert await kept.clear(first.token) == "one"
        assert await kept.save(first, Thing(token=KEEP)) == first
        assert await kept.save(first, Thing(token=given("one"))) == first
        assert await kept.count() == 1
        second = await kept.save(first, Thing(token=given("two")))
        assert await kept.clear(second.token) == "two"
        assert await kept.clear(first.token) == "one"
        cleared = await kept.save(second, Thing(token=SensitiveValue()))
        assert cleared.token == SensitiveValue()


@in_loop
async def test_a_secret_id_from_a_client_is_ignored(tmp_path: Path) -> None:
    async with opened(tmp_path) as kept:
        victim = await kept.save(None, Thing(token=given("victim's")))
        assert victim.token is not None
        forged = SensitiveValue(has_value=True, secret_id=victim.token.secret_id)
        with pytest.raises(Invalid, match="Token: there is no value to keep"):
            await kept.save(None, Thing(token=forged))
        own = await kept.save(None, Thing(token=given("own")))
        saved = await kept.save(own, Thing(token=forged))
        assert await kept.clear(saved.token) == "own"
        cleared = await kept.save(own, Thing(token=msgspec.structs.replace(forged, has_value=False)))
        assert cleared.token is not None and cleared.token.secret_id is UNSET


@in_loop
async def test_values_deep_inside_are_found_by_the_id_or_name_of_what_holds_them(tmp_path: Path) -> None:
    async with opened(tmp_path) as kept:

        def step(id: str, name: str, value: SensitiveValue) -> Step:
            return Step(id=id, name=name, properties={"Plain": "x", "Key": value})

        first = await kept.save(
            None,
            Thing(
                steps=[step("1", "a", given("A")), step("2", "b", given("B"))],
                login=Login(password=given("L")),
            ),
        )
        assert sorted(secret_ids(first)) == [
            "Login.Password",
            "Steps[0].Properties[Key]",
            "Steps[1].Properties[Key]",
        ]
        moved = await kept.save(first, Thing(steps=[step("2", "renamed", KEEP)], login=Login(password=KEEP)))
        assert await kept.clear(moved.steps[0].properties["Key"]) == "B"
        with pytest.raises(Invalid, match=r"Steps\[1\]\.Properties\[Key\]"):
            await kept.save(first, Thing(steps=[step("1", "a", KEEP), step("9", "b", KEEP)]))
        unnumbered = await kept.save(
            None, Thing(steps=[step("", "a", given("A")), step("", "b", given("B"))])
        )
        turned = await kept.save(unnumbered, Thing(steps=[step("", "b", KEEP), step("", "a", KEEP)]))
        assert await kept.clear(turned.steps[0].properties["Key"]) == "B"
        doubled = await kept.save(None, Thing(steps=[step("", "a", given("A")), step("", "a", given("B"))]))
        with pytest.raises(Invalid):
            await kept.save(doubled, Thing(steps=[step("", "a", KEEP)]))


def test_what_goes_out_holds_neither_values_nor_ids() -> None:
    doc = Thing(
        token=SensitiveValue(has_value=True, hint="API-AB", new_value="clear", secret_id="secret-1"),
        steps=[
            Step(name="s", properties={"K": SensitiveValue(has_value=True, secret_id="secret-2"), "P": "v"})
        ],
    )
    text = msgspec.json.encode(hide(doc)).decode()
    assert "secret-" not in text
    assert "clear" not in text
    assert '"Token":{"HasValue":true,"NewValue":null,"Hint":"API-AB"}' in text
    assert '"P":"v"' in text
    assert doc.token is not None and doc.token.secret_id == "secret-1"


def test_a_document_without_secrets_is_not_even_copied() -> None:
    doc = Thing(name="plain", steps=[Step(properties={"P": "v"})], numbers=[1, 2])
    assert hide(doc) is doc
