"""What messages make: every kind of target, and the refusals, on a server in memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gurita.execution.infrastructure import Granted, Infrastructure, granted_in
from gurita.execution.wishes import Wish, WishRefused, is_wish
from gurita.kernel.sensitive import Sensitive
from tests.helpers import House, database_digest, house
from tests.looping import in_loop

AZURE = {
    "AccountType": "AzureServicePrincipal",
    "Name": "azure",
    "SubscriptionNumber": "dea39b53-1ac8-4adc-b291-a44b205921af",
    "ClientId": "f83ece42-857d-44ed-9652-0765af7fa7d4",
    "TenantId": "e91671b4-a676-4cb6-8ff8-69fcb8e048d6",
    "Password": {"HasValue": True, "NewValue": "azure-secret"},
}
AWS = {
    "AccountType": "AmazonWebServicesAccount",
    "Name": "aws",
    "AccessKey": "AKIA1",
    "SecretKey": {"HasValue": True, "NewValue": "aws-secret"},
}
TOKEN = {"AccountType": "Token", "Name": "token", "Token": {"HasValue": True, "NewValue": "token-secret"}}


def wish(kind: str, /, **values: str | Sensitive) -> Wish:
    """A message, its attributes as the parser gives them."""
    return Wish(kind, {name.lower(): value for name, value in values.items()})


async def made(gurita: House, *, allowed: bool = True) -> Infrastructure:
    """An environment that allows, and accounts of every cloud."""
    dev = await gurita.post("environments", {"Name": "Dev", "AllowDynamicInfrastructure": allowed})
    for account in (AZURE, AWS, TOKEN):
        await gurita.post("accounts", account)
    return Infrastructure(gurita.context(), dev["Id"], None, "ServerTasks-9")


async def granted(gurita: House, infrastructure: Infrastructure | None, *wishes: Wish) -> list[Granted]:
    """The answers to wishes, in one unit."""
    return await gurita.store.write(lambda tx: granted_in(tx, infrastructure, wishes))


KUBERNETES = {"label": "k", "octopusRoles": "a", "namespace": "shop"}
TARGETS: list[tuple[Wish, Mapping[str, Any]]] = [
    (
        wish("create-azurewebapptarget", label="w", octopusRoles="a, b", azureWebApp="shop", azureWebAppSlot="blue",
             azureResourceGroupName="group", octopusAccountIdOrName="azure", octopusDefaultWorkerPoolIdOrName="Default Worker Pool"),
        {"CommunicationStyle": "AzureWebApp", "WebAppName": "shop", "WebAppSlotName": "blue", "ResourceGroupName": "group",
         "AccountId": "Accounts-1", "DefaultWorkerPoolId": "WorkerPools-1"},
    ),
    (
        wish("create-azureservicefabrictarget", label="f", octopusRoles="a", azureConnectionEndpoint="shop:19000", azureSecurityMode="AAD",
             azureActiveDirectoryUsername="me", azureActiveDirectoryPassword=Sensitive("fabric-secret")),
        {"CommunicationStyle": "AzureServiceFabricCluster", "ConnectionEndpoint": "shop:19000", "SecurityMode": "SecureAzureAD",
         "AadUserCredentialUsername": "me", "AadUserCredentialPassword": {"HasValue": True, "NewValue": None, "Hint": None}},
    ),
    (
        wish("create-aws-ecs-target", label="e", octopusRoles="a", clusterName="c", region="eu-west-1", octopusAccountIdOrName="AWS"),
        {"CommunicationStyle": "AwsEcsCluster", "ClusterName": "c", "Region": "eu-west-1", "AccountId": "Accounts-2"},
    ),
    (
        wish("create-kubernetestarget", **KUBERNETES, clusterUrl="https://k8s.example", octopusAccountIdOrName="token", skipTlsVerification="true"),
        {"CommunicationStyle": "Kubernetes", "ClusterUrl": "https://k8s.example", "SkipTlsVerification": "True", "Namespace": "shop",
         "Authentication": {"AuthenticationType": "KubernetesStandard", "AccountId": "Accounts-3"}},
    ),
    (
        wish("create-kubernetestarget", **KUBERNETES, clusterName="c", clusterResourceGroup="g", octopusAccountIdOrName="azure"),
        {"CommunicationStyle": "Kubernetes",
         "Authentication": {"AuthenticationType": "KubernetesAzure", "AccountId": "Accounts-1", "ClusterName": "c", "ClusterResourceGroup": "g"}},
    ),
    (
        wish("create-kubernetestarget", **KUBERNETES, clusterName="c", awsUseWorkerCredentials="True", awsAssumeRoleArn="arn:x"),
        {"CommunicationStyle": "Kubernetes",
         "Authentication": {"AuthenticationType": "KubernetesAws", "ClusterName": "c", "UseInstanceRole": "True", "AssumedRoleArn": "arn:x", "AssumeRole": True}},
    ),
    (
        wish("createStepPackageTarget", label="s", octopusRoles="a", targetId="aws-ecs-target", inputs='{"clusterName": "c"}'),
        {"CommunicationStyle": "StepPackage", "DeploymentTargetTypeId": "aws-ecs-target", "Inputs": {"clusterName": "c"}},
    ),
    (
        wish("CreateStepPackageTarget", label="l", octopusRoles="a", targetId="tentaclepassive",
             inputs='{"uri": "https://web.example:10933/", "thumbprint": "SHA256:' + "A" * 43 + '"}'),
        {"CommunicationStyle": "TentaclePassive", "Uri": "https://web.example:10933/"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "endpoint"), TARGETS, ids=[str(n) for n in range(len(TARGETS))])
@in_loop
async def test_a_message_makes_the_target_it_describes(
    asked: Wish, endpoint: Mapping[str, Any], tmp_path: Path
) -> None:
    async with house(tmp_path) as gurita:
        infrastructure = await made(gurita)
        (answer,) = await granted(gurita, infrastructure, asked)
        assert not answer.refused, answer.text
        (machine,) = (await gurita.get("machines"))["Items"]
        assert machine["Name"] == asked.label
        assert machine["EnvironmentIds"] == [infrastructure.environment]
        shown = machine["Endpoint"]
        for member, value in endpoint.items():
            assert shown[member] == value, member
        assert "fabric-secret" not in str(machine)


REFUSED: list[tuple[Wish, str]] = [
    (wish("create-azurewebapptarget", label="w", octopusRoles="a"), "octopusAccountIdOrName is empty"),
    (wish("create-azurewebapptarget", label="w", octopusRoles="a", octopusAccountIdOrName="aws"), "does not fit"),
    (wish("create-azureservicefabrictarget", label="w", octopusRoles="a", azureSecurityMode="open"), "Use unsecure, certificate or aad"),
    (wish("create-kubernetestarget", label="w", octopusRoles="a", octopusAccountIdOrName="token"), "clusterUrl is empty"),
    (wish("create-kubernetestarget", label="w", octopusRoles="a", octopusClientCertificateIdOrName="x"), "no certificate 'x'"),
    (wish("create-aws-ecs-target", label="w", octopusRoles="a", clusterName="c"), "region is empty"),
    (wish("create-tokenaccount", label="w"), "token is empty"),
    (wish("create-tokenaccount", label="w", token=Sensitive("")), "token is empty"),
    (wish("create-tokenaccount", label="w\0x", token=Sensitive("t")), "holds a NUL character"),
    (wish("create-userpassaccount", label="w", password=Sensitive("p")), "username is empty"),
    (wish("create-azureaccount", label="w", azureSubscriptionId="x", azureApplicationId="y", azureTenantId="z", azurePassword=Sensitive("p")), "is not an id of Azure"),
    (wish("create-awsaccount", label="x" * 300, accessKey="a", secretKey=Sensitive("p")), "Name"),
    (wish("createStepPackageTarget", label="w", octopusRoles="a", targetId="t", inputs='{"a": "********"}'), "inputs holds a secret"),
    (wish("create-azurecloudtarget", label="w"), "this server has nothing that create-azurecloudtarget makes"),
    (wish("delete-target"), "machine is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "reason"), REFUSED, ids=[str(n) for n in range(len(REFUSED))])
@in_loop
async def test_a_refused_message_says_why_and_leaves_nothing(
    asked: Wish, reason: str, tmp_path: Path
) -> None:
    async with house(tmp_path) as gurita:
        infrastructure = await made(gurita)
        before = await database_digest(gurita.store)
        (answer,) = await granted(gurita, infrastructure, asked)
        assert answer.refused
        assert reason in answer.text
        assert "\n" not in answer.text
        assert await database_digest(gurita.store) == before


@in_loop
async def test_nothing_is_made_where_the_environment_does_not_allow_it(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        infrastructure = await made(gurita, allowed=False)
        before = await database_digest(gurita.store)
        for asked, _ in TARGETS:
            (answer,) = await granted(gurita, infrastructure, asked)
            assert "the environment 'Dev' does not allow dynamic infrastructure" in answer.text
            assert answer.refused
        assert (await granted(gurita, None, TARGETS[0][0]))[0].refused
        assert await database_digest(gurita.store) == before


@in_loop
async def test_what_also_lies_where_it_is_not_allowed_is_left_alone(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        infrastructure = await made(gurita)
        prod = (await gurita.post("environments", {"Name": "Prod"}))["Id"]
        both = [infrastructure.environment, prod]
        await gurita.post("accounts", {**TOKEN, "Name": "shared", "EnvironmentIds": both})
        endpoint = {"CommunicationStyle": "StepPackage", "DeploymentTargetTypeId": "t", "Inputs": {}}
        await gurita.post(
            "machines", {"Name": "shared", "EnvironmentIds": both, "Roles": ["a"], "Endpoint": endpoint}
        )
        update = {"label": "shared", "updateIfExisting": "True"}
        wishes = [
            wish("delete-target", machine="shared"),
            wish("createStepPackageTarget", octopusRoles="b", targetId="t", inputs="{}", **update),
            wish("create-tokenaccount", token=Sensitive("other-token"), **update),
        ]
        answers = await granted(gurita, infrastructure, *wishes)
        assert all("'Prod' does not allow dynamic infrastructure" in each.text for each in answers)
        assert (await gurita.get("machines"))["Items"][0]["Roles"] == ["a"]


@in_loop
async def test_an_account_of_another_environment_is_not_used_for_a_target(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        infrastructure = await made(gurita)
        prod = (await gurita.post("environments", {"Name": "Prod"}))["Id"]
        await gurita.post("accounts", {**TOKEN, "Name": "of prod", "EnvironmentIds": [prod]})
        asked = wish(
            "create-kubernetestarget", **KUBERNETES, clusterUrl="https://k", octopusAccountIdOrName="of prod"
        )
        (answer,) = await granted(gurita, infrastructure, asked)
        assert "the account 'of prod' may not be used in this environment" in answer.text


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("create-tokenaccount", True),
        ("createStepPackageTarget", True),
        ("CREATE-KUBERNETESTARGET", True),
        ("create-aws-ecs-target", True),
        ("delete-target", True),
        ("createArtifact", False),
        ("create-target-list", False),
        ("progress", False),
        ("delete-account", False),
    ],
)
def test_the_messages_that_ask_for_something_are_known_by_their_names(name: str, is_one: bool) -> None:
    assert is_wish(name) == is_one


def test_a_wish_is_never_shown_with_its_secret() -> None:
    asked = wish("create-tokenaccount", label="a", token=Sensitive("do-not-show"))
    assert "do-not-show" not in repr(asked)
    with pytest.raises(WishRefused, match="password is empty"):
        asked.secret("password")
