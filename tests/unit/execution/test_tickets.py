"""What may be concluded from a target's word about a ticket, as a table."""

from __future__ import annotations

import pytest

from gurita.engine.logs import LogPlace
from gurita.engine.rows import ActionRow
from gurita.execution.tickets import task_key, ticket, verdict
from gurita.store.installation import Installation
from gurita.transport.tickets import Identity

HERE = Installation("installation", "first life", "2026-01-01T00:00:00+00:00")
PLACE = LogPlace(1, 0, "Machines-1", 1)
THEN = Identity("store", "boot", 5)


def asked(state: str = "asking") -> ActionRow:
    return ActionRow(1, 1, 0, "Machines-1", 1, state, "t", None, "store", "boot", 5)


@pytest.mark.parametrize(
    ("told", "now", "row", "expected"),
    [
        ("unknown", THEN, "asking", "start"),
        ("unknown", Identity("store", "boot", 9), "asking", "start"),
        ("unknown", Identity("store", "boot", 4), "asking", "lost"),
        ("unknown", Identity("another store", "boot", 9), "asking", "lost"),
        ("unknown", Identity("store", "another boot", 9), "asking", "lost"),
        ("unknown", THEN, "running", "lost"),
        ("pending", THEN, "asking", "start"),
        ("pending", Identity("store", "another boot", 9), "asking", "lost"),
        ("running", Identity("store", "another boot", 9), "asking", "follow"),
        ("running", THEN, "asking", "follow"),
        ("ended", THEN, "running", "follow"),
        ("canceled", THEN, "asking", "follow"),
        ("timedout", THEN, "running", "follow"),
        ("lost", THEN, "running", "follow"),
        ("forgotten", THEN, "asking", "lost"),
        ("forgotten", THEN, "running", "lost"),
    ],
)
def test_only_an_ask_that_cannot_have_begun_is_repeated(
    told: str, now: Identity, row: str, expected: str
) -> None:
    assert verdict(asked(row), told, now) == expected


def test_the_same_attempt_has_the_same_ticket_in_every_life_of_a_node() -> None:
    assert ticket(HERE, 7, 1000, PLACE) == ticket(HERE, 7, 1000, LogPlace(1, 0, "Machines-1", 1))
    assert len(ticket(HERE, 7, 1000, PLACE)) == len(task_key(HERE, 7, 1000)) == 32


@pytest.mark.parametrize(
    "other",
    [
        ticket(Installation("another", "first life", ""), 7, 1000, PLACE),
        ticket(Installation("installation", "restored", ""), 7, 1000, PLACE),
        ticket(HERE, 8, 1000, PLACE),
        ticket(HERE, 7, 2000, PLACE),
        ticket(HERE, 7, 1000, LogPlace(2, 0, "Machines-1", 1)),
        ticket(HERE, 7, 1000, LogPlace(1, 1, "Machines-1", 1)),
        ticket(HERE, 7, 1000, LogPlace(1, 0, "Machines-2", 1)),
        ticket(HERE, 7, 1000, LogPlace(1, 0, "Machines-1", 2)),
    ],
    ids=[
        "another server",
        "a restored database",
        "another task",
        "a number used again",
        "step",
        "action",
        "target",
        "attempt",
    ],
)
def test_nothing_else_ever_has_that_ticket(other: str) -> None:
    assert other != ticket(HERE, 7, 1000, PLACE)
