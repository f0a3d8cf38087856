from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gurita.machines import service
from gurita.machines.resources import ConnectionLog
from gurita.machines.service import Health, endpoint_in
from gurita.secrets.opening import reveal
from gurita.transport.endpoints import ListeningAgent, Local, OpenSsh, PollingAgent, Timing
from gurita.transport.errors import ConnectFailed
from tests.helpers import House, house
from tests.looping import in_loop

PRINT = "SHA256:" + "A" * 43
OTHER = "SHA256:" + "B" * 43
LISTENING = {"CommunicationStyle": "TentaclePassive", "Uri": "https://web.example:1", "Thumbprint": PRINT}


async def machine(gurita: House, name: str = "web", **others: Any) -> dict[str, Any]:
    found = await gurita.get("environments/all")
    environment = found[0] if found else await gurita.post("environments", {"Name": "Dev"})
    return {
        "Name": name,
        "EnvironmentIds": [environment["Id"]],
        "Roles": ["web"],
        "Endpoint": LISTENING,
        **others,
    }


async def check(gurita: House, id: str, found: Health) -> None:
    ctx = gurita.context()
    await gurita.store.write(lambda tx: service.record_health_in(tx, ctx, id, found))


@in_loop
async def test_a_new_machine_gets_the_default_policy_and_is_unknown(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post(
            "machines", await machine(gurita, HealthStatus="Healthy", OperatingSystem="Plan 9")
        )
        assert made["MachinePolicyId"] == "MachinePolicies-1"
        assert (made["HealthStatus"], made["Status"], made["OperatingSystem"]) == (
            "Unknown",
            "Unknown",
            "Unknown",
        )
        assert (made["Thumbprint"], made["Uri"]) == (PRINT, "https://web.example:1")
        assert made["Links"]["Connection"] == "/api/Spaces-1/machines/Machines-1/connection"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"EnvironmentIds": ["Environments-99"]},
            "EnvironmentIds[0]: 'Environments-99' does not exist in this space.",
        ),
        (
            {"EnvironmentIds": ["Lifecycles-1"]},
            "EnvironmentIds[0]: 'Lifecycles-1' does not exist in this space.",
        ),
        ({"MachinePolicyId": "MachinePolicies-99"}, "MachinePolicyId: 'MachinePolicies-99' does not exist"),
        ({"EnvironmentIds": []}, "EnvironmentIds: must not be empty."),
        ({"Roles": []}, "Roles: must not be empty."),
        (
            {"Endpoint": {"CommunicationStyle": "Carrier"}},
            "Endpoint.CommunicationStyle: Invalid value 'Carrier'",
        ),
        ({"Endpoint": {}}, "Endpoint.CommunicationStyle: required"),
        ({"Endpoint": None}, "Endpoint: "),
        (
            {
                "Endpoint": {
                    "CommunicationStyle": "Ssh",
                    "Host": "h",
                    "Fingerprint": PRINT,
                    "AccountId": "Accounts-99",
                }
            },
            "Endpoint.AccountId: 'Accounts-99' does not exist in this space.",
        ),
        ({"Endpoint": {**LISTENING, "ProxyId": "Proxies-1"}}, "Endpoint.ProxyId: 'Proxies-1' does not exist"),
    ],
)
@in_loop
async def test_a_bad_machine_is_refused_by_member(change: dict[str, Any], told: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        body = await machine(gurita)
        answer = await gurita.refused(400, "POST", "machines", {**body, **change})
        assert any(one.startswith(told) for one in answer["Errors"]), answer


@in_loop
async def test_what_belongs_to_another_space_is_refused_like_the_unknown(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("spaces", {"Name": "Second"})
        theirs = await gurita.post("Spaces-2/environments", {"Name": "Theirs"})
        told = await gurita.refused(
            400, "POST", "machines", await machine(gurita, EnvironmentIds=[theirs["Id"]])
        )
        assert told["Errors"][0].startswith(
            f"EnvironmentIds[0]: '{theirs['Id']}' does not exist in this space."
        )
        (policy,) = await gurita.get("Spaces-2/machinepolicies/all")
        await gurita.refused(400, "POST", "machines", await machine(gurita, MachinePolicyId=policy["Id"]))


@in_loop
async def test_only_an_account_that_can_sign_in_is_taken_for_ssh(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        secret = {"HasValue": True, "NewValue": "hunter"}
        token = await gurita.post("accounts", {"Name": "t", "AccountType": "Token", "Token": secret})
        password = await gurita.post(
            "accounts",
            {"Name": "p", "AccountType": "UsernamePassword", "Username": "root", "Password": secret},
        )
        ssh = {"CommunicationStyle": "Ssh", "Host": "::1", "Port": 2222, "Fingerprint": PRINT}
        body = await machine(gurita, Endpoint={**ssh, "AccountId": token["Id"]})
        told = await gurita.refused(400, "POST", "machines", body)
        (sentence,) = told["Errors"]
        assert sentence == (
            "Endpoint.AccountId: 't' is a Token account, which cannot sign in through SSH. "
            "Name one of type SshKeyPair or UsernamePassword."
        )
        made = await gurita.post(
            "machines", await machine(gurita, Endpoint={**ssh, "AccountId": password["Id"]})
        )
        assert (made["Uri"], made["Thumbprint"]) == ("ssh://[::1]:2222/", PRINT)
        ctx = gurita.context()
        found = await gurita.store.read(lambda tx: endpoint_in(tx, ctx, service.get_in(tx, ctx, made["Id"])))
        assert isinstance(found, OpenSsh)
        assert (found.host, found.port, found.username, found.fingerprints) == ("::1", 2222, "root", (PRINT,))
        assert found.password is not None
        assert reveal(found.password) == "hunter"
        usages = await gurita.get(f"accounts/{password['Id']}/usages")
        assert usages["Targets"] == [{"TargetId": made["Id"], "TargetName": "web"}]
        told = await gurita.refused(409, "DELETE", f"accounts/{password['Id']}")
        assert "'web'" in told["Errors"][0]


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (LISTENING, ListeningAgent("web.example", 1, (PRINT,), timing=Timing(60, 150, 1))),
        (
            {"CommunicationStyle": "TentacleActive", "Uri": "poll://abc/", "Thumbprint": f"{PRINT},{OTHER}"},
            PollingAgent("abc", (PRINT, OTHER), Timing(60, 120, 1)),
        ),
        ({"CommunicationStyle": "None"}, Local()),
    ],
)
@in_loop
async def test_what_to_dial_follows_from_the_endpoint(
    endpoint: dict[str, Any], expected: object, tmp_path: Path
) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("machines", await machine(gurita, Endpoint=endpoint))
        ctx = gurita.context()
        assert (
            await gurita.store.read(lambda tx: endpoint_in(tx, ctx, service.get_in(tx, ctx, made["Id"])))
            == expected
        )


@in_loop
async def test_machines_are_filtered_by_everything_that_is_promised(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        test = await gurita.post("environments", {"Name": "Test"})
        dev = await gurita.post("environments", {"Name": "Dev"})
        wanted: dict[str, dict[str, Any]] = {
            "a": {"Roles": ["Web", "db"], "EnvironmentIds": [dev["Id"]]},
            "b": {"Roles": ["web"], "IsDisabled": True, "Endpoint": {**LISTENING, "Thumbprint": OTHER}},
            "c": {"Roles": ["cache"], "Endpoint": {"CommunicationStyle": "None"}},
        }
        for name, change in wanted.items():
            await gurita.post("machines", await machine(gurita, name, **change))
        await check(gurita, "Machines-1", Health(status="Healthy", summary="Fine.", shell_name="Bash"))
        for query, names in {
            "roles=WEB": "ab",
            "roles=web,cache": "abc",
            "roles=db&environmentIds=" + dev["Id"]: "a",
            "environmentIds=" + test["Id"]: "bc",
            "isDisabled=true": "b",
            "isDisabled=false": "ac",
            "commStyles=None": "c",
            "commStyles=TentaclePassive": "ab",
            "healthStatuses=Healthy": "a",
            "healthStatuses=Unknown": "bc",
            "healthStatuses=Healthy,Unknown": "abc",
            "shellNames=Bash": "a",
            f"thumbprint={OTHER.replace('+', '%2B')}": "b",
            "name=A": "a",
            "partialName=b": "b",
            "ids=Machines-1&ids=Machines-3": "ac",
            "roles=": "abc",
        }.items():
            page = await gurita.get(f"machines?{query}")
            assert "".join(one["Name"] for one in page["Items"]) == names, query
            assert page["TotalResults"] == len(names)
        assert await gurita.get("machineroles/all") == ["cache", "db", "Web"]
        assert await gurita.get("machines/operatingsystem/shells/all") == ["Bash"]
        assert await gurita.get("machines/operatingsystem/names/all") == []


@in_loop
async def test_a_health_check_shows_and_is_told_once(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("machines", await machine(gurita))
        assert (await gurita.get("machines/web/connection"))["Status"] == "Unknown"
        logs = (
            ConnectionLog(category="Info", occurred_at="2024-09-23T14:57:18.798+00:00", message_text="Hello"),
        )
        good = Health(
            status="Healthy", summary="Fine.", operating_system="Linux", agent_version="0.1.0", logs=logs
        )
        gone = Health(status="Unavailable", summary="No answer from web.example:1 within 60 s.")
        for health in (good, good, gone, good):
            await check(gurita, made["Id"], health)
        shown = await gurita.get("machines/web")
        assert (shown["HealthStatus"], shown["Status"], shown["Version"]) == ("Healthy", "Online", 1)
        connection = await gurita.get("machines/web/connection")
        assert (connection["Status"], connection["CurrentTentacleVersion"]) == ("Online", "0.1.0")
        assert [one["MessageText"] for one in connection["Logs"]] == ["Hello"]
        assert connection["LastChecked"]
        events = await gurita.get(
            f"events?regarding={made['Id']}&eventCategories=MachineHealthy,MachineUnavailable"
        )
        assert [one["Category"] for one in events["Items"]] == [
            "MachineHealthy",
            "MachineUnavailable",
            "MachineHealthy",
        ]


@in_loop
async def test_an_unavailable_machine_keeps_what_was_known_of_it(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("machines", await machine(gurita))
        for health in (
            Health(status="Healthy", summary="Fine.", operating_system="Linux", shell_name="Bash"),
            Health(status="Unavailable", summary="No answer."),
        ):
            await check(gurita, made["Id"], health)
        shown = await gurita.get("machines/web")
        assert (shown["OperatingSystem"], shown["ShellName"], shown["StatusSummary"]) == (
            "Linux",
            "Bash",
            "No answer.",
        )
        moved = {**shown, "Endpoint": {**LISTENING, "Uri": "https://elsewhere.example:1"}}
        assert (await gurita.put("machines/web", moved))["HealthStatus"] == "Unknown"


@in_loop
async def test_disabling_a_machine_is_told(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("machines", await machine(gurita))
        shown = await gurita.put("machines/web", {**made, "IsDisabled": True})
        assert shown["Status"] == "Disabled"
        await gurita.put("machines/web", {**shown, "IsDisabled": False})
        await gurita.delete("machines/web")
        events = await gurita.get("events?documentTypes=Machines")
        told = [one["Category"] for one in events["Items"] if one["Category"].startswith("Machine")]
        assert told == ["MachineDeleted", "MachineEnabled", "MachineDisabled", "MachineAdded"]


@in_loop
async def test_registering_again_is_a_conflict_unless_forced(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        body = await machine(gurita)
        made = await gurita.post("machines", body)
        told = await gurita.refused(409, "POST", "machines", body)
        (sentence,) = told["Errors"]
        assert sentence == (
            "Name: machine 'web' (Machines-1) already exists, with the same thumbprint. "
            "Choose another name, or add ?force=true to replace it."
        )
        forced = await gurita.post("machines?force=true", {**body, "Roles": ["db"]})
        assert (forced["Id"], forced["Roles"]) == (made["Id"], ["db"])


@in_loop
async def test_who_may_only_add_machines_replaces_only_the_same_agent(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        body = await machine(gurita)
        await gurita.post("machines", body)
        gurita.may(lambda permission, space: (permission, space) == ("MachineCreate", "Spaces-1"))
        assert (await gurita.ask("POST", "machines?force=true", {**body, "Roles": ["db"]})).status == 201
        stranger = {**body, "Endpoint": {**LISTENING, "Thumbprint": OTHER}}
        told = await gurita.refused(403, "POST", "machines?force=true", stranger)
        assert told["Errors"][0] == "Missing permission: MachineEdit"
        await gurita.refused(403, "GET", "machines")


class Hub:
    """Stands for the transport: every host but `down` shows the same key."""

    async def discover(self, host: str, port: int, proxy: object = None) -> str:
        if host == "down":
            raise ConnectFailed(f"{host}:{port} does not answer")
        return PRINT


@in_loop
async def test_discovering_shows_the_fingerprint_for_a_new_machine(tmp_path: Path) -> None:
    async with house(tmp_path, hub=Hub()) as gurita:
        found = await gurita.get("machines/discover?host=h&type=Ssh")
        assert (found["Endpoint"]["Host"], found["Endpoint"]["Port"]) == ("h", 22)
        assert (found["Endpoint"]["Fingerprint"], found["Thumbprint"]) == (PRINT, PRINT)
        found = await gurita.get("machines/discover?host=::1&port=10933")
        assert found["Endpoint"]["Uri"] == "https://[::1]:10933/"
        await gurita.refused(400, "GET", "machines/discover?host=a%20b")
        await gurita.refused(400, "GET", "machines/discover?host=h&port=99999")
        told = await gurita.refused(400, "GET", "machines/discover?host=down")
        assert told["Errors"][0].startswith("host: down:10933 does not answer.")
        await gurita.refused(404, "GET", "machines/discover?host=h&proxyId=Proxies-99")


@in_loop
async def test_one_policy_is_always_the_default(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        (default,) = await gurita.get("machinepolicies/all")
        await gurita.refused(409, "DELETE", f"machinepolicies/{default['Id']}")
        await gurita.refused(400, "PUT", f"machinepolicies/{default['Id']}", {**default, "IsDefault": False})
        made = await gurita.post("machinepolicies", {"Name": "Often", "IsDefault": True})
        assert {one["Name"]: one["IsDefault"] for one in await gurita.get("machinepolicies/all")} == {
            "Default Machine Policy": False,
            "Often": True,
        }
        on_it = await gurita.post("machines", await machine(gurita))
        assert on_it["MachinePolicyId"] == made["Id"]
        page = await gurita.get(f"machinepolicies/{made['Id']}/machines")
        assert [one["Id"] for one in page["Items"]] == [on_it["Id"]]
        await gurita.refused(409, "DELETE", f"machinepolicies/{made['Id']}")
        template = await gurita.get("machinepolicies/template")
        assert (await gurita.post("machinepolicies", {**template, "Name": "From template"}))[
            "IsDefault"
        ] is False
