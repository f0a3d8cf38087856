"""Every route that changes something writes one event, in the unit that changes it; what is refused writes none (T24).

Asked of every route in `ROUTES`: who adds one says in `tests/deeds.py` how it is used, or in `ELSEWHERE` why it is not asked.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from gurita.http.routes import Route
from gurita.server.routes import ROUTES
from tests.contract_content import Filled, fill
from tests.deeds import Deed, deed_for
from tests.every_route import name_of
from tests.fixtures_server import GuritaServer, gurita_server
from tests.fixtures_sshd import sshd
from tests.functional.rooms import tables
from tests.scenario import Scenario

pytestmark = pytest.mark.needs("sshd")

SEVERAL: dict[str, str] = {
    "POST /api/spaces": "one for each document a new space begins with",
    "POST /api/{spaceId}/projects": "one for the project, one for its first channel",
    "POST /api/{spaceId}/machines": "Created for the document, MachineAdded for those who listen to machines",
    "POST /api/{spaceId}/workers": "Created for the document, MachineAdded for those who listen to machines",
    "DELETE /api/{spaceId}/machines/{id}": "MachineDeleted and Deleted, as above",
    "DELETE /api/{spaceId}/workers/{id}": "MachineDeleted and Deleted, as above",
    "PUT /api/{spaceId}/environments/sortorder": "one for each document that was moved",
    "PUT /api/{spaceId}/workerpools/sortorder": "one for each document that was moved",
}
"""Routes that write more than one event, and why."""

_ASKS = "asks something and changes nothing"
ELSEWHERE: dict[str, str] = {
    "POST /api/{spaceId}/feeds/{id}/test": _ASKS,
    "POST /api/{spaceId}/channels/rule-test": _ASKS,
    "POST /api/{spaceId}/projects/{id}/deploymentprocesses/validate": _ASKS,
    "POST /api/{spaceId}/releases/{id}/deployments/previews": _ASKS,
    "POST /api/{spaceId}/deployments/previews": _ASKS,
    "POST /api/gurita/identity-providers/{id}/test": _ASKS,
    "POST /api/smtpconfiguration/test": _ASKS,
    "POST /api/authentication/checklogininitiated": _ASKS,
    "POST /api/serverstatus/gc-collect": "frees memory; nothing is stored",
    "POST /api/{spaceId}/projects/{id}/git/convert": "refuses: there are no projects in Git yet",
    "POST /api/{spaceId}/deployments/create/tenanted/v1": "refuses: there are no tenants yet",
    "POST /api/{spaceId}/packages/{package_id}/{base_version}/delta": "needs a delta; the push is that of packages/raw",
    "DELETE /api/octopusservernodes/{id}": "needs a node that is gone: tests/unit/nodes",
    "DELETE /api/events/archives/{id}": "needs old events: tests/unit/audit/test_trail_files.py",
    "POST /api/users/logout": "needs a session: tests/unit/access",
    "POST /api/users/access-token": "needs a session: tests/unit/access",
    "POST /api/gurita/password": "needs a session of the user's own: tests/unit/access",
    "POST /api/users/register": "needs an invitation: tests/unit/access",
    "POST /token/v1": "needs an identity of a workload: tests/unit/access",
    **{
        f"{method} /api/{path}": "needs a provider or a service account with one: tests/unit/access"
        for method, path in (
            ("POST", "users/authenticate/{provider}"),
            ("POST", "users/authenticate/guest"),
            ("POST", "gurita/identities/{provider}"),
            ("POST", "gurita/identity-providers"),
            ("PUT", "gurita/identity-providers/{id}"),
            ("DELETE", "gurita/identity-providers/{id}"),
            ("PUT", "gurita/authentication-settings"),
            ("POST", "serviceaccounts/{account}/oidcidentities/create/v1"),
            ("PUT", "serviceaccounts/{account}/oidcidentities/{id}/v1"),
            ("DELETE", "serviceaccounts/{account}/oidcidentities/{id}/v1"),
        )
    },
}
"""Routes that are not asked here: why, and where their event is proved."""

_RESTLESS = {"sign_in", "server_node", "idempotency", "blob_mark"}
_CHANGING = [route for route in ROUTES if route.method in {"POST", "PUT", "DELETE"}]


@pytest.fixture(scope="module", name="full")
def _full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("deeds")
    (folder / "hosts").mkdir()
    with sshd(folder / "hosts") as (host,), gurita_server(folder / "server") as server:
        made = Filled(server, host, Scenario(server.client), Scenario(server.client))
        fill(made.here, host)
        yield made


def events(server: GuritaServer, after: int = 0) -> list[tuple[int, str, str]]:
    """Number, category and message of the events somebody caused, not the server itself."""
    asked = "SELECT number, category, message FROM event WHERE number > ? AND user_id != 'users-system' ORDER BY number"
    with contextlib.closing(
        sqlite3.connect(f"file:{server.data / 'gurita.db'}?mode=ro", uri=True)
    ) as database:
        return list(database.execute(asked, [after]))


@contextlib.contextmanager
def no_event_can_be_written(server: GuritaServer) -> Iterator[None]:
    """As if the audit trail could not take anything."""
    with contextlib.closing(
        sqlite3.connect(server.data / "gurita.db", isolation_level=None, timeout=120)
    ) as database:
        database.execute(
            "CREATE TRIGGER no_event BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        try:
            yield
        finally:
            database.execute("DROP TRIGGER no_event")


def quiet(server: GuritaServer) -> dict[str, str]:
    """The tables once tasks that were begun have come to rest."""
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        before = tables(server)
        time.sleep(0.25)
        after = tables(server)
        if all(before[name] == after[name] or name in _RESTLESS for name in before):
            return after
    raise AssertionError("the server does not come to rest")


def send(full: Filled, deed: Deed) -> httpx2.Response:
    return full.server.client.request(deed.method, deed.path, json=deed.body, **deed.more) if deed.body is not None else (
        full.server.client.request(deed.method, deed.path, **deed.more)
    )  # fmt: skip


def _without_event(full: Filled, deed: Deed) -> str:
    """What is wrong when no event can be written, "" for nothing: all must fail, and nothing change."""
    before = quiet(full.server)
    with no_event_can_be_written(full.server):
        answer = send(full, deed)
        after = tables(full.server)
    changed = [name for name in before if after[name] != before[name] and name not in _RESTLESS]
    if answer.status_code >= 500 and not changed:
        return ""
    return f"without an event it answered {answer.status_code}, changed {changed}: {answer.text[:150]}"


def examined(full: Filled, route: Route) -> str:
    """What is wrong with a route, "" for nothing."""
    deed = deed_for(full, route)
    if deed is None:
        return "nobody said in tests/deeds.py how to use it"
    wrong = ""
    for _ in range(10):  # a task that was begun may move on just now: what a route does, it does each time
        wrong = _without_event(full, deed)
        if not wrong:
            break
    if wrong:
        return wrong
    last = max((number for number, *_ in events(full.server)), default=0)
    answer = send(full, deed)
    told = events(full.server, last)
    if answer.status_code >= 300:
        return f"{answer.status_code} {answer.text[:300]}"
    if (len(told) > 1) if name_of(route) in SEVERAL else len(told) == 1:
        return ""
    return f"wrote {len(told)} events: {told}"


def test_every_change_is_one_event_in_the_unit_that_makes_it(full: Filled) -> None:
    found: dict[str, str] = {}
    for route in sorted(_CHANGING, key=lambda route: ["PUT", "POST", "DELETE"].index(route.method)):
        name = name_of(route)
        if name not in ELSEWHERE:
            try:
                wrong = examined(full, route)
            except (AssertionError, LookupError) as error:
                wrong = f"could not be prepared: {error!r}"[:400]
            if wrong:
                found[name] = wrong
    assert found == {}, f"{len(found)} routes:\n" + "\n".join(
        f"{name}: {what}" for name, what in found.items()
    )


def test_the_lists_of_exceptions_name_routes_that_exist() -> None:
    assert {*SEVERAL, *ELSEWHERE} - {name_of(route) for route in _CHANGING} == set()


def test_a_refused_sign_in_is_the_only_refusal_that_writes_an_event(full: Filled) -> None:
    quiet(full.server)
    last = max(number for number, *_ in events(full.server))
    with httpx2.Client(base_url=full.server.url, trust_env=False, timeout=120) as nobody:
        for route in _CHANGING:
            if route.level not in {"root", "beside"} and not re.search(
                "login|register|authenticate|token", route.path
            ):
                path = re.sub(r"{\w+}", "x", route.public_path.replace("{spaceId}", "Spaces-1"))
                assert nobody.request(route.method, path).status_code in {400, 401, 403, 404, 415}, path
        assert events(full.server, last) == []
        wrong: dict[str, Any] = {"Username": "admin", "Password": "wrong"}
        assert nobody.post("/api/users/login", json=wrong).status_code == 401
    told = [category for _, category, _ in events_of_anybody(full.server, last)]
    assert told == ["LoginFailed"]


def events_of_anybody(server: GuritaServer, after: int) -> list[tuple[int, str, str]]:
    asked = "SELECT number, category, message FROM event WHERE number > ? AND category LIKE 'Login%'"
    with contextlib.closing(
        sqlite3.connect(f"file:{server.data / 'gurita.db'}?mode=ro", uri=True)
    ) as database:
        return list(database.execute(asked, [after]))
