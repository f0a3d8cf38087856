"""Every helper of scripts, in Bash and Python, on an SSH host, an agent, the server itself, and a host without Python."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures_agents import agents
from tests.fixtures_server import gurita_server
from tests.fixtures_sshd import bare_path, sshd
from tests.functional.field import Ended, Field
from tests.scenario import Scenario, script, step

pytestmark = pytest.mark.needs("sshd")

NAME = "Odd 'name' \"x\" $HOME `id` é🎉 %s"
AWKWARD = "it's \"quoted\" $HOME `x` $(id) \\ \\n %s é🎉\tend\r\nsecond line ]['##octopus and a lone # sign"
BIG = AWKWARD * (1_000_000 // len(AWKWARD)) + "the end"
MARKER = "marker-that-nobody-may-see"
PLACES = ["ssh", "agent", "server"]
EVERYWHERE = [
    *PLACES,
    pytest.param("bare", marks=pytest.mark.needs("root", "namespaces")),
    pytest.param("posix", marks=pytest.mark.needs("root", "namespaces")),
]


@dataclass
class Places:
    """Where scripts run: an environment each; the server runs what belongs to no target."""

    field: Field
    at: dict[str, int]

    def run(self, place: str, *bodies: dict[str, Any], **more: Any) -> Ended:
        """Steps `Step 1`… at a place."""
        here = {"Octopus.Action.RunOnServer": "True"} if place == "server" else {}
        roles = "" if place == "server" else "web"
        steps = []
        for number, body in enumerate(bodies, 1):
            action = {**body, "Properties": {**body["Properties"], **here}}
            steps.append(step(f"Step {number}", action, roles=roles))
        return self.field.run(*steps, at=self.at[place], **more)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """A server that runs scripts itself, an SSH host, an agent, a host without Python, one without Bash, too."""
    folder = tmp_path_factory.mktemp("places")
    with contextlib.ExitStack() as held:
        (folder / "hosts").mkdir()
        hosts = held.enter_context(sshd(folder / "hosts", 1))
        server = held.enter_context(gurita_server(folder / "server", options=["--local-scripts"]))
        made = Scenario(server.client)
        field = Field(server, made, hosts, made.ssh_account(hosts[0]))
        at = {"ssh": field.add(hosts[0], "ssh")}
        field.environments.append(made.environment("agent place"))
        field.machines.append("")
        held.enter_context(agents(folder / "agents", server, environments=["agent place"], roles=["web"]))
        at["agent"] = len(field.environments) - 1
        at["server"] = at["ssh"]
        found = Places(field, at)
        yield found


def bare(places: Places, folder: Path, *, bash: bool) -> contextlib.AbstractContextManager[None]:
    """Adds a host without Python to the places, called `bare`; without Bash, `posix`."""

    @contextlib.contextmanager
    def added() -> Iterator[None]:
        field = places.field
        folder.mkdir()
        key = field.hosts[0].key
        for file in (key, key.with_suffix(".pub")):
            (folder / file.name).write_bytes(file.read_bytes())
            (folder / file.name).chmod(0o600)
        path = bare_path(folder / "tools")
        if not bash:
            for name in ("bash", "rbash"):
                (Path(path) / name).unlink(missing_ok=True)
        with sshd(folder, bare=True, environment={"PATH": path}) as (host,):
            places.at["bare" if bash else "posix"] = field.add(
                host, f"{'bare' if bash else 'posix'} {time.time_ns()}"
            )
            yield

    return added()


@pytest.fixture
def place(request: pytest.FixtureRequest, places: Places, tmp_path: Path) -> Iterator[str]:
    """A place by its name; a host without Python is begun for it."""
    name = str(request.param)
    with contextlib.ExitStack() as held:
        if name in ("bare", "posix"):
            held.enter_context(bare(places, tmp_path / name, bash=name == "bare"))
        yield name


def coded(text: str) -> str:
    """Base64."""
    return base64.b64encode(text.encode()).decode()


def in_shell(name: str, text: str) -> str:
    """Sets a shell variable to any text."""
    return f'{name}=$(decode_servicemessagevalue {coded(text + "x")}); {name}="${{{name}%x}}"\n'


VARIABLES: list[dict[str, Any]] = [
    {"Name": NAME, "Value": AWKWARD, "Scope": {}},
    {"Name": "Big", "Value": BIG, "Scope": {}},
    {"Name": "Secret", "Type": "Sensitive", "Value": MARKER, "Scope": {}},
]
DIGEST = hashlib.sha256(BIG.encode()).hexdigest()

SHELL = (
    in_shell("name", NAME)
    + in_shell("value", AWKWARD)
    + """
