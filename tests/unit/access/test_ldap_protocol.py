from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.access.providers.ldap import ber, messages
from gurita.access.providers.ldap.ber import Malformed
from gurita.access.providers.ldap.filters import BadFilter, encoded, escaped, filled
from gurita.access.providers.ldap.messages import Entry, Result

# Worked out by hand from RFC 4511's grammar.
WRITTEN = {
    "(uid=bob)": "a30a 0403756964 0403626f62",
    "uid=bob": "a30a 0403756964 0403626f62",
    "(uid=*)": "8703756964",
    "(uid=b*)": "a40a 0403756964 3003 800162",
    "(uid=*b)": "a40a 0403756964 3003 820162",
    "(uid=a*b*c)": "a410 0403756964 3009 800161 810162 820163",
    "(!(uid=bob))": "a20c a30a 0403756964 0403626f62",
    "(&(a=1)(b=2))": "a010 a306 040161 040131 a306 040162 040132",
    "(|(a=1)(b=2))": "a110 a306 040161 040131 a306 040162 040132",
    "(a>=1)": "a506 040161 040131",
    "(a<=1)": "a606 040161 040131",
    "(a~=1)": "a806 040161 040131",
    "(a=\\2a\\28)": "a307 040161 04022a28",
    "(memberOf:1.2:=x)": "a912 8103312e32 82086d656d6265724f66 830178",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_filter_is_encoded_as_the_protocol_says(text: str) -> None:
    assert encoded(text).hex() == WRITTEN[text].replace(" ", "")


@pytest.mark.parametrize(
    "text",
    ["", "(", "()", "(uid)", "(uid=a", "(uid=a))", "(&)", "(uid=a)(b=c)", "(uid=\\zz)", "(uid=\\2)", "(u(id=a)",
     "(!(a=1)(b=2))", "(a:>=1)", "(" * 50 + "a=1" + ")" * 50, "(&" * 30 + "(a=1)" + ")" * 30, "(a=" + "x" * 5000 + ")"],
)  # fmt: skip
def test_what_is_no_filter_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadFilter):
        encoded(text)


@given(st.text(max_size=40))
def test_whatever_is_typed_as_a_name_stays_one_value(name: str) -> None:
    try:
        raw = name.encode()
    except UnicodeEncodeError:
        return
    filter = encoded(filled("(uid={username})", username=name))
    tag, content, _ = ber.whole(filter)
    assert tag == 0xA3
    assert list(ber.items(content)) == [(ber.OCTETS, b"uid"), (ber.OCTETS, raw)]


def test_a_value_cannot_be_filled_into_another() -> None:
    assert filled("(a={dn})(b={username})", dn="{username}", username="x") == "(a=\\7busername\\7d)(b=x)"
    assert escaped("a*(b)\\\x00\u00e9") == "a\\2a\\28b\\29\\5c\\00\\c3\\a9"


@given(st.integers(0, 2**31), st.text(max_size=300).filter(lambda text: text.isascii()))
def test_what_was_encoded_is_read_again(number: int, text: str) -> None:
    content = ber.number(number) + ber.octets(text)
    assert [
        (int.from_bytes(value, "big") if tag == ber.INTEGER else value.decode())
        for tag, value in ber.items(content)
    ] == [number, text]


def answer(kind: int, body: bytes, id: int = 7) -> bytes:
    return ber.item(ber.SEQUENCE, ber.number(id) + ber.item(kind, body))


def test_results_and_entries_are_read() -> None:
    done = ber.number(49, ber.ENUMERATED) + ber.octets("") + ber.octets("no")
    assert messages.read(answer(0x61, done)) == (7, Result(49, "no"))
    values = ber.item(ber.SET, ber.octets("Bob") + ber.octets(b"\xff\xfe"))
    attribute = ber.item(ber.SEQUENCE, ber.octets("CN") + values)
    found = messages.read(answer(0x64, ber.octets("cn=bob") + ber.item(ber.SEQUENCE, attribute)))[1]
    assert isinstance(found, Entry)
    assert (found.dn, found.text("cn"), found.texts("Cn"), found.text("sn")) == (
        "cn=bob",
        "Bob",
        ["Bob", "fffe"],
        "",
    )
    assert messages.read(answer(0x73, b"")) == (7, None)


def test_lengths_may_be_longer_than_needed() -> None:
    assert ber.whole(bytes.fromhex("04840000000161")) == (ber.OCTETS, b"a", 7)


@pytest.mark.parametrize(
    "data", ["", "30", "3080", "308901", "1f0100", "3003020107", "300a02010761050a0100", "04050000"]
)
def test_a_mangled_answer_is_refused(data: str) -> None:
    with pytest.raises(Malformed):
        messages.read(bytes.fromhex(data))


@given(st.binary(max_size=60))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    try:
        messages.read(data)
    except Malformed:
        return
