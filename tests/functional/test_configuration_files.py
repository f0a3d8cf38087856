"""Configuration files of a package, changed on a real host and a real agent and read back there by other readers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from gurita.runner.package_work import STRICT
from tests.fixtures_agents import agents
from tests.functional.field import Ended, Field, field_of
from tests.packaging import PREFIX, package_step, packaged_script, push, zip_of
from tests.scenario import step

pytestmark = pytest.mark.needs("sshd")

XDT = 'xmlns:xdt="http://schemas.microsoft.com/XML-Document-Transform"'  # rules: no-places -- a name, not an address
FEATURES = "Octopus.Action.EnabledFeatures"
SHOP: dict[str, str | bytes] = {
    "motd.txt": "#{Octopus.Environment.Name} on #{Octopus.Machine.Name}: #{Greeting} #{Unknown} #{Escaped}".encode(
        "utf-16"
    ),
    "appsettings.json": '{"Db": {"Host": "dev", "Ports": [1, 2]}, "On": false}',
    "conf/app.yaml": "# the shop\r\ndb:\r\n  host: dev   # here\r\n  ports: [1, 2]\r\n",
    "conf/app.xml": "<shop name='dev'>\n  <!-- kept -->\n  <url>dev</url>\n</shop>\n",
    "conf/app.properties": "# kept\ndb.host = dev\n",
    "Web.config": '<configuration>\n  <appSettings>\n    <add key="Url" value="dev" />\n  </appSettings>\n'
    '  <system.web debug="true" />\n</configuration>\n',
    "Web.Release.config": f'<configuration {XDT}><system.web xdt:Transform="RemoveAttributes(debug)"/></configuration>',
    "Deploy.sh": "cat conf/app.yaml appsettings.json",
    "show.sh": "cat appsettings.json",
}
VARIABLES = [
    {"Name": name, "Value": value, "Scope": {}}
    for name, value in {
        "Greeting": "Grüße €",
        "Escaped": "##{Greeting}",
        "Db:Host": "db-#{Octopus.Machine.Name}",
        "db:ports:1": "5432",
        "On": "True",
        "/shop/url": "https://shop.example/?a=1&b=2",
        "/shop/@name": "the shop",
        "db.host": "C:\\db",
        "Url": "https://shop.example",
    }.items()
]
FILES = {
    FEATURES: "Octopus.Features.SubstituteInFiles,Octopus.Features.JsonConfigurationVariables,"
    "Octopus.Features.ConfigurationTransforms,Octopus.Features.ConfigurationVariables",
    "Octopus.Action.SubstituteInFiles.TargetFiles": "*.txt\nmissing/**",
    PREFIX + "JsonConfigurationVariablesTargets": "appsettings.json\nconf/*",
    PREFIX + "AutomaticallyRunConfigurationTransformationFiles": "True",
    PREFIX + "AutomaticallyUpdateAppSettingsAndConnectionStrings": "True",
}


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with field_of(tmp_path_factory.mktemp("field"), 1) as made:
        push(made.made, "Acme.Shop.1.0.0.zip", zip_of(SHOP))
        push(made.made, "Acme.Broken.1.0.0.zip", zip_of({**SHOP, "appsettings.json": "{"}))
        push(made.made, "Acme.Strict.1.0.0.zip", zip_of(SHOP))
        yield made


def deploy(
    field: Field, name: str, package: str, action: dict[str, Any], environment: str, **more: str
) -> Ended:
    variables = [*VARIABLES, *({"Name": key, "Value": value, "Scope": {}} for key, value in more.items())]
    project = field.made.project(name, [step("Shop", action)], variables)
    body = {"projectName": project["Id"], "packages": [f"{package}:1.0.0"]}
    release = str(field.made.post("releases/create/v1", body)["ReleaseId"])
    return field.ended(field.made.deploy(release, environment))


def check(ended: Ended, folder: Path, place: str, machine: str) -> None:
    """Every file says what it shall, to readers that are not ours. What fails brings the deployment's log along."""
    assert ended.state == "Success", ended.text
    try:
        check_files(folder, place, machine)
    except (AssertionError, OSError) as error:
        beside = sorted(each.name for each in folder.parent.iterdir()) if folder.parent.is_dir() else []
        error.add_note(f"Beside {folder.name} lie {beside}. The deployment said:\n{ended.text}")
        raise


