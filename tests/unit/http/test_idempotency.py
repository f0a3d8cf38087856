from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from gurita.http.api import Api, Call
from gurita.http.context import Services, system_viewer
from gurita.http.idempotency import Attempt, idempotency
from gurita.http.routes import Routes
from gurita.http.wire import Wire
from gurita.kernel.clock import SystemClock
from gurita.kernel.errors import Invalid
from gurita.store.db import Store
from gurita.store.tables import entity
from gurita.store.tx import Tx
from tests.unit.http.asking import Answer, asked, make_api

_COUNT = select(func.count()).select_from(entity).where(entity.c.kind == "Deeds")


class Thing(Wire):
    name: str


class MovableClock(SystemClock):
    def __init__(self) -> None:
        self.moment = datetime(2026, 7, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


class Counter:
    """Routes that count how often they did something."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fail: Exception | None = None
        self.fail_within: Exception | None = None
        self.fail_late: Exception | None = None
        self.meanwhile: Callable[[], Coroutine[Any, Any, object]] | None = None
        self.key = ""
        routes = Routes("space")

        @routes.post("/things", permission="ProjectCreate")
        async def post_thing(call: Call, body: Thing) -> dict[str, Any]:
            if self.fail:
                raise self.fail
            self.done.append(body.name)
            return {"Name": body.name, "Number": len(self.done)}

        @routes.post("/keys", permission="ProjectCreate", replayable=False)
        async def post_key(call: Call, body: Thing) -> dict[str, Any]:
            self.done.append(body.name)
            return {"Secret": "x"}

        @routes.post("/deeds", permission="ProjectCreate")
        async def post_deed(call: Call, body: Thing) -> dict[str, Any]:
            if self.meanwhile:
                await asyncio.create_task(self.meanwhile(), context=contextvars.Context())
            await call.services.store.write(self._deed)
            if self.fail_late:
                raise self.fail_late
            return {"Name": body.name}

        self.items = routes.items

    def _deed(self, tx: Tx) -> None:
        tx.run(insert(entity).values(id=f"Deeds-{len(self.done)}", space_id="", kind="Deeds"))
        if self.fail_within:
            raise self.fail_within

    async def deeds(self, app: Api) -> int:
        """How many deeds the database holds."""
        return int(await app.services.store.read(lambda tx: tx.scalar(_COUNT)))


Scene = Callable[[Api, Counter, MovableClock], Awaitable[None]]


def play(folder: Path, scene: Scene) -> None:
    async def run() -> None:
        store = await Store.open(f"sqlite:///{folder / 'gurita.db'}")
        try:
            clock, counter = MovableClock(), Counter()
            await scene(make_api(counter.items, services=Services(store=store, clock=clock)), counter, clock)
        finally:
            await store.close()

    asyncio.run(run())


async def post(app: Api, key: str, body: bytes = b'{"Name":"a"}', target: str = "/api/things") -> Answer:
    return await asked(app, "POST", target, body, headers={"Idempotency-Key": key})


def test_the_same_request_sent_again_has_one_effect_and_one_answer(tmp_path: Path) -> None:
    async def scene(app: Api, counter: Counter, clock: MovableClock) -> None:
        first, second = await post(app, "k1"), await post(app, "k1")
        assert (second.status, second.body) == (first.status, first.body) == (201, b'{"Name":"a","Number":1}')
        assert "idempotent-replayed" not in first.headers
        assert second.headers["idempotent-replayed"] == "true"
        assert counter.done == ["a"]

    play(tmp_path, scene)


def test_another_key_is_another_request(tmp_path: Path) -> None:
    async def scene(app: Api, counter: Counter, clock: MovableClock) -> None:
        await post(app, "k1")
        await post(app, "k2")
        await asked(app, "POST", "/api/things", b'{"Name":"a"}')
        assert counter.done == ["a", "a", "a"]

    play(tmp_path, scene)


def test_another_body_under_the_same_key_is_a_conflict(tmp_path: Path) -> None:
    async def scene(app: Api, counter: Counter, clock: MovableClock) -> None:
        await post(app, "k1")
        answer = await post(app, "k1", b'{"Name":"b"}')
        assert answer.status == 409
        assert "another body" in answer.errors[0]
        assert counter.done == ["a"]

    play(tmp_path, scene)


def test_a_refused_request_may_be_mended_under_its_key(tmp_path: Path) -> None:
    async def scene(app: Api, counter: Counter, clock: MovableClock) -> None:
        counter.fail = Invalid("Name: taken")
        assert (await post(app, "k1")).status == 400
        assert (await post(app, "k2", b"nope")).status == 400
        counter.fail = None
        assert (await post(app, "k1", b'{"Name":"b"}')).status == 201
        assert (await post(app, "k2")).status == 201

    play(tmp_path, scene)


def test_a_request_that_broke_before_its_deed_may_be_sent_again(tmp_path: Path) -> None:
    async def scene(app: Api, counter: Counter, clock: MovableClock) -> None:
        counter.fail = RuntimeError("the server broke")
        assert (await post(app, "k1")).status == 500
        counter.fail = None
        assert (await post(app, "k1")).status == 201
        assert counter.done == ["a"]

    play(tmp_path, scene)


def test_a_request_that_broke_after_its_deed_is_not_done_again(tmp_path: Path) -> None:
    async def scene(app: Api, counter: Counter, clock: MovableClock) -> None:
        counter.fail_late = RuntimeError("the server broke")
        assert (await post(app, "k1", target="/api/deeds")).status == 500
        counter.fail_late = None
        answer = await post(app, "k1", target="/api/deeds")
        assert answer.status == 409
        assert "its answer was lost" in answer.errors[0]
        assert await counter.deeds(app) == 1

    play(tmp_path, scene)


def test_the_key_is_written_with_the_deed_or_not_at_all(tmp_path: Path) -> None:
    async def scene(app: Api, counter: Counter, clock: MovableClock) -> None:
        counter.fail_within = RuntimeError("the unit broke")
        assert (await post(app, "k1", target="/api/deeds")).status == 500
        counter.fail_within = None
        assert (await post(app, "k1", target="/api/deeds")).status == 201
        again = await post(app, "k1", target="/api/deeds")
        assert again.headers["idempotent-replayed"] == "true"
        assert await counter.deeds(app) == 1

    play(tmp_path, scene)


def test_what_another_node_did_meanwhile_undoes_the_unit_here(tmp_path: Path) -> None:
    async def scene(app: Api, counter: Counter, clock: MovableClock) -> None:
        counter.meanwhile = lambda: app.services.store.write(
            lambda tx: tx.run(
                insert(idempotency).values(key=counter.key, body="other", created=app.services.milliseconds())
            )
        )
        counter.key = Attempt.of("k1", system_viewer().user_id, "/api/deeds", b'{"Name":"a"}').key
        answer = await post(app, "k1", target="/api/deeds")
        assert answer.status == 409, answer.body
        assert await counter.deeds(app) == 0

    play(tmp_path, scene)


def test_two_at_the_same_time_have_one_effect(tmp_path: Path) -> None:
    async def scene(app: Api, counter: Counter, clock: MovableClock) -> None:
        answers = await asyncio.gather(*(post(app, "k1") for _ in range(10)))
        assert counter.done == ["a"]
        assert {one.status for one in answers} <= {201, 409}

    play(tmp_path, scene)


def test_after_a_day_a_key_is_new_again(tmp_path: Path) -> None:
    async def scene(app: Api, counter: Counter, clock: MovableClock) -> None:
        await post(app, "k1")
        clock.moment += timedelta(hours=23, minutes=59)
        await post(app, "k1")
        assert counter.done == ["a"]
        clock.moment += timedelta(minutes=2)
        await post(app, "k1")
        assert counter.done == ["a", "a"]

    play(tmp_path, scene)


def test_an_answer_with_a_secret_is_never_kept(tmp_path: Path) -> None:
    async def scene(app: Api, counter: Counter, clock: MovableClock) -> None:
        answer = await post(app, "k1", target="/api/keys")
        assert answer.status == 400
        assert counter.done == []
        assert (await post(app, "")).status == 400
        assert (await post(app, "k" * 201)).status == 400

    play(tmp_path, scene)
