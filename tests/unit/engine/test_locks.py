"""Locks on targets are fair: readers together, writers alone, nobody passes anybody."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.engine.locks import Held, Mode, acquire_in, blockers
from gurita.engine.why import holders_sentence
from gurita.store.db import Store

KEY = "target:Machines-1"


def queue(*modes: Mode) -> list[Held]:
    return [Held(number, number, f"t{number}", mode) for number, mode in enumerate(modes, 1)]


def holding(rows: list[Held]) -> list[int]:
    return [row.number for row in rows if not blockers(rows, row.number)]


@pytest.mark.parametrize(
    ("modes", "expected"),
    [
        (["write"], [1]),
        (["write", "write"], [1]),
        (["read", "read"], [1, 2]),
        (["read", "read", "write", "read"], [1, 2]),
        (["write", "read", "read"], [1]),
    ],
)
def test_who_holds_follows_from_the_order_of_arrival(modes: list[Mode], expected: list[int]) -> None:
    assert holding(queue(*modes)) == expected


@given(st.lists(st.sampled_from(["read", "write"]), min_size=1, max_size=8))
def test_somebody_always_holds_and_writers_hold_alone(modes: list[Mode]) -> None:
    rows = queue(*modes)
    held = holding(rows)
    assert 1 in held
    if any(row.mode == "write" for row in rows if row.number in held):
        assert held == [1]


@given(st.lists(st.sampled_from(["read", "write"]), min_size=1, max_size=8))
def test_everybody_holds_once_those_before_have_gone(modes: list[Mode]) -> None:
    rows = queue(*modes)
    served: list[int] = []
    while rows:
        now = holding(rows)
        served += now
        rows = [row for row in rows if row.number not in now]
    assert served == list(range(1, len(modes) + 1))


@pytest.mark.parametrize(
    ("tasks", "text"),
    [
        ([7], "Waiting for web-1: ServerTasks-7 is using it."),
        ([9, 7], "Waiting for web-1: ServerTasks-7 and ServerTasks-9 are using it."),
        ([7, 9, 8, 7], "Waiting for web-1: ServerTasks-7, ServerTasks-8 and ServerTasks-9 are using it."),
    ],
)
def test_a_waiter_is_told_each_holder_once_and_in_order(tasks: list[int], text: str) -> None:
    held = [Held(place, number, "t", "write") for place, number in enumerate(tasks)]
    assert holders_sentence("web-1", held).text == text


async def test_a_place_in_the_queue_is_kept_and_never_taken_twice(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/test.db")
    try:
        first = partial(acquire_in, key=KEY, task=1, holder="a", mode="write", now=1)
        second = partial(acquire_in, key=KEY, task=2, holder="b", mode="write", now=1)
        assert await store.write(lambda tx: first(tx)) == []
        assert [held.task for held in await store.write(lambda tx: second(tx))] == [1]
        assert [held.task for held in await store.write(lambda tx: second(tx))] == [1]
        assert await store.write(lambda tx: first(tx)) == []
    finally:
        await store.close()
