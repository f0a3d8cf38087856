"""The runner's channel over real processes: outputs, secrets, artifacts, breaks, odd output, broken input."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gurita.formats.records import STDOUT, decode
from gurita.runner.bundle import runner_file
from tests.functional.runner_channel import (
    TASK,
    Channel,
    Refused,
    cleaned,
    folder_of,
    launcher_pid,
    new_ticket,
    until,
)
from tests.needs import need
from tests.patience import within


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield from cleaned(tmp_path)


@pytest.fixture
def channel(home: Path) -> Iterator[Channel]:
    found = Channel(home)
    yield found
    found.close()


def test_hello_tells_about_the_machine(channel: Channel) -> None:
    facts, _ = channel.ask("hello")
    assert facts["format"] == 1
    assert facts["hostname"] == os.uname().nodename
    assert facts["shells"]["bash"]
    assert facts["free_bytes"] > 0
    assert facts["identity"]["begun"] == 0


def test_bash_reads_variables_by_any_name_and_sets_outputs(channel: Channel) -> None:
    value = 'it\'s "quoted" $HOME `x` \\ é\nsecond line'
    seen = channel.run(
        """set -eu
        printf '<%s>' "$(get_octopusvariable "ODD [name] 'x'")"; echo
        echo "missing:$(get_octopusvariable nope):"
        IFS=,
        set_octopusvariable Plain "$(get_octopusvariable "odd [NAME] 'x'")"
        set_octopusvariable Key 'k3y-value-1' -sensitive
        echo "k3y-value-1 and ${octopus_parameters["Odd [name] 'x'"]}"
        """,
        variables={"Odd [name] 'x'": value},
    )
    assert seen.rc == 0, seen.text
    assert f"<{value}>" in seen.text
    assert "missing::" in seen.text
    assert f"******** and {value}" in seen.text
    assert seen.messages == [
        {"name": "setVariable", "variable": "Plain", "value": value},
        {"name": "setVariable", "variable": "Key", "sensitive": True, "secret": 0},
    ]


def test_python_scripts_have_the_same_helpers_under_their_names(channel: Channel) -> None:
    seen = channel.run(
        """
import sys
print(get_octopusvariable("pass word"), octopusvariables["PASS WORD"], repr(get_octopusvariable("nope")), sys.argv[1:])
set_octopusvariable("Out", "v1")
set_octopusvariable("Key", "k3y-value-1", True)
updateprogress(50, "half")
open("report.txt", "w").write("12345")
createartifact("report.txt", "Report")
printwarning("careful"); printhighlight("look"); printwait("wait"); printverbose("detail")
assert __name__ == "__main__"
failstep("given up")
""",
        interpreter="python",
        variables={"Pass Word": "hunter2222"},
        sensitive=["pass word"],
        arguments=["a b", "c"],
    )
    assert "******** ******** '' ['a b', 'c']\n" in seen.text
    assert (seen.state, seen.rc, seen.message) == ("ended", 255, "given up")
    levels = {
        line: each.level
        for each in seen.records
        if each.kind == STDOUT
        for line in each.data.decode().split("\n")
    }
    assert [levels[line] for line in ("careful", "look", "wait", "detail")] == [4, 2, 3, 0]
    assert [message["name"] for message in seen.messages] == [
        "setVariable", "setVariable", "progress", "createArtifact", "resultMessage",
    ]  # fmt: skip


def test_powershell_scripts_have_the_same_helpers_under_their_names(channel: Channel) -> None:
    need("pwsh")
    seen = channel.run(
        """
