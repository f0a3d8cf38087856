"""What quickstart fills a new server with: two environments, a project, its process, variables and first release."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from gurita.cli.client import Client
from gurita.cli.errors import ApiRefused

__all__ = ["DEVELOPMENT", "PRODUCTION", "PROJECT", "ROLE", "VERSION", "ensure_sample", "first_deployment"]

PROJECT, VERSION, ROLE = "Hello Gurita", "0.0.1", "hello-web"
DEVELOPMENT, PRODUCTION = "Development", "Production"

_BUILD = """\
set -e
mkdir -p "#{Site}"
cat >"#{Site}/index.html" <<PAGE
<!doctype html>
<title>#{Octopus.Project.Name}</title>
<h1>#{Greeting}</h1>
<p>Release #{Octopus.Release.Number}, deployed to #{Octopus.Environment.Name} on $(hostname).</p>
PAGE
echo "Wrote #{Site}/index.html"
set_octopusvariable "Page" "#{Site}/index.html"
"""
_CHECK = """\
page="#{Octopus.Action[Build the page].Output.Page}"
grep -q "#{Greeting}" "$page" || { echo "the greeting is missing in $page" >&2; exit 1; }
echo "The page greets: #{Greeting}"
"""
_MEASURE = """\
import pathlib

page = pathlib.Path(get_octopusvariable("Octopus.Action[Build the page].Output.Page"))
print(f"{page.name} has {page.stat().st_size} bytes and {len(page.read_text().split())} words")
"""


def ensure_sample(client: Client, site: str) -> None:
    """Makes what is missing of the sample, and changes nothing that is there. Pages go below the folder `site`."""
    ids = {name: _ensure(client, "environments", name, {})["Id"] for name in (DEVELOPMENT, PRODUCTION)}
    body = {
        "Description": "A sample: builds a page on each machine, then checks and measures it at the same time.",
        "ProjectGroupId": client.get("projectgroups/all")[0]["Id"],
        "LifecycleId": client.get("lifecycles/all")[0]["Id"],
    }
    project = _ensure(client, "projects", PROJECT, body)
    variables = client.get(f"variables/{project['VariableSetId']}")
    if not variables["Variables"]:
        client.put(f"variables/{variables['Id']}", {**variables, "Variables": _variables(ids, site)})
    process = client.get(f"deploymentprocesses/{project['DeploymentProcessId']}")
    if not process["Steps"]:
        client.put(f"deploymentprocesses/{process['Id']}", {**process, "Steps": _steps()})
    release = {"ProjectName": PROJECT, "ReleaseVersion": VERSION, "IgnoreIfAlreadyExists": True}
    client.post("releases/create/v1", release)


def first_deployment(client: Client) -> str | None:
    """The task of a new deployment to Development; None when there was one that has succeeded."""
    project = client.get(f"projects/{quote(PROJECT)}")["Id"]
    environment = client.get(f"environments/{DEVELOPMENT}")["Id"]
    done = client.get("deployments", projects=project, environments=environment, taskState="Success", take=1)
    if done["Items"]:
        return None
    body = {"ProjectName": PROJECT, "ReleaseVersion": VERSION, "EnvironmentNames": [DEVELOPMENT]}
    queued = client.post("deployments/create/untenanted/v1", body)
    return str(queued["DeploymentServerTasks"][0]["ServerTaskId"])


def _ensure(client: Client, kind: str, name: str, body: dict[str, Any]) -> Any:
    try:
        return client.get(f"{kind}/{quote(name)}")
    except ApiRefused as refused:
        if refused.status != 404:
            raise
    return client.post(kind, {"Name": name, **body})


def _variables(environments: dict[str, str], site: str) -> list[dict[str, Any]]:
    return [
        {"Name": "Greeting", "Value": "Hello from #{Octopus.Environment.Name}"},
        {
            "Name": "Greeting",
            "Value": "Hello, world",
            "Scope": {"Environment": [environments[PRODUCTION]]},
        },
        {"Name": "Site", "Value": f"{site}/#{{Octopus.Environment.Name}}"},
        {
            "Name": "OctopusBypassDeploymentMutex",
            "Value": "True",
            "Description": "Lets steps run on the same machine at the same time.",
        },
    ]


def _steps() -> list[dict[str, Any]]:
    return [
        _step("Build the page", "Bash", _BUILD),
        _step("Check the page", "Bash", _CHECK),
        _step("Measure the page", "Python", _MEASURE, trigger="StartWithPrevious"),
    ]


def _step(name: str, syntax: str, body: str, *, trigger: str = "StartAfterPrevious") -> dict[str, Any]:
    properties = {
        "Octopus.Action.RunOnServer": "false",
        "Octopus.Action.Script.ScriptSource": "Inline",
        "Octopus.Action.Script.Syntax": syntax,
        "Octopus.Action.Script.ScriptBody": body,
    }
    return {
        "Name": name,
        "StartTrigger": trigger,
        "Properties": {"Octopus.Action.TargetRoles": ROLE},
        "Actions": [{"Name": name, "ActionType": "Octopus.Script", "Properties": properties}],
    }
