"""Two spaces of one real server with one of everything in each, and proof that a refused request changed nothing.

While `rooms` is open a deployment waits in the middle of its script on a real SSH host; at the exit it must end well
and its log must be whole, whatever the tests asked of the server meanwhile.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psycopg
from psycopg.sql import SQL, Identifier

from tests.fixtures_server import GuritaServer, gurita_server
from tests.fixtures_sshd import SshHost, sshd
from tests.scenario import Scenario, script, step

__all__ = [
    "BY_ITSELF",
    "KINDS",
    "Ids",
    "Room",
    "Rooms",
    "at_rest",
    "health_or_script",
    "refusal_of",
    "rooms",
    "sent",
    "tables",
]

Ids = dict[str, str]

KINDS = {
    "environments": "environment",
    "accounts": "account",
    "machines": "machine",
    "machinepolicies": "policy",
    "projectgroups": "group",
    "lifecycles": "lifecycle",
    "projects": "project",
    "channels": "channel",
    "releases": "release",
}
"""Collections of documents that have names, but for releases, and the ids of one in each room."""


BY_ITSELF = {"audit_seal", "commit_mark", "api_key_use", "schedule", "machine_look"}
"""Tables that change without anybody asking: seals, when a key was used, what is due next."""


def tables(server: GuritaServer) -> dict[str, str]:
    """A hash of the rows of every table of a server's database, read beside it, but for those that change by themselves."""
    rows = _in_postgres(server.database) if server.database.startswith("postgres") else _in_file(server)
    return {name: hashlib.sha256("\n".join(found).encode()).hexdigest() for name, found in rows.items()}


def _in_file(server: GuritaServer) -> dict[str, list[str]]:
    opened = sqlite3.connect(f"file:{server.data / 'gurita.db'}?mode=ro", uri=True)
    with contextlib.closing(opened) as database:
        database.execute("BEGIN")
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"')))
            for name in names
            if name not in BY_ITSELF
        }


def at_rest(server: GuritaServer) -> dict[str, str]:
    """What `tables` gives once two looks in turn are alike: what was begun has come to its end."""
    ends = time.monotonic() + 120
    before = tables(server)
    while time.monotonic() < ends:
        time.sleep(0.25)
        after = tables(server)
        if before == after:
            return after
        before = after
    raise AssertionError("the server does not come to rest")


def _in_postgres(url: str) -> dict[str, list[str]]:
    with psycopg.connect(url) as database:
        database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        found = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        names = {row[0] for row in found} - BY_ITSELF
        return {
            name: sorted(map(repr, database.execute(SQL("SELECT * FROM {}").format(Identifier(name)))))
            for name in names
        }


def refusal_of(answer: httpx2.Response, status: int, *mentions: str) -> str:
    """The text of a refusal, after proving that it has the status, the shape of an error, and names all of `mentions`."""
    assert answer.status_code == status, f"{answer.request.method} {answer.url}: {answer.text[:2000]}"
    told = answer.json()
    text = "\n".join([told["ErrorMessage"], *told["Errors"]])
    for mention in mentions:
        assert mention.lower() in text.lower(), f"'{mention}' is not in: {text}"
    assert "incident" not in text.lower(), text
    return text


@dataclass
class Room:
    """A space and ids of what is in it, by kind."""

    made: Scenario
    ids: dict[str, str] = field(default_factory=dict)

    def fill(self, host: SshHost, name: str) -> None:
        """One of everything; all names begin alike in every room."""
        made, ids = self.made, self.ids
        ids["space"] = made.space
        ids["environment"] = made.environment(f"{name} environment")
        ids["account"] = made.ssh_account(host, f"{name} account")
        ids["group"] = made.post("projectgroups", {"Name": f"{name} group"})["Id"]
        ids["lifecycle"] = made.post("lifecycles", {"Name": f"{name} lifecycle"})["Id"]
        ids["policy"] = made.post("machinepolicies", {"Name": f"{name} policy"})["Id"]
        machine = f"{name} machine"
        ids["machine"] = made.ssh_machine(host, ids["account"], [ids["environment"]], ["web"], machine)
        project = made.project(f"{name} project", [step("Say", script("echo said"))])
        ids["project"], ids["project name"] = project["Id"], project["Name"]
        channel = {"Name": f"{name} channel", "ProjectId": project["Id"]}
        ids["channel"] = made.post("channels", channel)["Id"]
        ids["release"] = made.release(project["Id"], "1.0.0")


