from __future__ import annotations

from enum import Enum
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.http.api import Call
from gurita.http.envelope import envelope
from gurita.http.links import Links, expand, with_links
from gurita.http.query import ListQuery, read_query
from gurita.http.routes import Routes
from gurita.kernel.errors import Invalid
from gurita.kernel.paging import MOST, Paging
from tests.unit.http.asking import ask, make_api


class State(Enum):
    QUEUED = "Queued"
    SUCCESS = "Success"


class Query(ListQuery, kw_only=True):
    states: list[State] = msgspec.field(default_factory=list)
    active: bool | None = None
    project: str | None = None


def query(text: str) -> Query:
    found: Query = read_query(text.encode(), Query)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "ids=a,b",
        "IDS=a%2Cb",
        "ids=a&ids=b",
        "Ids=a&iDs=b&ids=",
        "ids=[a,b]",
        "ids=a,,b,null",
        "ids=%5Bnull%5D&ids=a,b",
    ],
)
def test_a_list_comes_by_commas_or_by_repetition_in_any_case(text: str) -> None:
    assert query(text).ids == ["a", "b"]


@pytest.mark.parametrize(
    "text", ["", "ids=", "ids", "ids=[null]", "ids=null", "ids=,", "ids=[]", "unknown=1"]
)
def test_an_empty_list_filters_nothing(text: str) -> None:
    assert query(text).ids == []


