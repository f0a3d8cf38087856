"""The four requests of LDAP (RFC 4511) that signing in needs, and their answers: StartTLS, bind, search, unbind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gurita.access.providers.ldap import ber
from gurita.access.providers.ldap.ber import Malformed

__all__ = ["SUBTREE", "Entry", "Reply", "Result", "bind", "read", "search", "start_tls", "unbind"]

SUBTREE = 2
_BASE = 0
_START_TLS = "1.3.6.1.4.1.1466.20037"
_BIND, _UNBIND, _SEARCH, _EXTENDED = 0x60, 0x42, 0x63, 0x77
_BIND_DONE, _ENTRY, _SEARCH_DONE, _REFERRED, _EXTENDED_DONE = 0x61, 0x64, 0x65, 0x73, 0x78


@dataclass(frozen=True, slots=True)
class Entry:
    """What a search found: its name, and its attributes' values by the attribute's name in lower case."""

    dn: str
    attributes: dict[str, list[bytes]] = field(default_factory=dict)

    def text(self, attribute: str) -> str:
        """The first value of an attribute as text; "" for none, hexadecimal for what is no UTF-8 (`objectGUID`)."""
        return next(iter(self.texts(attribute)), "")

    def texts(self, attribute: str) -> list[str]:
        """The values of an attribute as texts."""
        return [_text(value) for value in self.attributes.get(attribute.lower(), ())]


@dataclass(frozen=True, slots=True)
class Result:
    """How a request ended: RFC 4511's code, 0 for success, and what the server says of it."""

    code: int
    message: str


Reply = Entry | Result | None
"""None: a reference to another server, which is not followed."""


def _message(id: int, content: bytes) -> bytes:
    return ber.item(ber.SEQUENCE, ber.number(id) + content)


def bind(id: int, dn: str, password: str) -> bytes:
    """A simple bind."""
    return _message(id, ber.item(_BIND, ber.number(3) + ber.octets(dn) + ber.octets(password, 0x80)))


def unbind(id: int) -> bytes:
    """The end."""
    return _message(id, ber.item(_UNBIND, b""))


def start_tls(id: int) -> bytes:
    """Asks for TLS on the connection."""
    return _message(id, ber.item(_EXTENDED, ber.octets(_START_TLS, 0x80)))


def search(
    id: int,
    base: str,
    filter: bytes,
    attributes: Sequence[str],
    *,
    most: int,
    seconds: int,
    deep: bool = True,
) -> bytes:
    """A search of an entry, or (`deep`) of all below it too. `filter` as `filters.encoded` makes it."""
    content = (
        ber.octets(base)
        + ber.number(SUBTREE if deep else _BASE, ber.ENUMERATED)
        + ber.number(0, ber.ENUMERATED)
        + ber.number(most)
        + ber.number(seconds)
        + ber.item(ber.BOOLEAN, b"\x00")
        + filter
        + ber.item(ber.SEQUENCE, b"".join(ber.octets(name) for name in attributes))
    )
    return _message(id, ber.item(_SEARCH, content))


def read(data: bytes) -> tuple[int, Reply]:
    """The id and the content of an answer. Raises Malformed."""
    tag, content, _ = ber.whole(data)
    parts = list(ber.items(content)) if tag == ber.SEQUENCE else []
    if len(parts) < 2 or parts[0][0] != ber.INTEGER:
        raise Malformed("It is no LDAP message.")
    id = int.from_bytes(parts[0][1], "big")
    kind, body = parts[1]
    if kind == _ENTRY:
        return id, _entry(body)
    if kind in (_BIND_DONE, _SEARCH_DONE, _EXTENDED_DONE):
        return id, _result(body)
    if kind == _REFERRED:
        return id, None
    raise Malformed(f"An answer of the kind {kind:#x} was not asked for.")


def _result(body: bytes) -> Result:
    parts = list(ber.items(body))
    if len(parts) < 3 or parts[0][0] != ber.ENUMERATED:
        raise Malformed("A result has no code.")
    return Result(int.from_bytes(parts[0][1], "big"), _text(parts[2][1])[:300])


def _entry(body: bytes) -> Entry:
    parts = list(ber.items(body))
    if len(parts) != 2:
        raise Malformed("An entry has no attributes.")
    return Entry(_text(parts[0][1]), dict(_attributes(parts[1][1])))


def _attributes(body: bytes) -> Iterator[tuple[str, list[bytes]]]:
    for _, attribute in ber.items(body):
        parts = list(ber.items(attribute))
        if len(parts) != 2:
            raise Malformed("An attribute has no values.")
        yield _text(parts[0][1]).lower(), [value for _, value in ber.items(parts[1][1])]


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()
