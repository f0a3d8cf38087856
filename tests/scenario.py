"""A server's content made through its REST API, as a client would: for functional tests, chaos and benchmarks."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import httpx2

from tests.fixtures_sshd import SshHost

__all__ = ["Refused", "Scenario", "script", "step"]


class Refused(AssertionError):
    """The API answered with an error; `status` and `body` say which."""

    def __init__(self, method: str, path: str, status: int, body: Any) -> None:
        super().__init__(f"{method} {path} answered {status}: {body}")
        self.status, self.body = status, body


def script(body: str, *, name: str = "Run", syntax: str = "Bash", **more: Any) -> dict[str, Any]:
    """An action that runs an inline script."""
    return {
        "Name": name,
        "ActionType": "Octopus.Script",
        "Properties": {
            "Octopus.Action.Script.ScriptSource": "Inline",
            "Octopus.Action.Script.Syntax": syntax,
            "Octopus.Action.Script.ScriptBody": body,
            **{key: value for key, value in more.items() if "." in key},
        },
        **{key: value for key, value in more.items() if "." not in key},
    }


def step(
    name: str, *actions: Mapping[str, Any], roles: str = "web", window: int = 0, **more: Any
) -> dict[str, Any]:
    """A step on all targets with any of the comma-separated roles."""
    properties = {"Octopus.Action.TargetRoles": roles} if roles else {}
    if window:
        properties["Octopus.Action.MaxParallelism"] = str(window)
    named = [{**action, "Name": name if len(actions) == 1 else action["Name"]} for action in actions]
    return {"Name": name, "Properties": properties, "Actions": named, **more}


class Scenario:
    """Speaks to one server with one key. `space` is used for all that belongs to a space."""

    def __init__(self, client: httpx2.Client, space: str = "Spaces-1") -> None:
        self.client, self.space = client, space

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer. Raises Refused for an error."""
        answer = self.client.request(method, path, json=body)
        told = answer.json() if answer.content else None
        if answer.status_code >= 400:
            raise Refused(method, path, answer.status_code, told)
        return told

    def get(self, path: str) -> Any:
        """Something of the space."""
        return self.ask("GET", f"/api/{self.space}/{path}")

    def post(self, path: str, body: Any) -> Any:
        """Makes something in the space."""
        return self.ask("POST", f"/api/{self.space}/{path}", body)

    def environment(self, name: str, **more: Any) -> str:
        """A new environment's id."""
        return str(self.post("environments", {"Name": name, **more})["Id"])

    def ssh_account(self, host: SshHost, name: str = "deployer") -> str:
        """A new account's id, with the key that host accepts."""
        body = {
            "AccountType": "SshKeyPair",
            "Name": name,
            "Username": host.username,
            "PrivateKeyFile": {"HasValue": True, "NewValue": host.key.read_text()},
        }
        return str(self.post("accounts", body)["Id"])

    def ssh_machine(
        self, host: SshHost, account: str, environments: Iterable[str], roles: Iterable[str], name: str
    ) -> str:
        """A new machine's id."""
        body = {
            "Name": name,
            "EnvironmentIds": list(environments),
            "Roles": list(roles),
            "SkipInitialHealthCheck": True,
            "Endpoint": {
                "CommunicationStyle": "Ssh",
                "AccountId": account,
                "Host": "127.0.0.1",
                "Port": host.port,
                "Fingerprint": host.fingerprint,
            },
        }
        return str(self.post("machines", body)["Id"])

    def project(
        self,
        name: str,
        steps: Sequence[Mapping[str, Any]],
        variables: Sequence[Mapping[str, Any]] = (),
        **more: Any,
    ) -> dict[str, Any]:
        """A new project with its process and variables."""
        group = self.get("projectgroups/all")[0]["Id"]
        lifecycle = self.get("lifecycles/all")[0]["Id"]
        made = self.post(
            "projects", {"Name": name, "ProjectGroupId": group, "LifecycleId": lifecycle, **more}
        )
        self.set_process(made["Id"], steps)
        if variables:
            self.set_variables(made["Id"], variables)
        return dict(made)

    def set_process(self, project: str, steps: Sequence[Mapping[str, Any]]) -> None:
        """Replaces a project's steps."""
        path = f"/api/{self.space}/deploymentprocesses/deploymentprocess-{project}"
        process = self.ask("GET", path)
        self.ask("PUT", path, {**process, "Steps": list(steps)})

    def set_variables(self, project: str, variables: Sequence[Mapping[str, Any]]) -> None:
        """Replaces a project's variables."""
        path = f"/api/{self.space}/variables/variableset-{project}"
        found = self.ask("GET", path)
        self.ask("PUT", path, {**found, "Variables": list(variables)})

    def release(self, project: str, version: str = "") -> str:
        """A new release's id."""
        body = {"projectName": project, "releaseVersion": version or None}
        return str(self.post("releases/create/v1", body)["ReleaseId"])

    def deploy(self, release: str, environment: str, **more: Any) -> str:
        """The id of the task that deploys a release to an environment."""
        body = {"ReleaseId": release, "EnvironmentId": environment, **more}
        return str(self.post("deployments", body)["TaskId"])

    def task(self, task: str) -> dict[str, Any]:
        """A task."""
        return dict(self.ask("GET", f"/api/tasks/{task}"))

    def wait(self, task: str, seconds: float = 180, until: Iterable[str] = ()) -> dict[str, Any]:
        """The task once it has ended, or is in one of the states. AssertionError after so many seconds."""
        ends = time.monotonic() + seconds
        found = self.task(task)
        while not found["IsCompleted"] and found["State"] not in set(until):
            if time.monotonic() > ends:
                raise AssertionError(f"{task} is still {found['State']} after {seconds} s:\n{self.raw(task)}")
            time.sleep(0.05)
            found = self.task(task)
        return found

    def raw(self, task: str) -> str:
        """A task's log as text."""
        return self.client.get(f"/api/tasks/{task}/raw").text
