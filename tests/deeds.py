"""For every route that changes something, a request that succeeds on a filled server."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import tests.deeds_of_packages  # noqa: F401 - registers its deeds
from gurita.http.routes import Route
from tests.contract_answers import paths
from tests.contract_content import Filled, _certificate
from tests.deeds_new import MADE, SPECIAL, Deed, any_of, copy, deed, deployment, new, number

__all__ = ["Deed", "deed_for"]


def deed_for(full: Filled, route: Route) -> Deed | None:
    """A request that does what the route is for; None when nobody said how."""
    if special := SPECIAL.get(f"{route.method} {route.path}"):
        return special(full)

    def get(path: str) -> Any:
        return full.here.ask("GET", path)

    base = f"/api{'' if route.level in ('system', 'mixed') else '/Spaces-1'}"
    if route.method == "PUT" and route.path.endswith("/{id}"):
        path = paths(route, get)[0]
        return Deed("PUT", path, _changed(get(path)))
    if route.method == "POST" and "{" not in route.path:
        return Deed("POST", base + route.path, copy(full, base + route.path))
    if route.method == "DELETE" and route.path.endswith("/{id}") and route.path.count("{") == 1:
        collection = base + route.path.removesuffix("/{id}")
        made = full.here.ask("POST", collection, copy(full, collection))
        return Deed("DELETE", f"{collection}/{made['Id']}")
    return None


def _changed(current: dict[str, Any]) -> dict[str, Any]:
    known = [name for name in ("Description", "DisplayName", "Name") if name in current]
    return {**current, known[0]: f"changed {new()}"} if known else current


@deed("POST", "/users/{id}/apikeys")
def _key(full: Filled) -> Deed:
    return Deed("POST", f"/api/users/{full.server.get('users/me')['Id']}/apikeys", {"Purpose": new()})


@deed("DELETE", "/users/{id}/apikeys/{key_id}")
def _drop_key(full: Filled) -> Deed:
    place = f"/api/users/{full.server.get('users/me')['Id']}/apikeys"
    return Deed("DELETE", f"{place}/{full.here.ask('POST', place, {'Purpose': new()})['Id']}")


@deed("PUT", "/users/{id}")
def _user(full: Filled) -> Deed:
    made = full.here.ask("POST", "/api/users", MADE["/api/users"](full))
    return Deed("PUT", f"/api/users/{made['Id']}", {**made, "DisplayName": new()})


@deed("PUT", "/users/{id}/revoke-sessions")
def _revoke(full: Filled) -> Deed:
    made = full.here.ask("POST", "/api/users", MADE["/api/users"](full))
    return Deed("PUT", f"/api/users/{made['Id']}/revoke-sessions")


@deed("POST", "/users/login")
def _login(_full: Filled) -> Deed:
    from tests.fixtures_server import PASSWORD

    return Deed("POST", "/api/users/login", {"Username": "admin", "Password": PASSWORD})


for _kind, _what in (("teams", "teams"), ("userroles", "userroles"), ("scopeduserroles", "scopeduserroles")):

    def _edit(full: Filled, what: str = _what) -> Deed:
        made = full.here.ask("POST", f"/api/{what}", MADE[f"/api/{what}"](full))
        changed = (
            {"EnvironmentIds": [any_of(full, "environments")["Id"]]}
            if what == "scopeduserroles"
            else {"Description": new()}
        )
        return Deed("PUT", f"/api/{what}/{made['Id']}", {**made, **changed})

    SPECIAL[f"PUT /{_kind}/{{id}}"] = _edit


@deed("DELETE", "/spaces/{id}")
def _drop_space(full: Filled) -> Deed:
    made = full.here.ask("POST", "/api/spaces", MADE["/api/spaces"](full))
    stopped = full.here.ask("PUT", f"/api/spaces/{made['Id']}", {**made, "TaskQueueStopped": True})
    return Deed("DELETE", f"/api/spaces/{stopped['Id']}")


@deed("POST", "/gurita/registration-tokens")
def _token(full: Filled) -> Deed:
    body = {"EnvironmentIds": [any_of(full, "environments")["Id"]], "Roles": ["web"]}
    return Deed("POST", "/api/Spaces-1/gurita/registration-tokens", body)


@deed("PUT", "/eventretentionconfiguration")
def _retention(_full: Filled) -> Deed:
    return Deed("PUT", "/api/eventretentionconfiguration", {"EventRetentionDays": 30_000})


@deed("PUT", "/audit-stream")
def _stream(_full: Filled) -> Deed:
    return Deed("PUT", "/api/audit-stream", {"FileName": f"{new()}.jsonl"})


@deed("PUT", "/smtpconfiguration")
def _smtp(_full: Filled) -> Deed:
    return Deed(
        "PUT", "/api/smtpconfiguration", {"SmtpHost": f"{new()}.example", "SendEmailFrom": "g@x.example"}
    )


@deed("PUT", "/subscriptions/{id}")
def _subscription(full: Filled) -> Deed:
    made = full.here.ask("POST", "/api/subscriptions", MADE["/api/subscriptions"](full))
    return Deed("PUT", f"/api/subscriptions/{made['Id']}", {**made, "Name": f"S {new()}"})


_LOGO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
_FILE = {"files": {"fileToUpload": ("logo.png", _LOGO, "image/png")}}


@deed("POST", "/projects/{id}/logo")
def _logo(full: Filled) -> Deed:
    return Deed("POST", f"/api/Spaces-1/projects/{any_of(full, 'projects')['Id']}/logo", more=_FILE)


@deed("POST", "/spaces/{id}/logo")
def _space_logo(_full: Filled) -> Deed:
    return Deed("POST", "/api/spaces/Spaces-1/logo", more=_FILE)


@deed("POST", "/scheduler/{name}/trigger")
def _trigger(_full: Filled) -> Deed:
    return Deed("POST", "/api/scheduler/blob-collection/trigger")


@deed("PUT", "/octopusservernodes/{id}")
def _node(full: Filled) -> Deed:
    node = full.server.get("octopusservernodes")["Items"][0]
    return Deed(
        "PUT",
        f"/api/octopusservernodes/{node['Id']}",
        {**node, "MaxConcurrentTasks": node["MaxConcurrentTasks"] + 1},
    )


_SETTINGS: dict[str, dict[str, Any]] = {
    "serverconfiguration": {"ServerUri": "https://deploy.example.com"},
    "maintenanceconfiguration": {"IsInMaintenanceMode": True},
    "featuresconfiguration": {"IsHelpSidebarEnabled": True, "IsServiceMessageResourceCreationEnabled": False},
    "performanceconfiguration": {"DefaultDashboardRenderMode": "VirtualizeColumns"},
    "upgradeconfiguration": {"NotificationMode": "AlwaysShow"},
    "configuration/{id}/values": {"NotificationMode": "ShowOnlyMajorMinor"},
}
for _where, _body in _SETTINGS.items():
    SPECIAL[f"PUT /{_where}"] = lambda _full, where=_where, body=_body: Deed(  # type: ignore[misc]
        "PUT", f"/api/{where.format(id='upgrade')}", body
    )


@deed("PUT", "/environments/sortorder")
def _order(full: Filled) -> Deed:
    return Deed(
        "PUT",
        "/api/Spaces-1/environments/sortorder",
        [one["Id"] for one in full.here.get("environments/all")][::-1],
    )


@deed("PUT", "/workerpools/sortorder")
def _pools(full: Filled) -> Deed:
    full.here.post("workerpools", MADE["/api/Spaces-1/workerpools"](full))
    return Deed(
        "PUT",
        "/api/Spaces-1/workerpools/sortorder",
        [one["Id"] for one in full.here.get("workerpools/all")][::-1],
    )


def _made_certificate(full: Filled) -> str:
    return str(full.here.post("certificates", MADE["/api/Spaces-1/certificates"](full))["Id"])


@deed("POST", "/certificates/generate")
def _generate(_full: Filled) -> Deed:
    return Deed("POST", "/api/Spaces-1/certificates/generate", {"Name": new(), "CommonName": "a.example"})


@deed("POST", "/certificates/{id}/replace")
def _replace(full: Filled) -> Deed:
    body = {"CertificateData": _certificate(), "Password": None}
    return Deed("POST", f"/api/Spaces-1/certificates/{_made_certificate(full)}/replace", body)


@deed("POST", "/certificates/{id}/archive")
def _archive(full: Filled) -> Deed:
    return Deed("POST", f"/api/Spaces-1/certificates/{_made_certificate(full)}/archive")


@deed("POST", "/certificates/{id}/unarchive")
def _unarchive(full: Filled) -> Deed:
    place = f"/api/Spaces-1/certificates/{_made_certificate(full)}"
    full.here.ask("POST", f"{place}/archive")
    return Deed("POST", f"{place}/unarchive")


@deed("DELETE", "/certificates/{id}")
def _drop_certificate(full: Filled) -> Deed:
    place = f"/api/Spaces-1/certificates/{_made_certificate(full)}"
    full.here.ask("POST", f"{place}/archive")
    return Deed("DELETE", place)


@deed("PUT", "/channels/{id}")
def _channel(full: Filled) -> Deed:
    made = full.here.post("channels", MADE["/api/Spaces-1/channels"](full))
    return Deed("PUT", f"/api/Spaces-1/channels/{made['Id']}", {**made, "Description": new()})


@deed("POST", "/projects/{project_id}/channels")
def _project_channel(full: Filled) -> Deed:
    body = MADE["/api/Spaces-1/channels"](full)
    return Deed("POST", f"/api/Spaces-1/projects/{body['ProjectId']}/channels", body)


@deed("PUT", "/projects/{project_id}/channels/{id}")
def _project_channel_edit(full: Filled) -> Deed:
    made = full.here.post("channels", MADE["/api/Spaces-1/channels"](full))
    path = f"/api/Spaces-1/projects/{made['ProjectId']}/channels/{made['Id']}"
    return Deed("PUT", path, {**made, "Description": new()})


@deed("DELETE", "/projects/{project_id}/channels/{id}")
def _project_channel_drop(full: Filled) -> Deed:
    made = full.here.post("channels", MADE["/api/Spaces-1/channels"](full))
    return Deed("DELETE", f"/api/Spaces-1/projects/{made['ProjectId']}/channels/{made['Id']}")


def _inside(full: Filled, link: str, change: Callable[[Any], Any]) -> Deed:
    project = full.here.get("projects/all")[0]
    path = link.format(**project)
    return Deed("PUT", f"/api/Spaces-1/{path}", change(full.here.get(path)))


def _process(current: Any) -> Any:
    steps = [{**one, "Name": f"Say {new()}"} for one in current["Steps"]]
    return {**current, "Steps": steps}


def _variables(current: Any) -> Any:
    return {
        **current,
        "Variables": [*current["Variables"], {"Name": f"V{new()}", "Value": "1", "Type": "String"}],
    }


for _path, _link, _change in (
    ("/projects/{id}/deploymentprocesses", "projects/{Id}/deploymentprocesses", _process),
    ("/deploymentprocesses/{id}", "deploymentprocesses/{DeploymentProcessId}", _process),
    ("/projects/{id}/variables", "projects/{Id}/variables", _variables),
    ("/variables/{id}", "variables/{VariableSetId}", _variables),
    ("/projects/{id}/deploymentsettings", "projects/{Id}/deploymentsettings", lambda now: {**now, "DefaultToSkipIfAlreadyInstalled": True}),
    ("/deploymentsettings/{id}", "deploymentsettings/deploymentsettings-{Id}", lambda now: {**now, "DefaultToSkipIfAlreadyInstalled": False}),
):  # fmt: skip
    SPECIAL[f"PUT {_path}"] = lambda full, link=_link, change=_change: _inside(full, link, change)  # type: ignore[misc]


@deed("PUT", "/retentionpolicies/{id}")
def _policy(full: Filled) -> Deed:
    one = full.here.get("retentionpolicies")["Items"][0]
    changed = {**one, "Strategy": "Count", "QuantityToKeep": number() % 90 + 1, "Unit": "Days"}
    return Deed("PUT", f"/api/Spaces-1/retentionpolicies/{one['Id']}", changed)


def _done(full: Filled) -> tuple[Any, str]:
    """A deployment that ended, and the version of its project's next release."""
    return full.here.get("deployments")["Items"][-1], f"6.{number()}.0"


