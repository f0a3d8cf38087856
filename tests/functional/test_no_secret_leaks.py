"""No secret anywhere it must not be: every field that takes one holds a canary, scripts try to give theirs away, and then
everything there is is searched for them: answers, logs, events, exports, databases, files, targets, processes.
"""

from __future__ import annotations

import contextlib
import json
import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gurita.http.routes import Route
from gurita.server.routes import ROUTES
from tests.canary import PREFIX, Canary, in_folder, in_postgres, secret
from tests.contract_answers import paths
from tests.contract_content import fill
from tests.contract_table import QUERIES
from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server
from tests.fixtures_sshd import sshd
from tests.functional.leaking import BARE, BASH, PYTHON, READ, Watching
from tests.scenario import Scenario, script, step
from tests.secret_members import NO_SECRETS, all_members, secret_members
from tests.secret_planting import Ground, Plant, plants

pytestmark = pytest.mark.needs("sshd")

HARD = " a\"b'c$d&e+f/g<h>i;j`k\\l|m%n o "
LINES = "\n{}\n".join


@dataclass
class Watched:
    """A client whose answers are all searched; `found` says where something was."""

    server: GuritaServer
    canary: Canary
    found: list[str] = field(default_factory=list)
    answers: int = 0
    clients: list[httpx2.Client] = field(default_factory=list)

    def client(self, **headers: str) -> httpx2.Client:
        """A client with these headers, closed at the end."""
        made = httpx2.Client(
            base_url=self.server.url, headers=headers, timeout=120, trust_env=False,
            event_hooks={"response": [self._look]},
        )  # fmt: skip
        self.clients.append(made)
        return made

    def close(self) -> None:
        """Closes all clients."""
        for client in self.clients:
            client.close()

    def _look(self, answer: httpx2.Response) -> None:
        if "event-stream" not in answer.headers.get("content-type", ""):
            answer.read()
            self.note(answer, answer.content)

    def note(self, answer: httpx2.Response, content: bytes) -> None:
        """Searches an answer, its headers too."""
        self.answers += 1
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items()).encode()
        leaks = [*self.canary.leaks(head), *self.canary.leaks(content)]
        where = f"{answer.request.method} {answer.request.url.path} {answer.status_code}"
        self.found += [f"{where}: {leak}" for leak in leaks]


@dataclass
class Scene:
    """A server on which everything has happened. `planted` are the members that had a secret in them."""

    server: GuritaServer
    ground: Ground
    watched: Watched
    watching: Watching
    tasks: dict[str, str] = field(default_factory=dict)
    planted: set[str] = field(default_factory=set)
    requests: list[Plant] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.nobody = self.watched.client()


@contextlib.contextmanager
def scene(folder: Path, **options: Any) -> Iterator[Scene]:
    """Plants every secret there is and runs scripts that show theirs, on a server that goes on."""
    (folder / "hosts").mkdir()
    canary, of_run = Canary(), Canary({})
    with sshd(folder / "hosts") as (host,), gurita_server(folder / "server", **options) as server:
        watched = Watched(server, canary)
        made = Scenario(watched.client(**{"X-Octopus-ApiKey": server.api_key}))
        ground = Ground(made, host, canary, folder)
        found = Scene(server, ground, watched, Watching(of_run, {server.pid}))
        fill(made, host)
        ground.ids["environment"] = made.get("environments/all")[0]["Id"]
        try:
            refused = [told for plant in plants(ground) if (told := sow(found, plant))]
            assert refused == [], "\n".join(refused)
            with found.watching:
                deploy(found, of_run)
            yield found
        finally:
            watched.close()


def sow(scene: Scene, plant: Plant) -> str:
    """Sends one request with a secret in it; tells what is wrong when it is answered otherwise than expected."""
    client = scene.nobody if plant.nobody else scene.ground.made.client
    answer = client.request(plant.method, plant.path, json=plant.body)
    if answer.status_code not in plant.statuses:
        return f"{plant.method} {plant.path}: {answer.status_code} {answer.text}"
    scene.planted.update(plant.members)
    scene.requests.append(plant)
    if plant.kept:
        scene.ground.ids[plant.kept] = answer.json()["Id"]
    return ""