def check_files(folder: Path, place: str, machine: str) -> None:
    host = f"db-{machine}"
    motd = (folder / "motd.txt").read_bytes()
    assert motd.decode("utf-16") == f"{place} on {machine}: Grüße € #{{Unknown}} #{{Greeting}}"
    assert json.loads((folder / "appsettings.json").read_bytes()) == {
        "Db": {"Host": host, "Ports": [1, 5432]},
        "On": True,
    }
    text = (folder / "conf/app.yaml").read_bytes().decode()
    assert text == f"# the shop\r\ndb:\r\n  host: {host}   # here\r\n  ports: [1, 5432]\r\n"
    assert yaml.safe_load(text) == {"db": {"host": host, "ports": [1, 5432]}}
    shop = etree.fromstring((folder / "conf/app.xml").read_bytes())
    assert (shop.get("name"), shop.findtext("url")) == ("the shop", "https://shop.example/?a=1&b=2")
    assert b"<!-- kept -->" in (folder / "conf/app.xml").read_bytes()
    assert (folder / "conf/app.properties").read_text() == "# kept\ndb.host = C:\\\\db\n"
    web = etree.fromstring((folder / "Web.config").read_bytes())
    assert [each.get("value") for each in web.iter("add")] == ["https://shop.example"]
    assert [dict(each.attrib) for each in web.iter("system.web")] == [{}]


def test_all_formats_at_once_on_a_host(field: Field) -> None:
    ended = deploy(field, "Host", "Acme.Shop", package_step("Acme.Shop", **FILES), field.environments[0])
    folder = field.hosts[0].folder / "user/Applications/host 0 place/Acme.Shop/1.0.0"
    check(ended, folder, "host 0 place", "host 0")
    assert "  host: db-host 0   # here" in ended.text
    told = "\n".join(ended.of("Warning"))
    assert "match the substitution target pattern 'missing/**'" in told
    assert "'#{Unknown}'" in told
    assert "Structure found matching the variable 'Db:Host'. Replacing its content" in ended.text


def test_a_token_in_a_file_without_a_value_fails_where_a_variable_says_so(field: Field) -> None:
    # A package of its own: what a failed deployment leaves in the folder of a version makes the next one take another.
    action = package_step("Acme.Strict", **FILES)
    ended = deploy(field, "Strict", "Acme.Strict", action, field.environments[0], **{STRICT: "True"})
    assert ended.state == "Failed"
    assert f"'#{{Unknown}}'. The variable {STRICT} makes that a failure." in "\n".join(ended.of("Error"))


def test_all_formats_at_once_on_an_agent(field: Field, tmp_path: Path) -> None:
    environment = field.made.environment("Agents")
    with agents(tmp_path / "agents", field.server, environments=["Agents"], roles=["web"], count=1):
        where = tmp_path / "apps"
        root = [{"Name": "Octopus.Tentacle.Agent.ApplicationDirectoryPath", "Value": str(where), "Scope": {}}]
        project = field.made.project(
            "Agent", [step("Shop", package_step("Acme.Shop", **FILES))], [*VARIABLES, *root]
        )
        body = {"projectName": project["Id"], "packages": ["Acme.Shop:1.0.0"]}
        release = str(field.made.post("releases/create/v1", body)["ReleaseId"])
        ended = field.ended(field.made.deploy(release, environment))
        check(ended, where / "Agents/Acme.Shop/1.0.0", "Agents", "agent-0")


def test_a_file_that_cannot_be_read_fails_the_deployment_before_it_goes_live(field: Field) -> None:
    scripts = {"Deploy.sh": "echo went live", "DeployFailed.sh": "echo it failed"}
    action = package_step("Acme.Broken", **{**FILES, "Scripts": scripts})
    action["Properties"][FEATURES] += ",Octopus.Features.CustomScripts"
    ended = deploy(field, "Broken", "Acme.Broken", action, field.environments[0])
    assert ended.state == "Failed"
    assert "appsettings.json': it is not JSON" in "\n".join(ended.of("Error"))
    assert "went live" not in ended.of("Info")
    assert "it failed" in ended.of("Info")


def test_a_script_of_a_package_finds_its_files_changed(field: Field) -> None:
    action = packaged_script("Acme.Shop", "show.sh")
    action["Properties"] |= {
        FEATURES: "Octopus.Features.JsonConfigurationVariables",
        PREFIX + "JsonConfigurationVariablesTargets": "**/appsettings.json",
    }
    ended = deploy(field, "Script", "Acme.Shop", action, field.environments[0])
    assert ended.state == "Success", ended.text
    assert '    "Host": "db-host 0",' in ended.text


def test_a_target_keeps_as_many_installations_as_the_lifecycle_says(field: Field) -> None:
    push(field.made, "Acme.Small.1.0.0.zip", zip_of({"a.txt": "a"}))
    policy = {"Strategy": "Count", "Unit": "Items", "QuantityToKeep": 1}
    short = field.made.post("lifecycles", {"Name": "Short", "TentacleRetentionPolicy": policy})
    project = field.made.project(
        "Small", [step("Small", package_step("Acme.Small"))], LifecycleId=short["Id"]
    )
    body = {"projectName": project["Id"], "packages": ["Acme.Small:1.0.0"]}
    release = str(field.made.post("releases/create/v1", body)["ReleaseId"])
    last = [field.ended(field.made.deploy(release, field.environments[0])) for _ in range(4)][-1]
    assert last.state == "Success", last.text
    installed = field.hosts[0].folder / "user/Applications/host 0 place/Acme.Small"
    assert len(list(installed.iterdir())) == 2
    assert "Removed Acme.Small 1.0.0 of" in last.text