found=$(get_octopusvariable "$name"; printf x)
[ "$found" = "${value}x" ] && echo "read the same"
[ -z "$(get_octopusvariable "no such name")" ] && echo "missing is empty"
big=$(get_octopusvariable BIG); printf %s "$big" | sha256sum | cut -c1-64
set_octopusvariable "$name" "$value"
set_octopusvariable "Big out" "$big"
half=made-secret; set_octopusvariable Made "$half-of-the-script" -sensitive; echo "it is $half-of-the-script"
[ "$(decode_servicemessagevalue "$(encode_servicemessagevalue "$value")")" = "$value" ] && echo "coded and decoded"
printf 12345 > "a report.txt"
new_octopusartifact "a report.txt" "the report"
update_progress 40 "forty"
write_verbose "level verbose"; write_highlight "level highlight"; write_wait "level wait"; write_warning "level warning"
set_environmentstate color blue
set_environmentstate password "$half-of-the-state" -sensitive; echo "state $half-of-the-state"
set_environmenturl site "https://site.example"
report_kubernetes_manifest "kind: Pod" shop
report_kubernetes_manifest_file "a report.txt"
log_environment_information
echo "secret: $(get_octopusvariable Secret)"
printf '##octopus[mask value="%s"]\\n' "$(encode_servicemessagevalue from-now-on-hidden)"
echo "masked: from-now-on-hidden"
echo "##octopus[setVariable name='not base64!']"
sleep 1
"""
)

PYTHON = f"""
import base64, hashlib, sys
name = base64.b64decode("{coded(NAME)}").decode()
value = base64.b64decode("{coded(AWKWARD)}").decode()
if get_octopusvariable(name) == value == octopusvariables[name]: print("read the same")
if get_octopusvariable("no such name") == "": print("missing is empty")
big = get_octopusvariable("BIG"); print(hashlib.sha256(big.encode()).hexdigest())
set_octopusvariable(name, value)
set_octopusvariable("Big out", big)
half = "made-secret"; set_octopusvariable("Made", half + "-of-the-script", True); print("it is", half + "-of-the-script")
if decode(encode(value)) == value: print("coded and decoded")
open("a report.txt", "w").write("12345")
createartifact("a report.txt", "the report")
updateprogress(40, "forty")
printverbose("level verbose"); printhighlight("level highlight"); printwait("level wait"); printwarning("level warning")
set_environmentstate("color", "blue")
set_environmentstate("password", half + "-of-the-state", sensitive=True); print("state", half + "-of-the-state")
set_environmenturl("site", "https://site.example")
log_environment_information()
print("secret:", get_octopusvariable("Secret"))
print("##octopus[mask value='%s']" % encode("from-now-on-hidden"))
print("masked: from-now-on-hidden")
print("##octopus[setVariable name='not base64!']")
assert __name__ == "__main__"
import time; time.sleep(1)
"""

READ_SHELL = (
    in_shell("name", f"Octopus.Action[Step 1].Output.{NAME}")
    + in_shell("value", AWKWARD)
    + """