def deploy(scene: Scene, of_run: Canary) -> None:
    """Runs the scripts in a deployment that fails at its end, with secrets of every kind."""
    made, run = scene.ground.made, uuid.uuid4().hex
    values = {
        "Hard": secret("hard", HARD + run), "Simple": secret("simple", run), "Wide": secret("wide", f" é\U0001f419ß\t{run}"),
        "Lines": f"{secret('first line', run)}\n{secret('second line', run)} x\n{secret('third')}\n",
    }  # fmt: skip
    answer = secret("answer", run)
    for name, value in (*values.items(), ("Answer", answer)):
        of_run.learn(name, value.split("\n", 1)[0])
    variables: list[dict[str, Any]] = [
        {"Name": name, "Value": value, "Type": "Sensitive", "IsSensitive": True}
        for name, value in values.items()
    ]
    for name, kind, id in (
        ("Login", "UsernamePasswordAccount", "UsernamePassword"),
        ("Cert", "Certificate", "certificate"),
    ):
        variables.append({"Name": name, "Type": kind, "Value": scene.ground.ids[id]})
    asked = {"Label": "Answer", "Required": True, "DisplaySettings": {"Octopus.ControlType": "Sensitive"}}
    variables.append({"Name": "Answer", "Type": "Sensitive", "IsSensitive": True, "Prompt": asked})
    steps = [
        step("Show", script(BASH)),
        step("Read", script(READ), script(READ, name="Again"), window=1),
        step("Snake", script(PYTHON, syntax="Python")),
    ]
    account = scene.ground.ids["SshKeyPair"]
    environment = made.environment("Watched")
    made.ssh_machine(scene.ground.host, account, [environment], ["web"], "watched")
    project = made.project("Tells", steps, variables)
    release = made.release(project["Id"], "1.0.0")
    preview = made.get(f"releases/{release}/deployments/preview/{environment}")
    element = next(one["Name"] for one in preview["Form"]["Elements"] if "Answer" in repr(one))
    task = made.deploy(release, environment, FormValues={element: answer})
    ended = made.wait(task)
    scene.tasks["deployment"] = task
    log = made.raw(task)
    assert ended["State"] == "Failed", log
    for came, times in (
        ("\\bcame through", 2),
        ("an account came through", 1),
        ("a certificate came through", 1),
    ):
        assert len(re.findall(came, log)) >= times, log
    assert "Traceback" in log
    assert log.count("********") > 120, log


@pytest.fixture(scope="module", name="done")
def _done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("leaks")) as made:
        yield made


def test_every_member_that_takes_a_secret_has_one_here(done: Scene) -> None:
    members = secret_members()
    assert set(members) - done.planted == set(), "plant a secret in tests/secret_planting.py"
    assert done.planted - set(members) == set()
    assert len(members) > 30


def test_scripts_cannot_give_their_secrets_away(done: Scene) -> None:
    made, task = done.ground.made, done.tasks["deployment"]
    for path in ("raw", "details?verbose=true&tail=1000", "log?take=10000", "explain", "status/messages"):
        assert made.client.get(f"/api/tasks/{task}/{path}").status_code == 200
    with made.client.stream("GET", f"/api/tasks/{task}/log/events") as stream:
        done.watched.note(stream, b"".join(stream.iter_raw()))
    artifacts = made.get(f"artifacts?regarding={task}")["Items"]
    assert [one["Filename"] for one in artifacts] == ["named '********'"]
    assert done.watched.found == []


def test_no_process_shows_a_secret_in_its_words_or_environment(done: Scene) -> None:
    assert done.watching.found == set()
    assert done.watching.seen > 1000


