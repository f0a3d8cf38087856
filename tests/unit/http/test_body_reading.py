from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from gurita.http import wire
from gurita.http.api import Call
from gurita.http.json_limits import DEEPEST, check_depth
from gurita.http.routes import Routes
from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import Moment, Name, Wire, moment
from gurita.kernel.errors import Invalid
from tests.unit.http.asking import ask, make_api


class Mode(Enum):
    OFF = "Off"
    ON = "On"


class Ssh(Wire, tag_field="CommunicationStyle", tag="Ssh"):
    host: str
    port: int = 22


class Cloud(Wire, tag_field="CommunicationStyle", tag="None"):
    region: str = ""


class Inner(Wire, kw_only=True):
    name: Name
    level: Literal["Low", "High"] = "Low"
    inner: Inner | None = None


class Thing(Wire, kw_only=True):
    id: str = ""
    name: Name
    mode: Mode = Mode.OFF
    count: int = 0
    note: str | None = None
    endpoint: Ssh | Cloud | None = None
    inners: list[Inner] = msgspec.field(default_factory=list)
    properties: dict[str, str | None] = msgspec.field(default_factory=dict)
    secret: SensitiveValue | None = None
    extras: dict[str, Any] | UnsetType = UNSET


routes = Routes("space")


@routes.post("/things", permission="ProjectCreate")
async def post_thing(call: Call, body: Thing) -> Thing:
    return body


@routes.post("/maybe", permission="ProjectCreate", status=200)
async def post_maybe(call: Call, body: Inner | None) -> dict[str, bool]:
    return {"Given": body is not None}


app = make_api(routes.items)

WHOLE = {
    "Id": "Things-1",
    "Name": "A",
    "Mode": "On",
    "Count": 3,
    "Endpoint": {"CommunicationStyle": "Ssh", "Host": "h", "Port": 2222},
    "Inners": [{"Name": "x", "Level": "High", "Inner": {"Name": "y"}}],
    "Properties": {"Gurita.Key": "v", "gurita.key": None},
}


def _respelled(value: Any, how: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        free = key == "Properties"
        return {name if free else how(name): _respelled(item, how, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_respelled(item, how) for item in value]
    return how(value) if key in ("Mode", "Level", "CommunicationStyle") else value


SPELLINGS = {
    "camel": lambda name: name[:1].lower() + name[1:],
    "lower": str.lower,
    "upper": str.upper,
    "swapped": str.swapcase,
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_members_enum_words_and_tags_may_have_any_case_but_keys_of_maps_keep_theirs(spelling: str) -> None:
    exact = wire.read(msgspec.json.encode(WHOLE), Thing)
    other = wire.read(msgspec.json.encode(_respelled(WHOLE, SPELLINGS[spelling])), Thing)
    assert other == exact
    assert other.properties == {"Gurita.Key": "v", "gurita.key": None}
    assert other.endpoint == Ssh(host="h", port=2222)


@given(st.data())
def test_any_mix_of_cases_reads_like_the_exact_one(data: st.DataObject) -> None:
    def mixed(name: str) -> str:
        flips = data.draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name)))
        return "".join(one.swapcase() if flip else one for one, flip in zip(name, flips, strict=True))

    body = msgspec.json.encode(_respelled(WHOLE, mixed))
    assert wire.read(body, Thing) == wire.read(msgspec.json.encode(WHOLE), Thing)


def test_null_stands_for_absent_where_a_member_may_not_be_null() -> None:
    read = wire.read(b'{"name":"A","count":null,"mode":null,"note":null,"inners":null}', Thing)
    assert (read.count, read.mode, read.note, read.inners) == (0, Mode.OFF, None, [])


def test_unknown_members_are_kept_where_a_struct_keeps_them_and_links_never() -> None:
    answer = ask(
        app,
        "POST",
        "/api/things",
        b'{"name":"A","Plugin":{"Deep":[1]},"Links":{"Self":"x"},"Extras":{"Id":"forged"}}',
    )
    assert answer.status == 201
    assert answer.json["Plugin"] == {"Deep": [1]}
    assert answer.json["Extras"] == {"Id": "forged"}
    assert "Links" not in answer.json
    assert answer.body.count(b'"Id":') == 2  # its own, and the one inside the client's Extras


def test_extras_spelled_exactly_cannot_double_a_member() -> None:
    answer = ask(app, "POST", "/api/things", b'{"Name":"A","Extras":{"Name":"forged"}}')
    assert answer.json["Name"] == "A"
    assert answer.body.startswith(b'{"Id":"","Name":"A"')
    assert answer.json["Extras"] == {"Name": "forged"}


def test_unknown_members_are_dropped_elsewhere() -> None:
    assert wire.read(b'{"name":"A","What":1}', Inner) == Inner(name="A")


