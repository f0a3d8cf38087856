"""Targets and accounts made and removed by scripts of a deployment, on a real server and real SSH hosts."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures_sshd import SshHost
from tests.functional.field import Ended, Field, field_of
from tests.scenario import script, step

pytestmark = pytest.mark.needs("sshd")


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """Three hosts: the environment of the first allows dynamic infrastructure; on the second a target may be made."""
    with field_of(tmp_path_factory.mktemp("field"), 3) as made:
        allow(made, made.environments[0])
        yield made


def allow(field: Field, environment: str, allowed: bool = True) -> None:
    """Turn dynamic infrastructure on or off."""
    path = f"/api/{field.made.space}/environments/{environment}"
    found = field.made.ask("GET", path)
    field.made.ask("PUT", path, {**found, "AllowDynamicInfrastructure": allowed})


def message(kind: str, /, **attributes: str) -> str:
    """A line of a script that writes a service message, without the values in clear."""
    coded = " ".join(
        f"{key}='{base64.b64encode(value.encode()).decode()}'" for key, value in attributes.items()
    )
    return f'echo "##octopus[{kind} {coded}]"\n'


def ssh(host: SshHost, account: str) -> str:
    """The inputs of a target reached through SSH."""
    return json.dumps(
        {"host": "127.0.0.1", "port": host.port, "fingerprint": host.fingerprint, "account": account}
    )


def named(field: Field, path: str, name: str) -> list[dict[str, Any]]:
    """Documents of a name."""
    found = field.made.get(f"{path}?partialName={name}&take=100")["Items"]
    return [each for each in found if each["Name"] == name]


def events(field: Field, id: str) -> list[dict[str, Any]]:
    """What was done to a document, oldest first."""
    return list(reversed(field.made.ask("GET", f"/api/events?regarding={id}&take=50")["Items"]))


def failed(ended: Ended) -> str:
    """Why it failed."""
    assert ended.state == "Failed", ended.text
    return "\n".join(ended.of("Error"))


def test_a_target_made_by_a_script_is_used_by_a_later_step_and_removed_by_another(field: Field) -> None:
    make = f"""new_octopustarget -n made-here --targetId ssh --roles 'fresh,web-2' --inputs '{ssh(field.hosts[1], "deployer")}'"""
    use = 'echo "on #{Octopus.Machine.Name}"; echo "$HOME" ; set_octopusvariable where "#{Octopus.Machine.Name}"'
    ended = field.run(
        step("Make", script(make)),
        step("Use", script(use), roles="fresh"),
        step("Remove", script("echo '#{Octopus.Action[Use].Output.where}'; remove-octopustarget made-here")),
        seconds=90,
    )
    assert ended.state == "Success", ended.text
    assert "on made-here" in ended.of("Info")
    (created,) = [line for line in ended.of("Info") if line.startswith("Created the target made-here")]
    assert "tagged fresh, web-2" in created
    assert any(line.startswith("Deleted the target made-here") for line in ended.of("Info"))
    assert named(field, "machines", "made-here") == []
    id = created.partition("(")[2].partition(")")[0]
    told = events(field, id)
    assert [each["Category"] for each in told].count("Created") == 1
    assert [each["Category"] for each in told].count("Deleted") == 1
    assert {each["Username"] for each in told} == {"system"}
    assert {each["UserAgent"] for each in told if each["Category"] in ("Created", "Deleted")} == {
        ended.task["Id"]
    }


def test_a_step_nobody_could_look_at_before_its_target_was_there_is_refused_then(field: Field) -> None:
    make = (
        f"new_octopustarget -n late --targetId ssh --roles late --inputs '{ssh(field.hosts[1], 'deployer')}'"
    )
    strange = {"Name": "Strange", "ActionType": "Octopus.Strange", "Properties": {}}
    ended = field.run(step("Make", script(make)), step("Strange", strange, roles="late"), seconds=90)
    assert "This server cannot run actions of type 'Octopus.Strange'." in failed(ended)


def test_a_target_may_not_be_made_where_the_environment_does_not_allow_it(field: Field) -> None:
    make = f"new_octopustarget -n never --targetId ssh --roles a --inputs '{ssh(field.hosts[1], 'deployer')}'; echo goes on"
    ended = field.script(make, at=1)
    told = failed(ended)
    assert "The target 'never' was not created: the environment 'host 1 place' does not allow dynamic" in told
    assert "AllowDynamicInfrastructure" in told
    assert "goes on" in ended.of("Info")
    assert named(field, "machines", "never") == []
    token = message("create-tokenaccount", name="never", token="tok-never-77")
    assert "account 'never' was not created: the environment" in failed(field.script(token, at=1))
    assert named(field, "accounts", "never") == []
    assert "was not deleted" in failed(field.script("remove-octopustarget 'host 1'", at=1))
    assert len(named(field, "machines", "host 1")) == 1


def test_an_existing_target_is_updated_only_when_the_message_says_so(field: Field) -> None:
    make = (
        f"new_octopustarget -n again --targetId Ssh --roles one --inputs '{ssh(field.hosts[1], 'deployer')}'"
    )
    assert field.script(make).state == "Success"
    (first,) = named(field, "machines", "again")
    assert "Say updateIfExisting" in failed(field.script(make.replace("roles one", "roles two")))
    update = make.replace("roles one", "roles two") + " --update-if-existing"
    assert field.script(update).state == "Success"
    (second,) = named(field, "machines", "again")
    assert (second["Id"], second["Roles"], first["Roles"]) == (first["Id"], ["two"], ["one"])
    assert second["EnvironmentIds"] == [field.environments[0]]


def test_what_lies_elsewhere_is_neither_updated_nor_removed(field: Field) -> None:
    make = f"new_octopustarget -n 'host 2' --targetId ssh --roles x --inputs '{ssh(field.hosts[1], 'deployer')}' --update-if-existing"
    assert "does not belong to 'host 0 place'" in failed(field.script(make))
    assert "does not belong to 'host 0 place'" in failed(field.script("remove-octopustarget 'host 2'"))
    (kept,) = named(field, "machines", "host 2")
    assert kept["Roles"] == ["web"]


def test_removing_what_is_not_there_is_a_warning(field: Field) -> None:
    ended = field.script("remove-octopustarget 'gone already'")
    assert ended.state == "Success"
    assert ended.of("Warning") == ["There is no target 'gone already': nothing was deleted."]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("-n x --targetId ssh --roles a --inputs nonsense", "inputs is not JSON"),
        ("-n x --targetId ssh --roles a --inputs '[]'", "inputs is not a JSON object"),
        ("-n x --targetId ssh --roles a --inputs '{}'", "Endpoint.AccountId"),
        ('-n x --targetId ssh --roles a --inputs \'{"port": "x"}\'', "inputs: "),
        ('-n x --targetId ssh --roles a --inputs \'{"account": "nobody"}\'', "there is no account 'nobody'"),
        ("-n x --targetId ssh --inputs '{}'", "octopusRoles is empty"),
        ("--targetId ssh --roles a --inputs '{}'", "name is empty"),
        ("-n x --roles a --inputs '{}'", "targetId is empty"),
        ("-n x --targetId aws --roles a --worker-pool nope --inputs '{}'", "no worker pool 'nope'"),
    ],
)
def test_what_is_not_right_is_refused_by_name(field: Field, options: str, reason: str) -> None:
    assert reason in failed(field.script(f"new_octopustarget {options}"))


def test_a_kind_this_server_does_not_know_is_refused_by_its_name(field: Field) -> None:
    told = failed(field.script(message("create-gizmotarget", name="gizmo")))
    assert told.startswith("'gizmo' was not created: this server has nothing that create-gizmotarget makes.")


def test_targets_of_clouds_are_kept_with_a_warning_that_nothing_can_run_there(field: Field) -> None:
    field.script(message("create-tokenaccount", name="cluster token", token="tok-of-a-cluster-55"))
    body = (
        message("create-kubernetestarget", name="cluster", octopusRoles="k8s", clusterUrl="https://k8s.example",
                octopusAccountIdOrName="cluster token", namespace="shop", skipTlsVerification="True")
        + message("createStepPackageTarget", name="ecs", targetId="aws-ecs-target", octopusRoles="ecs",
                  inputs='{"clusterName": "c", "region": "eu"}', updateIfExisting="False")
    )  # fmt: skip
    ended = field.script(body)
    assert ended.state == "Success", ended.text
    assert [line.partition(" (")[0] for line in ended.of("Warning")] == [
        "Created the target cluster",
        "Created the target ecs",
    ]
    (cluster,), (ecs,) = named(field, "machines", "cluster"), named(field, "machines", "ecs")
    endpoint = cluster["Endpoint"]
    assert (endpoint["CommunicationStyle"], endpoint["Namespace"]) == ("Kubernetes", "shop")
    assert endpoint["Authentication"]["AuthenticationType"] == "KubernetesStandard"
    assert ecs["Endpoint"]["DeploymentTargetTypeId"] == "aws-ecs-target"
    assert ecs["Endpoint"]["Inputs"] == {"clusterName": "c", "region": "eu"}


ACCOUNTS = {
    "Token": ("create-tokenaccount", {"token": "the-secret-of-Token"}),
    "UsernamePassword": ("create-userpassaccount", {"username": "someone", "password": "the-secret-of-UsernamePassword"}),
    "AmazonWebServicesAccount": (
        "create-awsaccount", {"accessKey": "AKIA1", "secretKey": "the-secret-of-AmazonWebServicesAccount"},
    ),
    "AzureServicePrincipal": (
        "create-azureaccount",
        {
            "azureApplicationId": "f83ece42-857d-44ed-9652-0765af7fa7d4",
            "azureSubscriptionId": "dea39b53-1ac8-4adc-b291-a44b205921af",
            "azureTenantId": "e91671b4-a676-4cb6-8ff8-69fcb8e048d6",
            "azurePassword": "the-secret-of-AzureServicePrincipal",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ACCOUNTS)
def test_an_account_is_made_for_its_environment_and_its_secret_is_never_told(field: Field, kind: str) -> None:
    name, secret = f"made {kind}", f"the-secret-of-{kind}"
    message_name, attributes = ACCOUNTS[kind]
    halves = f'half="the-secret"; echo "it is ${{half}}-of-{kind}"\n'
    ended = field.script(message(message_name, name=name, **attributes) + halves)
    assert ended.state == "Success", ended.text
    (account,) = named(field, "accounts", name)
    assert (account["AccountType"], account["EnvironmentIds"]) == (kind, [field.environments[0]])
    (created,) = events(field, account["Id"])
    texts = [ended.text, json.dumps(account), json.dumps(created), field.made.raw(ended.task["Id"])]
    assert "it is ********" in ended.of("Info")
    assert not any(secret in text for text in texts)
    assert created["UserAgent"] == ended.task["Id"]


def test_an_account_is_updated_only_if_asked_and_only_one_of_this_environment(field: Field) -> None:
    first = message("create-userpassaccount", name="rotating", username="one", password="first-secret-11")
    assert field.script(first).state == "Success"
    assert "Say updateIfExisting" in failed(field.script(first))
    second = message(
        "create-userpassaccount", name="rotating", username="two", password="second-secret-22", updateIfExisting="True"
    )  # fmt: skip
    assert field.script(second).state == "Success"
    (account,) = named(field, "accounts", "rotating")
    assert account["Username"] == "two"
    other = message("create-tokenaccount", name="rotating", token="a-token-77", updateIfExisting="True")
    assert "stays so" in failed(field.script(other))
    everywhere = message("create-tokenaccount", name="deployer", token="a-token-77", updateIfExisting="True")
    assert "changed by people only" in failed(field.script(everywhere))


def test_a_secret_in_a_plain_attribute_is_refused(field: Field) -> None:
    body = 'new_octopustarget -n leaky -t other --roles a --inputs "{\\"key\\": \\"$(get_octopusvariable Secret)\\"}"'
    secret = {"Name": "Secret", "Type": "Sensitive", "Value": "hunter-2222-hunter", "Scope": {}}
    told = failed(field.run(step("Run", script(body)), variables=[secret]))
    assert "inputs holds a secret" in told
    assert named(field, "machines", "leaky") == []


def test_a_refused_wish_keeps_no_other_from_being_granted(field: Field) -> None:
    body = (
        "echo before\n"
        + message("create-tokenaccount", name="", token="tok-one-11111")
        + "echo between\n"
        + message("create-tokenaccount", name="granted", token="tok-two-22222")
        + "echo after\n"
    )
    ended = field.script(body)
    assert "name is empty" in failed(ended)
    assert len(named(field, "accounts", "granted")) == 1
    told = [text for _, text in ended.lines if text in ("before", "between", "after") or "account" in text]
    assert [text.split()[0] for text in told[:5]] == ["before", "The", "between", "Created", "after"]


def test_a_script_run_by_hand_makes_nothing(field: Field) -> None:
    body = {
        "Name": "AdHocScript",
        "Description": "by hand",
        "SpaceId": field.made.space,
        "Arguments": {
            "ScriptBody": message("create-tokenaccount", name="by hand", token="tok-by-hand-1"),
            "Syntax": "Bash",
            "MachineIds": [field.machines[0]],
            "TargetType": "Machines",
        },
    }
    task = field.made.ask("POST", "/api/tasks", body)["Id"]
    assert "in deployments only" in failed(field.ended(task))
    assert named(field, "accounts", "by hand") == []


def test_the_answer_survives_while_the_task_is_taken_over(field: Field, tmp_path: Path) -> None:
    go = tmp_path / "go"
    body = f"new_octopustarget -n denied -t ssh --roles a --inputs '{{}}'; echo asked; until [ -e {go} ]; do sleep 0.1; done"
    task = field.start(step("Run", script(body)), at=1)
    field.says(task, "was not created")
    field.server.restart()
    go.touch()
    assert "was not created" in failed(field.ended(task))