@dataclass
class Rooms:
    """`here` is the default space, `there` another; `unknown` has ids like theirs that never existed."""

    server: GuritaServer
    here: Room
    there: Room
    host: SshHost

    @property
    def unknown(self) -> dict[str, str]:
        """An id of each kind that no space has."""
        return {
            kind: f"{id.rpartition('-')[0]}-987654" if "-" in id else "Nobody's"
            for kind, id in self.here.ids.items()
        }

    def send(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        """A request to the first space."""
        return self.server.client.request(method, f"/api/{self.here.made.space}/{path}", json=body)

    def refused(self, status: int, method: str, path: str, body: Any, *mentions: str) -> str:
        """The text of a refusal, after proving that the database is as it was before, to the last row."""
        before = tables(self.server)
        answer = self.send(method, path, body)
        after = tables(self.server)
        text = refusal_of(answer, status, *mentions)
        changed = [name for name in before if before[name] != after[name]]
        assert changed == [], f"refused, but changed {changed}"
        return text


@contextlib.contextmanager
def rooms(folder: Path, options: Sequence[str] = ()) -> Iterator[Rooms]:
    """A server with two rooms and one deployment that waits in its script until the end."""
    (folder / "hosts").mkdir()
    go = folder / "go"
    waits = f'echo begun; until [ -e "{go}" ]; do sleep 0.2; done; echo "went on"'
    with sshd(folder / "hosts") as (host,), gurita_server(folder / "server", options=options) as server:
        here, there = Room(Scenario(server.client)), Room(Scenario(server.client))
        body = {"Name": "Next door", "SpaceManagersTeamMembers": [server.get("users/me")["Id"]]}
        there.made.space = server.post("spaces", body)["Id"]
        here.fill(host, "Our")
        there.fill(host, "Their")
        long = here.made.project("Long", [step("Wait", script(waits))])
        task = here.made.deploy(here.made.release(long["Id"]), here.ids["environment"])
        here.ids["task"] = task
        other = {"Name": "Health", "Arguments": {"MachineIds": [there.ids["machine"]]}}
        there.ids["task"] = there.made.post("tasks", other)["Id"]
        there.made.wait(there.ids["task"])
        server.until(lambda: "begun" in here.made.raw(task), why=lambda: here.made.raw(task))
        at_rest(server)
        yield Rooms(server, here, there, host)
        assert here.made.task(task)["State"] == "Executing"
        go.touch()
        assert here.made.wait(task)["State"] == "Success", here.made.raw(task)
        log = here.made.raw(task)
        assert (log.count("begun"), log.count("went on")) == (1, 1)
        assert "Traceback" not in server.log.read_text()


def sent(kind: str, ids: Ids) -> dict[str, Any]:
    """A body that makes a new document of a kind."""
    bodies: dict[str, dict[str, Any]] = {
        "environments": {},
        "accounts": {"AccountType": "Token", "Token": {"HasValue": True, "NewValue": "t"}},
        "machines": {
            "EnvironmentIds": [ids["environment"]],
            "Roles": ["web"],
            "SkipInitialHealthCheck": True,
            "MachinePolicyId": ids["policy"],
            "Endpoint": {
                "CommunicationStyle": "Ssh",
                "AccountId": ids["account"],
                "Host": "127.0.0.1",
                "Port": 22,
                "Fingerprint": "SHA256:" + "A" * 43,
            },
        },
        "machinepolicies": {},
        "projectgroups": {},
        "lifecycles": {"Phases": []},
        "projects": {"ProjectGroupId": ids["group"], "LifecycleId": ids["lifecycle"]},
        "channels": {"ProjectId": ids["project"], "LifecycleId": ids["lifecycle"]},
        "releases": {"ProjectId": ids["project"], "ChannelId": ids["channel"], "Version": "7.7.7"},
    }
    return {"Name": f"New in {kind}", **bodies[kind]}


def health_or_script(name: str, **arguments: Any) -> tuple[str, str, dict[str, Any]]:
    """Method, path and body that start a task by hand."""
    return "POST", "tasks", {"Name": name, "Arguments": arguments}