found=$(get_octopusvariable "$name"; printf x)
[ "$found" = "${value}x" ] && echo "output read the same"
printf %s "$(get_octopusvariable "Octopus.Action[Step 1].Output.Big out")" | sha256sum | cut -c1-64
echo "made: $(get_octopusvariable "Octopus.Action[Step 1].Output.Made")"
echo "exit code: $(get_octopusvariable "Octopus.Action[Step 1].Output.Octopus.Action.Script.ExitCode")"
"""
)


@pytest.mark.parametrize("place", EVERYWHERE, indirect=True)
def test_every_helper_of_the_shell_works(places: Places, place: str) -> None:
    check_helpers(places, place, script(SHELL))


@pytest.mark.parametrize("place", PLACES, indirect=True)
def test_every_helper_of_python_works(places: Places, place: str) -> None:
    check_helpers(places, place, script(PYTHON, syntax="Python"))


def check_helpers(places: Places, place: str, body: dict[str, Any]) -> None:
    """Run the helpers, and read the outputs in a second step."""
    ended = places.run(place, body, script(READ_SHELL), variables=VARIABLES)
    assert ended.state == "Success", ended.text[-3000:]
    info = ended.of("Info")
    wanted = [
        "read the same",
        "missing is empty",
        "coded and decoded",
        "output read the same",
        "exit code: 0",
    ]
    assert [line for line in wanted if line not in info] == []
    assert info.count(DIGEST) == 2
    hidden = ["it is ********", "state ********", "secret: ********", "masked: ********", "made: ********"]
    assert [line for line in hidden if line not in info] == []
    raw = places.field.made.raw(ended.task["Id"])
    assert not any(each in raw for each in (MARKER, "made-secret-of", "now-on-hidden"))
    assert "level verbose" in ended.of("Verbose")
    assert {
        "40% forty",
        "Environment state color: blue",
        "Environment url site: https://site.example",
    } <= set(ended.of("Verbose"))
    assert "Environment state password was set." in ended.of("Verbose")
    assert (ended.of("Highlight"), ended.of("Wait")) == (["level highlight"], ["level wait"])
    assert "level warning" in ended.of("Warning")
    assert any(line.startswith("Could not parse '##octopus[setVariable") for line in ended.of("Warning"))
    check_artifact(places, place, ended)


def check_artifact(places: Places, place: str, ended: Ended) -> None:
    """The artifact is there; of a host without Python, a warning that it is not."""
    if place in ("bare", "posix"):
        assert any("the report" in line and "Python" in line for line in ended.of("Warning"))
        return
    (found,) = places.field.made.get(f"artifacts?regarding={ended.task['Id']}")["Items"]
    path = f"/api/{places.field.made.space}/artifacts/{found['Id']}/content"
    assert (found["Filename"], places.field.server.client.get(path).content) == ("the report", b"12345")


@pytest.mark.parametrize("place", EVERYWHERE, indirect=True)
def test_a_failed_step_says_its_own_reason(places: Places, place: str) -> None:
    ended = places.run(place, script('fail_step "it isn\'t right"; echo never'))
    assert ended.state == "Failed"
    assert "it isn't right" in "\n".join(ended.of("Error"))
    assert "never" not in ended.of("Info")
    ended = places.run(place, script("exit 7"))
    assert any("The remote script failed with exit code 7" in line for line in ended.of("Error"))


@pytest.mark.parametrize("place", PLACES, indirect=True)
def test_a_failed_step_of_python_says_its_own_reason(places: Places, place: str) -> None:
    ended = places.run(place, script("failstep('not right')", syntax="Python"))
    assert (ended.state, "not right" in "\n".join(ended.of("Error"))) == ("Failed", True)
    ended = places.run(place, script("failstep()", syntax="Python"))
    assert any("The remote script failed with exit code 255" in line for line in ended.of("Error"))


MODULES: list[dict[str, Any]] = [
    {"Name": "Octopus.Script.Module[Shell Tools]", "Value": 'greet() { echo "hello $1 from #{Planet}"; }\r\n', "Scope": {}},
    {"Name": "Octopus.Script.Module.Language[Shell Tools]", "Value": "Bash", "Scope": {}},
    {"Name": "Octopus.Script.Module[Snake Tools]", "Value": 'def greet(name):\n    return f"hello {name} from #{Planet}"\n', "Scope": {}},
    {"Name": "Octopus.Script.Module.Language[Snake Tools]", "Value": "Python", "Scope": {}},
    {"Name": "Planet", "Value": "Mars", "Scope": {}},
]  # fmt: skip


@pytest.mark.parametrize("place", EVERYWHERE, indirect=True)
def test_modules_of_the_shell_are_loaded_and_may_be_loaded_by_their_file(places: Places, place: str) -> None:
    ended = places.run(
        place, script("greet you"), script("echo first; . ShellTools.sh; greet them"), variables=MODULES
    )
    assert ended.state == "Success", ended.text
    assert {"hello you from Mars", "hello them from Mars"} <= set(ended.of("Info"))


@pytest.mark.parametrize("place", PLACES, indirect=True)
def test_modules_of_python_are_imported_by_name(places: Places, place: str) -> None:
    ended = places.run(
        place, script("import SnakeTools; print(SnakeTools.greet('you'))", syntax="Python"), variables=MODULES
    )
    assert ended.state == "Success", ended.text
    assert "hello you from Mars" in ended.of("Info")


@pytest.mark.parametrize("place", EVERYWHERE, indirect=True)
def test_arguments_in_quotes_arrive_whole_whatever_is_in_them(places: Places, place: str) -> None:
    parameters = {"Octopus.Action.Script.ScriptParameters": '"#{Text}" #{Two} \'a b\' "$(id)"'}
    values = [
        {"Name": "Text", "Value": 'it\'s "x"; echo never | `id`\nnext', "Scope": {}},
        {"Name": "Two", "Value": "one two", "Scope": {}},
    ]
    print_all = 'for word in "$@"; do encode_servicemessagevalue "$word"; echo; done'
    expected = [coded(each) for each in (str(values[0]["Value"]), "one", "two", "a b", "$(id)")]
    ended = places.run(place, script(print_all, **parameters), variables=values)
    assert ended.of("Info")[-len(expected) :] == expected or expected == said(ended, expected)
    if place in PLACES:
        body = "import sys; [print(encode(word)) for word in sys.argv[1:]]"
        ended = places.run(place, script(body, syntax="Python", **parameters), variables=values)
        assert said(ended, expected) == expected


def said(ended: Ended, wanted: list[str]) -> list[str]:
    """The lines among those that are wanted, in their order."""
    return [line for line in ended.of("Info") if line in wanted]


def test_no_value_is_in_the_arguments_or_environment_of_any_process(places: Places, tmp_path: Path) -> None:
    body = f"""
