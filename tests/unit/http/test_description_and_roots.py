from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec import inspect as shapes
from openapi_spec_validator import OpenAPIV31SpecValidator

from gurita.http import openapi, root
from gurita.http.api import Call
from gurita.http.link_table import SPACE_LINKS, SYSTEM_LINKS
from gurita.http.permissions import PUBLIC
from gurita.http.query import ListQuery
from gurita.http.routes import Route, Routes
from gurita.http.wire import Wire
from gurita.kernel.permissions import PERMISSIONS
from tests.unit.http.asking import ask, make_api


class Ssh(Wire, tag_field="CommunicationStyle", tag="Ssh"):
    host: str


class Cloud(Wire, tag_field="CommunicationStyle", tag="None"):
    region: str = ""


class Machine(Wire, kw_only=True):
    """Where things go."""

    id: str = ""
    name: str
    endpoint: Ssh | Cloud
    extras: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


space, system, mixed = Routes("space"), Routes("system"), Routes("mixed")


@space.get("/machines/{id}", permission="MachineView", returns=Machine)
async def get_machine(call: Call, id: str) -> bytes:
    """A machine.

    By id.
    """
    return b"{}"


@space.get("/machines", permission="MachineView", returns=list[Machine])
async def list_machines(call: Call, query: ListQuery) -> bytes:
    return b"[]"


@space.post("/machines", permission="MachineCreate")
async def post_machine(call: Call, body: Machine) -> Machine:
    return body


@system.get("/users/me", permission="UserView")
async def me(call: Call) -> dict[str, str]:
    return {}


@system.get("/users/{id}", permission="UserView")
async def user(call: Call, id: str) -> dict[str, str]:
    return {}


@mixed.get("/tasks", permission="TaskView")
async def tasks(call: Call) -> dict[str, str]:
    return {}


@system.put("/blob", permission="ConfigureServer")
async def blob(call: Call, body: bytes) -> None:
    return None


@system.socket("/carrier", permission=PUBLIC)
async def carrier(call: Call) -> None:
    return None


routes: list[Route] = [*space.items, *system.items, *mixed.items, *root.routes, *openapi.routes]


class _Settings:
    pass


def app(prefix: str = "") -> Any:
    from gurita.http.context import Services

    return make_api(routes, services=Services(installation_id="9c7b5a8e"), prefix=prefix)


@pytest.fixture(name="description")
def _description() -> dict[str, Any]:
    found: dict[str, Any] = ask(app(), "GET", "/api/openapi.json").json
    return found


def test_the_description_is_valid_openapi(description: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(description).validate()


def test_the_description_shows_what_a_client_needs(description: dict[str, Any]) -> None:
    paths = description["paths"]
    get = paths["/api/{spaceId}/machines/{id}"]["get"]
    assert get["summary"] == "A machine."
    assert get["x-permission"] == "MachineView"
    assert [one["name"] for one in get["parameters"]] == ["spaceId", "id"]
    assert get["responses"]["default"]["content"]["application/json"]["schema"]["$ref"].endswith("/Refusal")
    listed = [one["name"] for one in paths["/api/{spaceId}/machines"]["get"]["parameters"]]
    assert listed == ["spaceId", "skip", "take", "ids", "partialName", "name"]
    assert {"/api/tasks", "/api/{spaceId}/tasks"} <= set(paths)
    assert "/api/carrier" not in paths
    machine = description["components"]["schemas"]["Machine"]
    assert "additionalProperties" not in machine
    assert "Extras" not in machine["properties"]
    assert machine["properties"]["Endpoint"]["discriminator"]["propertyName"] == "CommunicationStyle"
    assert "ListQuery" not in description["components"]["schemas"]
    assert "security" not in paths["/api"]["get"]


def test_operation_ids_are_unique(description: dict[str, Any]) -> None:
    ids = [one["operationId"] for path in description["paths"].values() for one in path.values()]
    assert len(ids) == len(set(ids))


def _structs(info: shapes.Type, found: dict[type, shapes.StructType]) -> None:
    if isinstance(info, shapes.StructType):
        if info.cls in found:
            return
        found[info.cls] = info
        for field in info.fields:
            _structs(field.type, found)
    for name in ("type", "item_type", "value_type"):
        if isinstance(inner := getattr(info, name, None), shapes.Type):
            _structs(inner, found)
    for inner in getattr(info, "types", ()):
        _structs(inner, found)


def test_every_struct_of_a_body_forbids_unknown_members_since_any_case_rests_on_it() -> None:
    found: dict[type, shapes.StructType] = {}
    for route in routes:
        if route.body not in (None, bytes):
            _structs(shapes.type_info(route.body), found)
    assert found
    assert all(issubclass(one, Wire) and info.forbid_unknown_fields for one, info in found.items())


def test_the_root_says_what_clients_compare() -> None:
    answer = ask(app("/octopus"), "GET", "/octopus/api/")
    assert answer.status == 200
    document = answer.json
    assert document["Application"] == "Octopus Deploy"
    assert document["ApiVersion"] == "3.0.0"
    assert document["InstallationId"] == "9c7b5a8e"
    assert document["Product"] == "Gurita"
    year, month, build = document["Version"].split(".")
    assert (int(year), int(month)) >= (2026, 3)
    assert build.isdecimal()
    assert all(isinstance(link, str) for link in document["Links"].values())


def test_the_roots_link_what_has_routes_and_nothing_else() -> None:
    links = ask(app("/octopus"), "GET", "/octopus/api").json["Links"]
    assert links == {
        "Self": "/octopus/api",
        "Web": "/octopus/app",
        "CurrentUser": "/octopus/api/users/me",
        "Users": "/octopus/api/" + SYSTEM_LINKS["Users"],
        "SpaceHome": "/octopus/api/{spaceId}",
        "Tasks": "/octopus/api/" + SYSTEM_LINKS["Tasks"],
    }


def test_the_root_of_a_space_has_links_only_and_they_name_the_space_by_id() -> None:
    document = ask(app(), "GET", "/api/second%20space").json
    assert set(document) == {"Links"}
    assert document["Links"] == {
        "Self": "/api/Spaces-2",
        "Web": "/app#/Spaces-2",
        "Machines": "/api/Spaces-2/" + SPACE_LINKS["Machines"],
        "Tasks": "/api/Spaces-2/" + SPACE_LINKS["Tasks"],
    }


def test_the_table_of_permissions_holds_the_names_of_the_field() -> None:
    for name in (
        "ProjectView",
        "MachineCreate",
        "TagSetEdit",
        "TaskViewLog",
        "AdministerSystem",
        "SpaceView",
        "PlatformHubEdit",
    ):
        assert name in PERMISSIONS
    assert "TagSetView" not in PERMISSIONS
    assert set(PERMISSIONS["DeploymentCreate"].restrictions) == {
        "Environments",
        "Projects",
        "ProjectGroups",
        "Tenants",
    }
    assert all(one.description and (one.system or one.space) for one in PERMISSIONS.values())
