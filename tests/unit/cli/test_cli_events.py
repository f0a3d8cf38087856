from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.cli.client import Client
from gurita.cli.errors import ApiRefused, ServerAway
from gurita.cli.events import Event, events_of, followed
from gurita.http.events import event

_data = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)


@given(st.lists(st.tuples(_data, st.integers(0, 10**9), st.sampled_from(["log", "task", "end"])), max_size=8))
def test_what_the_server_writes_is_what_the_client_reads(told: list[tuple[Any, int, str]]) -> None:
    stream = b"".join(event(json.dumps(data), id=id, kind=kind) + b": beat\n\n" for data, id, kind in told)
    lines = stream.decode().split("\n")
    assert list(events_of(lines)) == [Event(kind, data, str(id)) for data, id, kind in told]


def test_an_event_that_was_cut_off_is_no_event() -> None:
    whole, cut = event("1", id=1, kind="log").decode(), event("2", id=2, kind="log").decode()
    for length in range(len(cut) - 1):
        assert [each.data for each in events_of((whole + cut[:length]).split("\n"))] == [1]


class Server:
    """Streams of `total` log events and an end; the connection breaks after so many events as `breaks` says each time."""

    def __init__(self, total: int, breaks: list[int | Exception]) -> None:
        self.total, self.breaks = total, list(breaks)
        self.asked: list[str] = []

    @contextmanager
    def stream(self, _path: str, last: str = "") -> Iterator[Iterator[str]]:
        self.asked.append(last)
        limit = self.breaks.pop(0) if self.breaks else self.total + 1
        if isinstance(limit, Exception):
            raise limit
        yield self.lines(int(last or 0) + 1, limit)

    def lines(self, first: int, limit: int) -> Iterator[str]:
        beat = event("{}", kind="beat").decode()
        whole = [beat + event(str(n), id=n, kind="log").decode() for n in range(first, self.total + 1)]
        whole.append(event("{}", kind="end").decode())
        for text in whole[:limit]:
            yield from text.split("\n")[:-1]
        if limit < len(whole):
            yield from whole[limit].split("\n")[:2]
            raise ServerAway("cut")


@given(st.integers(0, 20), st.lists(st.integers(0, 8), max_size=8))
def test_however_often_the_connection_breaks_each_event_comes_once(total: int, breaks: list[int]) -> None:
    server = Server(total, [*breaks])
    told = list(followed(cast("Client", server), "ServerTasks-1", sleep=lambda _: None))
    assert [each.data for each in told if each.kind == "log"] == list(range(1, total + 1))
    assert told[-1].kind == "end"


def test_a_server_that_restarts_is_waited_for_and_one_that_says_no_is_not() -> None:
    server = Server(3, [2, ServerAway("refused"), ApiRefused(503, "starting"), ServerAway("refused")])
    said: list[str] = []
    told = list(followed(cast("Client", server), "ServerTasks-1", lost=said.append, sleep=lambda _: None))
    assert [each.data for each in told][:3] == [1, 2, 3]
    assert server.asked == ["", "2", "2", "2", "2"]
    assert len(said) == 1, "told once an outage"
    with pytest.raises(ApiRefused):
        list(followed(cast("Client", Server(3, [ApiRefused(404, "no such task")])), "ServerTasks-1"))


def test_patience_has_an_end() -> None:
    server = Server(1, [ServerAway("gone")] * 5)
    with pytest.raises(ServerAway):
        list(followed(cast("Client", server), "ServerTasks-1", patience=-1, sleep=lambda _: None))
