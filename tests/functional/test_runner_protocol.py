"""The ticket protocol by table, against the runner and against bare.sh: a ticket begins once or never."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.runner_channel import (
    Asked,
    Bare,
    Channel,
    Refused,
    cleaned,
    folder_of,
    launcher_pid,
    new_ticket,
    until,
)
from tests.needs import need

FLAVOURS = ["runner", "bare", "bare without flock", "bare in bash"]
UNDER_WAY = ("pending", "running", "ended")
"""What a start may answer: a busy machine may not have come to the script when a host without Python has waited for a while."""
STUBBORN = (
    "trap '' TERM; (trap '' TERM; sleep 3000) & echo $! > pids; echo started; sleep 3000 & wait; sleep 3000"
)
"""Ends by itself long after a test has given up."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield from cleaned(tmp_path)


def opened(flavour: str, home: Path) -> Asked:
    if flavour == "runner":
        return Channel(home)
    need("ps")
    environment = {"GURITA_NO_FLOCK": "1"} if flavour == "bare without flock" else {}
    return Bare(home, ("bash", "--posix") if flavour == "bare in bash" else ("sh",), environment)


@pytest.fixture(params=FLAVOURS)
def asked(request: pytest.FixtureRequest, home: Path) -> Iterator[Asked]:
    found = opened(request.param, home)
    yield found
    found.close()


def test_a_script_runs_and_its_log_and_result_wait(asked: Asked) -> None:
    ticket = new_ticket()
    assert asked.start(ticket, "echo one\necho two >&2\nexit 3\n") in UNDER_WAY
    seen = asked.follow(ticket)
    assert (sorted(seen.text.split()), seen.state, seen.rc) == (["one", "two"], "ended", 3)
    assert asked.follow(ticket).text == seen.text
    assert asked.status(ticket) == "ended"


def test_a_second_start_changes_nothing_and_answers_the_state(asked: Asked, home: Path) -> None:
    ticket = new_ticket()
    script = f"echo x >> {home}/count; until [ -e {home}/go ]; do sleep 0.05; done"
    asked.start(ticket, script)
    until(lambda: asked.status(ticket) == "running")
    assert asked.start(ticket, script) == "running"
    (home / "go").touch()
    asked.follow(ticket)
    assert asked.start(ticket, script) == "ended"
    assert (home / "count").read_text() == "x\n"
    assert asked.identity()["begun"] == 1


def test_a_reaped_ticket_refuses_a_late_start(asked: Asked, home: Path) -> None:
    ticket = new_ticket()
    asked.start(ticket, "true")
    asked.follow(ticket)
    assert asked.forget(ticket) == "forgotten"
    assert not folder_of(asked, ticket).exists()
    with pytest.raises(Refused, match="forgotten"):
        asked.start(ticket, f"touch {home}/ran")
    assert asked.status(ticket) == "forgotten"
    assert asked.forget(ticket) == "forgotten"
    assert not (home / "ran").exists()


def test_a_ticket_never_seen_can_be_forgotten_and_then_never_begins(asked: Asked) -> None:
    ticket = new_ticket()
    assert asked.status(ticket) == "unknown"
    assert asked.forget(ticket) == "forgotten"
    with pytest.raises(Refused, match="forgotten"):
        asked.start(ticket, "true")


def test_a_cancel_before_the_start_poisons_the_ticket(asked: Asked, home: Path) -> None:
    ticket = new_ticket()
    assert asked.cancel(ticket) == "canceled"
    assert asked.start(ticket, f"touch {home}/ran") == "canceled"
    assert asked.follow(ticket).state == "canceled"
    assert not (home / "ran").exists()
    assert asked.identity()["begun"] == 0


