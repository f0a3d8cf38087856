from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from gurita.http import wire
from gurita.kernel.errors import Invalid
from gurita.machines.resources import (
    Endpoint,
    ListeningEndpoint,
    Machine,
    MachinePolicy,
    NoEndpoint,
    PollingEndpoint,
    SshEndpoint,
)
from gurita.machines.rules import (
    agent_address,
    kept,
    policy_problems,
    problems,
    settled,
    split_fingerprints,
    status_of,
    subscription,
)

PRINT = "SHA256:" + "A" * 43
SSH = SshEndpoint(account_id="Accounts-1", host="h", fingerprint=PRINT)


def machine(endpoint: Endpoint = SSH, **others: Any) -> Machine:
    settings: dict[str, Any] = {"environment_ids": ["Environments-1"], "roles": ["web"], **others}
    return Machine(name="m", endpoint=endpoint, **settings)


@pytest.mark.parametrize(
    "endpoint",
    [
        SSH,
        replace(SSH, host="::1"),
        replace(SSH, host="[fe80::1]"),
        replace(SSH, host="web-1.example.org."),
        replace(SSH, host="bücher.example"),
        replace(SSH, fingerprint=f"{PRINT}, {PRINT}"),
        replace(SSH, fingerprint="aa:" * 15 + "aa"),
        NoEndpoint(),
        ListeningEndpoint(uri="https://h:10933/", thumbprint="A" * 40),
        ListeningEndpoint(uri="https://[::1]", thumbprint=PRINT),
        PollingEndpoint(uri="poll://abc123/", thumbprint=PRINT),
    ],
)
def test_a_machine_that_can_be_reached_passes(endpoint: Endpoint) -> None:
    assert problems(machine(endpoint)) == []


@pytest.mark.parametrize(
    ("endpoint", "member", "problem", "way_out"),
    [
        (replace(SSH, account_id=""), "Endpoint.AccountId", "must not be empty", "Name an account"),
        (replace(SSH, host=""), "Endpoint.Host", "must not be empty", "Give a host name"),
        (replace(SSH, host="a b"), "Endpoint.Host", "'a b'", "without scheme, path or blanks"),
        (replace(SSH, host="ssh://h"), "Endpoint.Host", "neither a host name", "without scheme"),
        (replace(SSH, host="-oProxyCommand=x"), "Endpoint.Host", "neither a host name", "Give one"),
        (replace(SSH, port=0), "Endpoint.Port", "0 is not a port", "Use 1 to 65535"),
        (replace(SSH, port=65536), "Endpoint.Port", "65536 is not a port", "Use 1 to 65535"),
        (replace(SSH, fingerprint=""), "Endpoint.Fingerprint", "must not be empty", "machines/discover"),
        (replace(SSH, fingerprint="SHA256:x"), "Endpoint.Fingerprint", "not a fingerprint", "ssh-keygen -l"),
        (
            ListeningEndpoint(uri="", thumbprint=PRINT),
            "Endpoint.Uri",
            "listening agent",
            "https://host:10933",
        ),
        (ListeningEndpoint(uri="http://h", thumbprint=PRINT), "Endpoint.Uri", "'http://h'", "https://host"),
        (
            ListeningEndpoint(uri="https://u@h", thumbprint=PRINT),
            "Endpoint.Uri",
            "not the address",
            "https://host",
        ),
        (
            ListeningEndpoint(uri="https://h:99999", thumbprint=PRINT),
            "Endpoint.Uri",
            "not the address",
            "https://",
        ),
        (
            ListeningEndpoint(uri="https://h/x", thumbprint=PRINT),
            "Endpoint.Uri",
            "not the address",
            "https://",
        ),
        (ListeningEndpoint(uri="https://h", thumbprint=""), "Endpoint.Thumbprint", "empty", "SHA256:"),
        (
            PollingEndpoint(uri="https://h", thumbprint=PRINT),
            "Endpoint.Uri",
            "polling agent",
            "poll://subscription/",
        ),
        (PollingEndpoint(uri="poll:///", thumbprint=PRINT), "Endpoint.Uri", "polling agent", "poll://"),
    ],
)
def test_a_bad_endpoint_is_refused_by_member_problem_and_way_out(
    endpoint: Endpoint, member: str, problem: str, way_out: str
) -> None:
    (found,) = problems(machine(endpoint))
    assert found.startswith(f"{member}: ")
    assert problem in found and way_out in found


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"roles": []},
            "Roles: must not be empty. Give the machine at least one target tag, for example 'web'.",
        ),
        (
            {"roles": ["a,b"]},
            "Roles[0]: 'a,b' has a comma or semicolon. Send each target tag as its own entry.",
        ),
        ({"roles": ["x" * 101]}, "Roles[0]: has 101 characters. Use at most 100."),
        ({"roles": [""]}, "Roles[0]: must not be empty. Use 1 to 200 characters."),
        (
            {"environment_ids": []},
            "EnvironmentIds: must not be empty. Name at least one environment the machine belongs to.",
        ),
    ],
)
def test_a_machine_needs_environments_and_roles(change: dict[str, Any], expected: str) -> None:
    assert problems(machine(**change)) == [expected]


