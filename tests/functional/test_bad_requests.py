"""Requests that are wrong: each is answered with what is wrong and where, and leaves the database as it was."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.functional.rooms import KINDS, Rooms, health_or_script, refusal_of, rooms, sent, tables
from tests.scenario import script, step

pytestmark = pytest.mark.needs("sshd")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with rooms(tmp_path_factory.mktemp("rooms")) as made:
        yield made


@pytest.mark.parametrize("path", [*KINDS, "deployments", "tasks", "interruptions", "artifacts"])
def test_an_id_nobody_has_is_not_found_and_named(two: Rooms, path: str) -> None:
    prefix = {"tasks": "ServerTasks", "machinepolicies": "MachinePolicies", "projectgroups": "ProjectGroups"}
    id = f"{prefix.get(path, path.capitalize())}-987654"
    for method in ("GET", "PUT", "DELETE") if path in KINDS else ("GET",):
        body = sent(path, two.here.ids) if method == "PUT" else None
        two.refused(404, method, f"{path}/{id}", body, id, "not found")


@pytest.mark.parametrize("path", KINDS)
def test_another_spaces_document_answers_exactly_like_one_that_never_was(two: Rooms, path: str) -> None:
    foreign, unknown = two.there.ids[KINDS[path]], two.unknown[KINDS[path]]
    for method in ("GET", "PUT", "DELETE"):
        body = sent(path, two.here.ids) if method == "PUT" else None
        told = two.refused(404, method, f"{path}/{foreign}", body, foreign)
        assert told.replace(foreign, "?") == two.refused(404, method, f"{path}/{unknown}", body).replace(
            unknown, "?"
        )


def test_another_spaces_task_is_not_here(two: Rooms) -> None:
    for rest in ("", "/details", "/raw", "/explain", "/queued-behind"):
        two.refused(404, "GET", f"tasks/{two.there.ids['task']}{rest}", None, two.there.ids["task"])
    for rest in ("cancel", "prioritize"):
        two.refused(404, "POST", f"tasks/{two.there.ids['task']}/{rest}", {}, two.there.ids["task"])


WRONG_TYPES: dict[str, tuple[str, dict[str, Any], str]] = {
    "a number for a name": ("environments", {"Name": 5}, "Name"),
    "a list for a name": ("projects", {"Name": ["Web"]}, "Name"),
    "an object for a name": ("lifecycles", {"Name": {"a": 1}}, "Name"),
    "null for a name": ("accounts", {"Name": None}, "Name"),
    "a text for a list": ("machines", {"Roles": "web"}, "Roles"),
    "a number in a list of texts": ("machines", {"EnvironmentIds": [7]}, "EnvironmentIds[0]"),
    "a text for yes or no": ("environments", {"UseGuidedFailure": "perhaps"}, "UseGuidedFailure"),
    "a text for an object": ("machines", {"Endpoint": "ssh://host"}, "Endpoint"),
    "an unknown word": ("projects", {"TenantedDeploymentMode": "Sometimes"}, "TenantedDeploymentMode"),
    "an unknown kind of endpoint": (
        "machines",
        {"Endpoint": {"CommunicationStyle": "Pigeon"}},
        "CommunicationStyle",
    ),
    "an unknown kind of account": ("accounts", {"AccountType": "Handshake"}, "AccountType"),
    "a negative number of environments": (
        "lifecycles",
        {"Phases": [{"Name": "First", "MinimumEnvironmentsBeforePromotion": -1}]},
        "Phases[0].MinimumEnvironmentsBeforePromotion",
    ),
    "an impossible time span": (
        "machinepolicies",
        {"ConnectionConnectTimeout": "a while"},
        "ConnectionConnectTimeout",
    ),
    "a port that is none": ("machines", {"Endpoint": {"Port": 70_000}}, "Endpoint.Port"),
    "a number too big for a port": ("machines", {"Endpoint": {"Port": 10**30}}, "Endpoint.Port"),
}


@pytest.mark.parametrize("what", WRONG_TYPES)
def test_a_member_of_a_wrong_type_is_refused_with_its_place(two: Rooms, what: str) -> None:
    path, changed, member = WRONG_TYPES[what]
    body = sent(path, two.here.ids)
    merged = {
        key: {**body[key], **value}
        if isinstance(value, dict) and isinstance(body.get(key), dict) and "CommunicationStyle" not in value
        else value
        for key, value in changed.items()
    }
    two.refused(400, "POST", path, {**body, **merged}, member)


@pytest.mark.parametrize("path", [kind for kind in KINDS if kind != "releases"])
def test_a_name_that_is_missing_blank_or_too_long_is_refused(two: Rooms, path: str) -> None:
    body = sent(path, two.here.ids)
    two.refused(400, "POST", path, {key: value for key, value in body.items() if key != "Name"}, "Name")
    for name in ("", "   ", "\t\n", "\N{NO-BREAK SPACE}", "x" * 201, "x" * 100_000, "bell \x07", "nul \x00"):
        two.refused(400, "POST", path, {**body, "Name": name})
    two.refused(400, "PUT", f"{path}/{two.here.ids[KINDS[path]]}", {**body, "Name": "y" * 201}, "Name", "200")


def test_a_version_that_is_missing_too_long_or_taken_is_refused(two: Rooms) -> None:
    body = sent("releases", two.here.ids)
    for version in ("x" * 5_000, "1.0.0", "1 .0 / 0", "1.99999999999999999999"):
        two.refused(400 if version != "1.0.0" else 409, "POST", "releases", {**body, "Version": version})


@pytest.mark.parametrize("path", [kind for kind in KINDS if kind != "releases"])
def test_a_name_that_is_taken_in_other_case_or_other_unicode_is_refused(two: Rooms, path: str) -> None:
    name = f"Straße Ångström ﬁx {path}"
    assert two.send("POST", path, {**sent(path, two.here.ids), "Name": name}).status_code == 201
    spelled = (
        name,
        name.upper(),
        name.lower(),
        f"  {name} ",
        unicodedata.normalize("NFD", name),
        unicodedata.normalize("NFKC", name),
        name.replace("Å", "\N{ANGSTROM SIGN}"),
        name.replace("ß", "ss"),
    )
    for other in spelled:
        two.refused(409, "POST", path, {**sent(path, two.here.ids), "Name": other}, "Name")
    mine = two.here.made.get(f"{path}/{two.here.ids[KINDS[path]]}")
    two.refused(409, "PUT", f"{path}/{mine['Id']}", {**mine, "Name": name.upper()}, "Name")


def test_the_same_name_in_another_space_is_free(two: Rooms) -> None:
    for made in (two.here.made, two.there.made):
        assert made.environment("Wherever")


def test_a_stale_version_is_refused_and_says_who_changed_what(two: Rooms) -> None:
    id = two.here.made.environment("Changes")
    read = two.here.made.get(f"environments/{id}")
    assert two.send("PUT", f"environments/{id}", {**read, "Description": "mine"}).status_code == 200
    stale = {**read, "Description": "theirs", "Version": read["Version"]}
    told = two.refused(409, "PUT", f"environments/{id}", stale, "Version", "Changes")
    assert "admin" in told
    assert two.here.made.get(f"environments/{id}")["Description"] == "mine"


@pytest.mark.parametrize("kind", ["deploymentprocesses/deploymentprocess", "variables/variableset"])
def test_a_stale_process_or_variable_set_is_refused(two: Rooms, kind: str) -> None:
    project = two.here.made.project(f"Stale {kind[0]}", [step("Say", script("echo said"))])
    path = f"{kind}-{project['Id']}"
    read = two.here.made.get(path)
    member = "Variables" if "variable" in kind else "Steps"
    change: list[Any] = [{"Name": "A", "Value": "1"}] if member == "Variables" else []
    assert two.send("PUT", path, {**read, member: change}).status_code == 200
    two.refused(409, "PUT", path, read, "Version")


def test_what_is_in_use_is_not_deleted_and_its_users_are_named(two: Rooms) -> None:
    ids = two.here.ids
    for path, user in (
        (f"environments/{ids['environment']}", "Our machine"),
        (f"accounts/{ids['account']}", "Our machine"),
    ):
        two.refused(409, "DELETE", path, None, user)


def raw(two: Rooms, content: bytes, path: str = "environments") -> Any:
    """Sends bytes as they are."""
    return two.server.client.post(f"/api/{two.here.made.space}/{path}", content=content)


@pytest.mark.parametrize(
    ("content", "mention"),
    [
        (b'{"Name":' + b"[" * 300 + b"]" * 300 + b"}", "levels"),
        (b'{"Name":"x","Unknown":' + b'{"a":' * 300 + b"1" + b"}" * 300 + b"}", "levels"),
        (b"[" * 100_000, "levels"),
        (b'{"Name":"x"', "JSON"),
        (b"", "body"),
        (b"Name=x", "JSON"),
        (b'{"Name":"\xff\xfe"}', "UTF-8"),
        (b'"Name"', "object"),
        (b'{"Name":"a\\u0000b"}', "NUL"),
        (b'{"Name":"\\ud800"}', ""),
        (b'{"Name":NaN}', "JSON"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(two: Rooms, content: bytes, mention: str) -> None:
    before = tables(two.server)
    refusal_of(raw(two, content), 400, mention)
    assert tables(two.server) == before


def memory(pid: int, what: str) -> int:
    """Kilobytes of a process: `VmRSS` now, `VmHWM` at most so far."""
    found = re.search(rf"^{what}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1])


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
def test_a_body_of_100_megabytes_is_refused_without_being_kept(two: Rooms, declared: bool) -> None:
    size, block = 100 << 20, b"x" * 65_536

    def stream() -> Iterator[bytes]:
        yield from (block for _ in range(size // len(block)))

    before, pid = tables(two.server), two.server.pid
    # The peak is forgotten first, so that it is this request's alone.
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    held = memory(pid, "VmRSS")
    headers = {"Content-Length": str(size)} if declared else {}
    answer = two.server.client.post(
        f"/api/{two.here.made.space}/environments", content=stream(), headers=headers
    )
    refusal_of(answer, 413, "MiB")
    assert memory(pid, "VmHWM") - held < 24 << 10
    assert tables(two.server) == before


@pytest.mark.parametrize(
    ("query", "mention"),
    [("skip=-1", "skip"), ("take=many", "take"), ("skip=99999999999999999999", "skip"), ("take=-5", "take")],
)
def test_a_query_that_cannot_be_meant_is_refused(two: Rooms, query: str, mention: str) -> None:
    two.refused(400, "GET", f"environments?{query}", None, mention)


def test_a_task_that_cannot_be_meant_is_refused(two: Rooms) -> None:
    ids = two.here.ids
    machine = [ids["machine"]]
    for arguments, mention in (
        ({"ScriptBody": "", "MachineIds": machine}, "ScriptBody"),
        ({"ScriptBody": "true"}, "MachineIds"),
        ({"ScriptBody": "true", "Syntax": "Cobol", "MachineIds": machine}, "Syntax"),
        ({"ScriptBody": 5, "MachineIds": machine}, "ScriptBody"),
        ({"ScriptBody": "x" * 1_000_001, "MachineIds": machine}, "ScriptBody"),
    ):
        two.refused(400, *health_or_script("AdHocScript", **arguments), mention)
    two.refused(400, *health_or_script("Fly", MachineIds=machine), "Name")
    two.refused(400, "POST", "tasks", {"Name": "Health", "QueueTime": "tomorrow"}, "QueueTime")
    now = datetime.now(UTC)
    late = {"QueueTime": str(now + timedelta(days=2)), "QueueTimeExpiry": str(now + timedelta(days=1))}
    two.refused(400, "POST", "tasks", {"Name": "Health", **late}, "QueueTimeExpiry")


def test_a_process_that_cannot_run_is_refused_with_the_place_of_each_fault(two: Rooms) -> None:
    path = f"deploymentprocesses/deploymentprocess-{two.here.ids['project']}"
    found = two.here.made.get(path)
    timeout = "Octopus.Action.ExecutionTimeout.Minutes"
    for steps, mention in (
        ([step("A", script("true")), step("a", script("true"))], "Steps[1].Name"),
        ([{"Name": "A", "Actions": []}], "Steps[0].Actions"),
        ([{"Name": "A", "Actions": "none"}], "Steps[0].Actions"),
        ([step("A", script("true"), Condition="Sometimes")], "Steps[0].Condition"),
        ([step("A", script("true"), Condition="Variable")], "Steps[0].Properties"),
        ([step("A", script("true", **{timeout: "soon"}))], f"Steps[0].Actions[0].Properties[{timeout}]"),
        ([step("A", script("true", **{timeout: "-1"}))], f"Steps[0].Actions[0].Properties[{timeout}]"),
    ):
        two.refused(400, "PUT", path, {**found, "Steps": steps}, mention)
