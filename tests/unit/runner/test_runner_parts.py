"""Parts of the runner: shipped file, frames, records on disk, followers, scripts laid out."""

from __future__ import annotations

import ast
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.records import MESSAGE, STDERR, STDOUT, BadRecord, Record, decode, encode
from gurita.runner import bundle
from gurita.runner.channel import BadFrame, Reader, Writer
from gurita.runner.following import Follower
from gurita.runner.host import alive, facts, process_mark, which
from gurita.runner.precompiled import build
from gurita.runner.record_writer import RecordWriter
from gurita.runner.refusals import Refusal
from gurita.runner.scripts import Private, Spec, call_of, files_of, resource
from gurita.runner.tickets import Ticket

_DONE_WITHOUT = {"regex"}
"""Taken where it is installed; the sources say what they do elsewhere."""


def test_the_shipped_file_is_the_same_every_time_and_holds_no_server_code() -> None:
    first = bundle.runner_file()
    bundle.runner_file.cache_clear()
    assert bundle.runner_file() == first
    names = zipfile.ZipFile(io.BytesIO(first.data)).namelist()
    assert {
        "__main__.py",
        "gurita/runner/serve.py",
        "gurita/formats/masking.py",
        "gurita/runner/bootstraps/bash.sh",
    } <= set(names)
    assert not [
        name
        for name in names
        if not name.startswith(("__main__", "gurita/runner", "gurita/formats", "gurita/__init__"))
        and name.partition("/")[0] not in bundle.LIBRARIES
    ]


@pytest.mark.parametrize("library", sorted(bundle.LIBRARIES))
def test_a_library_travels_with_its_licence_and_without_compiled_parts(library: str) -> None:
    names = zipfile.ZipFile(io.BytesIO(bundle.runner_file().data)).namelist()
    own = [name for name in names if name.startswith(f"{library}/")]
    assert any("LICEN" in name.upper() for name in own)
    assert not [name for name in own if name.endswith((".so", ".pyd", ".pyc"))]


def test_the_shipped_sources_are_python_3_8_and_import_only_what_is_there() -> None:
    archive = zipfile.ZipFile(io.BytesIO(bundle.runner_file().data))
    for name in archive.namelist():
        if not name.endswith(".py"):
            continue
        tree = ast.parse(archive.read(name), name, feature_version=(3, 8))
        if name.partition("/")[0] in bundle.LIBRARIES:
            continue
        for node in ast.walk(tree):
            imported = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            imported += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for module in imported:
                assert (
                    module.startswith(("gurita.runner", "gurita.formats"))
                    or module.split(".")[0] in sys.stdlib_module_names | set(bundle.LIBRARIES) | _DONE_WITHOUT
                ), name


def test_the_compiled_copy_holds_every_module_and_the_bootstraps_as_they_are(tmp_path: Path) -> None:
    shipped = tmp_path / "runner.pyz"
    shipped.write_bytes(bundle.runner_file().data)
    made = zipfile.ZipFile(io.BytesIO(build(str(shipped))))
    source = set(zipfile.ZipFile(shipped).namelist())
    assert {name.removesuffix("c") if name.endswith(".pyc") else name for name in made.namelist()} == source
    assert made.read("gurita/runner/bootstraps/helpers.py") == resource("bootstraps/helpers.py")