def test_all_faults_are_told_at_once() -> None:
    bad = Machine(name="", endpoint=SshEndpoint())
    assert {found.partition(":")[0] for found in problems(bad)} == {
        "Name", "EnvironmentIds", "Roles", "Endpoint.AccountId", "Endpoint.Host", "Endpoint.Fingerprint",
    }  # fmt: skip


def test_address_and_thumbprint_stand_on_machine_and_endpoint_alike() -> None:
    told = settled(machine(replace(SSH, host=" h ", port=2222)))
    assert (told.uri, told.thumbprint) == ("ssh://h:2222/", PRINT)
    told = settled(machine(ListeningEndpoint(), uri="https://h:1/", thumbprint=PRINT))
    assert isinstance(told.endpoint, ListeningEndpoint)
    assert (told.endpoint.uri, told.endpoint.thumbprint) == ("https://h:1/", PRINT)
    assert settled(machine(NoEndpoint(), uri="x", thumbprint="y")).uri is None


def test_doubled_roles_and_environments_are_kept_once() -> None:
    told = settled(machine(roles=["Web", "web "], environment_ids=["E-1", "E-1"]))
    assert (told.roles, told.environment_ids) == (["Web"], ["E-1"])


def test_what_health_checks_find_is_not_taken_from_a_client() -> None:
    told = kept(machine(health_status="Healthy", operating_system="Plan 9", status="Online"))
    assert (told.health_status, told.operating_system, told.status) == ("Unknown", "Unknown", "Unknown")


def test_addresses_of_agents_are_read() -> None:
    assert agent_address("https://h:1234/") == ("h", 1234)
    assert agent_address("https://h") == ("h", 10933)
    assert subscription("poll://abc/") == "abc" == subscription("POLL://abc")


def test_several_fingerprints_mean_a_rotation() -> None:
    assert split_fingerprints(f"{PRINT}, B C") == (PRINT, "B", "C")
    assert split_fingerprints(None) == () == split_fingerprints(" ")


@pytest.mark.parametrize(
    ("health", "disabled", "status"),
    [
        ("Healthy", False, "Online"),
        ("Unavailable", False, "Offline"),
        ("Unknown", False, "Unknown"),
        ("Healthy", True, "Disabled"),
    ],
)
def test_the_older_status_follows_from_health(health: str, disabled: bool, status: str) -> None:
    assert status_of(health, disabled=disabled) == status


def test_a_style_nobody_knows_is_refused_with_those_that_are_known() -> None:
    body = b'{"Name":"m","Endpoint":{"CommunicationStyle":"Carrier"},"EnvironmentIds":["E"],"Roles":["r"]}'
    with pytest.raises(Invalid) as refused:
        wire.read(body, Machine)
    (found,) = refused.value.errors
    assert found.startswith("Endpoint.CommunicationStyle: ") and "'Carrier'" in found
    assert all(style in found for style in ("None", "Ssh", "TentacleActive", "TentaclePassive"))


def test_members_in_any_case_find_their_endpoint() -> None:
    body = (
        b'{"name":"m","endpoint":{"communicationstyle":"ssh","ACCOUNTID":"Accounts-1","host":"h","Links":{}}}'
    )
    assert wire.read(body, Machine).endpoint == SshEndpoint(account_id="Accounts-1", host="h")


def policy(member: str = "", value: object = None) -> MachinePolicy:
    told = MachinePolicy(name="p")
    if "." in member:
        outer, inner = member.split(".")
        return replace(told, **{outer: replace(getattr(told, outer), **{inner: value})})
    return replace(told, **{member: value}) if member else told


def test_the_default_policy_passes() -> None:
    assert policy_problems(policy()) == []


@pytest.mark.parametrize(
    ("member", "value", "told", "way_out"),
    [
        ("machine_health_check_policy.health_check_interval", "1h", "MachineHealthCheckPolicy.HealthCheckInterval", "1.00:00:00"),
        ("machine_health_check_policy.health_check_interval", "00:00:01", "MachineHealthCheckPolicy.HealthCheckInterval", "at least"),
        ("machine_health_check_policy.health_check_cron", "* *", "MachineHealthCheckPolicy.HealthCheckCron", "five or six"),
        ("machine_health_check_policy.health_check_cron_timezone", "Moon/Base", "MachineHealthCheckPolicy.HealthCheckCronTimezone", "timezones"),
        ("machine_health_check_policy.health_check_cron_timezone", "../etc", "MachineHealthCheckPolicy.HealthCheckCronTimezone", "timezones"),
        ("machine_cleanup_policy.delete_machines_elapsed_time_span", "x", "MachineCleanupPolicy.DeleteMachinesElapsedTimeSpan", "00:05:00"),
        ("connection_connect_timeout", "0", "ConnectionConnectTimeout", "00:05:00"),
        ("polling_request_queue_timeout", "00:00:00", "PollingRequestQueueTimeout", "at least"),
        ("name", "", "Name", "Use 1 to 200"),
    ],
)  # fmt: skip
def test_a_bad_policy_is_refused_by_member(member: str, value: object, told: str, way_out: str) -> None:
    (found,) = policy_problems(policy(member, value))
    assert found.startswith(f"{told}: ") and way_out in found
