"""Scripts that fail, hang, flood, garble and leak: through a real server, on a real SSH host."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.functional.field import Field, field_of
from tests.patience import within
from tests.scenario import script, step

pytestmark = pytest.mark.needs("sshd")

FAIL_ON_STDERR = "Octopus.Action.FailScriptOnErrorOutput"
RETRIES = "Octopus.Action.AutoRetry.MaximumCount"


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with field_of(tmp_path_factory.mktemp("field"), 2) as made:
        yield made


def alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_output_that_is_no_utf_8_is_shown_with_replacements_and_the_rest_is_whole(field: Field) -> None:
    ended = field.script(
        r"printf 'a\xff\xfeb\n\xc3\x28 half \xe2\x82 end\n\xf0\x9f\x92'; printf '\xa9 whole\n'"
    )
    assert ended.state == "Success"
    assert ended.of("Info")[-3:] == ["a\ufffd\ufffdb", "\ufffd( half \ufffd end", "\N{PILE OF POO} whole"]


def test_a_line_of_ten_megabytes_is_kept_to_the_last_character(field: Field) -> None:
    size = 10 << 20
    ended = field.script(f"echo before; head -c {size} /dev/zero | tr '\\0' 'x'; echo; echo after")
    assert ended.state == "Success"
    assert sum(line.count("x") for line in ended.of("Info") if set(line) == {"x"}) == size
    said = [line for line in ended.of("Info") if line in ("before", "after")]
    assert said == ["before", "after"]


def test_a_canceled_script_that_ignores_term_is_gone_with_its_children_within_ten_seconds(
    field: Field, tmp_path: Path
) -> None:
    body = f"""
trap '' TERM INT HUP
for n in 1 2 3; do (trap '' TERM; echo $BASHPID >> "{tmp_path}/pids"; while :; do sleep 1; done) & done
echo $$ >> "{tmp_path}/pids"
echo "begun"
while :; do sleep 1; done
"""
    task = field.start(step("Stubborn", script(body)), step("After", script("echo never")))
    field.says(task, "begun")
    field.server.until(lambda: len((tmp_path / "pids").read_text().split()) == 4)
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert all(alive(pid) for pid in pids)
    with within(10):
        assert field.server.post(f"tasks/{task}/cancel", {})["State"] in ("Cancelling", "Canceled")
        ended = field.ended(task)
    assert ended.state == "Canceled"
    assert "never" not in ended.text
    assert [pid for pid in pids if alive(pid)] == []


def test_a_background_child_that_holds_the_output_does_not_hold_the_task(
    field: Field, tmp_path: Path
) -> None:
    ended = field.script(f'sleep 3000 & echo $! > "{tmp_path}/pid"; echo "the script is done"')
    assert ended.state == "Success"
    assert "the script is done" in ended.text
    pid = int((tmp_path / "pid").read_text())
    assert alive(pid)
    os.kill(pid, signal.SIGKILL)


def test_an_exit_code_fails_the_step_and_conditions_choose_what_still_runs(field: Field) -> None:
    ended = field.run(
        step("First", script("echo first; exit 7")),
        step("On success", script("echo on-success")),
        step("On failure", script("echo on-failure"), Condition="Failure"),
        step("Always", script("echo always"), Condition="Always"),
    )
    assert ended.state == "Failed"
    assert "exit code 7" in "\n".join(ended.of("Error"))
    ran = [line for line in ended.of("Info") if line in ("first", "on-success", "on-failure", "always")]
    assert ran == ["first", "on-failure", "always"]
    assert ended.task["ErrorMessage"]
    assert ended.task["HasWarningsOrErrors"] is True


def test_a_step_for_failures_is_skipped_with_its_reason_when_nothing_failed(field: Field) -> None:
    task = field.start(
        step("First", script("echo first")),
        step("On failure", script("echo on-failure"), Condition="Failure"),
        step("Always", script("echo always"), Condition="Always"),
    )
    ended = field.ended(task)
    assert ended.state == "Success"
    assert [line for line in ended.of("Info") if line in ("first", "on-failure", "always")] == [
        "first",
        "always",
    ]
    assert "No earlier step failed" in str(field.server.get(f"tasks/{task}/details")) + ended.text


@pytest.mark.parametrize("fails", [True, False])
def test_error_output_fails_a_step_only_where_it_is_said_to(field: Field, fails: bool) -> None:
    ended = field.script("echo fine; echo oops >&2", properties={FAIL_ON_STDERR: str(fails)})
    assert ended.state == ("Failed" if fails else "Success")
    assert "oops" in ended.of("Error")
    assert ended.task["HasWarningsOrErrors"] is True


def test_automatic_retries_run_until_the_first_success_and_keep_only_its_outputs(
    field: Field, tmp_path: Path
) -> None:
    body = f"""
