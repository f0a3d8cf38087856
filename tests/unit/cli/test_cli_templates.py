"""`gurita template` and `gurita version`: what they print, and that a bad line is no end."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import Any

import pytest

from gurita.cli import template
from gurita.cli.main import run


def answer(line: str | dict[str, Any]) -> dict[str, Any]:
    asked = line if isinstance(line, str) else json.dumps(line)
    found: dict[str, Any] = json.loads(template.evaluated(asked.encode()))
    assert list(found) == ["value", "error", "missing"]
    return found


def test_a_template_is_evaluated() -> None:
    found = answer({"template": "#{A | ToUpper} #{B[x].C}", "variables": {"A": "é", "B[x].C": "#{a}!"}})
    assert found == {"value": "É é!", "error": None, "missing": []}


def test_what_is_missing_is_listed() -> None:
    found = answer({"template": "#{Nope}", "variables": {}})
    assert (found["value"], found["missing"]) == ("#{Nope}", ["#{Nope}"])
    assert found["error"] == "The following tokens were unable to be evaluated: '#{Nope}'"


@pytest.mark.parametrize(("mode", "value"), [("halting", "#{A} #{"), ("continuing", "1 #{")])
def test_the_mode_decides_on_faults(mode: str, value: str) -> None:
    found = answer({"template": "#{A} #{", "variables": {"A": "1"}, "mode": mode})
    assert found["value"] == value
    assert (found["error"] is None) is (mode == "continuing")


def test_nothing_comes_of_null_and_of_a_loop() -> None:
    assert answer({"template": "#{A | null}"}) == {"value": None, "error": None, "missing": []}
    found = answer({"template": "#{A}", "variables": {"A": "#{A}"}})
    assert found["value"] is None
    assert "(A -> A)" in found["error"]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"template": 1}',
        '{"template": "x", "variables": []}',
        '{"template": "x", "mode": "other"}',
        "[" * 5000,
        '{"template": "\\ud800"}',
    ],
)
def test_a_line_that_cannot_be_read_is_answered(line: str) -> None:
    found = answer(line)
    assert found["value"] is None
    assert found["error"]


def test_bytes_that_are_no_text_are_answered() -> None:
    assert json.loads(template.evaluated(b'{"template": "\xff"}'))["error"]


def test_values_that_are_no_texts_are_written_as_such() -> None:
    found = answer({"template": "#{A} #{B} #{C}", "variables": {"A": 1, "B": True, "C": None}})
    assert found["value"] == "1 True #{C}"


def test_each_answer_comes_before_the_next_question() -> None:
    command = [sys.executable, "-c", "from gurita.cli.main import main; main()", "template"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for line in (b'{"template": "#{A}", "variables": {"A": "1"}}', b"bad", b'{"template": "2"}'):
            child.stdin.write(line + b"\n")
            child.stdin.flush()
            told = json.loads(child.stdout.readline())
            assert (told["error"] is None) is (line != b"bad")
        child.stdin.close()
        assert child.wait(110) == 0


def test_blank_lines_are_passed_over() -> None:
    sink = io.BytesIO()
    assert template.serve(io.BytesIO(b'\n \n{"template": "x"}\n'), sink) == 0
    assert sink.getvalue().count(b"\n") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["compare", "1.0", "1.0-beta"], "1"),
        (["compare", "1.0", "1.0.0"], "0"),
        (["compare", "1.0-beta.2", "1.0-beta.10"], "-1"),
        (["compare", "1.0-x-SNAPSHOT", "1.0-x", "--kind", "maven"], "-1"),
        (["compare", "1.0+a", "1.0+b", "--format", "octopus"], "0"),
        (["in-range", "1.5", "[1.0,2.0)"], "true"),
        (["in-range", "2.0", "[1.0,2.0)"], "false"),
        (["in-range", "1.0", "[1.0]", "--feed", "Maven"], "true"),
        (["mask", "i.c.c", "1.2.3"], "2.0.3"),
        (["mask", "i.i.i-alpha.i", "1.2.3-alpha.25"], "2.0.0-alpha.26"),
        (["mask", "1.i"], "1.0"),
        (["mask", "no mask", "1.0"], "no mask"),
    ],
)
def test_versions_are_compared_and_made(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["version", *words]) == 0
    assert capsys.readouterr().out == f"{told}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["compare", "a/b", "1.0"],
        ["compare", "1.0"],
        ["compare", "1.0", "1.0", "--kind", "other"],
        ["in-range", "1.0", "[2.0,1.0"],
        ["mask", "i", "a/b"],
    ],
)
def test_what_is_no_version_is_said(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["version", *words]) == 2
    assert capsys.readouterr().err.startswith("gurita: ")