def test_a_cancel_ends_a_script_that_ignores_term_and_its_background_children(asked: Asked) -> None:
    ticket = new_ticket()
    asked.start(ticket, STUBBORN)
    pids = folder_of(asked, ticket) / "work" / "pids"
    until(lambda: pids.exists() and pids.read_text().strip())
    assert asked.cancel(ticket, grace=1) == "running"
    seen = asked.follow(ticket)
    assert (seen.state, seen.text) == ("canceled", "started\n")
    for pid in [int(word) for word in pids.read_text().split()]:
        until(lambda pid=pid: not lives(pid))


def lives(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_script_that_ends_on_term_needs_no_kill(asked: Asked) -> None:
    ticket = new_ticket()
    asked.start(ticket, "trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.1; done")
    until(lambda: "up" in log_of(asked, ticket))
    asked.cancel(ticket, grace=30)
    seen = asked.follow(ticket)
    assert (seen.state, seen.rc) == ("canceled", 7)
    assert seen.text.endswith("bye\n")


def log_of(asked: Asked, ticket: str) -> str:
    name = "records" if isinstance(asked, Channel) else "log"
    path = folder_of(asked, ticket) / name
    return path.read_bytes().decode(errors="replace") if path.exists() else ""


def test_a_finished_ticket_stays_as_it_ended_when_it_is_canceled(asked: Asked) -> None:
    ticket = new_ticket()
    asked.start(ticket, "exit 4")
    asked.follow(ticket)
    assert asked.cancel(ticket) == "ended"
    assert asked.follow(ticket).rc == 4


def test_a_deadline_ends_the_script(asked: Asked) -> None:
    ticket = new_ticket()
    asked.start(ticket, STUBBORN, timeout=1, grace=1)
    assert asked.follow(ticket).state == "timedout"


@pytest.mark.parametrize("op", ["start", "status", "cancel", "forget", "follow"])
def test_a_lower_fence_is_refused_and_changes_nothing(asked: Asked, op: str, home: Path) -> None:
    ticket = new_ticket()
    asked.status(ticket, fence=5)
    with pytest.raises(Refused, match="fenced"):
        if op == "start":
            asked.start(ticket, f"touch {home}/ran", fence=4)
        else:
            getattr(asked, op)(ticket, fence=4)
    assert asked.status(ticket, fence=5) == "unknown"
    assert not folder_of(asked, ticket).exists()


def test_twenty_starts_at_once_begin_once(asked: Asked, home: Path, request: pytest.FixtureRequest) -> None:
    flavour = request.node.callspec.params["asked"]
    ticket = new_ticket()
    states: list[str] = []

    def go() -> None:
        other = opened(flavour, home)
        states.append(other.start(ticket, f"echo x >> {home}/count; sleep 0.1"))
        other.close()

    threads = [threading.Thread(target=go) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(states) <= set(UNDER_WAY)
    assert len(states) == 20
    assert asked.follow(ticket).state == "ended"
    assert (home / "count").read_text() == "x\n"
    assert asked.identity()["begun"] == 1


def test_a_killed_launcher_leaves_a_lost_ticket_that_never_begins_again(asked: Asked, home: Path) -> None:
    ticket = new_ticket()
    script = f"echo x >> {home}/count; sleep 60"
    asked.start(ticket, script)
    until((home / "count").exists)
    os.kill(launcher_pid(asked, ticket), signal.SIGKILL)
    until(lambda: asked.status(ticket) == "lost")
    assert asked.follow(ticket).state == "lost"
    assert asked.start(ticket, script) == "lost"
    assert asked.cancel(ticket) == "lost"
    child = folder_of(asked, ticket) / "child"
    until(lambda: not Path(f"/proc/{child.read_text().split('|')[0]}").exists())
    assert asked.forget(ticket) == "forgotten"
    assert (home / "count").read_text() == "x\n"
    until(lambda: not processes_of(ticket))


def processes_of(ticket: str) -> list[str]:
    """The processes that were started for a ticket and still run."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if ticket.encode() in place.read_bytes():
                found.append(place.parent.name)
    return found


def test_a_ticket_of_another_boot_is_lost(asked: Asked) -> None:
    ticket = new_ticket()
    asked.start(ticket, "sleep 600")
    launcher_pid(asked, ticket)
    proc = folder_of(asked, ticket) / "proc"
    truth = proc.read_text()
    pid, start, _ = truth.split("|")
    proc.write_text(f"{pid}|{start}|another-boot\n")
    assert asked.status(ticket) == "lost"
    proc.write_text(f"{pid}|{int(start) + 1}|{truth.split('|')[2]}")
    assert asked.status(ticket) == "lost"
    proc.write_text(truth)
    assert asked.status(ticket) == "running"
    asked.cancel(ticket, grace=0)


def test_a_store_that_was_rolled_back_shows_a_lower_count(asked: Asked, home: Path) -> None:
    asked.start(first := new_ticket(), "true")
    asked.follow(first)
    before = asked.identity()
    shutil.copytree(home, home / "copy", symlinks=True, ignore=shutil.ignore_patterns("wake", "copy"))
    asked.start(second := new_ticket(), "true")
    asked.follow(second)
    assert asked.identity()["begun"] == before["begun"] + 1
    shutil.rmtree(home / "tickets-v1")
    shutil.move(home / "copy" / "tickets-v1", home / "tickets-v1")
    assert asked.identity() == before
    assert asked.status(second) == "unknown"


def test_another_home_is_another_store(asked: Asked, tmp_path_factory: pytest.TempPathFactory) -> None:
    flavour = "runner" if isinstance(asked, Channel) else "bare"
    other = opened(flavour, tmp_path_factory.mktemp("other"))
    mine, theirs = asked.identity(), other.identity()
    other.close()
    assert mine["store_id"] != theirs["store_id"]
    assert mine["boot_id"] == theirs["boot_id"]
    assert len(mine["store_id"]) == 32


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [("write", "write", True), ("write", "read", True), ("read", "write", True), ("read", "read", False)],
)
def test_two_servers_on_one_host_exclude_each_other(
    asked: Asked, first: str, second: str, refused: bool
) -> None:
    mine, theirs = new_ticket(), new_ticket()
    asked.start(mine, "sleep 600", mode=first, installation="one")
    own = new_ticket()
    assert asked.start(own, "true", mode="write", installation="one") in UNDER_WAY
    asked.follow(own)
    if refused:
        with pytest.raises(Refused, match="busy") as caught:
            asked.start(theirs, "true", mode=second, installation="two")
        assert "server one" in f"{caught.value.args} {caught.value.facts}"
        assert asked.status(theirs) == "unknown"
        asked.cancel(mine, grace=0)
        asked.follow(mine)
    assert asked.start(theirs, "true", mode=second, installation="two") in UNDER_WAY
    asked.follow(theirs)
    asked.cancel(mine, grace=0)


@pytest.mark.parametrize("ticket", ["", "short", "../" * 11, "A" * 32, "g" * 32, "a" * 33])
def test_a_bad_ticket_is_refused(asked: Asked, ticket: str) -> None:
    with pytest.raises(Refused, match="bad-ticket"):
        asked.status(ticket)


def test_a_running_ticket_cannot_be_forgotten(asked: Asked) -> None:
    ticket = new_ticket()
    asked.start(ticket, "sleep 600")
    with pytest.raises(Refused, match="running"):
        asked.forget(ticket)
    assert asked.cancel(ticket, grace=0) in ("running", "canceled")
    assert asked.follow(ticket).state == "canceled"


def test_no_clear_text_stays_after_the_end(asked: Asked) -> None:
    ticket = new_ticket()
    asked.start(ticket, "echo done # clear-text-7731")
    asked.follow(ticket)
    assert not os.path.lexists(folder_of(asked, ticket) / "private")
    found = [
        path for path in asked.home.rglob("*") if path.is_file() and b"clear-text-7731" in path.read_bytes()
    ]
    assert found == []
    assert (asked.home / "tickets-v1").stat().st_mode & 0o077 == 0
