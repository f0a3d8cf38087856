"""What ends only because its time is over: everything here begins together, and each test waits for one end."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.functional.field import Field, field_of, small_disk
from tests.scenario import script, step

pytestmark = pytest.mark.needs("sshd", "root", "namespaces")

MINUTES = "Octopus.Action.ExecutionTimeout.Minutes"


@dataclass
class Begun:
    """Tasks, by what is wrong with them. `folder` is where the abandoned script tells of itself."""

    field: Field
    folder: Path
    limited: str
    unreachable: str
    cramped: str
    abandoned: str


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Begun]:
    folder = tmp_path_factory.mktemp("field")
    with field_of(folder, 4) as field:
        field.hosts[1].stop()
        unreachable = field.start(
            step("Away", script("echo never")), step("After", script("echo never")), at=1
        )
        small_disk(field.hosts[2], "64k")
        cramped = field.start(step("Cramped", script("echo never")), at=2)
        body = 'trap "" TERM; echo begun; for n in $(seq 600); do sleep 1; done'
        limited = field.start(step("Limited", script(body, **{MINUTES: "1"})))
        body = f'echo $$ > "{folder}/pid"; echo begun; while :; do sleep 0.2; done'
        abandoned = field.start(step("Abandoned", script(body)), step("After", script("echo never")), at=3)
        field.says(abandoned, "begun")
        field.hosts[3].stop()
        field.server.post(f"tasks/{abandoned}/cancel", {})
        yield Begun(field, folder, limited, unreachable, cramped, abandoned)
        with contextlib.suppress(ProcessLookupError):
            os.kill(int((folder / "pid").read_text()), signal.SIGKILL)


def test_a_script_over_its_time_limit_is_ended_with_that_reason(begun: Begun) -> None:
    ended = begun.field.ended(begun.limited, 450)
    assert ended.state == "Failed"
    assert "did not end within 60 seconds" in "\n".join(ended.of("Error"))
    assert "exit code" not in ended.text


def test_a_host_that_stays_away_fails_its_task_with_the_reason_and_was_asked_nothing(begun: Begun) -> None:
    ended = begun.field.ended(begun.unreachable, 450)
    assert ended.state == "Failed"
    errors = "\n".join(ended.of("Error"))
    assert f"127.0.0.1:{begun.field.hosts[1].port}" in errors
    assert "refused" in errors.lower()
    assert "never" not in ended.text
    assert list(begun.field.hosts[1].home.iterdir()) == []


def test_a_disk_too_small_for_the_runner_fails_the_task_with_that_reason(begun: Begun) -> None:
    ended = begun.field.ended(begun.cramped, 450)
    assert ended.state == "Failed"
    assert "No space left on device" in "\n".join(ended.of("Error"))
    assert "Traceback" not in ended.text
    assert "never" not in ended.of("Info")


def test_a_cancel_that_no_host_confirms_ends_with_its_name_and_reaches_it_when_it_is_back(
    begun: Begun,
) -> None:
    ended = begun.field.ended(begun.abandoned, 450)
    assert ended.state == "Canceled"
    assert begun.field.machines[3] in ended.task["ErrorMessage"]
    assert ended.task["ErrorMessage"] in begun.field.made.raw(begun.abandoned)
    assert "never" not in ended.of("Info")
    script_of = Path(f"/proc/{(begun.folder / 'pid').read_text().strip()}")
    assert script_of.exists()
    host = begun.field.hosts[3]
    host.start()
    host.wait_ready()
    # Whatever is to start there next finds it stopped.
    check = (
        f"for n in $(seq 600); do [ -e {script_of} ] || break; sleep 0.1; done; "
        f'[ -e {script_of} ] && echo "still there" || echo "it is gone"'
    )
    ended = begun.field.script(check, at=3)
    assert "it is gone" in ended.of("Info")
    deadline = time.monotonic() + 60
    while script_of.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not script_of.exists()