echo x >> "{tmp_path}/runs"
n=$(wc -l < "{tmp_path}/runs")
set_octopusvariable "Attempt" "$n"
[ $n = 1 ] && set_octopusvariable "Only" "from the first"
[ $n -ge 3 ]
"""
    ended = field.run(
        step("Flaky", script(body, **{RETRIES: "3"})),
        step(
            "Read",
            script(
                'echo "attempt #{Octopus.Action[Flaky].Output.Attempt}"; '
                'echo "only: $(get_octopusvariable "Octopus.Action[Flaky].Output.Only")."'
            ),
        ),
    )
    assert ended.state == "Success", ended.text
    assert (tmp_path / "runs").read_text().count("x") == 3
    assert "attempt 3" in ended.of("Info")
    assert "only: ." in ended.of("Info")


def test_automatic_retries_end_after_their_number(field: Field, tmp_path: Path) -> None:
    ended = field.script(f'echo x >> "{tmp_path}/runs"; exit 1', properties={RETRIES: "2"})
    assert ended.state == "Failed"
    assert (tmp_path / "runs").read_text().count("x") == 3


AWKWARD = "\"double\" 'single' `back` $HOME $(id) \\n \\\\ #{NotAVariable} %s ]|] ##octopus[x y='z']\n\ttab\r\nünïcødé 漢字 \N{PILE OF POO} e\u0301\n"

BIG = AWKWARD * (1_000_000 // len(AWKWARD.encode()) + 1) + "the end"


@pytest.mark.parametrize("syntax", ["Bash", "Python"])
def test_an_output_of_a_megabyte_with_everything_awkward_in_it_comes_through(
    field: Field, tmp_path: Path, syntax: str
) -> None:
    (tmp_path / "value").write_text(BIG, newline="")
    digest = hashlib.sha256(BIG.encode()).hexdigest()
    path = tmp_path / "value"
    sets = {
        "Bash": f'value=$(cat "{path}"); set_octopusvariable "Big" "$value"',
        "Python": f'set_octopusvariable("Big", open("{path}", newline="", encoding="utf-8").read())',
    }
    gets = {
        "Bash": 'printf %s "$(get_octopusvariable "Octopus.Action[Set].Output.Big")" | sha256sum',
        "Python": 'import hashlib; print(hashlib.sha256(get_octopusvariable("Octopus.Action[Set].Output.Big").encode()).hexdigest())',
    }
    ended = field.run(
        step("Set", script(sets[syntax], syntax=syntax)),
        step("Get", script(gets["Bash"])),
        step("Get again", script(gets["Python"], syntax="Python")),
    )
    assert ended.state == "Success", ended.text[-3000:]
    assert [line.split()[0] for line in ended.of("Info") if re.match("[0-9a-f]{64}", line)] == [
        digest,
        digest,
    ]


def test_artifacts_are_downloaded_to_the_byte_and_a_missing_one_is_a_warning(field: Field) -> None:
    ended = field.script("""
