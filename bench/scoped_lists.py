"""Row `scoped`: a page of thirty documents for somebody with twenty scoped roles, against an administrator's."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measured import Measured, median
from bench.processes import timed_run
from tests.fixtures_server import GuritaServer, gurita_server

__all__ = ["scoped_lists"]

SECONDS = 3.0
ROLES = 20
DOCUMENTS = 300
_LISTS = {
    "environments": "/api/Spaces-1/environments?take=30",
    "machines": "/api/Spaces-1/machines?take=30",
    "projects": "/api/Spaces-1/projects?take=30",
}


def scoped_lists(rounds: int) -> Iterator[Measured]:
    """Requests a second of both, in turn, for three kinds: by id, by references, by project and group."""
    with (
        tempfile.TemporaryDirectory(prefix="gurita-bench-") as folder,
        gurita_server(Path(folder)) as server,
    ):
        keys = {"administrator": server.api_key, "scoped": _filled(server)}
        port = int(server.url.rpartition(":")[2])
        for kind, path in _LISTS.items():
            found: dict[str, list[float]] = {who: [] for who in keys}
            for key in keys.values():
                _per_second(port, path, key, 1)
            for _ in range(rounds):
                for who, key in keys.items():
                    found[who].append(_per_second(port, path, key, SECONDS))
            rates = {who: median(each) for who, each in found.items()}
            ratio = rates["administrator"] / rates["scoped"]
            told = {who: f"{rate:.0f} requests/s" for who, rate in rates.items()}
            name = f"30 {kind}, {ROLES} scoped roles"
            yield Measured(
                "scoped", name, told["scoped"], f"administrator {told['administrator']}", ratio, 1.5
            )


def _per_second(port: int, path: str, key: str, seconds: float) -> float:
    command = (sys.executable, "-m", "bench.requests_client", str(port), path, key, str(seconds))
    _, out = timed_run(*command)
    return float(out)


def _filled(server: GuritaServer) -> str:
    """Three hundred of each kind; the key of somebody who sees a part of them through twenty roles."""
    group = server.post("Spaces-1/projectgroups", {"Name": "Of the bench"})["Id"]
    environments, projects = [], []
    for number in range(DOCUMENTS):
        environment = server.post("Spaces-1/environments", {"Name": f"Environment {number}"})["Id"]
        environments.append(environment)
        server.post("Spaces-1/machines", _machine(number, environment))
        body = {"Name": f"Project {number}", "ProjectGroupId": group, "LifecycleId": "Lifecycles-1"}
        projects.append(server.post("Spaces-1/projects", body)["Id"])
    user = server.post("users", {"Username": "scoped", "DisplayName": "Scoped", "IsService": True})["Id"]
    team = server.post("Spaces-1/teams", {"Name": "Scoped", "MemberUserIds": [user]})["Id"]
    size = DOCUMENTS // ROLES
    for number in range(ROLES):
        part = slice(number * size, number * size + size // 2)
        given = {
            "UserRoleId": "userroles-projectviewer",
            "TeamId": team,
            "EnvironmentIds": environments[part],
            "ProjectIds": projects[part],
        }
        server.post("Spaces-1/scopeduserroles", given)
    return str(server.post(f"users/{user}/apikeys", {"Purpose": "To measure"})["ApiKey"])


def _machine(number: int, environment: str) -> dict[str, object]:
    return {
        "Name": f"Machine {number}",
        "EnvironmentIds": [environment],
        "Roles": ["web"],
        "IsDisabled": True,
        "SkipInitialHealthCheck": True,
        "Endpoint": {"CommunicationStyle": "None"},
    }
