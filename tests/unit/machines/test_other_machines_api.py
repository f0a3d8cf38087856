from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gurita.engine.tables import task
from gurita.execution.health import chosen_in
from gurita.execution.target_jobs import Endpoints, Unusable
from gurita.machines import service
from gurita.machines.dialling import refusal_of, timing_of
from gurita.machines.records import MACHINES, WORKER_POOLS
from gurita.machines.resources import MachinePolicy, NoEndpoint, Worker
from gurita.machines.resources.policy import Retry
from gurita.machines.rules import chosen_worker
from gurita.machines.service import Health, endpoint_in
from gurita.secrets.opening import reveal
from gurita.spaces.service import ensure_default_in
from gurita.tasks.machine_routes import routes as machine_tasks
from gurita.tasks.routes import routes as tasks
from gurita.transport.endpoints import ListeningAgent, Timing
from tests.helpers import House, house
from tests.looping import in_loop

PRINT = "SHA256:" + "A" * 43
LISTENING = {"CommunicationStyle": "TentaclePassive", "Uri": "https://w.example:1", "Thumbprint": PRINT}

OTHERS: list[dict[str, Any]] = [
    {
        "CommunicationStyle": "OfflineDrop",
        "Destination": {"DestinationType": "FileSystem", "DropFolderPath": "/drop"},
        "ApplicationsDirectory": "/apps",
        "OctopusWorkingDirectory": "/work",
        "SensitiveVariablesEncryptionPassword": {"HasValue": True, "NewValue": "hunter2"},
    },
    {"CommunicationStyle": "AzureWebApp", "WebAppName": "shop", "ResourceGroupName": "group"},
    {"CommunicationStyle": "AzureCloudService", "CloudServiceName": "shop", "SwapIfPossible": True},
    {"CommunicationStyle": "AzureServiceFabricCluster", "ConnectionEndpoint": "shop:19000"},
    {
        "CommunicationStyle": "Kubernetes",
        "ClusterUrl": "https://k8s.example",
        "Namespace": "shop",
        "SkipTlsVerification": "True",
        "Authentication": {"AuthenticationType": "KubernetesPodService", "TokenPath": "/token"},
    },
    {
        "CommunicationStyle": "KubernetesTentacle",
        "DefaultNamespace": "shop",
        "TentacleEndpointConfiguration": {"CommunicationMode": "Polling", "Uri": "poll://abc/"},
    },
    {
        "CommunicationStyle": "StepPackage",
        "DeploymentTargetTypeId": "aws-ecs-target",
        "Inputs": {"clusterName": "shop"},
    },
    {"CommunicationStyle": "AwsEcsCluster", "ClusterName": "shop", "Region": "eu-west-1"},
    {"CommunicationStyle": "Ftp", "Host": "ftp.example", "Username": "u"},
]


async def machine(gurita: House, name: str = "web", **others: Any) -> dict[str, Any]:
    found = await gurita.get("environments/all")
    environment = found[0] if found else await gurita.post("environments", {"Name": "Dev"})
    base = {"Name": name, "EnvironmentIds": [environment["Id"]], "Roles": ["web"], "Endpoint": LISTENING}
    return {**base, **others}


def worker(name: str = "helper", **others: Any) -> dict[str, Any]:
    return {"Name": name, "WorkerPoolIds": ["WorkerPools-1"], "Endpoint": LISTENING, **others}


@pytest.mark.parametrize("endpoint", OTHERS, ids=lambda one: str(one["CommunicationStyle"]))
@in_loop
async def test_a_style_that_cannot_be_reached_is_kept_and_refused_with_that_reason(
    endpoint: dict[str, Any], tmp_path: Path
) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("machines", await machine(gurita, Endpoint=endpoint))
        shown = (await gurita.get(f"machines/{made['Id']}"))["Endpoint"]
        for member, value in endpoint.items():
            if member != "SensitiveVariablesEncryptionPassword":
                assert shown[member] == value
        assert "hunter2" not in str(shown)
        style = endpoint["CommunicationStyle"]
        assert (await gurita.get(f"machines?commStyles={style}"))["TotalResults"] == 1
        again = await gurita.put(
            f"machines/{made['Id']}", {**made, "Endpoint": {**shown, "Links": {"a": "b"}}}
        )
        assert again["Endpoint"] == shown
        ctx = gurita.context()
        with pytest.raises(Unusable, match=rf"style {style}, which this server keeps but cannot reach"):
            await Endpoints(gurita.store, local=True).find(ctx, made["Id"])
        stored = await gurita.store.read(lambda tx: service.get_in(tx, ctx, made["Id"]))
        assert refusal_of(stored)
        body = await gurita.store.read(lambda tx: tx.scalar(select(MACHINES.c.body)))
        assert "hunter2" not in body


