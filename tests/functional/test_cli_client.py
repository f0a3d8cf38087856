"""The client against a real server with a real agent: what it prints, what it changes, and how it ends."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.cutting_proxy import CuttingProxy
from tests.fixtures_quickstart import Quickstart, Said, gurita


@pytest.fixture(scope="module")
def api(quickstart: Quickstart) -> Iterator[httpx2.Client]:
    """The API as the administrator, for what the command line does not do."""
    key = (quickstart.data / "cli.key").read_text().strip()
    with httpx2.Client(
        base_url=f"{quickstart.url}/api", headers={"X-Octopus-ApiKey": key}, timeout=120
    ) as client:
        yield client


def project(api: httpx2.Client, quickstart: Quickstart, name: str, body: str) -> str:
    """A project with a release 0.0.1 of one Bash step; its name."""
    made = quickstart.run("project", "create", name, "-o", "json").json
    process = api.get(f"/deploymentprocesses/{made['DeploymentProcessId']}").json()
    properties = {
        "Octopus.Action.RunOnServer": "false",
        "Octopus.Action.Script.Syntax": "Bash",
        "Octopus.Action.Script.ScriptBody": body,
    }
    action = {"Name": "Work", "ActionType": "Octopus.Script", "Properties": properties}
    step = {"Name": "Work", "Properties": {"Octopus.Action.TargetRoles": "hello-web"}, "Actions": [action]}
    assert (
        api.put(f"/deploymentprocesses/{process['Id']}", json={**process, "Steps": [step]}).status_code == 200
    )
    assert quickstart.run("release", "create", name, "--version", "0.0.1").code == 0
    return name


def deployed(quickstart: Quickstart, name: str, *options: str) -> str:
    """A deployment that is not waited for; its task."""
    queued = quickstart.run("release", "deploy", name, "0.0.1", "Development", "-o", "json", *options).json
    return str(queued[0]["ServerTaskId"])


def test_projects_and_environments_come_and_go(quickstart: Quickstart) -> None:
    run = quickstart.run
    made = run("project", "create", "Come and go", "--description", "A test", "-o", "json").json
    assert (made["Name"], made["Description"], made["Links"]["Self"][:5]) == (
        "Come and go",
        "A test",
        "/api/",
    )
    assert "Come and go" in run("project", "list").out
    assert run("project", "view", "come-and-go", "-o", "json").json["Id"] == made["Id"]
    assert run("project", "create", "COME and go").err.startswith("gurita: ")
    refused = run("project", "delete", "come and go")
    assert (refused.code, "Add --yes" in refused.err) == (2, True)
    assert run("project", "delete", "come and go", "--yes").code == 0
    assert made["Id"] not in run("project", "list", "-o", "json").out
    run("environment", "create", "Somewhere", "--guided-failure")
    somewhere = run("environment", "list", "--name", "some", "-o", "json").json
    assert [each["UseGuidedFailure"] for each in somewhere] == [True]
    assert run("environment", "delete", "Somewhere", "--yes").code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["project", "view", "Helo Gurita"],
            "There is no project 'Helo Gurita'. Did you mean 'Hello Gurita'?",
        ),
        (["release", "list", "nothing"], "There is no project 'nothing'. There are: "),
        (["release", "deploy", "Hello Gurita", "0.0.1", "Prodction"], "Did you mean 'Production'?"),
        (["release", "deploy", "Hello Gurita", "0.0.11", "Production"], "Did you mean '0.0.1'"),
        (["release", "deploy", "hullo gurita", "0.0.1", "Production"], "Did you mean 'Hello Gurita'?"),
        (["machine", "invite", "--environment", "Develop", "--role", "web"], "Did you mean 'Development'?"),
        (["task", "cancel", "ServerTasks-99999"], "ServerTasks-99999"),
        (["release", "create", "Hello Gurita", "--version", "0.0.1"], "0.0.1"),
    ],
)
def test_an_unknown_name_says_what_may_have_been_meant(
    quickstart: Quickstart, words: list[str], told: str
) -> None:
    said = quickstart.run(*words)
    assert (said.code, said.out) == (1, "")
    assert told in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "words",
    [
        ["release", "deploy", "Hello Gurita", "0.0.1"],
        ["release", "deploy", "Hello Gurita", "0.0.1", "Development", "--variable", "novalue"],
        ["release", "deploy", "Hello Gurita", "0.0.1", "Development", "--guided", "maybe"],
        ["machine", "invite", "--role", "web"],
        ["project", "list", "--url", "ftp://nowhere"],
        ["project", "lost"],
        ["project", "list", "--no-such-option"],
    ],
)
def test_words_that_make_no_sense_end_with_2(quickstart: Quickstart, words: list[str]) -> None:
    said = quickstart.run(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("gurita: ")


def test_who_may_not_and_where_nobody_is(quickstart: Quickstart) -> None:
    nobody = gurita("project", "list", "--url", quickstart.url)
    assert (nobody.code, "set GURITA_API_KEY" in nobody.err) == (1, True)
    wrong = gurita(
        "project", "list", environment={"GURITA_URL": quickstart.url, "GURITA_API_KEY": "API-WRONG"}
    )
    assert (wrong.code, "not valid" in wrong.err) == (1, True)
    away = gurita("project", "list", "--url", "http://127.0.0.1:9", environment={"GURITA_API_KEY": "API-X"})
    assert (away.code, "cannot be reached" in away.err) == (1, True)
    key = (quickstart.data / "cli.key").read_text()
    piped = gurita("project", "list", "--url", quickstart.url, "--api-key-file", "-", stdin=key)
    assert (piped.code, "Hello Gurita" in piped.out) == (0, True)


def test_the_exit_code_tells_how_a_deployment_ended(quickstart: Quickstart, api: httpx2.Client) -> None:
    good = quickstart.run("release", "deploy", "Hello Gurita", "0.0.1", "Development", "--wait")
    assert good.code == 0
    assert "Step 1: Build the page / " in good.out
    assert good.out.splitlines()[-1] == "Deploy Hello Gurita release 0.0.1 to Development: Success"

    bad = project(api, quickstart, "Fails", "echo about to fail; exit 3")
    failed = quickstart.run("release", "deploy", bad, "0.0.1", "Development", "--wait", "--guided", "off")
    assert failed.code == 1
    assert "about to fail" in failed.out
    assert "Deploy Fails release 0.0.1 to Development: Failed" in failed.out.splitlines()[-1]

    waits = quickstart.run(
        "release",
        "deploy",
        bad,
        "0.0.1",
        "Development",
        "--wait",
        "--guided",
        "on",
        "--no-wait-for-person",
        "-o",
        "json",
    )
    assert waits.code == 4
    (task,) = waits.json
    assert task["HasPendingInterruptions"] is True
    assert f"{quickstart.url}/app/Spaces-1/tasks/{task['Id']}" in waits.err
    assert quickstart.run("task", "answer", task["Id"], "Fail", "--notes", "as expected").code == 0
    assert quickstart.run("task", "wait", task["Id"]).code == 1
    assert quickstart.run("task", "answer", task["Id"], "Fail").code == 1


def test_a_canceled_task_ends_its_waiter_with_3(quickstart: Quickstart, api: httpx2.Client) -> None:
    name = project(api, quickstart, "Takes long", "echo begun; sleep 600")
    task = deployed(quickstart, name)
    codes: list[int] = []
    waiter = threading.Thread(target=lambda: codes.append(quickstart.run("task", "wait", task).code))
    waiter.start()
    while "begun" not in quickstart.run("task", "log", task).out:
        assert waiter.is_alive()
    assert quickstart.run("task", "cancel", task, "-o", "json").json["State"] in {"Cancelling", "Canceled"}
    waiter.join(240)
    assert codes == [3]
    assert "Canceled" in quickstart.run("task", "explain", task).out


def test_options_of_a_deployment_reach_the_server(quickstart: Quickstart, api: httpx2.Client) -> None:
    task = deployed(quickstart, "Hello Gurita", "--skip", "Measure the page", "--comment", "because")
    arguments = api.get(f"/tasks/{task}").json()["Arguments"]
    made = api.get(f"/deployments/{arguments['DeploymentId']}").json()
    assert (len(made["SkipActions"]), made["Comments"]) == (1, "because")
    assert quickstart.run("task", "wait", task).code == 0
    log = quickstart.run("task", "log", task).out
    assert "The page greets" in log
    assert "words" not in log
    far = quickstart.run(
        "release", "deploy", "Hello Gurita", "0.0.1", "Development", "--run-at", "2099-01-01T00:00:00Z"
    )
    assert (far.code, "QueueTime" in far.err) == (1, True)


def test_a_log_is_followed_over_lost_connections_without_gap_or_double(
    quickstart: Quickstart, api: httpx2.Client
) -> None:
    name = project(api, quickstart, "Talks", 'for i in $(seq 1 400); do echo "line $i"; sleep 0.01; done')
    task = deployed(quickstart, name)
    key = (quickstart.data / "cli.key").read_text().strip()
    with CuttingProxy(quickstart.port, after=5_000, times=4) as proxy:
        said: Said = gurita(
            "task", "log", task, "--follow", "-o", "json",
            environment={"GURITA_URL": f"http://127.0.0.1:{proxy.port}", "GURITA_API_KEY": key},
        )  # fmt: skip
        cuts = proxy.cuts
    assert said.code == 0, said.err
    assert cuts == 4
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert [line["Number"] for line in lines] == list(range(len(lines)))
    texts = [line["Text"] for line in lines if line["Text"].startswith("line ")]
    assert texts == [f"line {number}" for number in range(1, 401)]
    assert "Connection lost" in said.err
    whole = quickstart.run("task", "log", task, "-o", "json").out.splitlines()
    assert [json.loads(line) for line in whole] == lines
    tail = quickstart.run("task", "log", task, "--tail", "2", "-o", "json").out.splitlines()
    assert tail == whole[-2:]


def test_machines_are_checked_and_shown(quickstart: Quickstart) -> None:
    listed = quickstart.run("machine", "list", "--role", "hello-web", "-o", "json").json
    (machine,) = listed
    assert quickstart.run("machine", "health", machine["Name"]).code == 0
    shown = quickstart.run("machine", "view", machine["Id"]).out
    assert "Healthy" in shown
    assert "agent, dials in" in shown
    assert (
        quickstart.run(
            "machine", "list", "--environment", "Production", "--role", "nothing", "-o", "json"
        ).json
        == []
    )


def test_ssh_machines_are_added_by_their_fingerprint(quickstart: Quickstart, tmp_path: Any) -> None:
    from tests.fixtures_sshd import sshd
    from tests.needs import need

    need("sshd")
    with sshd(tmp_path) as (host,):
        run = quickstart.run
        assert (
            run(
                "account", "create-ssh", "Ssh key", "--username", host.username, "--key-file", str(host.key)
            ).code
            == 0
        )
        words = ["machine", "create-ssh", "by ssh", "--host", "127.0.0.1", "--port", str(host.port)]
        words += ["--account", "ssh key", "--environment", "Development", "--role", "by-ssh"]
        asked = run(*words)
        assert (asked.code, f"--fingerprint {host.fingerprint}" in asked.err) == (2, True)
        assert run(*words, "--fingerprint", host.fingerprint).code == 0
        assert run("machine", "health", "by ssh").code == 0
        assert run("account", "delete", "Ssh key", "--yes").code == 1, "it is in use"
        assert run("machine", "delete", "by ssh", "--yes").code == 0
        assert run("account", "delete", "Ssh key", "--yes").code == 0