@deed("POST", "/releases/create/v1")
def _release_v1(full: Filled) -> Deed:
    done, version = _done(full)
    body = {"SpaceIdOrName": "Spaces-1", "ProjectName": done["ProjectId"], "ReleaseVersion": version}
    return Deed("POST", "/api/Spaces-1/releases/create/v1", body)


def _release(full: Filled) -> Any:
    return full.here.post("releases", MADE["/api/Spaces-1/releases"](full))


@deed("PUT", "/releases/{id}")
def _release_edit(full: Filled) -> Deed:
    made = _release(full)
    return Deed("PUT", f"/api/Spaces-1/releases/{made['Id']}", {**made, "ReleaseNotes": new()})


@deed("POST", "/releases/{id}/snapshot-variables")
def _snapshot(full: Filled) -> Deed:
    made = _release(full)
    project = f"projects/{made['ProjectId']}/variables"
    full.here.ask("PUT", f"/api/Spaces-1/{project}", _variables(full.here.get(project)))
    return Deed("POST", f"/api/Spaces-1/releases/{made['Id']}/snapshot-variables")


@deed("POST", "/gurita/releases/{id}/variable-changes")
def _changed_values(full: Filled) -> Deed:
    made = _release(full)
    project = f"projects/{made['ProjectId']}/variables"
    full.here.ask("PUT", f"/api/Spaces-1/{project}", _variables(full.here.get(project)))
    path = f"gurita/releases/{made['Id']}/variable-changes"
    found = full.here.get(path)
    take = [{name: one[name] for name in ("SetId", "VariableId")} for one in found["Changes"]]
    return Deed("POST", f"/api/Spaces-1/{path}", {"Digest": found["Digest"], "Take": take[:1]})