echo in shell; until [ -e "{tmp_path}/shell" ]; do
  value=$(get_octopusvariable Secret); encode_servicemessagevalue "$value" >/dev/null; sleep 0.1
done"""
    python = f"""
import os, time
print("in snake", flush=True)
while not os.path.exists("{tmp_path}/snake"): encode(get_octopusvariable("Secret")); time.sleep(0.1)"""
    release = places.field.project(
        [step("A", script(body)), step("B", script(python, syntax="Python"))], VARIABLES
    )
    task = places.field.made.deploy(release, places.field.environments[places.at["ssh"]])
    lists = []
    for language in ("shell", "snake"):
        places.field.says(task, f"in {language}")
        for _ in range(8):
            shown = subprocess.run(
                ["ps", "-eww", "-o", "args", "e"], capture_output=True, text=True, check=True
            )
            lists.append(shown.stdout)
            time.sleep(0.05)
        (tmp_path / language).touch()
    assert places.field.ended(task).state == "Success"
    assert all(f"GURITA_HOME={places.field.hosts[0].home}" in each for each in lists)
    assert not any(MARKER in each or coded(MARKER) in each or "the end" in each for each in lists)


def test_the_line_on_where_a_script_runs_can_be_suppressed(places: Places) -> None:
    ended = places.run("ssh", script("true"), script("pass", syntax="Python"))
    lines = [line for line in ended.of("Verbose") if re.match(r"(Bash|Python) \d", line)]
    assert len(lines) == 2
    off = {"Octopus.Action.Script.SuppressEnvironmentLogging": "True"}
    ended = places.run("ssh", script("true", **off), script("pass", syntax="Python", **off))
    assert not [line for line in ended.of("Verbose") if re.match(r"(Bash|Python) \d", line)]


def test_levels_of_both_streams_follow_the_messages(places: Places) -> None:
    body = "\n".join(
        f'echo "##octopus[stdout-{level}]"; echo "out {level}"'
        for level in ("error", "warning", "verbose", "wait", "highlight", "ignore", "default")
    )
    # Both streams are read by turns: what was said on one is waited for before more is said on the other.
    body += "\n" + "\n".join(
        f'echo "##octopus[stderr-{level}]"; echo "now {level}"; until grep -aq "now {level}" ../records; do sleep 0.05; done; '
        f'echo "err {level}" >&2; until [ {level} = ignore ] || grep -aq "err {level}" ../records; do sleep 0.05; done'
        for level in ("progress", "default", "error", "ignore")
    )
    ended = places.run("ssh", script(body))
    assert ended.state == "Success"
    found = {text: category for category, text in ended.lines if re.match("(out|err) ", text)}
    assert found == {
        "out error": "Error", "out warning": "Warning", "out verbose": "Verbose", "out wait": "Wait",
        "out highlight": "Highlight", "out default": "Info", "err progress": "Verbose", "err error": "Error",
        "err default": "Error",
    }  # fmt: skip


def test_the_array_holds_every_variable_in_bash(places: Places) -> None:
    body = in_shell("name", NAME) + in_shell("value", AWKWARD)
    body += '[ "${octopus_parameters["$name"]}" = "$value" ] && echo "the array has it"; echo "${#octopus_parameters[@]}"'
    ended = places.run("ssh", script(body), variables=VARIABLES)
    assert "the array has it" in ended.of("Info")
    assert max(int(line) for line in ended.of("Info") if line.isdigit()) > 10


def test_a_variable_without_a_name_is_dropped_with_a_warning(places: Places) -> None:
    ended = places.run("ssh", script('set_octopusvariable "" value'))
    assert ended.of("Warning") == ["An output variable without a name was set, and is dropped."]
    assert json.dumps(ended.task)