head -c 3000001 /dev/urandom > data.bin
sha256sum data.bin
: > empty
new_octopusartifact data.bin "data of #{Octopus.Machine.Name}, Straße.bin"
new_octopusartifact "$PWD/empty"
new_octopusartifact missing.txt
""")
    assert ended.state == "Success", ended.text
    assert "missing.txt" in "\n".join(ended.of("Warning"))
    found = field.made.get(f"artifacts?regarding={ended.task['Id']}")["Items"]
    by_name = {each["Filename"]: each["Id"] for each in found}
    assert {"data of host 0, Straße.bin", "empty"} <= set(by_name)
    content = {
        name: field.server.client.get(f"/api/{field.made.space}/artifacts/{id}/content")
        for name, id in by_name.items()
    }
    data = content["data of host 0, Straße.bin"].content
    assert len(data) == 3_000_001
    assert hashlib.sha256(data).hexdigest() in ended.text
    assert content["empty"].content == b""


SECRET = "line one of it: Xk3#q9\nsecond line: vW8!pp2Z\n\nlast line: hH55-zz-u7"


def sensitive(value: str) -> dict[str, Any]:
    """A sensitive variable."""
    return {"Name": "Secret", "Type": "Sensitive", "Value": value, "Scope": {}}


def leaks(field: Field, task: str, needles: list[str]) -> list[tuple[str, str]]:
    """Which of the texts any answer about the task holds."""
    answers = {
        "raw": field.made.raw(task),
        "log": "\n".join(text for _, text in field.lines(task)),
        "details": field.server.client.get(f"/api/tasks/{task}/details?verbose=true").text,
    }
    return [(name, needle) for name, text in answers.items() for needle in needles if needle in text]


def test_a_secret_of_many_lines_is_masked_whole_and_line_by_line(field: Field) -> None:
    body = """
value=$(get_octopusvariable Secret)
echo "$value"
echo "inside <$value> a line"
echo "$value" >&2
while IFS= read -r line; do echo "one: $line"; done <<< "$value"
echo "end"
"""
    ended = field.run(step("Say", script(body)), variables=[sensitive(SECRET)])
    assert ended.state == "Success", ended.text
    assert "end" in ended.of("Info")
    assert leaks(field, ended.task["Id"], [SECRET, *(line for line in SECRET.split("\n") if line)]) == []
    assert "********" in ended.text


def test_a_secret_begun_on_stdout_and_ended_on_stderr_is_masked_on_both(field: Field) -> None:
    """Whether the runner reads the parts one by one, or all that was said at once."""
    body = """
value=$(get_octopusvariable Secret)
printf %s "see ${value:0:11}"
printf '%s\\n' "${value:11} it is" >&2
echo " and more"
sleep 0.1
printf %s "err ${value:0:9}" >&2
printf '%s\\n' "${value:9} out"
echo "!" >&2
"""
    ended = field.run(step("Say", script(body)), variables=[sensitive("begun-here.ended-there")])
    assert ended.state == "Success", ended.text
    assert leaks(field, ended.task["Id"], ["begun", "here", "ended", "there"]) == []
    assert {"see ******** and more", "******** out"} <= set(ended.of("Info"))
    assert {"******** it is", "err ********!"} <= set(ended.of("Error"))


def test_a_secret_in_base64_is_masked_at_every_alignment(field: Field) -> None:
    secret = "correct-horse-battery-staple-8812"
    body = """
value=$(get_octopusvariable Secret)
for before in "" a ab abc; do for after in "" y yz; do printf %s "$before$value$after" | base64 -w0; echo; done; done
printf %s "user:$value" | base64
echo "end"
"""
    ended = field.run(step("Say", script(body)), variables=[sensitive(secret)])
    assert ended.state == "Success", ended.text
    # What is the same whatever stands beside it, at each of the three alignments.
    cores = []
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + secret.encode() + b"\0" * 3).decode()
        first = (shift * 8 + 5) // 6
        cores.append(whole[first : (shift + len(secret)) * 8 // 6])
    assert leaks(field, ended.task["Id"], [secret, *cores]) == []
    assert ended.text.count("********") >= 13


def test_a_secret_written_in_pieces_with_pauses_is_masked(field: Field) -> None:
    secret = "Sp1it-Over-Wr1tes"
    body = """
value=$(get_octopusvariable Secret)
printf "slow: "
for ((n = 0; n < ${#value}; n++)); do printf %s "${value:n:1}"; sleep 0.15; done; echo " done"
printf "halves: %s" "${value:0:9}"; sleep 2; printf "%s done\\n" "${value:9}"
echo "end"
"""
    ended = field.run(step("Say", script(body)), variables=[sensitive(secret)])
    assert ended.state == "Success", ended.text
    assert leaks(field, ended.task["Id"], [secret, secret[:9], secret[9:]]) == []
    assert "slow: ******** done" in ended.of("Info")
    assert "halves: ******** done" in ended.of("Info")
