from __future__ import annotations

import asyncio
import gzip
from typing import Any

import msgspec
import pytest
from starlette.types import Message

from gurita.http.api import Api, Call
from gurita.http.permissions import PUBLIC, SIGNED_IN, known
from gurita.http.routes import Route, Routes
from gurita.http.tree import Trees
from tests.unit.http.asking import ask, make_api

space, system, mixed, root = Routes("space"), Routes("system"), Routes("mixed"), Routes("root")


@space.get("/projects", permission="ProjectView")
async def list_projects(call: Call) -> dict[str, Any]:
    return {"Space": call.space}


@space.get("/projects/{id}", permission="ProjectView")
async def get_project(call: Call, id: str) -> dict[str, Any]:
    return {"Space": call.space, "Id": id}


@space.put("/projects/{id}", permission="ProjectEdit")
async def put_project(call: Call, id: str) -> dict[str, Any]:
    return {"Put": id}


@space.delete("/projects/{id}", permission="ProjectDelete")
async def delete_project(call: Call, id: str) -> None:
    return None


@space.get("/projects/{id}/{git_ref}/deploymentprocesses", permission="ProcessView")
async def process(call: Call, id: str, git_ref: str) -> dict[str, Any]:
    return {"Id": id, "GitRef": git_ref}


@space.get("/projects/{id}/releases/{version}", permission="ReleaseView")
async def release(call: Call, id: str, version: str) -> dict[str, Any]:
    return {"Id": id, "Version": version}


@space.get("", permission=SIGNED_IN)
async def space_root(call: Call) -> dict[str, Any]:
    return {"Root": call.space}


@system.get("", permission=PUBLIC)
async def api_root(call: Call) -> dict[str, Any]:
    return {"Root": "system"}


@system.get("/users", permission="UserView")
async def users(call: Call) -> dict[str, Any]:
    return {"Space": call.space}


@system.get("/spaces/{id}/search", permission="SpaceView")
async def search(call: Call, id: str) -> dict[str, Any]:
    return {"Searched": id}


@mixed.get("/tasks/{id}", permission="TaskView")
async def task(call: Call, id: str) -> dict[str, Any]:
    return {"Space": call.space, "Id": id}


@system.socket("/carrier", permission="MachineCreate")
async def carrier(call: Call) -> None:
    await call.socket.accept(subprotocol="gurita.1")
    await call.socket.send_bytes((await call.socket.receive_bytes())[::-1])
    await call.socket.close()


@root.get("/health", permission=PUBLIC)
async def health(call: Call) -> dict[str, Any]:
    return {"Healthy": True}


routes = [*space.items, *system.items, *mixed.items, *root.items]
app = make_api(routes)

SPACE_FORMS = [
    ("/api/Spaces-2", "Spaces-2"),
    ("/api/spaces/Spaces-2", "Spaces-2"),
    ("/api/second%20space", "Spaces-2"),
    ("/api/Second%20SPACE", "Spaces-2"),
    ("/api/spaces/second%20space", "Spaces-2"),
    ("/api", "Spaces-1"),
    ("/API", "Spaces-1"),
]


@pytest.mark.parametrize(("before", "expected"), SPACE_FORMS)
@pytest.mark.parametrize("after", ["/projects", "/PROJECTS", "/projects/", "/Projects/?skip=0"])
def test_every_form_of_naming_a_space_reaches_the_same_route(before: str, expected: str, after: str) -> None:
    answer = ask(app, "GET", before + after)
    assert (answer.status, answer.json) == (200, {"Space": expected})


def test_an_unknown_space_is_answered_like_an_unknown_path() -> None:
    space_answer, path_answer = (
        ask(app, "GET", "/api/Nowhere/projects"),
        ask(app, "GET", "/api/Spaces-1/nothing"),
    )
    assert space_answer.status == path_answer.status == 404
    assert space_answer.json == {"ErrorMessage": "The resource 'Nowhere' was not found.", "Errors": []}


def test_a_path_of_the_system_wins_over_a_space_of_that_name() -> None:
    assert ask(app, "GET", "/api/users").json == {"Space": ""}
    assert ask(app, "GET", "/api/spaces/Spaces-2/search").json == {"Searched": "Spaces-2"}


def test_a_mixed_route_has_the_space_that_was_named_or_none() -> None:
    assert ask(app, "GET", "/api/tasks/ServerTasks-1").json == {"Space": "", "Id": "ServerTasks-1"}
    assert ask(app, "GET", "/api/Spaces-2/tasks/ServerTasks-1").json["Space"] == "Spaces-2"


@pytest.mark.parametrize("path", ["/api", "/api/", "/Api"])
def test_the_root_is_not_the_root_of_a_space(path: str) -> None:
    assert ask(app, "GET", path).json == {"Root": "system"}


@pytest.mark.parametrize("path", ["/api/Spaces-2", "/api/spaces-2/", "/api/second%20space"])
def test_a_space_has_a_root_of_its_own(path: str) -> None:
    assert ask(app, "GET", path).json == {"Root": "Spaces-2"}


