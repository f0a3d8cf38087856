"""The closing table tells what was real; where everything must be real, a skip is a failure."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from tests.closing_table import lines, refuse_skip
from tests.needs import NEEDS, need


@dataclass
class Report:
    """As much of a test report as the table reads."""

    nodeid: str = "tests/unit/store/test_x.py::test_y"
    when: str = "call"
    duration: float = 1.0
    outcome: str = "passed"
    longrepr: object = None
    user_properties: list[tuple[str, object]] = field(default_factory=list)

    @property
    def skipped(self) -> bool:
        return self.outcome == "skipped"


def skip(reason: str) -> Report:
    return Report(when="setup", outcome="skipped", longrepr=("x.py", 1, f"Skipped: {reason}"))


def refused(report: Report) -> str:
    refuse_skip(cast("pytest.TestReport", report))
    return report.outcome


def row(table: list[str], name: str) -> list[str]:
    return next(line.split() for line in table if line.startswith(name))


def test_a_skip_of_a_thing_that_must_be_there_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GURITA_REQUIRE_REAL", "1")
    report = skip("sshd: not on this machine")
    assert refused(report) == "failed"
    assert "sshd: not on this machine" in str(report.longrepr)


def test_a_skip_without_a_named_thing_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GURITA_REQUIRE_REAL", "1")
    assert refused(skip("no time")) == "failed"


def test_a_thing_that_may_miss_stays_a_skip_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GURITA_REQUIRE_REAL", "1")
    assert refused(skip("pwsh: not on this machine")) == "skipped"


@pytest.mark.parametrize("value", ["", "0"])
def test_elsewhere_a_skip_is_a_skip(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("GURITA_REQUIRE_REAL", value)
    assert refused(skip("sshd: not on this machine")) == "skipped"


def test_a_pass_is_left_alone_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GURITA_REQUIRE_REAL", "1")
    assert refused(Report()) == "passed"


def test_the_table_counts_what_was_real_and_what_was_skipped() -> None:
    real = [
        Report(user_properties=[("real", "sshd"), ("real", "postgresql")]),
        Report(user_properties=[("real", "sshd")]),
    ]
    setup = Report(when="setup", user_properties=[("real", "sshd")])
    skips = [skip("pwsh: not on this machine"), skip("no time"), skip("no time")]
    table = list(lines({"passed": real, "": [setup], "skipped": skips}))
    assert row(table, "sshd")[1:3] == ["2", "0"]
    assert row(table, "postgresql")[1:3] == ["1", "0"]
    assert row(table, "pwsh")[1:3] == ["0", "1"]
    assert row(table, "(other)")[1:] == ["2", "no", "time"]
    assert "nothing was skipped" not in table


def test_the_table_tells_where_the_time_went() -> None:
    reports = [
        Report(duration=3),
        Report(nodeid="tests/functional/test_a.py::test_b", duration=5),
        Report(nodeid="tests/functional/test_a.py::test_b", when="setup", duration=2),
    ]
    table = list(lines({"passed": reports}))
    assert table[1].split() == ["functional", "1", "7.0"]
    assert table[2].split() == ["unit/store", "1", "3.0"]


def test_a_file_that_cannot_be_collected_does_not_hide_the_table() -> None:
    broken = pytest.CollectReport("tests/unit/test_x.py", "failed", "no such module", [])
    assert row(list(lines({"error": [broken]})), "sshd")[1:3] == ["0", "0"]


def test_a_missing_thing_skips_with_its_name_and_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.needs._places", {"pwsh": ""})
    with pytest.raises(pytest.skip.Exception, match=r"^pwsh: not on this machine \(PowerShell"):
        need("pwsh")


def test_only_named_things_may_miss() -> None:
    assert {name for name, thing in NEEDS.items() if thing.may_miss} == {"python3.8", "pwsh"}


def test_a_unit_test_opens_no_socket() -> None:
    with socket.socket() as opened, pytest.raises(RuntimeError, match="belongs in tests/functional"):
        opened.connect(("127.0.0.1", 9))
    with socket.socket() as opened, pytest.raises(RuntimeError, match="belongs in tests/functional"):
        opened.bind(("127.0.0.1", 0))


SUITE = """
import pytest
from tests.needs import need

@pytest.fixture(scope="session", params=["plain", "with-ps"])
def tool(request):
    return need("ps") if request.param == "with-ps" else ""

@pytest.mark.parametrize("turn", range(3))
def test_uses(tool, turn):
    pass

def test_skips():
    pytest.skip("no time")
"""


@pytest.mark.parametrize(("require", "code"), [("", 0), ("1", 1)])
def test_a_real_run_counts_each_use_of_a_shared_fixture_and_refuses_skips_in_ci(
    tmp_path: Path, require: str, code: int
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = needs\n")
    (tmp_path / "test_suite.py").write_text(SUITE)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.conftest",
        "-c",
        str(tmp_path / "pytest.ini"),
        "-n",
        "1",
    ]
    run = subprocess.run(
        [*command, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "GURITA_REQUIRE_REAL": require},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == code, run.stdout + run.stderr
    assert row(run.stdout.splitlines(), "ps")[1] == "3"
    assert ("GURITA_REQUIRE_REAL is set, so this skip is a failure: no time" in run.stdout) == (code == 1)