@pytest.mark.parametrize(
    ("endpoint", "told"),
    [
        (
            {**OTHERS[6], "Inputs": {"key": {"HasValue": True, "NewValue": "x"}}},
            "Endpoint.Inputs: holds a sensitive",
        ),
        ({**OTHERS[4], "Authentication": {"a": [{"newValue": "x"}]}}, "Endpoint.Authentication: holds"),
        ({**OTHERS[6], "Inputs": {"key": "x" * 200_000}}, "Endpoint.Inputs: is longer than"),
        ({**OTHERS[1], "AccountId": "Accounts-9"}, "Endpoint.AccountId: 'Accounts-9' does not exist"),
        (
            {**OTHERS[1], "DefaultWorkerPoolId": "WorkerPools-9"},
            "Endpoint.DefaultWorkerPoolId: 'WorkerPools-9'",
        ),
        ({"CommunicationStyle": "Carrier"}, "Endpoint.CommunicationStyle: Invalid value 'Carrier'"),
        ({**LISTENING, "ProxyId": "Proxies-9"}, "Endpoint.ProxyId: 'Proxies-9' does not exist"),
    ],
)
@in_loop
async def test_a_bad_endpoint_of_another_style_is_refused_by_member(
    endpoint: dict[str, Any], told: str, tmp_path: Path
) -> None:
    async with house(tmp_path) as gurita:
        answer = await gurita.refused(400, "POST", "machines", await machine(gurita, Endpoint=endpoint))
        assert any(one.startswith(told) for one in answer["Errors"]), answer


@in_loop
async def test_a_new_machine_is_checked_at_once_unless_it_asks_not_to_be(tmp_path: Path) -> None:
    async with house(tmp_path, more=[*tasks, *machine_tasks]) as gurita:
        web = await gurita.post("machines", await machine(gurita))
        helper = await gurita.post("workers", worker())
        await gurita.post("machines", await machine(gurita, "quiet", SkipInitialHealthCheck=True))
        await gurita.post("machines", await machine(gurita, "off", IsDisabled=True))
        queued = await gurita.store.read(lambda tx: [r["arguments"] for r in tx.all(select(task))])
        assert queued == [f'{{"MachineIds":["{one["Id"]}"]}}' for one in (web, helper)]
        for path, name in (("machines/Machines-1", "web"), ("workers/Workers-1", "helper")):
            found = await gurita.get(f"{path}/tasks")
            assert [one["Description"] for one in found["Items"]] == [f"Check the health of {name}"]
            assert (await gurita.get(f"{path}/tasks?type=Deploy"))["Items"] == []
        assert (await gurita.get("machines/quiet/tasks"))["TotalResults"] == 0
        assert (await gurita.get("machines/web/tasks?ids=ServerTasks-1"))["TotalResults"] == 1
        assert (await gurita.get("machines/web/tasks?ids=ServerTasks-2"))["TotalResults"] == 0
        await gurita.refused(404, "GET", "machines/Machines-99/tasks")