def test_values_in_a_path_keep_their_case_and_an_escaped_slash_stays_inside_its_segment() -> None:
    answer = ask(app, "GET", "/api/Spaces-1/projects/MyApp/refs%2Fheads%2FMain/deploymentProcesses")
    assert answer.json == {"Id": "MyApp", "GitRef": "refs/heads/Main"}


def test_a_dead_end_behind_a_literal_turns_back() -> None:
    assert ask(app, "GET", "/api/projects/P/releases/1.0").json == {"Id": "P", "Version": "1.0"}
    found = ask(app, "GET", "/api/projects/P/releases/deploymentprocesses")
    assert found.json == {"Id": "P", "Version": "deploymentprocesses"}


def test_head_is_get_without_body() -> None:
    head, get = ask(app, "HEAD", "/api/projects"), ask(app, "GET", "/api/projects")
    assert (head.status, head.body) == (200, b"")
    assert head.headers == get.headers
    assert int(head.headers["content-length"]) == len(get.body)


def test_a_method_a_path_does_not_have_is_told_which_it_has() -> None:
    answer = ask(app, "PATCH", "/api/projects/P")
    assert answer.status == 405
    assert answer.headers["allow"] == "DELETE, GET, HEAD, PUT"
    assert answer.json["ErrorMessage"] == "The method PATCH is not allowed here."


@pytest.mark.parametrize(
    ("override", "expected"), [("PUT", b'{"Put":"P"}'), ("put", b'{"Put":"P"}'), ("DELETE", b"")]
)
def test_post_may_stand_for_put_and_delete(override: str, expected: bytes) -> None:
    answer = ask(app, "POST", "/api/projects/P", headers={"X-HTTP-Method-Override": override})
    assert (answer.status, answer.body) == (200, expected)


@pytest.mark.parametrize("override", ["GET", "PATCH", "CONNECT", ""])
def test_post_stands_for_nothing_else(override: str) -> None:
    assert ask(app, "POST", "/api/projects/P", headers={"X-HTTP-Method-Override": override}).status == 405


def test_get_is_never_overridden() -> None:
    answer = ask(app, "GET", "/api/projects/P", headers={"X-HTTP-Method-Override": "DELETE"})
    assert answer.json == {"Space": "Spaces-1", "Id": "P"}


def test_a_prefix_goes_before_every_path_and_nothing_else_matters() -> None:
    below = make_api(routes, prefix="/octopus/")
    assert ask(below, "GET", "/octopus/api/projects").json == {"Space": "Spaces-1"}
    assert ask(below, "GET", "/OCTOPUS/api/").json == {"Root": "system"}
    assert ask(below, "GET", "/octopus/health").json == {"Healthy": True}
    assert ask(below, "GET", "/octopusapi/projects").status == 404


TRICKS = {
    "/api/../api/projects": 400,
    "/api/%2e%2e/projects": 400,
    "/api/.%2E/projects": 400,
    "/api/./projects": 400,
    "/api/%2E/projects": 400,
    "/api//projects": 400,
    "/api/projects//releases/1": 400,
    "/api/projects/%00": 400,
    "/api/projects/a%0d%0ab": 400,
    "/api/projects/%ff": 400,
    "/api/projects/" + "a" * 9000: 400,
    "/api/projects;x=1": 404,
    "/api/users.": 404,
    "/api/users;": 404,
    "/api/users%20": 404,
    "/api%2Fusers": 404,
    "/%61pi/users/nothing": 404,
}


@pytest.mark.parametrize("target", TRICKS)
def test_a_path_trick_reaches_no_route(target: str) -> None:
    assert ask(app, "GET", target).status == TRICKS[target]


def test_an_escaped_letter_is_the_letter_for_routing_and_for_permission_alike() -> None:
    assert ask(make_api(routes, nobody=True), "GET", "/%61pi/%75sers").status == 401


def _filled(route: Route) -> str:
    return route.public_path.replace("{spaceId}", "Spaces-1").replace("{", "").replace("}", "")


@pytest.mark.parametrize(
    "route",
    [one for one in routes if one.permission != PUBLIC and one.method != "WEBSOCKET"],
    ids=lambda one: one.public_path,
)
def test_nobody_and_somebody_without_permission_are_turned_away_from_every_route(route: Route) -> None:
    nobody = ask(make_api(routes, nobody=True), route.method, _filled(route))
    assert nobody.status == 401
    assert nobody.json["ErrorMessage"].startswith("You must be logged in")
    if route.permission != SIGNED_IN:
        from gurita.http.context import NOBODY

        powerless = ask(make_api(routes, NOBODY), route.method, _filled(route))
        assert powerless.status == 403
        assert powerless.errors == [f"Missing permission: {route.permission}"]


async def _socket(app: Api, path: str) -> list[Message]:
    scope = {
        "type": "websocket",
        "scheme": "ws",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
        "subprotocols": ["gurita.1"],
        "extensions": {"websocket.http.response": {}},
    }
    incoming: list[Message] = [{"type": "websocket.connect"}, {"type": "websocket.receive", "bytes": b"abc"}]
    sent: list[Message] = []

    async def receive() -> Message:
        return incoming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