WRONG = {
    b'{"Id":1,"Name":2,"Mode":"Sideways","Count":"7"}': [
        "Id: Expected `str`, got `int`",
        "Name: Expected `str`, got `int`",
        "Mode: Invalid enum value 'Sideways'; it must be one of Off, On",
        "Count: Expected `int`, got `str`",
    ],
    b"{}": ["Name: required"],
    b'{"name":null}': ["Name: Expected `str`, got `null`"],
    b'{"name":""}': ["Name: Expected `str` of length >= 1"],
    b'{"name":"a","inners":[{"name":"x"},{"level":"low"}]}': ["Inners[1].Name: required"],
    b'{"name":"a","inners":[{"name":"x","LEVEL":"Deep"}]}': [
        "Inners[0].Level: Invalid enum value 'Deep'; it must be one of High, Low"
    ],
    b'{"name":"a","endpoint":{"communicationStyle":"Carrier"}}': [
        "Endpoint.CommunicationStyle: Invalid value 'Carrier'; it must be one of None, Ssh"
    ],
    b'{"name":"a","endpoint":{"CommunicationStyle":"ssh"}}': ["Endpoint.Host: required"],
    b'{"name":"a","count":1.5}': ["Count: Expected `int`, got `float`"],
    b"[]": ["Expected `object`, got `array`"],
    b"": ["The request needs a body in JSON."],
    b"  ": ["The request needs a body in JSON."],
    b'{"name":"a","note":"\\u0000"}': [
        "The body holds a NUL character (\\u0000), which no text may contain."
    ],
    b'{"name":"\xff"}': ["The body is not UTF-8: byte 0xff, invalid start byte."],
}


@pytest.mark.parametrize("body", WRONG)
def test_each_wrong_member_gets_a_sentence(body: bytes) -> None:
    answer = ask(app, "POST", "/api/things", body)
    assert answer.status == 400
    assert answer.json["ErrorMessage"] == "There was a problem with your request."
    assert answer.errors == WRONG[body]


@pytest.mark.parametrize(
    "body", [b"nope", b'{"a"', b"{'a':1}", b'{"a":NaN}', b'{"name":"\\ud800"}', b"[" * 90]
)
def test_what_is_not_json_is_told_so(body: bytes) -> None:
    answer = ask(app, "POST", "/api/things", body)
    assert answer.status == 400
    assert answer.errors[0].startswith("The body is not JSON")


def test_an_escaped_backslash_before_u0000_is_no_nul() -> None:
    assert ask(app, "POST", "/api/things", b'{"Name":"a","Note":"\\\\u0000"}').json["Note"] == "\\u0000"


def test_a_byte_order_mark_does_not_matter() -> None:
    assert ask(app, "POST", "/api/things", b'\xef\xbb\xbf{"Name":"a"}').status == 201


def test_a_body_may_be_left_out_where_the_handler_takes_none() -> None:
    assert ask(app, "POST", "/api/maybe").json == {"Given": False}
    assert ask(app, "POST", "/api/maybe", b'{"name":"x"}').json == {"Given": True}


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_three_hundred_levels_are_refused_by_name(opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    deep = (opening * 300 + "1" + closing * 300).encode()
    answer = ask(app, "POST", "/api/things", b'{"Name":"a","Plugin":' + deep + b"}")
    assert answer.status == 400
    assert answer.errors == ["The body nests objects and lists deeper than 100 levels."]


def _nested(levels: int) -> Any:
    value: Any = 'text with [[[ and {"quotes\\'
    for _ in range(levels):
        value = [value, {}]
    return value


@pytest.mark.parametrize(("levels", "fits"), [(DEEPEST - 1, True), (DEEPEST, False)])
def test_the_deepest_level_is_counted_exactly_and_brackets_in_texts_do_not_count(
    levels: int, fits: bool
) -> None:
    body = msgspec.json.encode({"a": _nested(levels - 1), "b": "[" * 500})
    if fits:
        check_depth(body)
    else:
        with pytest.raises(Invalid):
            check_depth(msgspec.json.encode({"a": _nested(levels)}))


@given(st.recursive(st.text() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_shallow_bodies_pass_whatever_their_texts_hold(value: Any) -> None:
    check_depth(msgspec.json.encode([value, *[[]] * 120]))


def _megabytes(count: int, seen: list[int]) -> Iterator[bytes]:
    for _ in range(count):
        seen[0] += 1
        yield b" " * (1 << 20)


def test_a_hundred_megabytes_are_refused_while_they_stream() -> None:
    seen = [0]
    answer = ask(app, "POST", "/api/things", _megabytes(100, seen))
    assert answer.status == 413
    assert answer.errors == ["The body is larger than 16 MiB."]
    assert seen == [100]  # all of it was taken, so that the client gets to read why


def test_a_body_that_says_it_is_too_large_is_refused() -> None:
    assert ask(app, "POST", "/api/things", b"{}", headers={"Content-Length": str(100 << 20)}).status == 413
    assert ask(app, "POST", "/api/things", b"{}", headers={"Content-Length": "9" * 30}).status in (400, 413)


def test_a_date_is_read_with_its_offset_or_refused_by_name() -> None:
    assert (
        moment("2024-09-23T16:57:18.798+02:00", "QueueTime").isoformat() == "2024-09-23T14:57:18.798000+00:00"
    )
    with pytest.raises(Invalid) as refused:
        moment("tomorrow", "QueueTime")
    assert refused.value.errors == [
        "QueueTime: 'tomorrow' is not a date. Write it as 2024-09-23T14:57:18.798+00:00."
    ]


def test_a_new_secret_is_not_in_the_text_of_its_struct() -> None:
    read = wire.read(b'{"name":"A","secret":{"newvalue":"hunter2","HASVALUE":true}}', Thing)
    assert read.secret.new_value == "hunter2"
    assert "hunter2" not in repr(read)


def test_dates_are_texts_in_the_description_too() -> None:
    class Dated(Wire):
        at: Moment

    assert msgspec.json.schema(Dated)["$defs"]["Dated"]["properties"]["At"]["format"] == "date-time"
