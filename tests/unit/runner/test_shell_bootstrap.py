"""What runs before a shell script, run by real shells: Bash, and the plain sh of this machine."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gurita.formats.service_messages import Message, Parser, Text
from gurita.runner.shell_bootstrap import logs_environment, single_script

SHELLS = ["bash", "sh"]
AWKWARD = "it's \"quoted\" $HOME `x` \\ \\n %s é🎉\tend\nsecond line ]['##octopus"


def run(
    shell: str, script: str, variables: dict[str, str], folder: Path, *arguments: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a script with its helpers, as a host without Python does."""
    path = folder / "script.sh"
    path.write_text(single_script(shell, script, variables), errors="surrogatepass")
    return subprocess.run([shell, str(path), *arguments], capture_output=True, check=False, cwd=folder)


def told(output: bytes) -> list[Message]:
    """The messages in an output."""
    return [each for each in Parser().feed(output) if isinstance(each, Message)]


def plain(output: bytes) -> bytes:
    """The output without its messages."""
    return b"".join(each.data for each in Parser().feed(output) if isinstance(each, Text))


@pytest.mark.parametrize("shell", SHELLS)
def test_every_helper_says_its_message(shell: str, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("12345")
    script = f"""set -eu
value='{AWKWARD.replace("'", "'" + chr(92) + "''")}'
set_octopusvariable "$value" "$value"
set_octopusvariable key value -sensitive
new_octopusartifact "a file" "$value"
update_progress 50 "$value"
set_environmentstate key "$value"
set_environmentstate key value -sensitive
set_environmenturl key "$value"
new_octopustarget --name "$value" --targetId ssh --inputs '{{}}' --roles 'a,b' --worker-pool pool --update-if-existing
new_octopustarget -n plain -t ssh --inputs '{{}}' --roles a
remove_octopustarget "$value"
report_kubernetes_manifest "$value" ns
report_kubernetes_manifest_file "a file"
test "$(decode_servicemessagevalue "$(encode_servicemessagevalue "$value")")" = "$value"
write_verbose "$value"; write_highlight a; write_wait b; write_warning c d
fail_step "$value"
"""
    done = run(shell, script, {}, tmp_path)
    assert (done.returncode, done.stderr) == (1, b"")
    messages = [(m.name, m.attributes) for m in told(done.stdout) if not m.name.startswith("stdout-")]
    state = {"key": "key", "value": AWKWARD, "type": "State"}
    path = f"{tmp_path}/a file"
    target = {"inputs": "{}", "octopusdefaultworkerpoolidorname": "", "targetid": "ssh"}
    assert messages == [
        ("setVariable", {"name": AWKWARD, "value": AWKWARD}),
        ("setVariable", {"name": "key", "value": "value", "sensitive": "True"}),
        ("createArtifact", {"path": path, "name": AWKWARD, "length": "5"}),
        ("progress", {"percentage": "50", "message": AWKWARD}),
        ("set-environmentstate", state),
        ("set-environmentstate", {**state, "value": "value", "sensitive": "True"}),
        ("set-environmentstate", {**state, "type": "Url"}),
        (
            "createStepPackageTarget",
            {**target, "name": AWKWARD, "octopusroles": "a,b", "octopusdefaultworkerpoolidorname": "pool", "updateifexisting": "True"},
        ),
        ("createStepPackageTarget", {**target, "name": "plain", "octopusroles": "a", "updateifexisting": "False"}),
        ("delete-target", {"machine": AWKWARD}),
        ("k8s-manifest-applied", {"manifest": AWKWARD, "ns": "ns"}),
        ("k8s-manifest-applied", {"manifest": "12345", "ns": ""}),
        ("resultMessage", {"message": AWKWARD}),
    ]  # fmt: skip
    levels = [
        m.name for m in told(done.stdout) if m.name.startswith("stdout-") and m.name != "stdout-default"
    ]
    assert levels == ["stdout-verbose", "stdout-verbose", "stdout-highlight", "stdout-wait", "stdout-warning"]
    assert b"c d\n" in plain(done.stdout)


def test_the_name_with_a_dash_is_there_in_bash(tmp_path: Path) -> None:
    assert told(run("bash", "remove-octopustarget x", {}, tmp_path).stdout) == [
        Message("delete-target", {"machine": "x"})
    ]


@pytest.mark.parametrize("shell", SHELLS)
def test_an_option_nobody_knows_is_refused(shell: str, tmp_path: Path) -> None:
    done = run(shell, "new_octopustarget --nane x", {}, tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"--nane" in done.stderr


NAMES = st.text(st.characters(exclude_characters="\0\n", exclude_categories=["Cs"]), min_size=1, max_size=12)
VALUES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize("shell", SHELLS)
@given(name=NAMES, value=VALUES)
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
def test_a_value_of_any_name_is_read_back_as_it_is(shell: str, name: str, value: str, tmp_path: Path) -> None:
    coded = base64.b64encode(name.encode()).decode()
    script = (
        f'get_octopusvariable "$(decode_servicemessagevalue {coded}; printf x)" >/dev/null; '
        f'name=$(decode_servicemessagevalue {coded}); get_octopusvariable "$name"'
    )
    done = run(shell, script, {name: value, name + "x": "other"}, tmp_path)
    assert (done.returncode, done.stdout) == (0, value.encode()), done.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_a_name_is_found_in_any_case_and_a_missing_one_is_empty(shell: str, tmp_path: Path) -> None:
    script = 'printf "<%s><%s>" "$(get_octopusvariable "MY app.X")" "$(get_octopusvariable nope)"'
    assert run(shell, script, {"my App.x": "1"}, tmp_path).stdout == b"<1><>"


@pytest.mark.parametrize("shell", SHELLS)
def test_a_megabyte_goes_in_and_out_unchanged(shell: str, tmp_path: Path) -> None:
    value = AWKWARD * (1_000_000 // len(AWKWARD)) + "the end"
    script = (
        'value=$(get_octopusvariable big); printf %s "$value" | sha256sum; set_octopusvariable out "$value"'
    )
    done = run(shell, script, {"Big": value}, tmp_path)
    assert done.stdout.decode().split()[0] == hashlib.sha256(value.encode()).hexdigest()
    assert told(done.stdout) == [Message("setVariable", {"name": "out", "value": value})]


def test_the_array_of_all_variables_is_there_for_scripts_that_use_it(tmp_path: Path) -> None:
    script = 'for name in "${!octopus_parameters[@]}"; do printf "%s=%s;" "$name" "${octopus_parameters[$name]}"; done'
    done = run("bash", script, {"A b": "1", "'": AWKWARD, "": "nameless"}, tmp_path)
    assert done.stderr == b""
    assert sorted(done.stdout.decode().split(";")) == ["", f"'={AWKWARD}", "A b=1"]
    silent = run("bash", 'x=parameters; eval "echo \\${#octopus_$x[@]}"', {"a": "1"}, tmp_path)
    assert silent.stdout == b"0\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_modules_are_loaded_and_found_by_their_file(shell: str, tmp_path: Path) -> None:
    variables = {
        "Octopus.Script.Module[My Tools]": 'echo loaded; hello() { echo "hello $1"; }',
        "Octopus.Script.Module.Language[My Tools]": "Bash",
    }
    assert run(shell, "hello you", variables, tmp_path).stdout == b"loaded\nhello you\n"
    once = run(shell, "echo first; . MyTools.sh; hello you", variables, tmp_path)
    assert once.stdout == b"first\nloaded\nhello you\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_arguments_and_the_exit_code_are_the_scripts(shell: str, tmp_path: Path) -> None:
    done = run(shell, 'printf "%s|" "$@"; exit 7', {"a": "b"}, tmp_path, "one two", "it's")
    assert (done.returncode, done.stdout) == (7, b"one two|it's|")


def test_an_action_begins_with_a_line_on_where_it_runs_unless_that_is_suppressed(tmp_path: Path) -> None:
    action = {"Octopus.Action.Name": "Run"}
    off = {"octopus.action.script.suppressenvironmentlogging": "true "}
    assert (logs_environment(action), logs_environment({}), logs_environment(action | off)) == (
        True,
        False,
        False,
    )
    assert b"Bash " in plain(run("bash", "", action, tmp_path).stdout)
    assert run("bash", "", action | off, tmp_path).stdout == b""


def test_what_was_encrypted_is_decrypted(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, iv = "00112233445566778899aabbccddeeff" * 2, "0102030405060708090a0b0c0d0e0f10"
    made = subprocess.run(
        ["openssl", "enc", "-aes-256-cbc", "-base64", "-A", "-K", key, "-iv", iv],
        input=AWKWARD.encode(), capture_output=True, check=True,
    )  # fmt: skip
    script = f"decrypt_variable {made.stdout.decode()} {iv} {key}; sensitiveVariableKey={key}; decrypt_variable {made.stdout.decode()} {iv}"
    assert run("bash", script, {}, tmp_path).stdout.decode() == AWKWARD * 2
