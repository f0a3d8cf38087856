from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gurita.cli.client import Client
from gurita.cli.errors import ApiRefused, CommandError, Misused, ServerAway
from gurita.cli.naming import explained, find, meant
from gurita.cli.options import Options

_HEAVY = (
    "httpx2",
    "sqlalchemy",
    "starlette",
    "asyncssh",
    "msgspec",
    "uvicorn",
    "gurita.server",
    "gurita.http",
)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GURITA_API_KEY", "API-TEST")


def client(*answers: httpx2.Response, asked: list[httpx2.Request] | None = None, **options: Any) -> Client:
    """A client of a server that gives these answers, one a request."""
    left = list(answers)

    def answer(request: httpx2.Request) -> httpx2.Response:
        if asked is not None:
            asked.append(request)
        return left.pop(0)

    return Client(Options(url="http://here:1", **options), transport=httpx2.MockTransport(answer))


def test_help_is_quick_since_nothing_heavy_is_imported_for_it() -> None:
    code = (
        "import sys; from gurita.cli.main import run; run(['--help']); "
        f"print([m for m in sys.modules if m.startswith({_HEAVY!r})], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "quickstart" in done.stdout
    assert done.stderr.strip() == "[]"


def test_requests_carry_key_and_space_and_leave_out_what_was_not_given() -> None:
    asked: list[httpx2.Request] = []
    with client(httpx2.Response(200, json={"Items": []}), asked=asked, space="Other one") as made:
        made.get("projects", partialName="", take=5)
    (request,) = asked
    assert str(request.url) == "http://here:1/api/Other%20one/projects?take=5"
    assert request.headers["X-Octopus-ApiKey"] == "API-TEST"


def test_all_pages_of_a_list_are_read() -> None:
    pages = [{"Items": [1, 2], "TotalResults": 3}, {"Items": [3], "TotalResults": 3}]
    asked: list[httpx2.Request] = []
    with client(*(httpx2.Response(200, json=page) for page in pages), asked=asked) as made:
        assert made.all("things") == [1, 2, 3]
    assert [request.url.params["skip"] for request in asked] == ["0", "2"]


def test_a_list_that_shrinks_under_the_reader_ends() -> None:
    pages = [{"Items": [1], "TotalResults": 3}, {"Items": [], "TotalResults": 3}]
    with client(*(httpx2.Response(200, json=page) for page in pages)) as made:
        assert made.all("things") == [1]


def test_refusals_keep_the_servers_own_sentences() -> None:
    told = {"ErrorMessage": "There was a problem.", "Errors": ["Name: required", "Slug: taken"]}
    with client(httpx2.Response(400, json=told)) as made, pytest.raises(ApiRefused) as caught:
        made.post("projects", {})
    assert str(caught.value) == "There was a problem.\n  Name: required\n  Slug: taken"


@pytest.mark.parametrize("answer", [httpx2.Response(502, text="<html>"), httpx2.Response(500, json=[1])])
def test_an_answer_of_something_else_is_still_a_sentence(answer: httpx2.Response) -> None:
    with client(answer) as made, pytest.raises(ApiRefused, match="The server answered 50"):
        made.get("projects")


def test_what_is_no_gurita_server_is_told() -> None:
    with (
        client(httpx2.Response(200, text="welcome")) as made,
        pytest.raises(ServerAway, match="does not answer like"),
    ):
        made.get("projects")


def test_keys_come_from_a_file_or_the_environment_and_nonsense_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("API-FILE\n")
    asked: list[httpx2.Request] = []
    with client(httpx2.Response(200, json=1), asked=asked, api_key_file=tmp_path / "key") as made:
        made.get("x")
    assert asked[0].headers["X-Octopus-ApiKey"] == "API-FILE"
    with pytest.raises(CommandError, match="cannot be read"):
        client(api_key_file=tmp_path / "none")
    with pytest.raises(Misused, match="--url is 'here'"):
        Client(Options(url="here"))
    for nonsense, told in (
        ("", "There is no API key"),
        ("two words", "That is no API key"),
        ("ключ", "no API key"),
    ):
        monkeypatch.setenv("GURITA_API_KEY", nonsense)
        with pytest.raises(CommandError, match=told):
            client()


@pytest.mark.parametrize(
    ("name", "known", "told"),
    [
        ("Prodction", ["Production", "Test"], " Did you mean 'Production'?"),
        ("PRODUCTION ", ["Production", "Test"], " Did you mean 'Production'?"),
        ("x", ["Production", "Test"], " There are: Production, Test."),
        ("x", [str(number) * 3 for number in range(13)], ""),
        ("x", [], ""),
    ],
)
def test_what_was_meant(name: str, known: list[str], told: str) -> None:
    assert meant(name, known) == told


def test_a_name_is_looked_for_as_it_is_and_only_a_404_is_unknown() -> None:
    asked: list[httpx2.Request] = []
    with client(httpx2.Response(200, json={"Id": "Projects-1"}), asked=asked) as made:
        assert find(made, "projects", "a/b c")["Id"] == "Projects-1"
    assert asked[0].url.raw_path == b"/api/projects/a%2Fb%20c"
    with (
        client(httpx2.Response(403, json={"ErrorMessage": "no"})) as made,
        pytest.raises(ApiRefused, match="no"),
    ):
        find(made, "projects", "x")
    with (
        client(httpx2.Response(200, json=[{"Name": "One"}])) as made,
        pytest.raises(CommandError, match="There are: One"),
    ):
        find(made, "projects", " ")


def test_only_errors_about_names_get_suggestions() -> None:
    errors = [
        "EnvironmentNames[0]: there is no environment 'Tst' in this space.",
        "RunAt: is more than 30 days ahead.",
        "SkipStepNames: the process of this release has no step 'x'.",
    ]
    with client(httpx2.Response(200, text=json.dumps([{"Name": "Test"}]))) as made:
        told = explained(made, ApiRefused(400, "no", errors)).errors
    assert told == [f"{errors[0]} Did you mean 'Test'?", *errors[1:]]


@pytest.mark.parametrize(
    ("task", "page"),
    [
        ({"Id": "ServerTasks-1", "SpaceId": "Spaces-2"}, "http://here:1/app/Spaces-2/tasks/ServerTasks-1"),
        ({"Id": "ServerTasks-1", "SpaceId": None}, "http://here:1/app/tasks/ServerTasks-1"),
    ],
)
def test_a_task_is_looked_at_on_its_page_of_the_portal(task: dict[str, Any], page: str) -> None:
    with client() as made:
        assert made.page_of(task) == page