def test_values_are_read_by_their_type_and_empty_ones_are_not_given() -> None:
    found = query("SKIP=5&take=2147483647&states=queued,SUCCESS&active=True&project=&partialName=a%20b")
    assert (found.skip, found.take, found.active, found.project) == (5, MOST, True, None)
    assert found.states == [State.QUEUED, State.SUCCESS]
    assert found.partial_name == "a b"
    assert query("take=&skip=null&active=").take == 30


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("take=-1", "Take: Expected `int` >= 0"),
        ("take=2147483648", "Take: Expected `int` <= 2147483647"),
        ("skip=many", "Skip: Expected `int`, got `str`"),
        ("active=perhaps", "Active: Expected `bool | null`, got `str`"),
        ("states=Odd", "States[0]: Invalid enum value 'Odd'; it must be one of Queued, Success"),
        ("name=%00", "name: holds a NUL character."),
        ("name=%ff", "The query is not UTF-8."),
        ("&".join(f"a{number}=1" for number in range(2000)), "The query has more than 1000 parameters."),
    ],
)
def test_a_wrong_parameter_is_named(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        query(text)
    assert refused.value.errors == [sentence]


@given(st.binary())
def test_any_query_is_read_or_refused(raw: bytes) -> None:
    try:
        found = read_query(raw, Query)
    except Invalid:
        return
    assert isinstance(found, Query)


ITEMS = [b'{"Id":"Projects-1"}', b'{"Id":"Projects-2"}']


def page(skip: int, take: int, total: int, shown: int) -> dict[str, Any]:
    items = [b"{}"] * shown
    text = envelope(
        "Project",
        items,
        total,
        Paging(skip, take),
        path="/api/Spaces-1/projects",
        filters=[("partialName", "a b")],
    )
    found: dict[str, Any] = msgspec.json.decode(text)
    return found


def test_the_envelope_is_exact() -> None:
    text = envelope(
        "Project", ITEMS, 70, Paging(30, 30), path="/api/Spaces-1/projects", template="{?skip,take,ids}"
    )
    assert msgspec.json.decode(text) == {
        "ItemType": "Project",
        "TotalResults": 70,
        "ItemsPerPage": 30,
        "NumberOfPages": 3,
        "LastPageNumber": 2,
        "IsStale": False,
        "Items": [{"Id": "Projects-1"}, {"Id": "Projects-2"}],
        "Links": {
            "Self": "/api/Spaces-1/projects?skip=30&take=30",
            "Template": "/api/Spaces-1/projects{?skip,take,ids}",
            "Page.All": "/api/Spaces-1/projects?skip=0&take=2147483647",
            "Page.Current": "/api/Spaces-1/projects?skip=30&take=30",
            "Page.Last": "/api/Spaces-1/projects?skip=60&take=30",
            "Page.Next": "/api/Spaces-1/projects?skip=60&take=30",
        },
    }


@pytest.mark.parametrize(
    ("skip", "take", "total", "shown", "pages", "more"),
    [
        (0, 30, 0, 0, 1, False),
        (0, 30, 30, 30, 1, False),
        (0, 30, 31, 30, 2, True),
        (30, 30, 31, 1, 2, False),
        (0, MOST, 31, 31, 1, False),
        (100, 30, 31, 0, 2, False),
        (0, 0, 31, 0, 1, False),
    ],
)
def test_pages_are_counted_and_the_last_has_no_next(
    skip: int, take: int, total: int, shown: int, pages: int, more: bool
) -> None:
    found = page(skip, take, total, shown)
    assert (found["NumberOfPages"], found["LastPageNumber"], found["ItemsPerPage"]) == (
        pages,
        pages - 1,
        take,
    )
    assert ("Page.Next" in found["Links"]) is more
    assert all(isinstance(link, str) for link in found["Links"].values())
    assert "partialName=a+b" in found["Links"]["Page.All"]


def test_links_of_a_list_carry_its_filters_but_no_paging_and_no_key() -> None:
    routes = Routes("space")

    @routes.get("/projects", permission="ProjectView")
    async def list_projects(call: Call) -> dict[str, Any]:
        return {"Filters": [list(one) for one in call.filters()]}

    answer = ask(
        make_api(routes.items), "GET", "/api/projects?skip=1&TAKE=2&ApiKey=API-X&partialName=a&ids=1%2C2"
    )
    assert answer.json == {"Filters": [["partialName", "a"], ["ids", "1,2"]]}


RFC6570 = {
    "{var}": "value",
    "{hello}": "Hello%20World%21",
    "{+hello}": "Hello%20World!",
    "{#path,x}here": "#/foo/bar,1024here",
    "{x,hello,y}": "1024,Hello%20World%21,768",
    "X{.x,y}": "X.1024.768",
    "{/var,x}/here": "/value/1024/here",
    "{;x,y,empty}": ";x=1024;y=768;empty=",
    "{?x,y,empty}": "?x=1024&y=768&empty=",
    "?fixed=yes{&x}": "?fixed=yes&x=1024",
    "{?undefined}": "",
    "a{/undefined}b": "ab",
}


@pytest.mark.parametrize("template", RFC6570)
def test_templates_expand_as_rfc_6570_says(template: str) -> None:
    values: dict[str, str | int] = {
        "var": "value",
        "hello": "Hello World!",
        "path": "/foo/bar",
        "x": 1024,
        "y": 768,
        "empty": "",
    }
    assert expand(template, **values) == RFC6570[template]


def test_a_list_in_a_template_is_joined_by_commas() -> None:
    assert expand("projects{?ids,take}", ids=["a", "b/c"], take=5) == "projects?ids=a,b%2Fc&take=5"


def test_links_know_prefix_and_space() -> None:
    links = Links("/octopus", "Spaces-2")
    assert links.system() == "/octopus/api"
    assert links.system("users{/id}") == "/octopus/api/users{/id}"
    assert links.space() == "/octopus/api/Spaces-2"
    assert links.space("projects/Projects-1") == "/octopus/api/Spaces-2/projects/Projects-1"
    assert links.space("projects", "Spaces-3") == "/octopus/api/Spaces-3/projects"
    assert Links("", "").space("tasks/1") == "/api/tasks/1"


def test_links_are_added_without_decoding() -> None:
    assert with_links(b'{"Id":"x"}', {"Self": "/api"}) == b'{"Id":"x","Links":{"Self":"/api"}}'
    assert with_links(b"{}", {"Self": "/api"}) == b'{"Links":{"Self":"/api"}}'
