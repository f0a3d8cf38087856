"""`gurita config replace`: files changed in place, what was replaced, and exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from gurita.cli.main import run


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "v.json").write_text('{"a:b": "#{port}", "port": 80, "/a/@b": "<x>", "Octopus.x": "1"}')
    (tmp_path / "a.json").write_text('{"a": {"b": 1}}')
    (tmp_path / "b.yaml").write_bytes(b"a:\r\n  b: 1 # c\r\n")
    (tmp_path / "c.xml").write_text("<a b='1'/>")
    return tmp_path


def replace(*words: str) -> int:
    return run(["config", "replace", *words])


def test_files_are_changed_in_place_and_what_was_replaced_is_said(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replace("--variables", "v.json", "a.json", "b.yaml", "c.xml") == 0
    assert (here / "a.json").read_text() == '{\n  "a": {\n    "b": 80\n  }\n}'
    assert (here / "b.yaml").read_bytes() == b"a:\r\n  b: 80 # c\r\n"
    assert (here / "c.xml").read_text() == "<a b='&lt;x&gt;'/>"
    out = capsys.readouterr().out
    assert [line.split() for line in out.splitlines()[1:]] == [
        ["a.json", "json", "a:b"],
        ["b.yaml", "yaml", "a:b"],
        ["c.xml", "xml", "/a/@b"],
    ]


def test_a_variable_that_is_none_after_all_replaces_nothing(here: Path) -> None:
    (here / "v.json").write_text('{"a:b": "#{x | null}", "x": "1"}')
    assert replace("--variables", "v.json", "a.json") == 0
    assert (here / "a.json").read_text() == '{"a": {"b": 1}}'


def test_programs_get_json_and_variables_may_come_from_stdin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"a": "no json"}'))
    assert replace("--format", "json", "--variables", "-", "--output", "json", "a.json") == 0
    told = capsys.readouterr()
    (one,) = json.loads(told.out)
    assert (one["Path"], one["Format"], one["Replaced"], one["BecameUtf8"]) == ("a.json", "json", [], False)
    assert "is not JSON, so the object there stays" in one["Warnings"][0]
    assert "stays as it is" in told.err


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_done(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "bad.json").write_text("{")
    assert replace("--variables", "v.json", "bad.json", "none.json", "b.yaml") == 1
    told = capsys.readouterr()
    assert "bad.json: it is not JSON: line 1" in told.err
    assert "none.json: No such file" in told.err
    assert b"b: 80" in (here / "b.yaml").read_bytes()
    assert replace("--format", "xml", "--variables", "v.json", "b.yaml") == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [("[1]", "object of names and values"), ("{", "is no JSON"), ('{"a": "#{a}"}', "self referencing loop")],
)
def test_variables_that_cannot_be_used_are_told(
    here: Path, content: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "v.json").write_text(content)
    assert replace("--variables", "v.json", "a.json") == 1
    assert told in capsys.readouterr().err
    assert (here / "a.json").read_text() == '{"a": {"b": 1}}'


@pytest.mark.parametrize(
    "words", [["--variables", "v.json"], ["a.json"], ["--variables", "v.json", "--format", "ini", "a.json"]]
)
def test_words_that_make_no_sense_end_with_2(words: list[str]) -> None:
    assert replace(*words) == 2