@in_loop
async def test_every_space_has_a_default_worker_pool_also_one_older_than_pools(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        (pool,) = await gurita.get("workerpools/all")
        assert (pool["Name"], pool["IsDefault"], pool["CanAddWorkers"]) == ("Default Worker Pool", True, True)
        assert pool["WorkerPoolType"] == "StaticWorkerPool"
        await gurita.post("spaces", {"Name": "Second"})
        (second,) = await gurita.get("Spaces-2/workerpools/all")
        ctx = gurita.context("")
        await gurita.store.write(lambda tx: WORKER_POOLS.open(tx, "Spaces-2").delete(second["Id"]))
        await gurita.store.write(lambda tx: ensure_default_in(tx, ctx))
        (made,) = await gurita.get("Spaces-2/workerpools/all")
        assert (made["IsDefault"], made["Id"]) == (True, "WorkerPools-3")


@in_loop
async def test_pools_are_kept_sorted_and_one_of_them_is_the_default(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = [await gurita.post("workerpools", {"Name": name}) for name in ("Linux", "Windows")]
        ids = ["WorkerPools-1", *(one["Id"] for one in made)]
        await gurita.put("workerpools/sortorder", ids[::-1])
        assert [one["Id"] for one in await gurita.get("workerpools/all")] == ids[::-1]
        await gurita.refused(400, "PUT", "workerpools/sortorder", ["WorkerPools-9"])
        await gurita.refused(400, "PUT", "workerpools/sortorder", [ids[0], ids[0]])
        told = await gurita.refused(
            400, "POST", "workerpools", {"Name": "d", "WorkerPoolType": "DynamicWorkerPool"}
        )
        assert told["Errors"][0].startswith("WorkerPoolType: ")
        told = await gurita.refused(409, "DELETE", "workerpools/WorkerPools-1")
        assert "default worker pool" in told["Errors"][0]
        linux = await gurita.get("workerpools/Linux")
        await gurita.put(f"workerpools/{linux['Id']}", {**linux, "IsDefault": True})
        assert {one["Id"] for one in await gurita.get("workerpools/all") if one["IsDefault"]} == {ids[1]}
        await gurita.delete("workerpools/WorkerPools-1")
        assert await gurita.get("workerpools/dynamicworkertypes") == []
        assert (await gurita.get("workerpools/supportedtypes"))["SupportedPoolTypes"] == ["StaticWorkerPool"]


@in_loop
async def test_workers_are_kept_filtered_and_counted_by_pool(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        linux = await gurita.post("workerpools", {"Name": "Linux"})
        made = await gurita.post("workers", worker("a"))
        both = worker("b", WorkerPoolIds=["WorkerPools-1", linux["Id"]], IsDisabled=True)
        await gurita.post("workers", both)
        assert (made["Id"], made["MachinePolicyId"]) == ("Workers-1", "MachinePolicies-1")
        assert made["Links"]["Connection"] == "/api/Spaces-1/workers/Workers-1/connection"
        ctx = gurita.context()
        well = Health(status="Healthy", summary="Fine.", operating_system="Linux", shell_name="Bash")
        await gurita.store.write(lambda tx: service.record_health_in(tx, ctx, "Workers-1", well))
        for query, names in {
            "": "a b", f"workerPoolIds={linux['Id']}": "b", "isDisabled=false": "a", "healthStatuses=Healthy": "a",
            "healthStatuses=Unknown": "b", "shellNames=Bash": "a", "commStyles=Ssh": "", "partialName=B": "b",
            f"thumbprint={PRINT}": "a b",
        }.items():  # fmt: skip
            page = await gurita.get(f"workers?{query}")
            assert " ".join(one["Name"] for one in page["Items"]) == names, query
        inside = await gurita.get(f"workerpools/{linux['Id']}/workers")
        assert [one["Name"] for one in inside["Items"]] == ["b"]
        found = await gurita.get("workerpools/summary")
        assert (found["TotalMachines"], found["TotalDisabledMachines"]) == (2, 1)
        counted = {one["WorkerPool"]["Name"]: one["TotalMachines"] for one in found["WorkerPoolSummaries"]}
        assert counted == {"Default Worker Pool": 2, "Linux": 1}
        found = await gurita.get("workerpools/summary?healthStatuses=Healthy&hideEmptyWorkerPools=true")
        assert [one["WorkerPool"]["Name"] for one in found["WorkerPoolSummaries"]] == ["Default Worker Pool"]
        assert await gurita.get("workers/operatingsystem/names/all") == ["Linux"]
        assert await gurita.get("workers/operatingsystem/shells/all") == ["Bash"]
        assert await gurita.get("machines/operatingsystem/names/all") == []
        assert (await gurita.get("workers/a/connection"))["Status"] == "Online"
        policy = await gurita.get("machinepolicies/MachinePolicies-1/workers")
        assert policy["TotalResults"] == 2
        told = await gurita.refused(409, "DELETE", f"workerpools/{linux['Id']}")
        assert "'b'" in told["Errors"][0]
        for change, why in (
            ({"WorkerPoolIds": []}, "WorkerPoolIds: must not be empty."),
            ({"WorkerPoolIds": ["WorkerPools-9"]}, "WorkerPoolIds[0]: 'WorkerPools-9' does not exist"),
            (
                {"Endpoint": {"CommunicationStyle": "None"}},
                "Endpoint.CommunicationStyle: a worker must be reached.",
            ),
        ):
            told = await gurita.refused(400, "POST", "workers", worker("c", **change))
            assert told["Errors"][0].startswith(why)


@in_loop
async def test_adding_workers_takes_the_permission_for_workers(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        gurita.may(lambda permission, _: permission in ("WorkerView", "MachineCreate"))
        assert (await gurita.get("workerpools"))["TotalResults"] == 1
        for method, path, body in (
            ("POST", "workers", worker()),
            ("POST", "workerpools", {"Name": "x"}),
            ("PUT", "workerpools/sortorder", []),
            ("DELETE", "workerpools/WorkerPools-1", None),
        ):
            told = await gurita.refused(403, method, path, body)
            assert told["Errors"] == ["Missing permission: WorkerEdit"]


@in_loop
async def test_a_health_task_means_targets_and_workers_as_its_arguments_say(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        linux = await gurita.post("workerpools", {"Name": "Linux"})
        await gurita.post("machines", await machine(gurita, "target"))
        await gurita.post("workers", worker("here"))
        await gurita.post("workers", worker("there", WorkerPoolIds=[linux["Id"]]))
        await gurita.post("workers", worker("off", IsDisabled=True))
        ctx = gurita.context()
        cases: tuple[tuple[dict[str, Any], str], ...] = (
            ({}, "target here there"),
            ({"RestrictedTo": "Workers"}, "here there"),
            ({"RestrictedTo": "DeploymentTargets"}, "target"),
            ({"WorkerPoolId": linux["Id"]}, "there"),
            ({"EnvironmentId": "Environments-1"}, "target"),
            ({"MachineIds": ["Workers-3", "Machines-1"]}, "target off"),
            ({"MachinePolicyId": "MachinePolicies-9"}, ""),
        )
        for arguments, names in cases:
            found = await gurita.store.read(partial(chosen_in, ctx=ctx, arguments=arguments))
            assert " ".join(one.name for one in found) == names, arguments


@in_loop
async def test_a_proxy_is_kept_without_showing_its_password_and_stands_in_what_is_dialled(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        body = {"Name": "Out", "Host": "proxy.example", "Port": 3128, "Username": "u", "ProxyType": "HTTP"}
        made = await gurita.post("proxies", {**body, "Password": {"HasValue": True, "NewValue": "hunter2"}})
        assert made["Password"] == {"HasValue": True, "NewValue": None, "Hint": None}
        assert made["Links"]["Self"] == "/api/Spaces-1/proxies/Proxies-1"
        told = await machine(gurita, Endpoint={**LISTENING, "ProxyId": made["Id"]})
        target = await gurita.post("machines", told)
        ctx = gurita.context()
        found = await gurita.store.read(
            lambda tx: endpoint_in(tx, ctx, service.get_in(tx, ctx, target["Id"]))
        )
        assert isinstance(found, ListeningAgent)
        proxy = found.proxy
        assert proxy is not None and proxy.password is not None
        assert (proxy.host, proxy.port, proxy.username, reveal(proxy.password)) == (
            "proxy.example",
            3128,
            "u",
            "hunter2",
        )
        told = await gurita.refused(409, "DELETE", f"proxies/{made['Id']}")
        assert "'web'" in told["Errors"][0]
        for change, member in (
            ({"Host": ""}, "Host"), ({"Host": "a b"}, "Host"), ({"Host": "http://p"}, "Host"), ({"Port": 0}, "Port"),
            ({"Username": "a:b"}, "Username"), ({"Username": "a\nb"}, "Username"), ({"Name": ""}, "Name"),
        ):  # fmt: skip
            told = await gurita.refused(400, "POST", "proxies", {**body, "Name": "x", **change})
            assert told["Errors"][0].startswith(f"{member}: ")


def test_a_policy_says_how_patiently_a_machine_is_dialled() -> None:
    policy = MachinePolicy(name="p", connection_connect_timeout="00:00:07")
    assert timing_of(policy, polling=False) == Timing(7, 150, 1)
    assert timing_of(policy, polling=True) == Timing(7, 120, 1)
    policy.machine_rpc_call_retry_policy = Retry(enabled=False)
    policy.connection_retry_sleep_interval, policy.connection_retry_count_limit = "00:00:03", 4
    assert timing_of(policy, polling=False) == Timing(7, 12, 3)
    policy.connection_retry_count_limit = 0
    assert timing_of(policy, polling=False).patience > 0


def test_a_worker_that_is_well_is_chosen_and_work_spreads() -> None:
    def one(id: str, health: str, **others: Any) -> Worker:
        return Worker(id=id, name=id, endpoint=NoEndpoint(), health_status=health, **others)  # type: ignore[arg-type]

    well = [one(f"Workers-{n}", "Healthy") for n in range(1, 5)]
    ill = [
        one("Workers-8", "Unhealthy"),
        one("Workers-9", "Unavailable"),
        one("Workers-7", "Healthy", is_disabled=True),
    ]
    chosen = {found.id for key in "abcdefghijklmnop" if (found := chosen_worker([*ill, *well], key))}
    assert chosen == {each.id for each in well}
    assert chosen_worker([*ill, *well], "k") == chosen_worker([*reversed(well), *ill], "k")
    assert chosen_worker(ill, "k") is None
    assert chosen_worker([], "k") is None
    fresh = one("Workers-6", "Unknown")
    assert chosen_worker([*ill, fresh], "k") is fresh


@in_loop
async def test_machines_are_found_by_tenant_tag_and_deployment_and_counted(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("machines", await machine(gurita, "a", TenantTags=["Tier/Gold"]))
        await gurita.post("machines", await machine(gurita, "b", TenantTags=["Tier/Silver"], IsDisabled=True))
        for query, names in {
            "tenantTags=tier/gold": "a",
            "tenantTags=Tier/Gold,Tier/Silver": "a b",
            "tenantTags=Tier/Iron": "",
            "tenantIds=Tenants-1": "",
            "deploymentId=Deployments-9": "",
        }.items():
            page = await gurita.get(f"machines?{query}")
            assert " ".join(one["Name"] for one in page["Items"]) == names, query
        found = await gurita.get("machines/summary?isDisabled=true")
        assert (found["TotalMachines"], found["TotalDisabledMachines"]) == (1, 1)
        summary = await gurita.get("environments/summary")
        assert summary["MachineTenantTagSummaries"] == {"Tier/Gold": 1, "Tier/Silver": 1}


@in_loop
async def test_variables_that_hold_in_one_place_only_are_told_before_it_goes(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("machines", await machine(gurita))
        group = (await gurita.get("projectgroups/all"))[0]["Id"]
        lifecycle = (await gurita.get("lifecycles/all"))[0]["Id"]
        project = await gurita.post(
            "projects", {"Name": "Shop", "ProjectGroupId": group, "LifecycleId": lifecycle}
        )
        place = f"variables/variableset-{project['Id']}"
        found = await gurita.get(place)
        scoped = [
            {"Name": "Here", "Value": "1", "Scope": {"Environment": ["Environments-1"]}},
            {"Name": "There", "Value": "1", "Scope": {"Machine": ["Machines-1"]}},
            {"Name": "All", "Value": "1"},
        ]
        await gurita.put(place, {**found, "Variables": scoped})
        for path, name in (("environments/Environments-1", "Here"), ("machines/web", "There")):
            told = await gurita.get(f"{path}/singlyScopedVariableDetails")
            assert told["VariableMap"] == {project["Id"]: [name]}
        gurita.may(lambda permission, _: permission != "VariableView")
        told = await gurita.get("machines/web/singlyScopedVariableDetails")
        assert (told["VariableMap"], told["HasUnauthorizedProjectVariables"]) == ({}, True)


@in_loop
async def test_environments_are_listed_with_their_type(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("environments", {"Name": "Dev"})
        page = await gurita.get("environments/v2")
        assert [(one["Id"], one["Type"]) for one in page["Items"]] == [(made["Id"], "Static")]
        assert (await gurita.get("environments/v2?type=Ephemeral"))["Items"] == []
        assert (await gurita.get("environments/v2?type=static&partialName=x"))["TotalResults"] == 0
        assert (await gurita.get("environments/Dev/v2"))["Type"] == "Static"
        assert await gurita.get("environments/Dev/metadata") == []
        assert made["Links"]["Metadata"].endswith(f"/{made['Id']}/metadata")
        await gurita.refused(404, "GET", "environments/Nowhere/metadata")


@in_loop
async def test_a_changed_policy_counts_for_the_next_connection(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("machines", await machine(gurita))
        ctx = gurita.context()

        async def patience() -> float:
            found = await gurita.store.read(
                lambda tx: endpoint_in(tx, ctx, service.get_in(tx, ctx, made["Id"]))
            )
            return found.timing.patience

        assert await patience() == 150
        policy = await gurita.get(f"machinepolicies/{made['MachinePolicyId']}")
        retry = {**policy["MachineRpcCallRetryPolicy"], "RetryDuration": "00:00:10"}
        await gurita.put(f"machinepolicies/{policy['Id']}", {**policy, "MachineRpcCallRetryPolicy": retry})
        assert await patience() == 10
