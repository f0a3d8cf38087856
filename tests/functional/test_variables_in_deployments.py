"""Deployments that print their variables: types, prompts, the library, system variables, ties, and what is never printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract_content import _certificate
from tests.functional.field import BESIDE, Ended, Field, field_of
from tests.functional.rooms import refusal_of, tables
from tests.scenario import script, step

pytestmark = pytest.mark.needs("sshd")

SECRET = "s3cret-of-the-account"


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with field_of(tmp_path_factory.mktemp("field"), 1) as made:
        yield made


def says(*names: str, called: str = "Say") -> dict[str, Any]:
    """A step that prints variables, a line `name=value` each."""
    lines = [
        f'printf "%s=%s\\n" {json.dumps(name)} "$(get_octopusvariable {json.dumps(name)})"' for name in names
    ]
    return step(called, script("\n".join(lines)))


def told(ended: Ended) -> dict[str, str]:
    """What a step of `says` printed."""
    assert ended.state == "Success", ended.text
    parted = [line.partition("=") for line in ended.text.splitlines() if "=" in line]
    return {name: value for name, _, value in parted}


def test_an_account_is_there_with_all_its_properties_and_its_secret_is_hidden(field: Field) -> None:
    body = {"AccountType": "UsernamePassword", "Name": "Shop", "Username": "shop"}
    account = field.made.post("accounts", {**body, "Password": {"HasValue": True, "NewValue": SECRET}})["Id"]
    variables = [{"Name": "Db", "Value": account, "Type": "UsernamePasswordAccount"}]
    length = step("Length", script('p=$(get_octopusvariable Db.Password); echo "length=${#p}"'))
    ended = field.run(says("Db", "Db.Username", "Db.Password"), length, variables=variables)
    found = told(ended)
    assert (found["Db"], found["Db.Username"], found["length"]) == (account, "shop", str(len(SECRET)))
    assert SECRET not in ended.text
    answer = field.server.client.delete(f"/api/{field.made.space}/accounts/{account}")
    assert answer.status_code == 409, answer.text


def test_a_certificate_is_there_as_pem_and_its_key_is_hidden(field: Field) -> None:
    data = {
        "CertificateData": {"HasValue": True, "NewValue": _certificate()},
        "Password": {"HasValue": False},
    }
    certificate = field.made.post("certificates", {"Name": "shop.example", **data})
    variables = [{"Name": "Tls", "Value": certificate["Id"], "Type": "Certificate"}]
    checks = step(
        "Check",
        script(
            "get_octopusvariable Tls.CertificatePem | openssl x509 -noout -subject\n"
            'get_octopusvariable Tls.PrivateKeyPem | openssl pkey -noout && echo "key=good"\n'
            "get_octopusvariable Tls.PrivateKeyPem"
        ),
    )
    ended = field.run(says("Tls", "Tls.Thumbprint", "Tls.SubjectCommonName"), checks, variables=variables)
    found = told(ended)
    assert found["Tls.Thumbprint"] == certificate["Thumbprint"]
    assert (found["Tls.SubjectCommonName"], found["key"]) == ("shop.example", "good")
    assert "PRIVATE KEY" not in ended.text


def test_what_is_kept_for_another_environment_is_not_given_away(field: Field) -> None:
    elsewhere = field.made.environment("Elsewhere")
    body = {"AccountType": "Token", "Name": "Far", "EnvironmentIds": [elsewhere]}
    account = field.made.post("accounts", {**body, "Token": {"HasValue": True, "NewValue": SECRET}})["Id"]
    variables = [{"Name": "Far", "Value": account, "Type": "TokenAccount"}]
    ended = field.run(says("Far", "Far.Token"), variables=variables)
    assert told(ended)["Far.Token"] == ""
    assert any("'Far' may not be used in" in line for line in ended.of("Warning"))


def prompt(**more: Any) -> dict[str, Any]:
    settings = more.pop("settings", {})
    return {"Label": "", "Description": "", "Required": False, "DisplaySettings": settings, **more}


def test_a_prompted_secret_is_neither_stored_nor_shown_and_comes_along_when_run_again(field: Field) -> None:
    variables = [{"Name": "Key", "Value": "", "Type": "Sensitive", "Prompt": prompt(Required=True)}]
    length = step("Length", script('k=$(get_octopusvariable Key); echo "length=${#k} $k"'))
    release = field.project([length], variables)
    before = tables(field.server)
    body = {"ReleaseId": release, "EnvironmentId": field.environments[0]}
    refusal_of(field.server.client.post(f"/api/{field.made.space}/deployments", json=body), 400, "'Key'")
    after = tables(field.server)
    assert {name for name in before if before[name] != after[name]} <= BESIDE
    task = field.made.deploy(release, field.environments[0], FormValues={"Key": "prompted-s3cret"})
    ended = field.ended(task)
    assert ended.state == "Success", ended.text
    assert "length=15 ********" in ended.text
    deployment = field.made.get("deployments")["Items"][0]
    assert deployment["FormValues"] == {"Key": None}
    assert "FormSecrets" not in deployment
    again = field.server.post(f"tasks/rerun/{task}", {})
    assert "length=15 ********" in field.ended(again["Id"]).text
    for file in field.server.data.glob("gurita.db*"):
        assert b"prompted-s3cret" not in file.read_bytes(), file


def test_answers_are_held_against_their_control(field: Field) -> None:
    choice = {"Octopus.ControlType": "Select", "Octopus.SelectOptions": "a|Apples\nb|Pears"}
    variables = [
        {"Name": "Fruit", "Value": "a", "Prompt": prompt(settings=choice)},
        {"Name": "Fresh", "Value": "True", "Prompt": prompt(settings={"Octopus.ControlType": "Checkbox"})},
        {"Name": "Who", "Value": field.account, "Type": "SshKeyPairAccount", "Prompt": prompt()},
    ]
    release = field.project([says("Fruit", "Fresh", "Who.Username")], variables)
    for given, member in (
        ({"Fruit": "c"}, "Apples"),
        ({"Fresh": "maybe"}, "Fresh"),
        ({"Who": "Accounts-999"}, "Who"),
    ):
        body = {"ReleaseId": release, "EnvironmentId": field.environments[0], "FormValues": given}
        answer = field.server.client.post(f"/api/{field.made.space}/deployments", json=body)
        assert answer.status_code == 400 and (
            member in answer.text or "none of the choices" in answer.text
        ), answer.text
    ended = field.ended(field.made.deploy(release, field.environments[0], FormValues={"fruit": "b"}))
    found = told(ended)
    assert (found["Fruit"], found["Fresh"]) == ("b", "True")
    assert found["Who.Username"] == field.hosts[0].username


def test_the_library_lies_below_the_project_and_brings_script_modules(field: Field) -> None:
    shared = field.made.post("libraryvariablesets", {"Name": "Shared"})
    module = field.made.post("libraryvariablesets", {"Name": "Tools", "ContentType": "ScriptModule"})
    for made, values in (
        (shared, {"Region": "library", "Tie": "library"}),
        (
            module,
            {
                "Octopus.Script.Module[Tools]": "hello() { echo from-module; }",
                "Octopus.Script.Module.Language[Tools]": "Bash",
            },
        ),
    ):
        rows = [{"Name": name, "Value": value} for name, value in values.items()]
        path = f"{field.made.space}/variables/{made['VariableSetId']}"
        field.server.put(path, {"Variables": rows})
    uses = step("Use", script("hello"))
    release = field.project(
        [says("Region", "Tie", "Octopus.Script.Module.Language[Tools]"), uses],
        [{"Name": "Tie", "Value": "project"}],
        IncludedLibraryVariableSetIds=[shared["Id"], module["Id"]],
    )
    ended = field.ended(field.made.deploy(release, field.environments[0]))
    found = told(ended)
    assert "from-module" in ended.text
    assert (found["Region"], found["Tie"]) == ("library", "project")
    assert found["Octopus.Script.Module.Language[Tools]"] == "Bash"


def test_a_tie_is_told_once_unless_somebody_knows(field: Field) -> None:
    tie = [{"Name": "Twice", "Value": "first"}, {"Name": "Twice", "Value": "last"}]
    ended = field.run(says("Twice"), says("Twice", called="Again"), variables=tie)
    assert told(ended)["Twice"] == "last"
    assert len([line for line in ended.of("Warning") if "'Twice'" in line]) == 1
    quiet = [*tie, {"Name": "OctopusSuppressDuplicateVariableWarning", "Value": "True"}]
    assert not field.run(says("Twice"), variables=quiet).of("Warning")


def test_printed_variables_hide_what_is_secret(field: Field) -> None:
    variables = [
        {"Name": "OctopusPrintVariables", "Value": "True"},
        {"Name": "OctopusPrintEvaluatedVariables", "Value": "True"},
        {"Name": "Password", "Value": "hunter2222", "Type": "Sensitive"},
        {"Name": "Whole", "Value": "user:#{Password}@#{Octopus.Environment.Name}"},
    ]
    ended = field.run(says("Octopus.Environment.Name"), variables=variables)
    lines = ended.of("Verbose")
    assert "[Password] = '********'" in lines
    assert "[Whole] = 'user:#{Password}@#{Octopus.Environment.Name}'" in lines
    assert "[Whole] = 'user:********@host 0 place'" in lines
    assert "hunter2222" not in ended.text


def test_system_variables_tell_of_release_deployment_machine_and_what_came_before(field: Field) -> None:
    made = field.made.project("History", [says("Octopus.Release.Number")])
    first = field.made.release(made["Id"], "1.0.0")
    assert field.ended(field.made.deploy(first, field.environments[0])).state == "Success"
    field.made.release(made["Id"], "1.1.0")
    names = [
        "Octopus.Release.Previous.Number",
        "Octopus.Release.PreviousForEnvironment.Number",
        "Octopus.Release.CurrentForEnvironment.Id",
        "Octopus.Deployment.CreatedBy.Username",
        "Octopus.Deployment.Machines",
        f"Octopus.Deployment.Targets[{field.machines[0]}].Name",
        "Octopus.Environment.MachinesInRole[web]",
        "Octopus.Machine.Hostname",
        "Octopus.Tentacle.CurrentDeployment.TargetedRoles",
        "Octopus.Task.Argument[DeploymentId]",
        "Octopus.Step.Status.Code",
        "Octopus.Step[Before].Status.Code",
        "Octopus.Action[Off].IsSkipped",
        "Octopus.Action[Before].IsSkipped",
        "Octopus.ProjectGroup.Name",
        "Octopus.Web.DeploymentLink",
        "Octopus.Deployment.Changes",
    ]
    off = step("Off", script("exit 9", IsDisabled=True))
    field.made.set_process(made["Id"], [step("Before", script("true")), off, says(*names)])
    last = field.made.release(made["Id"], "2.0.0")
    ended = field.ended(field.made.deploy(last, field.environments[0]))
    found = told(ended)
    machine = field.machines[0]
    assert [found[name] for name in names[:8]] == [
        "1.1.0", "1.0.0", first, "admin", machine, "host 0", machine, "127.0.0.1"
    ]  # fmt: skip
    assert found[names[8]] == "web"
    assert found["Octopus.Task.Argument[DeploymentId]"].startswith("Deployments-")
    assert [found[name] for name in names[10:14]] == ["Running", "Succeeded", "True", ""]
    assert found["Octopus.ProjectGroup.Name"]
    assert found["Octopus.Web.DeploymentLink"].startswith("/app#/Spaces-1/deployments/Deployments-")
    assert '"Version":"2.0.0"' in found["Octopus.Deployment.Changes"]


def test_an_old_release_uses_what_an_account_says_now_and_only_its_id_once_it_is_gone(field: Field) -> None:
    body = {"AccountType": "UsernamePassword", "Name": "Old", "Username": "before"}
    account = field.made.post("accounts", {**body, "Password": {"HasValue": True, "NewValue": SECRET}})
    made = field.made.project(
        "Old account",
        [says("Db", "Db.Username")],
        [{"Name": "Db", "Value": account["Id"], "Type": "UsernamePasswordAccount"}],
    )
    release = field.made.release(made["Id"])
    path = f"{field.made.space}/accounts/{account['Id']}"
    field.server.put(path, {**account, "Username": "after"})
    assert told(field.ended(field.made.deploy(release, field.environments[0])))["Db.Username"] == "after"
    field.made.set_variables(made["Id"], [])
    assert field.server.client.delete(f"/api/{path}").status_code == 200
    ended = field.ended(field.made.deploy(release, field.environments[0]))
    assert (told(ended)["Db"], told(ended)["Db.Username"]) == (account["Id"], "")
    assert any("which is gone" in line for line in ended.of("Warning"))