def test_nothing_that_can_be_read_holds_a_secret(done: Scene) -> None:
    made = done.ground.made
    for route in ROUTES:
        if route.method == "GET" and "event-stream" not in route.media:
            for path in found_paths(route, made):
                query = QUERIES.get(route.path, "").format(port=done.ground.host.port)
                made.client.get(path + query)
    for accept in ("text/csv", "application/json"):
        made.client.get("/api/events?take=1000", headers={"Accept": accept})
    for path in ("events?asCsv=csv&take=1000", "events?asCsv=json&take=1000"):
        made.client.get(f"/api/{path}")
    assert done.watched.found == []
    assert done.watched.answers > 300


def found_paths(route: Route, made: Scenario) -> list[str]:
    """Paths of a route with what there is, else with ids nobody has."""
    with contextlib.suppress(AssertionError, KeyError, ValueError):
        return paths(route, lambda path: made.ask("GET", path))
    return [route.public_path.replace("{spaceId}", "Spaces-1").replace("{", "").replace("}", "")]


def test_a_refusal_repeats_no_secret_of_what_it_refuses(done: Scene) -> None:
    before, client = done.watched.answers, done.ground.made.client
    for plant in done.requests:
        if isinstance(plant.body, dict):
            for body in mangled(plant.body):
                client.request(plant.method, plant.path, json=body)
            text = json.dumps(plant.body)
            client.request(plant.method, plant.path, content=text[:-1].encode())
            client.request(plant.method, plant.path, content=json.dumps(text).encode())
            client.request("PATCH", plant.path, json=plant.body)
            client.request(plant.method, "/api/nothing", json=plant.body)
            done.nobody.request(plant.method, plant.path, json=plant.body)
    assert done.watched.answers - before > 300
    assert done.watched.found == []