def test_a_socket_speaks_bytes_under_its_subprotocol() -> None:
    accepted, answered, _closed = asyncio.run(_socket(app, "/api/CARRIER/"))
    assert (accepted["type"], accepted["subprotocol"]) == ("websocket.accept", "gurita.1")
    assert answered["bytes"] == b"cba"


@pytest.mark.parametrize(
    ("path", "nobody", "status"),
    [("/api/carrier", True, 401), ("/api/nothing", False, 404), ("/api/users", False, 404)],
)
def test_a_refused_socket_is_told_why(path: str, nobody: bool, status: int) -> None:
    start, body = asyncio.run(_socket(make_api(routes, nobody=nobody), path))
    assert (start["type"], start["status"]) == ("websocket.http.response.start", status)
    assert msgspec.json.decode(body["body"])["ErrorMessage"]


def test_a_socket_is_no_method_of_http() -> None:
    assert ask(app, "GET", "/api/carrier").status == 404
    assert ask(app, "WEBSOCKET", "/api/carrier").status == 405


def test_every_route_names_a_permission_that_exists() -> None:
    assert all(known(route.permission) for route in app.routes)


def test_a_route_without_permission_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="permission"):
        Routes("space").get("/x")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="'ProjectSee' is no permission"):
        Routes("space").get("/x", permission="ProjectSee")


def test_a_handler_that_does_not_fit_its_path_is_found_at_import() -> None:
    async def asks_too_much(call: Call, id: str, other: str) -> None: ...

    async def asks_too_little(call: Call) -> None: ...

    with pytest.raises(TypeError, match="asks for"):
        Routes("space").get("/x/{id}", permission="ProjectView")(asks_too_much)
    with pytest.raises(TypeError, match="leaves out"):
        Routes("space").get("/x/{id}", permission="ProjectView")(asks_too_little)


def test_two_routes_of_one_path_are_found_at_start() -> None:
    with pytest.raises(ValueError, match="list_projects"):
        Trees([*routes, routes[0].__class__(**{**_fields(routes[0]), "handler": users})])


def _fields(route: Route) -> dict[str, Any]:
    return {name: getattr(route, name) for name in route.__dataclass_fields__}


def test_a_failure_of_ours_tells_an_incident_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    broken = Routes("system")

    @broken.get("/boom", permission=PUBLIC)
    async def boom(call: Call) -> None:
        raise RuntimeError("password=hunter2")

    answer = ask(make_api(broken.items), "GET", "/api/boom?apikey=API-SECRET")
    assert answer.status == 500
    assert b"hunter2" not in answer.body
    incident = answer.errors[0].split()[1].rstrip(":")
    assert incident in caplog.text
    assert "API-SECRET" not in caplog.text
    assert "hunter2" in caplog.text


def test_every_answer_carries_the_headers_that_harden_it() -> None:
    for target in ("/api", "/api/nothing/at/all", "/api/projects"):
        headers = ask(app, "GET", target).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in headers
    assert "strict-transport-security" in ask(app, "GET", "/api", scheme="https").headers


def test_large_answers_are_compressed_for_who_takes_it() -> None:
    large = Routes("system")

    @large.get("/large", permission=PUBLIC)
    async def get_large(call: Call) -> dict[str, str]:
        return {"Text": "x" * 10_000}

    @large.get("/small", permission=PUBLIC)
    async def get_small(call: Call) -> dict[str, str]:
        return {"Text": "x"}

    both = make_api(large.items)
    zipped = ask(both, "GET", "/api/large", headers={"Accept-Encoding": "br, gzip"})
    plain = ask(both, "GET", "/api/large")
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    assert int(zipped.headers["content-length"]) == len(zipped.body) < 200
    assert "content-encoding" not in plain.headers
    assert (
        "content-encoding" not in ask(both, "GET", "/api/small", headers={"Accept-Encoding": "gzip"}).headers
    )
    head = ask(both, "HEAD", "/api/large", headers={"Accept-Encoding": "gzip"})
    assert (head.status, head.body) == (200, b"")


def test_a_last_parameter_with_a_star_takes_the_rest_of_a_path_that_nothing_else_takes() -> None:
    pages = Routes("root")

    @pages.get("/app", permission=PUBLIC)
    async def page(call: Call) -> None: ...

    @pages.get("/app/build", permission=PUBLIC)
    async def build(call: Call) -> None: ...

    @pages.get("/app/{path*}", permission=PUBLIC)
    async def rest(call: Call, path: str) -> None: ...

    trees = Trees(pages.items)
    assert trees.find("GET", ["app"]).route.handler is page
    assert trees.find("GET", ["app", "build"]).route.handler is build
    found = trees.find("GET", ["app", "Spaces-1", "projects", "a/b"])
    assert (found.route.handler, found.values) == (rest, ("Spaces-1/projects/a/b",))
    assert trees.find("GET", ["app", "build", "x"]).values == ("build/x",)