@pytest.mark.parametrize("name", ["bootstraps/bash.sh", "bootstraps/helpers.sh", "bare.sh"])
def test_the_shell_files_parse(name: str) -> None:
    shell = "bash" if "bash" in name else "sh"
    done = subprocess.run([shell, "-n"], input=resource(name), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


FRAMES = st.lists(
    st.tuples(st.dictionaries(st.text(max_size=5), st.integers(), max_size=3), st.binary(max_size=50)),
    max_size=5,
)


@given(FRAMES, st.lists(st.integers(0, 999), max_size=10))
def test_frames_round_trip_in_any_chunks(frames: list[tuple[dict[str, int], bytes]], cuts: list[int]) -> None:
    reading, writing = os.pipe()
    writer = Writer(writing)
    for header, payload in frames:
        writer.put(header, payload)
    writer.send()
    os.close(writing)
    data = os.read(reading, 1 << 16)
    os.close(reading)
    reader, found = Reader(), []
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    for start, stop in zip(places, places[1:]):  # noqa: B905, RUF007
        found += list(reader.feed(data[start:stop]))
    assert found == frames
    assert writer.waiting == 0


@pytest.mark.parametrize(
    "data",
    [struct.pack(">II", (1 << 20) + 1, 0), struct.pack(">II", 1, (16 << 20) + 1), b"\0\0\0\x01\0\0\0\0{"],
)
def test_what_is_no_frame_is_told(data: bytes) -> None:
    with pytest.raises(BadFrame):
        list(Reader().feed(data))


def test_a_writer_waits_for_a_slow_reader_and_loses_nothing() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    writer = Writer(writing)
    writer.put({}, bytes(300_000))
    writer.send()
    got = b""
    assert 0 < writer.waiting < 300_010
    while writer.waiting:
        got += os.read(reading, 1 << 20)
        writer.send()
    os.close(writing)
    while part := os.read(reading, 1 << 20):
        got += part
    os.close(reading)
    assert len(got) == 8 + 2 + 300_000


def written(path: Path) -> list[Record]:
    return decode(path.read_bytes())[0]


def test_lines_of_one_stream_and_level_share_a_record(tmp_path: Path) -> None:
    path = tmp_path / "records"
    told: list[int] = []
    writer = RecordWriter(str(path), lambda: told.append(1))
    writer.lines(STDOUT, 1, b"a")
    writer.lines(STDOUT, 1, b"b\nc")
    writer.lines(STDERR, 5, b"d")
    writer.message(b"{}")
    writer.lines(STDOUT, 1, b"e")
    writer.flush()
    writer.close()
    assert [(each.kind, each.level, each.data) for each in written(path)] == [
        (STDOUT, 1, b"a\nb\nc"),
        (STDERR, 5, b"d"),
        (MESSAGE, 1, b"{}"),
        (STDOUT, 1, b"e"),
    ]
    assert writer.count == len(told) == 4


def test_a_record_holds_at_most_64_kib_of_lines(tmp_path: Path) -> None:
    writer = RecordWriter(str(tmp_path / "records"), lambda: None)
    for _ in range(100):
        writer.lines(STDOUT, 1, b"x" * 5000)
    writer.flush()
    writer.close()
    records = written(tmp_path / "records")
    assert max(len(each.data) for each in records) <= 64 * 1024
    assert sum(each.data.count(b"x") for each in records) == 500_000


def test_a_message_too_large_for_the_channel_is_refused_whole(tmp_path: Path) -> None:
    writer = RecordWriter(str(tmp_path / "records"), lambda: None)
    with pytest.raises(BadRecord):
        writer.message(bytes(16 << 20))
    writer.close()
    assert written(tmp_path / "records") == []


def test_a_write_that_fails_leaves_no_torn_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "records"
    writer = RecordWriter(str(path), lambda: None)
    writer.message(b"{}")
    real = os.write
    calls = iter([3, -1])

    def scarce(handle: int, data: bytes) -> int:
        room = next(calls)
        if room < 0:
            raise OSError(28, "No space left on device")
        return real(handle, data[:room])

    monkeypatch.setattr(os, "write", scarce)
    with pytest.raises(OSError, match="No space"):
        writer.message(b"{more}")
    monkeypatch.undo()
    writer.close()
    assert [each.data for each in written(path)] == [b"{}"]


def ticket_with(folder: Path, data: bytes) -> Ticket:
    (folder / "t").mkdir()
    (folder / "t" / "records").write_bytes(data)
    return Ticket(str(folder), "t")


def test_a_follower_starts_at_any_record_and_stops_before_a_torn_one(tmp_path: Path) -> None:
    frames = [encode(Record(n, STDOUT, 1, b"x" * n)) for n in range(10)]
    ticket = ticket_with(tmp_path, b"".join(frames) + b"\0\0\0\x20torn")
    for offset in range(11):
        follower = Follower(ticket, offset)
        assert follower.read() == b"".join(frames[offset:])
        assert follower.next == 10
        assert follower.read() == b""
        follower.close()
    assert Follower(ticket, 0).count() == 10
    beyond = Follower(ticket, 99)
    assert (beyond.read(), beyond.next) == (b"", 10)
    beyond.close()


def test_a_follower_reads_records_larger_than_its_block(tmp_path: Path) -> None:
    big = encode(Record(1, MESSAGE, 1, bytes(3 << 20)))
    follower = Follower(ticket_with(tmp_path, big + big), 1)
    assert follower.read() == big
    follower.close()


def test_a_ticket_without_records_has_none(tmp_path: Path) -> None:
    assert Follower(Ticket(str(tmp_path), "none"), 0).count() == 0


def test_a_process_is_known_by_number_start_and_boot() -> None:
    mine = process_mark(os.getpid())
    assert alive(mine)
    pid, start, boot = mine.split("|")
    for other in ("", "||", f"{pid}|0|{boot}", f"{pid}|{start}|other", f"999999999|{start}|{boot}", "x|y|z"):
        assert not alive(other)


def test_facts_say_where_and_what(tmp_path: Path) -> None:
    found = facts(str(tmp_path))
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert isinstance(found["shells"], dict)


def spec(**given: object) -> Spec:
    return Spec.read({"interpreter": "bash", **given})


@pytest.mark.parametrize(
    "given",
    [
        {"interpreter": "perl"}, {"interpreter": 3}, {"arguments": "x"}, {"arguments": [1]}, {"timeout": -1}, {"timeout": "1"},
        {"grace": 1e9}, {"environment": {"A": 1}}, {"environment": []}, {"workdir": 1}, {"arguments": ["a\0b"]},
    ],
)  # fmt: skip
def test_a_wrong_member_of_the_spec_is_named(given: dict[str, object]) -> None:
    with pytest.raises(Refusal, match=f"spec.{next(iter(given))}"):
        spec(**given)


@pytest.mark.parametrize("payload", [b"", b"[]", b"\xff", b'{"variables": {"A": null}}', b'{"script": 1}'])
def test_a_wrong_payload_is_refused(payload: bytes) -> None:
    with pytest.raises(Refusal, match="bad-request"):
        Private.read(payload)


def test_secrets_are_the_masks_and_the_values_of_sensitive_names_in_any_case() -> None:
    private = Private.read(
        json.dumps({"variables": {"A": "1", "B": "2"}, "sensitive": ["b", "nope"], "masks": ["3"]}).encode()
    )
    assert private.secrets() == ["3", "2"]
    assert "2" not in repr(private)


@pytest.mark.parametrize("interpreter", ["bash", "sh", "python", "pwsh"])
def test_every_interpreter_gets_its_files_and_no_text_of_the_script_in_its_arguments(
    interpreter: str,
) -> None:
    private = Private("echo hi\r\n", {"Name": "value"}, [], [])
    files = files_of(spec(interpreter=interpreter), private)
    assert b"echo hi\n" in files.values()
    call = call_of(spec(interpreter=interpreter, arguments=["x y"]), "/private")
    if which(interpreter.replace("python", "python3")):
        assert call.arguments[-1] == "x y"
        assert "echo" not in " ".join(call.arguments)
    else:
        assert interpreter in call.problem
