"""What ends only because its time is over: everything here begins together, and each test waits for one end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.functional.field import Field, field_of
from tests.scenario import script, step

pytestmark = pytest.mark.needs("sshd")

MINUTES = "Octopus.Action.ExecutionTimeout.Minutes"


@dataclass
class Begun:
    """Tasks, by what is wrong with them."""

    field: Field
    limited: str
    unreachable: str


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Begun]:
    with field_of(tmp_path_factory.mktemp("field"), 2) as field:
        field.hosts[1].stop()
        unreachable = field.start(
            step("Away", script("echo never")), step("After", script("echo never")), at=1
        )
        body = 'trap "" TERM; echo begun; for n in $(seq 600); do sleep 1; done'
        limited = field.start(step("Limited", script(body, **{MINUTES: "1"})))
        yield Begun(field, limited, unreachable)


def test_a_script_over_its_time_limit_is_ended_with_that_reason(begun: Begun) -> None:
    ended = begun.field.ended(begun.limited, 110)
    assert ended.state == "Failed"
    assert "did not end within 60 seconds" in "\n".join(ended.of("Error"))
    assert "exit code" not in ended.text


def test_a_host_that_stays_away_fails_its_task_with_the_reason_and_was_asked_nothing(begun: Begun) -> None:
    ended = begun.field.ended(begun.unreachable, 110)
    assert ended.state == "Failed"
    errors = "\n".join(ended.of("Error"))
    assert f"127.0.0.1:{begun.field.hosts[1].port}" in errors
    assert "refused" in errors.lower()
    assert "never" not in ended.text
    assert list(begun.field.hosts[1].home.iterdir()) == []
