"""Search filters as people write them (RFC 4515), encoded; and texts put into them so that they mean nothing but themselves."""

from __future__ import annotations

import re

from gurita.access.providers.ldap import ber
from gurita.kernel.errors import Terminal

__all__ = ["BadFilter", "encoded", "escaped", "filled"]

_DEEPEST = 20
_LONGEST = 4000
_AND, _OR, _NOT, _EQUAL, _SUBSTRINGS, _GREATER, _LESS, _PRESENT, _APPROX = (
    0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0x87, 0xA8,
)  # fmt: skip
_MATCHING = 0xA9
_SIMPLE = re.compile(r"([A-Za-z0-9;.\-]+)(?::((?:[A-Za-z0-9.\-]+)?))?(=|>=|<=|~=|:=)(.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{2})")


class BadFilter(Terminal):
    """A text that is no search filter; says where it is wrong."""


def escaped(text: str) -> str:
    """A text as a value in a filter: every byte that is not a letter, a digit or harmless stands as its number."""
    return "".join(
        chr(byte) if (chr(byte).isalnum() and byte < 0x80) or byte in b"-_@. " else f"\\{byte:02x}"
        for byte in text.encode()
    )


def filled(template: str, **values: str) -> str:
    """A filter with values in place of `{name}`, escaped."""
    return re.sub(
        r"\{(\w+)\}", lambda match: escaped(values[match[1]]) if match[1] in values else match[0], template
    )


def encoded(text: str) -> bytes:
    """A filter for a search request. Raises BadFilter."""
    text = text.strip()
    if len(text) > _LONGEST:
        raise BadFilter(f"A filter has at most {_LONGEST} characters.")
    if not text.startswith("("):
        text = f"({text})"
    found, at = _group(text, 0, 0)
    if at != len(text):
        raise BadFilter(f"After character {at} of the filter there is more than the filter.")
    return found


def _group(text: str, at: int, depth: int) -> tuple[bytes, int]:
    if depth > _DEEPEST:
        raise BadFilter(f"A filter is at most {_DEEPEST} deep.")
    if text[at : at + 1] != "(":
        raise BadFilter(f"At character {at} of the filter a bracket should open.")
    at += 1
    sign = text[at : at + 1]
    if sign in ("&", "|"):
        parts, at = _list(text, at + 1, depth)
        if not parts:
            raise BadFilter(f"'{sign}' at character {at - 1} of the filter stands before nothing.")
        return ber.item(_AND if sign == "&" else _OR, b"".join(parts)), _closed(text, at)
    if sign == "!":
        inner, at = _group(text, at + 1, depth + 1)
        return ber.item(_NOT, inner), _closed(text, at)
    end = text.find(")", at)
    if end < 0:
        raise BadFilter("A bracket of the filter does not close.")
    return _simple(text[at:end]), end + 1


def _list(text: str, at: int, depth: int) -> tuple[list[bytes], int]:
    parts: list[bytes] = []
    while text[at : at + 1] == "(":
        part, at = _group(text, at, depth + 1)
        parts.append(part)
    return parts, at


def _closed(text: str, at: int) -> int:
    if text[at : at + 1] != ")":
        raise BadFilter(f"At character {at} of the filter a bracket should close.")
    return at + 1


def _simple(text: str) -> bytes:
    match = _SIMPLE.fullmatch(text)
    if match is None or "(" in text:
        raise BadFilter(f"'{text[:100]}' is no condition. Write (attribute=value).")
    name, rule, sign, value = match[1], match[2], match[3], match[4]
    if sign == ":=" or rule is not None:
        # (memberOf:1.2.840.113556.1.4.1941:=dn): Active Directory's nested groups.
        if sign != ":=" and not (sign == "=" and rule is None):
            raise BadFilter(f"'{text[:100]}' is no condition. Write (attribute:rule:=value).")
        inner = ber.octets(rule, 0x81) if rule else b""
        return ber.item(_MATCHING, inner + ber.octets(name, 0x82) + ber.octets(_bytes(value), 0x83))
    if sign == "=" and value == "*":
        return ber.octets(name, _PRESENT)
    if sign == "=" and "*" in value:
        return _substrings(name, value.split("*"))
    tag = {"=": _EQUAL, ">=": _GREATER, "<=": _LESS, "~=": _APPROX}[sign]
    return ber.item(tag, ber.octets(name) + ber.octets(_bytes(value)))


def _substrings(name: str, parts: list[str]) -> bytes:
    places = [0x80, *[0x81] * (len(parts) - 2), 0x82]
    found = [ber.octets(_bytes(part), tag) for part, tag in zip(parts, places, strict=True) if part]
    return ber.item(_SUBSTRINGS, ber.octets(name) + ber.item(ber.SEQUENCE, b"".join(found)))


def _bytes(value: str) -> bytes:
    if "\\" in _ESCAPE.sub("", value):
        raise BadFilter("A backslash in a filter stands before two hexadecimal digits.")
    pieces = _ESCAPE.split(value)
    return b"".join(
        bytes.fromhex(piece) if place % 2 else piece.encode() for place, piece in enumerate(pieces)
    )
