"""Steps for nobody's target in particular run on workers; machines behind a proxy are reached through it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.connect_proxy import ConnectProxy
from tests.fixtures_server import gurita_server
from tests.fixtures_sshd import SshHost, free_port
from tests.functional.field import Ended, Field, field_of
from tests.patience import within
from tests.scenario import Refused, script, step

pytestmark = pytest.mark.needs("sshd")

HERE = {"Octopus.Action.RunOnServer": "True"}


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with field_of(tmp_path_factory.mktemp("field"), 2) as made:
        yield made


def ssh(field: Field, host: SshHost, **endpoint: Any) -> dict[str, Any]:
    return {
        "CommunicationStyle": "Ssh",
        "AccountId": field.account,
        "Host": "127.0.0.1",
        "Port": host.port,
        "Fingerprint": host.fingerprint,
        **endpoint,
    }


def worker(field: Field, name: str, pools: list[str], host: int = 1, **endpoint: Any) -> str:
    body = {"Name": name, "WorkerPoolIds": pools, "Endpoint": ssh(field, field.hosts[host], **endpoint)}
    made = field.made.post("workers", {**body, "SkipInitialHealthCheck": True})
    return str(made["Id"])


def checked(field: Field, id: str) -> str:
    task = field.made.post("tasks", {"Name": "Health", "Arguments": {"MachineIds": [id]}})["Id"]
    field.ended(task)
    return str(field.made.get(f"workers/{id}")["HealthStatus"])


def on_pool(field: Field, body: str, pool: str, **more: Any) -> Ended:
    action = script(body, **HERE, WorkerPoolId=pool)
    return field.run(step("Work", action, roles=""), **more)


def test_a_step_of_a_pool_runs_on_its_healthy_worker_and_says_so(field: Field) -> None:
    pool = field.made.post("workerpools", {"Name": "Builders"})["Id"]
    id = worker(field, "builder", [pool])
    assert checked(field, id) == "Healthy"
    ended = on_pool(field, 'echo "in $GURITA_HOME"', pool)
    assert ended.state == "Success", ended.text
    assert f"in {field.hosts[1].home}" in ended.of("Info")
    assert "Runs on the worker builder (Builders)." in ended.text
    tasks = field.made.get(f"workers/{id}/tasks?type=Deploy")
    assert tasks["TotalResults"] == 1
    connection = field.made.get(f"workers/{id}/connection")
    assert connection["Status"] == "Online" and connection["Logs"]


def test_a_pool_may_come_from_a_variable(field: Field) -> None:
    pool = field.made.post("workerpools", {"Name": "Variable"})["Id"]
    checked(field, worker(field, "by variable", [pool]))
    action = script("echo here", **HERE, WorkerPoolVariable="Pool")
    variables = [{"Name": "Pool", "Value": pool, "Type": "WorkerPool"}]
    ended = field.run(step("Work", action, roles=""), variables=variables)
    assert ended.state == "Success", ended.text
    assert "Runs on the worker by variable (Variable)." in ended.text


def test_a_pool_without_a_worker_that_is_well_fails_the_step_with_that_reason(field: Field) -> None:
    pool = field.made.post("workerpools", {"Name": "Ill"})["Id"]
    ended = on_pool(field, "echo never", pool)
    assert ended.state == "Failed"
    assert "the worker pool 'Ill' has no enabled worker" in ended.text
    id = worker(field, "ill", [pool], Port=free_port())
    assert checked(field, id) == "Unavailable"
    ended = on_pool(field, "echo never", pool)
    assert ended.state == "Failed"
    assert "No worker of the step's worker pool is well" in ended.text
    assert "never" not in ended.of("Info")


def test_the_server_does_it_only_while_the_default_pool_is_empty(field: Field) -> None:
    ended = field.run(step("Work", script("echo never", **HERE), roles=""))
    assert ended.state == "Failed"
    assert "This server runs nothing on its own machine" in ended.text
    default = next(one["Id"] for one in field.made.get("workerpools/all") if one["IsDefault"])
    checked(field, worker(field, "spare", [default]))
    ended = field.run(step("Work", script("echo done", **HERE), roles=""))
    assert ended.state == "Success", ended.text
    assert "Runs on the worker spare" in ended.text


def test_a_script_by_hand_runs_on_workers(field: Field) -> None:
    pool = field.made.post("workerpools", {"Name": "By hand"})["Id"]
    id = worker(field, "hand", [pool])
    checked(field, id)
    for arguments in ({"WorkerIds": [id]}, {"WorkerPoolIds": [pool], "TargetType": "WorkerPools"}):
        body = {"ScriptBody": 'echo "in $GURITA_HOME"', "Syntax": "Bash", **arguments}
        ended = field.ended(field.made.post("tasks", {"Name": "AdHocScript", "Arguments": body})["Id"])
        assert ended.state == "Success", ended.text
        assert f"in {field.hosts[1].home}" in ended.of("Info")


def test_a_target_of_a_style_nobody_can_reach_is_refused_in_the_plan(field: Field) -> None:
    environment = field.made.environment("Unreachable")
    body = {"Name": "shop", "EnvironmentIds": [environment], "Roles": ["web"]}
    field.made.post(
        "machines", {**body, "Endpoint": {"CommunicationStyle": "AzureWebApp", "WebAppName": "s"}}
    )
    release = field.project([step("Run", script("echo never"))])
    ended = field.ended(field.made.deploy(release, environment))
    assert ended.state == "Failed"
    assert "'shop' has the communication style AzureWebApp" in ended.text


def test_a_machine_behind_a_proxy_is_discovered_checked_and_deployed_to_through_it(field: Field) -> None:
    host = field.hosts[0]
    with ConnectProxy("anna", "hunter2") as door:
        proxy = {"Name": "Door", "Host": "127.0.0.1", "Port": door.port, "Username": "anna"}
        made = field.made.post("proxies", {**proxy, "Password": {"HasValue": True, "NewValue": "hunter2"}})
        query = f"machines/discover?host=127.0.0.1&port={host.port}&type=Ssh&proxyId={made['Id']}"
        assert field.made.get(query)["Endpoint"]["Fingerprint"] == host.fingerprint
        environment = field.made.environment("Behind")
        body = {"Name": "behind", "EnvironmentIds": [environment], "Roles": ["web"]}
        target = field.made.post("machines", {**body, "Endpoint": ssh(field, host, ProxyId=made["Id"])})
        field.server.until(lambda: field.made.get(f"machines/{target['Id']}")["HealthStatus"] == "Healthy")
        release = field.project([step("Run", script("echo through the door"))])
        ended = field.ended(field.made.deploy(release, environment))
        assert ended.state == "Success", ended.text
        assert "through the door" in ended.of("Info")
        assert len(door.asked) >= 3 and set(door.asked) == {f"127.0.0.1:{host.port}"}
        wrong = {**made, "Password": {"HasValue": True, "NewValue": "other"}}
        field.made.ask("PUT", f"/api/{field.made.space}/proxies/{made['Id']}", wrong)
        with pytest.raises(Refused) as refused:
            field.made.get(query)
        assert "wants another user name and password (407)" in str(refused.value.body)
        assert "other" not in str(refused.value.body["Errors"][0]).replace("another", "")
    with pytest.raises(Refused, match=r"the proxy 127\.0\.0\.1"):
        field.made.get(query)


def test_discovering_shows_a_hosts_key_and_says_why_it_cannot(field: Field, tmp_path: Path) -> None:
    host = field.hosts[0]
    found = field.made.get(f"workers/discover?host=127.0.0.1&port={host.port}&type=Ssh")
    assert found["Thumbprint"] == host.fingerprint
    with pytest.raises(Refused) as refused:
        field.made.get(f"machines/discover?host=127.0.0.1&port={free_port()}&type=Ssh")
    assert refused.value.status == 400
    assert refused.value.body["Errors"][0].startswith("host: 127.0.0.1:")


def test_a_policy_says_how_long_a_host_that_is_away_is_tried(field: Field) -> None:
    policy = {
        "Name": "Hasty",
        "MachineRpcCallRetryPolicy": {"Enabled": False},
        "ConnectionRetryCountLimit": 1,
        "ConnectionRetrySleepInterval": "00:00:01",
    }
    made = field.made.post("machinepolicies", policy)
    environment = field.made.environment("Away")
    body = {"Name": "away", "EnvironmentIds": [environment], "Roles": ["web"], "MachinePolicyId": made["Id"]}
    endpoint = ssh(field, field.hosts[0], Port=free_port())
    field.made.post("machines", {**body, "Endpoint": endpoint, "SkipInitialHealthCheck": True})
    release = field.project([step("Run", script("echo never"))])
    with within(15):  # others are tried for minutes
        ended = field.ended(field.made.deploy(release, environment))
    assert ended.state == "Failed"


def test_only_a_trusted_proxy_says_where_a_request_comes_from(tmp_path: Path) -> None:
    for trusted, shown in (("127.0.0.1", "203.0.113.7"), ("10.0.0.0/8", "127.0.0.1")):
        (tmp_path / shown).mkdir()
        with gurita_server(tmp_path / shown, options=["--trusted-proxies", trusted]) as server:
            headers = {"X-Forwarded-For": "198.51.100.9, 203.0.113.7", "X-Forwarded-Proto": "https"}
            answer = server.client.post("/api/Spaces-1/environments", json={"Name": "Dev"}, headers=headers)
            assert answer.status_code == 201
            assert ("strict-transport-security" in answer.headers) is (trusted == "127.0.0.1")
            event = server.get("Spaces-1/events", regarding=answer.json()["Id"])["Items"][0]
            assert event["IpAddress"] == shown