def mangled(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The body with each member that has a secret, at any depth, in shapes it should not have, and once without a name."""
    for name, value in body.items():
        inside = value[0] if isinstance(value, list) and value else value
        if PREFIX in repr(value):
            yield from ({**body, name: wrong} for wrong in ([value], {"Value": value}, f"{value}"))
            if isinstance(inside, dict):
                for inner in mangled(inside):
                    yield {**body, name: [inner] if isinstance(value, list) else inner}
    yield {**body, next(iter(body)): 5}


def test_what_proves_who_somebody_is_is_nowhere_but_in_the_answer_that_gave_it(done: Scene) -> None:
    made, canary = done.ground.made, done.ground.canary
    with httpx2.Client(base_url=done.server.url, trust_env=False, timeout=120) as anna:
        answer = anna.post("/api/users/login", json={"Username": "admin", "Password": PASSWORD})
        assert answer.status_code == 200
        for name, value in anna.cookies.items():
            canary.learn(f"cookie {name}", value)
        csrf = next(value for name, value in anna.cookies.items() if "csrf" in name.lower())
        headers = {"X-Octopus-Csrf-Token": csrf}
        token = anna.post("/api/users/access-token", headers=headers).json()["AccessToken"]
    me = done.server.get("users/me")["Id"]
    with httpx2.Client(
        base_url=done.server.url, headers=made.client.headers, trust_env=False, timeout=120
    ) as plain:
        key = plain.post(f"/api/users/{me}/apikeys", json={"Purpose": "x"}).json()["ApiKey"]
        place = "/api/Spaces-1/gurita/registration-tokens"
        register = plain.post(place, json={"Roles": ["web"], "EnvironmentIds": []}).json()["Token"]
        code = plain.post("/api/users/invitations", json={"AddToTeamIds": []}).json()["InvitationCode"]
    for name, value in (("bearer", token), ("key", key), ("registration", register), ("invitation", code)):
        canary.learn(name, value)
    used: list[dict[str, str]] = [
        {"X-Octopus-ApiKey": key}, {"Authorization": f"Bearer {token}"}, {"X-Gurita-Registration-Token": register},
        {"X-Octopus-ApiKey": secret("wrong key")}, {"Authorization": f"Bearer {secret('wrong token')}"},
        {"Authorization": f"Basic {secret('wrong')}"}, {"Cookie": f"OctopusIdentificationToken_x={secret('cookie')}"},
    ]  # fmt: skip
    for headers in used:
        with done.watched.client(**headers) as client:
            client.get("/api/users/me")
            client.get("/api/Spaces-1/machines")
            client.post("/api/Spaces-1/machines", json={"Name": code})
    with done.watched.client() as nobody:
        for path in ("users/me", "nothing", "users/authenticatedToken/x"):
            nobody.get(f"/api/{path}?apikey={key}&code={secret('code')}")
        body = {"Username": "eve", "Password": "x", "InvitationCode": code}
        nobody.post("/api/users/register", json=body)
        nobody.post("/token/v1", json={"subject_token": secret("token"), "audience": secret("audience")})
    assert done.watched.found == []


@pytest.mark.needs("root", "namespaces")
def test_a_host_without_python_gives_nothing_away_either(done: Scene, tmp_path: Path) -> None:
    made = done.ground.made
    with sshd(tmp_path, bare=True) as (host,):
        environment = made.environment("Bare")
        made.ssh_machine(host, made.ssh_account(host, "bare"), [environment], ["web"], "bare")
        variables = [{"Name": "Simple", "Value": secret("bare"), "Type": "Sensitive", "IsSensitive": True}]
        project = made.project("Bare", [step("Show", script(BARE)), step("Read", script(READ))], variables)
        task = made.deploy(made.release(project["Id"], "1.0.0"), environment)
        assert made.wait(task)["State"] == "Success", made.raw(task)
        assert made.raw(task).count("********") >= 7, made.raw(task)
        done.server.until(lambda: not in_folder(host.folder, done.ground.canary), 60)
    assert done.watched.found == []


def test_machines_accounts_and_feeds_that_do_not_work_say_so_without_their_secrets(done: Scene) -> None:
    made = done.ground.made
    environment = made.environment("Locked")
    locked = made.ssh_machine(
        done.ground.host, done.ground.ids["UsernamePassword"], [environment], ["web"], "locked"
    )
    task = made.post("tasks", {"Name": "Health", "Arguments": {"MachineIds": [locked]}})["Id"]
    assert made.wait(task)["IsCompleted"]
    made.raw(task)
    made.client.get(f"/api/Spaces-1/machines/{locked}/connection")
    for kind in ("NuGet", "S3", "GcsStorage"):
        feed = done.ground.ids[kind]
        made.client.post(f"/api/Spaces-1/feeds/{feed}/test")
        made.client.get(f"/api/Spaces-1/feeds/{feed}/packages/search?term=x")
    assert done.watched.found == []


def test_nothing_the_server_and_its_targets_keep_holds_a_secret(done: Scene) -> None:
    assert left_over(done) == []


def left_over(done: Scene) -> list[str]:
    """What is found in the files of the server and of the host, and in its database, once tickets had time to be forgotten."""
    ends = time.monotonic() + 60
    while (found := _left_over(done)) and time.monotonic() < ends:
        time.sleep(0.2)
    return found


def _left_over(done: Scene) -> list[str]:
    server, host, canary = done.server, done.ground.host, done.ground.canary
    keys = [host.folder / name for name in ("authorized_keys", "host_key")]
    found = in_folder(server.folder, canary) + in_folder(host.folder, canary, keys)
    return found + (in_postgres(server.database, canary) if server.database else [])


def test_members_that_only_sound_like_secrets_are_there() -> None:
    assert set(NO_SECRETS) - set(all_members()) == set()


@pytest.mark.needs("postgresql")
def test_no_secret_is_in_a_database_of_postgresql(postgres_url: str, tmp_path: Path) -> None:
    with scene(tmp_path, database=postgres_url) as made:
        assert left_over(made) == []
        assert made.watched.found == []
        assert made.watching.found == set()
