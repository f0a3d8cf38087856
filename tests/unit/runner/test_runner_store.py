"""The ticket store's states and rules, without processes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gurita.runner.host import process_mark
from gurita.runner.private import clear_private, keep_output, make_private, private_folder, read_output
from gurita.runner.refusals import Refusal
from gurita.runner.tickets import Standing, Store, Ticket, store_root

TASK, TICKET = "a" * 32, "b" * 32


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "home"))


@pytest.fixture
def ticket(store: Store) -> Ticket:
    found = store.ticket(TASK, TICKET)
    store.admit(found, 1)
    return found


def stored(ticket: Ticket) -> Ticket:
    os.mkdir(ticket.folder)
    ticket.reserve()
    return ticket


def test_the_root_is_in_the_environment_or_in_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GURITA_HOME", "/somewhere")
    assert store_root() == "/somewhere"
    monkeypatch.delenv("GURITA_HOME")
    monkeypatch.setenv("HOME", "/home/me")
    assert store_root() == "/home/me/.gurita"


def test_a_store_keeps_its_identity(store: Store) -> None:
    assert Store(store.root).identity() == store.identity()
    assert len(str(store.identity()["store_id"])) == 32


def test_the_states_a_ticket_goes_through(store: Store, ticket: Ticket) -> None:
    assert store.standing(ticket).state == "unknown"
    stored(ticket)
    assert store.standing(ticket).state == "pending"
    with store.lock():
        store.begin(ticket, "write", "one", "me")
    assert store.standing(ticket).state == "lost"
    ticket.overwrite("proc", process_mark(os.getpid()))
    assert store.standing(ticket).state == "running"
    ticket.finish(Standing("ended", 3, "why", 7))
    assert store.standing(ticket) == Standing("ended", 3, "why", 7)
    with store.lock():
        store.forget(ticket)
    assert store.standing(ticket).state == "forgotten"


def test_the_first_result_stays(ticket: Ticket) -> None:
    stored(ticket).finish(Standing("canceled"))
    ticket.finish(Standing("ended", 0))
    assert ticket.result() == Standing("canceled")


def test_a_result_that_cannot_be_read_is_lost_and_not_running(store: Store, ticket: Ticket) -> None:
    stored(ticket)
    Path(ticket.path("result")).write_text("{half")
    assert store.standing(ticket).state == "lost"


def test_the_count_of_begun_tickets_rises_with_each_beginning(store: Store) -> None:
    for number in range(3):
        ticket = store.ticket(TASK, f"{number:032x}")
        store.admit(ticket, 1)
        with store.lock():
            store.begin(stored(ticket), "write", "one", "me")
        assert store.identity()["begun"] == number + 1


def test_a_count_written_by_the_bare_script_is_read_too(store: Store) -> None:
    Path(store.folder, "begun").write_text("41\n")
    assert store.identity()["begun"] == 41


@pytest.mark.parametrize("fence", [0, 4])
def test_a_lower_fence_is_refused_with_the_one_seen(store: Store, fence: int) -> None:
    ticket = store.ticket(TASK, TICKET)
    store.admit(ticket, 5)
    with pytest.raises(Refusal) as caught:
        store.admit(ticket, fence)
    assert (caught.value.code, caught.value.facts) == ("fenced", {"fence": 5})
    store.admit(ticket, 5)
    store.admit(ticket, 6)


def test_fences_of_tasks_are_apart(store: Store) -> None:
    store.admit(store.ticket(TASK, TICKET), 5)
    store.admit(store.ticket("c" * 32, TICKET), 1)


def test_a_ticket_that_began_cannot_begin_again(store: Store, ticket: Ticket) -> None:
    with store.lock():
        store.begin(stored(ticket), "write", "one", "me")
        with pytest.raises(FileExistsError):
            store.begin(ticket, "write", "one", "me")


def test_a_place_left_by_a_dead_ticket_keeps_nobody_away(store: Store, ticket: Ticket) -> None:
    with store.lock():
        store.begin(stored(ticket), "write", "one", "me|\nand you")
        store.refuse_if_busy("write", "two")
    assert os.listdir(os.path.join(store.folder, "active")) == []


def test_the_holder_is_named_to_who_comes_second(store: Store, ticket: Ticket) -> None:
    with store.lock():
        store.begin(stored(ticket), "read", "one", "Server|One")
        ticket.overwrite("proc", process_mark(os.getpid()))
        store.refuse_if_busy("read", "two")
        with pytest.raises(Refusal) as caught:
            store.refuse_if_busy("write", "two")
    assert (caught.value.code, caught.value.facts) == ("busy", {"holder": "Server One"})


def test_private_files_are_for_their_owner_only_and_go_but_for_outputs(ticket: Ticket) -> None:
    stored(ticket)
    place = make_private(ticket.folder, {"script.sh": b"secret"})
    assert os.stat(place).st_mode & 0o077 == 0
    assert os.stat(os.path.join(place, "script.sh")).st_mode & 0o077 == 0
    keep_output(place, 0, "value")
    clear_private(ticket.folder)
    assert os.listdir(place) == ["outputs"]
    assert read_output(ticket.folder, 0) == b"value"
    assert read_output(ticket.folder, 1) is None
    clear_private(ticket.folder, keep_outputs=False)
    assert not os.path.exists(place)
    assert not os.path.lexists(ticket.path("private"))


def test_private_files_made_anew_leave_none_of_the_old(ticket: Ticket) -> None:
    stored(ticket)
    first = make_private(ticket.folder, {"a": b"1"})
    second = make_private(ticket.folder, {"b": b"2"})
    assert os.listdir(second) == ["b"]
    assert first == second or not os.path.exists(first)
    clear_private(ticket.folder, keep_outputs=False)


def test_a_private_link_to_a_place_that_is_gone_is_no_folder(ticket: Ticket, tmp_path: Path) -> None:
    stored(ticket)
    os.symlink(tmp_path / "gone", ticket.path("private"))
    assert private_folder(ticket.folder) is None
    clear_private(ticket.folder)
    assert not os.path.lexists(ticket.path("private"))


def test_sweeping_leaves_what_is_young_or_alive(store: Store, ticket: Ticket) -> None:
    stored(ticket)
    make_private(ticket.folder, {"script.sh": b"x"})
    with store.lock():
        store.begin(ticket, "write", "one", "me")
    ticket.overwrite("proc", process_mark(os.getpid()))
    assert store.sweep(0) == 0
    assert private_folder(ticket.folder)
    ticket.overwrite("proc", "1|1|other-boot")
    assert store.sweep(90) == 1
    assert private_folder(ticket.folder) is None