@deed("POST", "/releases/{id}/defects")
def _defect(full: Filled) -> Deed:
    return Deed("POST", f"/api/Spaces-1/releases/{_release(full)['Id']}/defects", {"Description": "broken"})


@deed("POST", "/releases/{id}/defects/resolve")
def _resolved(full: Filled) -> Deed:
    place = f"/api/Spaces-1/releases/{_release(full)['Id']}/defects"
    full.here.ask("POST", place, {"Description": "broken"})
    return Deed("POST", f"{place}/resolve")


@deed("POST", "/deployments/create/untenanted/v1")
def _untenanted(full: Filled) -> Deed:
    done, _ = _done(full)
    names = {"ProjectName": done["ProjectId"], "EnvironmentNames": [done["EnvironmentId"]]}
    version = full.here.get(f"releases/{done['ReleaseId']}")["Version"]
    body = {"SpaceIdOrName": "Spaces-1", **names, "ReleaseVersion": version}
    return Deed("POST", "/api/Spaces-1/deployments/create/untenanted/v1", body)


@deed("DELETE", "/deployments/{id}")
def _drop_deployment(full: Filled) -> Deed:
    task = full.here.deploy(deployment(full)["ReleaseId"], deployment(full)["EnvironmentId"])
    full.here.wait(task)
    newest = next(one for one in full.here.get("deployments")["Items"] if one["TaskId"] == task)
    return Deed("DELETE", f"/api/Spaces-1/deployments/{newest['Id']}")


