"""The runner broken at its named points: what is known afterwards is true, and nothing runs twice."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.runner_channel import Channel, cleaned, folder_of, launcher_pid, new_ticket, until


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield from cleaned(tmp_path)


def broken(home: Path, armed: str) -> Channel:
    return Channel(home, environment={"GURITA_FAULTS": armed, "GURITA_FAULTS_LOG": str(home / "faults")})


@pytest.mark.parametrize(
    ("point", "times"), [("runner.began", 0), ("runner.child", 0), ("runner.log", 1), ("runner.result", 1)]
)
def test_a_launcher_killed_at_any_point_leaves_a_lost_ticket_that_ran_at_most_once(
    home: Path, point: str, times: int
) -> None:
    channel = broken(home, f"{point}=kill:1")
    ticket = new_ticket()
    script = f"echo x >> {home}/count; echo said; sleep 0.2"
    channel.start(ticket, script)
    assert channel.follow(ticket).state == "lost"
    assert (home / "faults").read_text() == f"{point}\n"
    again = Channel(home)
    assert again.start(ticket, script, fence=2) == "lost"
    assert again.identity()["begun"] == 1
    again.close()
    channel.close()
    ran = (home / "count").read_text().count("x") if (home / "count").exists() else 0
    assert ran == times


def go_on(pid: int) -> None:
    """Lets a process go on that stops itself, once it has."""
    until(lambda: Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T")
    os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("point", ["runner.began", "runner.child"])
def test_a_cancel_between_begun_and_child_keeps_the_script_from_running(home: Path, point: str) -> None:
    channel = broken(home, f"{point}=stop:1")
    ticket = new_ticket()
    channel.start(ticket, f"touch {home}/ran")
    until((home / "faults").exists)
    launcher = launcher_pid(channel, ticket)
    assert channel.status(ticket) == "running"
    assert channel.cancel(ticket, grace=0) == "running"
    go_on(launcher)
    seen = channel.follow(ticket)
    channel.close()
    assert (seen.state, seen.text) == ("canceled", "")
    assert not (home / "ran").exists()


def test_a_failing_runner_ends_its_script_and_says_so(home: Path) -> None:
    channel = broken(home, "runner.log=raise:1")
    ticket = new_ticket()
    channel.start(ticket, "echo said; sleep 60")
    seen = channel.follow(ticket)
    channel.close()
    assert (seen.state, seen.rc) == ("ended", 70)
    assert "The runner failed" in seen.message


def test_draws_differ_between_tickets_and_repeat_with_the_seed(home: Path) -> None:
    hits = []
    for _ in range(2):
        channel = Channel(
            home,
            environment={
                "GURITA_FAULTS": "runner.began=kill:0.5",
                "GURITA_FAULTS_LOG": str(home / "faults"),
                "GURITA_FAULTS_SEED": "7",
            },
        )
        states = []
        for number in range(12):
            ticket = f"{number:032x}"
            channel.start(ticket, "true")
            states.append(channel.follow(ticket).state)
            channel.forget(ticket)
        hits.append(states)
        channel.close()
        for tombstone in (home / "tickets-v1" / "tombstones").iterdir():
            tombstone.unlink()
    assert hits[0] == hits[1]
    assert {"lost", "ended"} == set(hits[0])


def test_the_script_does_not_see_what_arms_the_runner(home: Path) -> None:
    channel = broken(home, "nowhere=kill:1")
    seen = channel.run("env | grep -c GURITA_FAULTS || true")
    channel.close()
    assert seen.text == "0\n"


def test_a_stopped_launcher_is_running_until_it_goes_on(home: Path) -> None:
    channel = broken(home, "runner.result=stop:1")
    ticket = new_ticket()
    channel.start(ticket, "echo done")
    until((home / "faults").exists)
    assert channel.status(ticket) == "running"
    assert not os.path.lexists(folder_of(channel, ticket) / "private")
    go_on(launcher_pid(channel, ticket))
    assert channel.follow(ticket).state == "ended"
    channel.close()