Write-Host (Get-OctopusVariable 'name')
Set-OctopusVariable -Name Out -Value v1
Set-OctopusVariable -Name Key -Value k3y-value-1 -Sensitive
Update-Progress 50 'half'
Write-Warning 'careful'
Fail-Step 'given up'
""",
        interpreter="pwsh",
        variables={"Name": "value"},
    )
    assert seen.text.splitlines() == ["value", "careful"]
    assert (seen.rc, seen.message) == (1, "given up")
    assert [message["name"] for message in seen.messages][:3] == ["setVariable", "setVariable", "progress"]


def test_a_missing_interpreter_is_named(home: Path, tmp_path: Path) -> None:
    channel = Channel(home, [sys.executable, "-m", "gurita.runner", "serve"], {"PATH": str(tmp_path)})
    seen = channel.run("echo hello", interpreter="bash")
    channel.close()
    assert (seen.state, seen.rc, seen.text) == ("ended", 127, "")
    assert "bash is not installed" in seen.message


def test_a_sensitive_output_is_fetched_by_number_until_the_ticket_is_forgotten(channel: Channel) -> None:
    value = "line one é\nline 'two'"
    ticket = new_ticket()
    channel.start(
        ticket,
        'set_octopusvariable First ignored-1 -sensitive\nset_octopusvariable Key "$(get_octopusvariable V)" -sensitive',
        variables={"V": value},
    )
    channel.follow(ticket)
    assert channel.named("secret", ticket, n=1)[1].decode() == value
    with pytest.raises(Refused, match="not-found"):
        channel.named("secret", ticket, n=2)
    channel.forget(ticket)
    with pytest.raises(Refused, match="not-found"):
        channel.named("secret", ticket, n=1)


def test_a_value_of_a_megabyte_round_trips(channel: Channel) -> None:
    value = "é\"'\n\\" * 200_000
    seen = channel.run(
        "set_octopusvariable('Big', get_octopusvariable('V'))", interpreter="python", variables={"V": value}
    )
    assert seen.messages == [{"name": "setVariable", "variable": "Big", "value": value}]


def test_no_secret_is_in_arguments_environments_log_or_what_stays_on_disk(
    channel: Channel, home: Path
) -> None:
    secret = "5up3r-s3cret-v4lue"
    ticket = new_ticket()
    channel.start(
        ticket,
        'P="$(get_octopusvariable P)"; echo up; until [ -f go ]; do sleep 0.05; done; '
        'echo "$P"; echo "$P" | base64; echo "$P" | rev >&2; set_octopusvariable "Copy" "x$P"',
        variables={"P": secret},
        sensitive=["p"],
    )
    until(lambda: b"up" in (folder_of(channel, ticket) / "records").read_bytes())
    shown = b"".join(_read(path) for path in Path("/proc").glob("[0-9]*/cmdline"))
    shown += b"".join(_read(path) for path in Path("/proc").glob("[0-9]*/environ"))
    assert secret.encode() not in shown
    (folder_of(channel, ticket) / "work" / "go").touch()
    seen = channel.follow(ticket)
    encoded = base64.b64encode(secret.encode()).decode()[:20]
    for form in (secret, secret[::-1], encoded):
        assert form not in seen.text
    assert seen.text.count("********") == 3
    assert seen.messages == [{"name": "setVariable", "variable": "Copy", "sensitive": True, "secret": 0}]
    held = [path for path in home.rglob("*") if path.is_file() and secret.encode() in _read(path)]
    assert held == []


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_secret_written_byte_by_byte_and_on_stderr_is_masked(channel: Channel) -> None:
    seen = channel.run(
        "for s in /dev/stdout /dev/stderr; do for c in h u n t e r 2 2 2 2; do printf %s $c >$s; sleep 0.01; done; echo >$s; done",
        masks=["hunter2222"],
    )
    assert seen.text.split() == ["********", "********"]


def test_artifacts_that_were_declared_can_be_fetched_and_no_other_file(channel: Channel, home: Path) -> None:
    (home / "other").write_text("private")
    ticket = new_ticket()
    channel.start(ticket, "head -c 100000 /dev/zero > out.bin; new_octopusartifact out.bin Result")
    seen = channel.follow(ticket)
    [artifact] = seen.messages
    assert (artifact["label"], artifact["length"]) == ("Result", "100000")
    first, head = channel.named("fetch", ticket, path=artifact["path"], offset=0, length=60_000)
    last, tail = channel.named("fetch", ticket, path=artifact["path"], offset=60_000, length=60_000)
    assert (first["size"], first["more"], last["more"]) == (100_000, True, False)
    assert head + tail == bytes(100_000)
    for path in (str(home / "other"), "/etc/passwd", artifact["path"] + "/../spec"):
        with pytest.raises(Refused, match="not-found"):
            channel.named("fetch", ticket, path=path, offset=0, length=10)


def test_a_declared_artifact_that_is_no_file_is_refused(channel: Channel) -> None:
    ticket = new_ticket()
    channel.start(ticket, "mkfifo pipe; new_octopusartifact pipe 2>/dev/null & sleep 0.2; : <>pipe; kill %1; "
                          "echo \"##octopus[createArtifact path='$(printf pipe | base64)']\"")  # fmt: skip
    channel.follow(ticket)
    with pytest.raises(Refused, match="not a file"):
        channel.named("fetch", ticket, path="pipe", offset=0, length=10)


def test_stderr_fails_a_script_only_when_asked(channel: Channel) -> None:
    assert channel.run("echo oops >&2").rc == 0
    seen = channel.run("echo oops >&2", fail_on_stderr=True)
    assert (seen.state, seen.rc) == ("ended", 1)
    assert "error output" in seen.message
    heard = "echo heard; until grep -aq heard ../records; do sleep 0.02; done"
    body = f"echo '##octopus[stderr-progress]'; {heard}; echo 42% >&2"
    assert channel.run(body, fail_on_stderr=True).rc == 0


def test_the_exit_code_is_told_also_of_a_killed_script(channel: Channel) -> None:
    assert channel.run("exit 42").rc == 42
    seen = channel.run("kill -KILL $$")
    assert (seen.rc, seen.message) == (137, "The remote script failed with exit code 137")


def test_windows_line_endings_do_not_matter(channel: Channel) -> None:
    assert channel.run("if true\r\nthen\r\necho fine\r\nfi\r\n").text == "fine\n"


def test_the_script_has_its_folder_environment_and_ordinary_signals(channel: Channel) -> None:
    seen = channel.run(
        'pwd; echo "$GREETING"; yes | head -1; trap; umask', environment={"GREETING": "hé"}, workdir="/usr"
    )
    assert seen.text.split() == ["/usr", "hé", "y", f"{_umask():04o}"]


def _umask() -> int:
    mask = os.umask(0o22)
    os.umask(mask)
    return mask


def test_a_working_directory_that_is_not_there_is_named(channel: Channel) -> None:
    seen = channel.run("true", workdir="/not/there")
    assert seen.rc == 1
    assert "/not/there" in seen.message


def test_background_children_that_hold_the_output_do_not_hold_the_ticket(channel: Channel) -> None:
    seen = channel.run("sleep 3000 & echo $!")
    pid = int(seen.text)
    os.kill(pid, 0)
    os.kill(pid, signal.SIGKILL)
    assert seen.rc == 0


def test_a_line_of_ten_megabytes_arrives_whole_in_pieces(channel: Channel) -> None:
    seen = channel.run("head -c 10000000 /dev/zero | tr '\\0' x; echo; echo after")
    assert seen.text.replace("\n", "") == "x" * 10_000_000 + "after"
    assert max(len(each.data) for each in seen.records) <= 64 * 1024
    assert seen.text.endswith("\nafter\n")


def test_output_that_is_no_utf_8_is_shown_with_replacements(channel: Channel) -> None:
    assert channel.run("printf 'a\\377\\376b\\n\\303\\251\\n'").text == "a\ufffd\ufffdb\né\n"


def test_a_following_reader_sees_a_line_at_once(channel: Channel) -> None:
    ticket = new_ticket()
    channel.start(ticket, "sleep 0.5; date +%s%N; sleep 3000")
    channel.send("follow", task=TASK, ticket=ticket, fence=1, offset=0)
    with within(5):
        _, payload = channel.receive()
    assert re.findall(rb"\d{19}", payload)
    channel.send("cancel", task=TASK, ticket=ticket, fence=1, grace=0)
    until(lambda: not channel.receive()[0].get("more", True))


def test_many_requests_are_under_way_on_one_channel(channel: Channel) -> None:
    tickets = [new_ticket() for _ in range(10)]
    for ticket in tickets:
        channel.start(ticket, "sleep 0.3; echo done")
    wanted = {channel.send("follow", task=TASK, ticket=ticket, fence=1, offset=0) for ticket in tickets}
    assert channel.send("status", task=TASK, ticket=tickets[0], fence=1)
    while wanted:
        header, _ = channel.receive()
        if header.get("more") is False:
            assert (header["state"], header["rc"]) == ("ended", 0)
            wanted.discard(header["id"])


def test_a_killed_channel_is_followed_on_without_gap_or_double(channel: Channel, home: Path) -> None:
    ticket = new_ticket()
    # It waits for each kill, which comes when fifty lines more are there.
    channel.start(
        ticket,
        "for i in $(seq 400); do echo line $i; "
        "if [ $i -le 300 ] && [ $((i % 60)) = 0 ]; then until [ -e go-$i ]; do sleep 0.02; done; fi; done",
    )
    channel.send("follow", task=TASK, ticket=ticket, fence=1, offset=0)
    text, offset, kills = "", 0, 0
    current = channel
    while True:
        header, payload = current.receive()
        text += "".join(each.data.decode() + "\n" for each in decode(payload)[0])
        offset = header["next"]
        if not header["more"]:
            break
        if kills < 5 and len(text.splitlines()) > 50 * (kills + 1):
            kills += 1
            current.kill()
            (folder_of(current, ticket) / "work" / f"go-{60 * kills}").touch()
            current = Channel(home)
            current.send("follow", task=TASK, ticket=ticket, fence=kills + 1, offset=offset)
    current.close()
    assert kills == 5
    assert text.splitlines() == [f"line {number}" for number in range(1, 401)]


def test_a_runner_upgraded_under_a_running_ticket_takes_it_over(home: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.pyz"
    old.write_bytes(runner_file().data)
    first = Channel(home, ["python3", "-IS", str(old), "serve"])
    ticket = new_ticket()
    first.start(ticket, "echo before; sleep 1; set_octopusvariable After yes")
    first.kill()
    for path in tmp_path.glob("old.pyz*"):
        path.unlink()
    second = Channel(home)
    seen = second.follow(ticket, fence=2)
    second.close()
    assert (seen.state, seen.text) == ("ended", "before\n")
    assert seen.messages == [{"name": "setVariable", "variable": "After", "value": "yes"}]


def test_the_shipped_file_runs_on_the_oldest_python(home: Path, tmp_path: Path) -> None:
    python = need("python3.8")
    shipped = tmp_path / "runner.pyz"
    shipped.write_bytes(runner_file().data)
    for _ in range(2):
        channel = Channel(home, [python, "-IS", str(shipped), "serve"])
        assert channel.ask("hello")[0]["python"].startswith("3.8.")
        seen = channel.run("set_octopusvariable A b; echo s3cret-1234", masks=["s3cret-1234"])
        assert (seen.text, seen.rc, len(seen.messages)) == ("********\n", 0, 1)
        channel.close()
        until(lambda: list(tmp_path.glob("runner.pyz.cpython-38.zip")))


def test_what_cannot_be_read_is_refused_without_harm(channel: Channel) -> None:
    for fields in (
        {"op": "dance"},
        {"op": "status", "task": TASK, "ticket": new_ticket()},
        {"op": "status", "task": TASK, "ticket": new_ticket(), "fence": -1},
        {"op": "follow", "task": TASK, "ticket": new_ticket(), "fence": 1, "offset": "x"},
        {"op": "start", "task": TASK, "ticket": new_ticket(), "fence": 1, "spec": []},
        {"op": "start", "task": TASK, "ticket": new_ticket(), "fence": 1, "spec": {"interpreter": "perl"}},
        {"op": "start", "task": TASK, "ticket": new_ticket(), "fence": 1, "spec": {"timeout": "1"}},
        {"op": "sweep", "days": None},
    ):
        with pytest.raises(Refused, match="bad-request"):
            channel.ask(**fields, payload=b"{}")
    with pytest.raises(Refused, match="bad-request"):
        channel.ask("start", b"not json", task=TASK, ticket=new_ticket(), fence=1, spec={})
    assert channel.ask("hello")[0]["identity"]["begun"] == 0


@pytest.mark.parametrize(
    "junk", [b"\xff" * 64, struct.pack(">II", 5, 0) + b"junk!", struct.pack(">II", 2, 0) + b"[]"]
)
def test_what_is_no_frame_ends_the_channel_with_a_word(home: Path, junk: bytes) -> None:
    channel = Channel(home)
    channel.write(junk)
    with pytest.raises(Refused, match="bad-request"):
        channel.receive()
    assert channel.process.wait(240) == 65
    channel.close()


def test_sweeping_removes_old_tombstones_and_what_dead_tickets_left(channel: Channel) -> None:
    gone, lost = new_ticket(), new_ticket()
    channel.start(gone, "true")
    channel.follow(gone)
    channel.forget(gone)
    channel.start(lost, "sleep 60", masks=["x"])
    os.kill(launcher_pid(channel, lost), signal.SIGKILL)
    until(lambda: channel.status(lost) == "lost")
    assert channel.ask("sweep", days=90)[0]["removed"] == 1
    assert not os.path.lexists(folder_of(channel, lost) / "private")
    assert channel.status(gone) == "forgotten"
    tombstone = channel.home / "tickets-v1" / "tombstones" / gone
    tombstone.write_text(f"{TASK} {int(time.time()) - 91 * 86400}\n")
    assert channel.ask("sweep", days=90)[0]["removed"] == 1
    assert channel.status(gone) == "unknown"
    channel.cancel(lost)


def test_a_full_disk_ends_the_ticket_with_a_clear_word(tmp_path: Path) -> None:
    need("root")
    need("namespaces")
    script = tmp_path / "inside.py"
    script.write_text(_FULL_DISK)
    (tmp_path / "disk").mkdir()
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c",
         f"mount -t tmpfs -o size=2m none {tmp_path}/disk && exec python3 {script} {tmp_path}/disk"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=240, check=False,
        env={**os.environ, "PYTHONPATH": "src:."},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    full, after, refused = json.loads(done.stdout.splitlines()[-1])
    assert full["state"] == "ended"
    assert full["rc"] != 0
    assert "No space left on device" in full["message"]
    assert after == {"state": "ended", "rc": 0, "text": "fine\n"}
    assert refused == "no-space"


_FULL_DISK = """
import json, sys
from pathlib import Path
from tests.functional.runner_channel import Channel, Refused, new_ticket
home = Path(sys.argv[1])
channel = Channel(home)
ticket = new_ticket()
channel.start(ticket, "while :; do head -c 50000 /dev/zero | tr '\\\\0' x; echo; done")
full = channel.follow(ticket)
try:
    (home / "filler").write_bytes(bytes(10_000_000))
except OSError:
    pass
try:
    for number in range(200):
        (home / f"filler-{number}").write_bytes(b"x")
except OSError:
    pass
late = new_ticket()
try:
    refused = channel.start(late, "true")
except Refused as error:
    refused = error.code
channel.forget(ticket)
for path in home.glob("filler*"):
    path.unlink()
seen = channel.run("echo fine")
channel.close()
print(json.dumps([{"state": full.state, "rc": full.rc, "message": full.message},
                  {"state": seen.state, "rc": seen.rc, "text": seen.text}, refused]))
"""
