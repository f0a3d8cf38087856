from __future__ import annotations

import io
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from gurita.cli.client import Client
from gurita.cli.events import Event
from gurita.cli.live import Live
from gurita.cli.main import run
from gurita.cli.output import clean, show
from gurita.cli.progress import Lines
from gurita.cli.watching import Watch, exit_code


class _Page:
    def page_of(self, task: dict[str, Any]) -> str:
        return f"http://here/{task['Id']}"


_PAGE = cast("Client", _Page())


def node(id: str, parent: str | None, status: str, message: str = "") -> dict[str, Any]:
    return {
        "Id": id, "ParentId": parent, "Name": f"<{id}>", "Status": status,
        "ProgressMessage": message, "ProgressPercentage": 0,
    }  # fmt: skip


def task(state: str, *, waits: bool = False) -> dict[str, Any]:
    return {
        "Id": "ServerTasks-1", "Description": "Deploy", "State": state, "HasPendingInterruptions": waits,
        "IsCompleted": state in {"Success", "Failed"},
    }  # fmt: skip


def line(text: str, category: str = "Info") -> dict[str, Any]:
    return {"Number": 0, "Category": category, "OccurredAt": "2026-01-02T03:04:05+00:00", "Text": text}


def test_lines_say_each_state_of_a_step_once_with_its_place() -> None:
    out = io.StringIO()
    lines = Lines(_PAGE, out=out)
    told = [
        Event("task", task("Executing")),
        Event("nodes", [node("t", None, "Running"), node("s", "t", "Running"), node("m", "s", "Pending")]),
        Event("nodes", [node("m", "s", "Running")]),
        Event("nodes", [node("m", "s", "Running", "half")]),
        Event("log", {"Node": "m", "Lines": [line("hello"), line("quiet", "Verbose"), line("bad", "Error")]}),
        Event("nodes", [node("m", "s", "Skipped", "left out")]),
        Event("task", task("Executing")),
        Event("task", task("Success")),
    ]
    for event in told:
        lines.event("ServerTasks-1", event)
    said = [text.partition("  ")[2] or text for text in out.getvalue().splitlines()]
    assert said == [
        "Deploy: Executing",
        "<s>: Running",
        "<s> / <m>: Running",
        "hello",
        "Error: bad",
        "<s> / <m>: Skipped: left out",
    ]


def test_lines_say_where_a_person_is_waited_for_each_time_it_begins() -> None:
    out = io.StringIO()
    lines = Lines(_PAGE, {"ServerTasks-1": "Test"}, out=out)
    for waits in (True, True, False, True):
        lines.event("ServerTasks-1", Event("task", task("Executing", waits=waits)))
    assert out.getvalue().count("[Test] Waiting for a person: http://here/ServerTasks-1") == 2


def test_the_live_list_nests_targets_below_their_steps_whatever_order_they_come_in() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=False)
    with Live(_PAGE, {"ServerTasks-1": "Test"}, console=console) as live:
        live.event("ServerTasks-1", Event("task", task("Executing", waits=True)))
        nodes = [node("t", None, "Running"), node("1", "t", "Success"), node("2", "t", "Pending")]
        live.event(
            "ServerTasks-1", Event("nodes", [*nodes, node("1a", "1", "Success"), node("2a", "2", "Failed")])
        )
        live.event("ServerTasks-1", Event("log", {"Node": "1a", "Lines": [line("[red]as it is[/red]")]}))
    text = out.getvalue()
    places = [text.index(f"<{id}>") for id in ("1", "1a", "2", "2a")]
    assert places == sorted(places)
    assert "[red]as it is[/red]" in text
    assert "Waiting for a person" in text


@given(st.text())
def test_nothing_a_log_says_moves_the_cursor_or_turns_the_text(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert not set(cleaned) & {"\x1b", "\r", "\x07", "\x9b", "\u202e", "\x00"}


def test_a_table_is_aligned_and_ends_without_spaces(capsys: pytest.CaptureFixture[str]) -> None:
    show(None, [{"A": "x", "B": None}, {"A": "long one", "B": ["p", "q"]}], {"First": "A", "Second": "B"})
    assert capsys.readouterr().out.splitlines() == ["First     Second", "x", "long one  p, q"]


def test_a_text_of_many_lines_is_one_line_of_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    show(None, [{"A": "set -e\nmkdir site\n", "B": "one"}], {"First": "A", "Second": "B"})
    assert capsys.readouterr().out.splitlines() == ["First       Second", "set -e […]  one"]


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (["Success"], 0),
        (["Success", "Failed", "Canceled"], 1),
        (["Success", "Canceled"], 3),
        (["TimedOut"], 3),
        (["waits", "Success"], 4),
        (["waits", "Canceled"], 3),
        ([""], 1),
    ],
)
def test_the_worst_result_is_the_exit_code(states: list[str], code: int) -> None:
    watched = [Watch("ServerTasks-1", {"State": state}, waits=state == "waits") for state in states]
    assert exit_code(watched) == code


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["projct"], 'Did you mean "project"?'),
        (["project", "creat"], "See `gurita project --help`."),
        (["server", "--agent-port", "many"], "See `gurita server --help`."),
        (["release", "deploy"], "See `gurita release deploy --help`."),
    ],
)
def test_words_that_are_not_understood_point_at_the_right_help(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    said = capsys.readouterr()
    assert (said.out, told in said.err) == ("", True)