@deed("PUT", "/dashboardconfiguration")
def _dashboard(full: Filled) -> Deed:
    return Deed(
        "PUT",
        "/api/Spaces-1/dashboardconfiguration",
        {"IncludedProjectIds": [any_of(full, "projects")["Id"]]},
    )


@deed("PUT", "/gurita/machine-filters")
def _filters(full: Filled) -> Deed:
    filters = [{"Name": "Broken", "HealthStatuses": ["Unhealthy", "Unavailable"]}]
    return Deed("PUT", "/api/Spaces-1/gurita/machine-filters", {"Filters": filters})


@deed("PUT", "/gurita/dashboard-views")
def _dashboard_views(_full: Filled) -> Deed:
    views = [{"Name": "Failed ones", "Search": "states=failed"}]
    return Deed("PUT", "/api/Spaces-1/gurita/dashboard-views", {"Views": views})


def _waiting_task(full: Filled) -> str:
    """A task that waits for its time."""
    later = [(datetime.now(UTC) + timedelta(days=days)).isoformat() for days in (1, 2)]
    body = {**deployment(full), "QueueTime": later[0], "QueueTimeExpiry": later[1]}
    return str(full.here.post("deployments", body)["TaskId"])


@deed("POST", "/tasks/{id}/cancel")
def _cancel(full: Filled) -> Deed:
    return Deed("POST", f"/api/tasks/{_waiting_task(full)}/cancel")


