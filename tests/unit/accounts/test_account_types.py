from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncssh
import pytest

from gurita.accounts.resources import ACCOUNT_TYPES
from tests.helpers import house
from tests.looping import in_loop

SECRET = {"HasValue": True, "NewValue": "hunter2"}
GUID = "12345678-1234-1234-1234-123456789abc"
ARN = "arn:aws:iam::123456789012:role/deployer"

GOOD: dict[str, dict[str, Any]] = {
    "None": {},
    "UsernamePassword": {"Username": "u", "Password": SECRET},
    "Token": {"Token": SECRET},
    "AmazonWebServicesAccount": {"AccessKey": "AK", "SecretKey": SECRET, "Region": "eu-west-1"},
    "AmazonWebServicesOidcAccount": {
        "RoleArn": ARN, "SessionDuration": "1800", "Audience": "sts", "DeploymentSubjectKeys": ["space", "project"],
        "HealthCheckSubjectKeys": ["target"], "AccountTestSubjectKeys": None, "CustomClaims": {"a": "b"},
    },
    "AzureServicePrincipal": {
        "SubscriptionNumber": GUID, "ClientId": GUID, "TenantId": GUID, "Password": SECRET,
        "AzureEnvironment": "AzureCloud", "ResourceManagementEndpointBaseUri": "https://x/",
    },
    "AzureSubscription": {"SubscriptionNumber": GUID, "CertificateBytes": SECRET},
    "AzureOidc": {"SubscriptionNumber": GUID, "ClientId": GUID, "TenantId": GUID, "Audience": "api://x"},
    "GoogleCloudAccount": {"JsonKey": SECRET},
    "GoogleCloudOidcAccount": {"Audience": "//iam.googleapis.com/x"},
    "GenericOidcAccount": {"Audience": "x", "DeploymentSubjectKeys": ["tenant"]},
}  # fmt: skip


def test_every_type_but_the_ssh_key_is_tried_here() -> None:
    assert set(GOOD) == set(ACCOUNT_TYPES) - {"SshKeyPair"}


@pytest.mark.parametrize("kind", GOOD)
@in_loop
async def test_an_account_of_every_type_is_kept_whole_and_hides_its_secret(kind: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        body = {"Name": "a", "AccountType": kind, **GOOD[kind]}
        made = await gurita.post("accounts", body)
        shown = await gurita.get(f"accounts/{made['Id']}")
        for member, value in body.items():
            hidden = {"HasValue": True, "NewValue": None, "Hint": None}
            assert shown[member] == (hidden if value == SECRET else value)
        renamed = await gurita.put(f"accounts/{made['Id']}", {**shown, "Name": "b"})
        assert {**renamed, "Name": "a", "Version": 1} == shown
        assert (await gurita.get(f"accounts?accountType={kind.lower()}"))["TotalResults"] == 1
        usages = await gurita.get(f"accounts/{made['Id']}/usages")
        assert {tuple(value) for value in usages.values()} == {()}
        assert "hunter2" not in (tmp_path / "gurita.db").read_bytes().decode("latin-1")


@pytest.mark.parametrize(
    ("kind", "change", "told"),
    [
        ("AmazonWebServicesAccount", {"AccessKey": ""}, "AccessKey: must not be empty."),
        ("AmazonWebServicesAccount", {"SecretKey": None}, "SecretKey: must not be empty."),
        ("AmazonWebServicesOidcAccount", {"RoleArn": "role"}, "RoleArn: 'role' is not a role."),
        ("AmazonWebServicesOidcAccount", {"SessionDuration": "60"}, "SessionDuration: '60' is not from 900"),
        ("AmazonWebServicesOidcAccount", {"SessionDuration": "x"}, "SessionDuration: 'x' is not from 900"),
        ("AzureServicePrincipal", {"ClientId": "x"}, "ClientId: 'x' is not an id of Azure."),
        ("AzureServicePrincipal", {"Password": {"HasValue": False}}, "Password: must not be empty."),
        ("AzureOidc", {"SubscriptionNumber": ""}, "SubscriptionNumber: '' is not an id"),
        ("GoogleCloudAccount", {"JsonKey": {"HasValue": True}}, "JsonKey: must not be empty."),
        ("GenericOidcAccount", {"DeploymentSubjectKeys": ["x"]}, "DeploymentSubjectKeys: 'x' is not known."),
        ("GenericOidcAccount", {"HealthCheckSubjectKeys": ["project"]}, "HealthCheckSubjectKeys: 'project'"),
        (
            "GenericOidcAccount",
            {"CustomClaims": {str(n): "" for n in range(51)}},
            "CustomClaims: use at most 50",
        ),
    ],
)
@in_loop
async def test_what_is_wrong_with_an_account_is_told_by_member(
    kind: str, change: dict[str, Any], told: str, tmp_path: Path
) -> None:
    async with house(tmp_path) as gurita:
        body = {"Name": "a", "AccountType": kind, **GOOD[kind], **change}
        answer = await gurita.refused(400, "POST", "accounts", body)
        assert any(one.startswith(told) for one in answer["Errors"]), answer


@in_loop
async def test_the_public_half_of_a_key_pair_is_shown_and_of_nothing_else(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    async with house(tmp_path) as gurita:
        body = {"Name": "k", "AccountType": "SshKeyPair", "Username": "u"}
        sent = {"HasValue": True, "NewValue": key.export_private_key().decode()}
        await gurita.post("accounts", {**body, "PrivateKeyFile": sent})
        answer = await gurita.ask("GET", "accounts/k/pk")
        assert answer.body.strip() == key.export_public_key().strip()
        assert answer.headers["content-type"].startswith("text/plain")
        await gurita.post("accounts", {"Name": "t", "AccountType": "Token", "Token": SECRET})
        for name, status in (("t", 400), ("nobody", 404)):
            await gurita.refused(status, "GET", f"accounts/{name}/pk")


@in_loop
async def test_the_clouds_of_azure_are_known(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        found = await gurita.get("accounts/azureenvironments")
        assert [one["Name"] for one in found] == ["AzureCloud", "AzureChinaCloud", "AzureUSGovernment"]
        assert all(one["ResourceManagerEndpoint"].startswith("https://") for one in found)
