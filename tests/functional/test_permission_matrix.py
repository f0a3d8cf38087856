"""Every route that asks for a permission, asked by everybody: each built-in role, here, next door, and somewhere else here.

What is expected comes from the evaluator. Whoever may is only let read; a write by somebody who may not must change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gurita.access.teams.builtin import ROLES, SPACE_MANAGER
from gurita.kernel.permissions import PERMISSIONS
from gurita.kernel.places import Scope
from tests.contract_content import Filled, filled
from tests.every_route import name_of
from tests.functional.asking import HERE, Asked, all_as_they_were, guarded, role_may, somebody
from tests.functional.rooms import tables

pytestmark = pytest.mark.needs("sshd")

_READS, _JSON = {"GET"}, "application/json"
_IN_SPACES = [role for role in ROLES if not role.of_system]

MORE_IS_NEEDED: dict[str, str] = {
    "GET /api/{spaceId}/certificates/{id}/export": "with the private key it takes CertificateExportPrivateKey",
}
"""Routes that ask for more than they declare, and what."""


ANSWERED_ANYWAY: dict[str, str] = {
    "GET /api/{spaceId}/machinepolicies/{id}/machines": "a list of what one sees; policies lie nowhere",
    "GET /api/{spaceId}/lifecycles/{id}/projects": "a list of what one sees; lifecycles lie nowhere",
    "GET /api/{spaceId}/projectgroups/{id}/projects": "a list of what one sees",
    "GET /api/{spaceId}/gurita/packages/{package_id}/{version}/releases": "a list of what one sees; packages lie nowhere",
    "POST /api/{spaceId}/certificates/{id}/replace": "reads the file before it looks for the old one",
}
"""Routes with an id that do not answer 403 to somebody who is limited to another part of the space, and why."""


@pytest.fixture(scope="module", name="full")
def _full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    with filled(tmp_path_factory.mktemp("matrix")) as made:
        yield made


def test_each_role_reads_what_it_may_and_nobody_does_what_their_role_does_not_say(full: Filled) -> None:
    asked = Asked(full)
    for role in _IN_SPACES:
        with somebody(full, f"has-{role.id}", role.id, HERE) as client:
            before = tables(full.server)
            for route in guarded():
                allowed = role_may(role, route, HERE)
                if allowed and (
                    route.method not in _READS or name_of(route) in MORE_IS_NEEDED or route.media != _JSON
                ):
                    continue
                answer = asked.send(client, route)
                if (answer.status_code in {401, 403}) == allowed:
                    asked.note(role.name, route, answer, "let in" if allowed else 403)
                elif not allowed and f"Missing permission: {route.permission}" not in answer.text:
                    asked.note(role.name, route, answer, f"named {route.permission}")
            asked.fine()
            all_as_they_were(full, before)


def test_a_role_next_door_is_worth_nothing_here(full: Filled) -> None:
    asked = Asked(full)
    with somebody(full, "neighbour", SPACE_MANAGER, full.there.space) as client:
        before = tables(full.server)
        for route in guarded():
            answer = asked.send(client, route)
            if answer.status_code != 403:
                asked.note("neighbour", route, answer, 403)
        asked.fine()
        all_as_they_were(full, before)


def test_who_is_limited_to_another_part_of_the_space_is_refused_what_lies_elsewhere(full: Filled) -> None:
    """A project and an environment of their own, in which there is nothing: all that has an id lies elsewhere.

    The built-in feed is one for all projects of a space: what is in it lies in none of them.
    """
    asked = Asked(full)
    project = full.here.project("Elsewhere", [])["Id"]
    environment = full.here.environment("Elsewhere")
    scope = {"ProjectIds": [project], "EnvironmentIds": [environment]}
    with somebody(full, "elsewhere", SPACE_MANAGER, HERE, **scope) as client:
        before = tables(full.server)
        for route in guarded():
            limited = {"Projects", "Environments"} & set(PERMISSIONS[route.permission].restrictions)
            if not limited or not route.names or name_of(route) in ANSWERED_ANYWAY:
                continue
            if route.permission.startswith("BuiltInFeed"):
                continue
            answer = asked.send(client, route)
            if answer.status_code != 403:
                asked.note("elsewhere", route, answer, 403)
        asked.fine()
        all_as_they_were(full, before)


def test_lists_of_who_is_limited_to_another_part_hold_nothing_of_elsewhere(full: Filled) -> None:
    asked = Asked(full)
    group = full.here.post("projectgroups", {"Name": "Nothing in it"})["Id"]
    environment = full.here.environment("Nothing in it")
    scope = {"ProjectGroupIds": [group], "EnvironmentIds": [environment]}
    allowed = Scope(groups=frozenset([group]), environments=frozenset([environment]))
    foreign = {one["Id"] for kind in ("projects", "environments", "machines", "releases", "deployments")
               for one in full.here.get(f"{kind}?take=100")["Items"]} - allowed.environments  # fmt: skip
    with somebody(full, "nowhere", SPACE_MANAGER, HERE, **scope) as client:
        for route in guarded():
            limited = {"Projects", "Environments"} & set(PERMISSIONS[route.permission].restrictions)
            if not limited or route.names or route.method != "GET" or route.media != _JSON:
                continue
            answer = asked.send(client, route)
            if answer.status_code >= 400:
                continue
            told = answer.json()
            items = told["Items"] if isinstance(told, dict) and "Items" in told else told
            if shown := {id for id in foreign if f'"{id}"' in answer.text and items}:
                asked.note("nowhere", route, answer, f"without {sorted(shown)}")
    asked.fine()