@deed("POST", "/tasks/{id}/prioritize")
def _prioritize(full: Filled) -> Deed:
    _waiting_task(full)  # somebody to be ahead of
    return Deed("POST", f"/api/tasks/{_waiting_task(full)}/prioritize")


@deed("POST", "/tasks/{id}/state")
def _state(full: Filled) -> Deed:
    task = full.here.get("deployments")["Items"][-1]["TaskId"]
    return Deed("POST", f"/api/tasks/{task}/state", {"State": "Failed", "Reason": new()})


@deed("POST", "/tasks/rerun/{id}")
def _rerun(full: Filled) -> Deed:
    return Deed("POST", f"/api/tasks/rerun/{full.here.get('deployments')['Items'][-1]['TaskId']}")


@deed("POST", "/tasks")
def _task(full: Filled) -> Deed:
    body = {
        "Name": "Health",
        "Description": "Now",
        "Arguments": {"MachineIds": [any_of(full, "machines")["Id"]]},
    }
    return Deed("POST", "/api/Spaces-1/tasks", body)


def _question(full: Filled) -> str:
    return str(next(one["Id"] for one in full.here.get("interruptions?pendingOnly=true")["Items"]))


@deed("PUT", "/interruptions/{id}/responsible")
def _responsible(full: Filled) -> Deed:
    return Deed("PUT", f"/api/Spaces-1/interruptions/{_question(full)}/responsible")


@deed("POST", "/interruptions/{id}/submit")
def _submit(full: Filled) -> Deed:
    return Deed(
        "POST", f"/api/Spaces-1/interruptions/{_question(full)}/submit", {"Guidance": "Fail", "Notes": ""}
    )


def _artifact(full: Filled) -> dict[str, Any]:
    return {"Filename": f"{new()}.txt", "ServerTaskId": full.here.get("deployments")["Items"][-1]["TaskId"]}


@deed("POST", "/artifacts")
def _artifact_made(full: Filled) -> Deed:
    return Deed("POST", "/api/Spaces-1/artifacts", _artifact(full))


@deed("PUT", "/artifacts/{id}")
def _artifact_edit(full: Filled) -> Deed:
    made = full.here.post("artifacts", _artifact(full))
    return Deed("PUT", f"/api/Spaces-1/artifacts/{made['Id']}", {**made, "Filename": f"{new()}.txt"})


@deed("DELETE", "/artifacts/{id}")
def _artifact_drop(full: Filled) -> Deed:
    return Deed("DELETE", f"/api/Spaces-1/artifacts/{full.here.post('artifacts', _artifact(full))['Id']}")


for _method in ("PUT", "POST"):

    def _content(full: Filled, method: str = _method) -> Deed:
        made = full.here.post("artifacts", _artifact(full))
        return Deed(method, f"/api/Spaces-1/artifacts/{made['Id']}/content", more={"content": b"content"})

    SPECIAL[f"{_method} /artifacts/{{id}}/content"] = _content


@deed("POST", "/users/invitations")
def _invitation(full: Filled) -> Deed:
    return Deed("POST", "/api/users/invitations", {"AddToTeamIds": [], "SpaceId": "Spaces-1"})


@deed("POST", "/signingkeyconfiguration/rotate")
def _rotate(_full: Filled) -> Deed:
    return Deed("POST", "/api/signingkeyconfiguration/rotate")
