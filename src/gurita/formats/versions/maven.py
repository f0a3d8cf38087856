"""Maven's versions, in the order its documentation lays down ("Version Order Specification" of the POM reference).

A version is a row of tokens, each with the separator in front of it; a change between digits and letters separates like
a hyphen. What means nothing (0, "", ga, final, release) is dropped from the end and in front of each hyphen.
"""

from __future__ import annotations

import re
from typing import List, Tuple, Union

from gurita.formats.versions.model import Version, VersionError, checked

__all__ = ["read_maven"]

_Token = Tuple[int, int, str]
_TOKEN = re.compile(r"(?P<dot>[.\-]?)(?:(?P<number>\d+)|(?P<word>[^\d.\-]+))?", re.ASCII)
_HEAD = re.compile(r"(\d+(?:\.\d+)*)(?:[.\-]?(.*))?", re.ASCII | re.DOTALL)
_ODD = re.compile(r"[\x00-\x20\x7f,\[\]()]")
_KNOWN = ("alpha", "beta", "milestone", "rc", "snapshot", "", "sp")
_SAME = {"cr": "rc", "ga": "", "final": "", "release": ""}
_SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}
_NOTHING: _Token = (0, _KNOWN.index(""), "")


def read_maven(text: str) -> Version:
    """Any text without blanks and brackets. Its pre-release is what follows the numbers; it counts as one only if it
    sorts below them, as `SNAPSHOT` does and `jre` does not. Raises VersionError.
    """
    text = checked(text)
    if _ODD.search(text):
        raise VersionError("'{}' is not a Maven version: it has a blank, a comma or a bracket".format(text))
    head = _HEAD.match(text)
    numbers = tuple(int(number) for number in head.group(1).split(".")) if head else ()
    rest = (head.group(2) or "") if head else text
    order = _order(text)
    version = Version("maven", text, numbers=numbers, pre_release=rest, precedence=order)
    version.is_pre_release = bool(rest) and order < _order(head.group(1) if head else "0")
    return version


def _order(text: str) -> Tuple[_Token, ...]:
    """Tokens as tuples whose order is Maven's. The end counts as the word that means nothing."""
    return (*_without_nothing(_tokens(text.lower())), _NOTHING)


def _tokens(text: str) -> List[_Token]:
    tokens: List[_Token] = []
    at, length = 0, len(text)
    while at < length:
        match = _TOKEN.match(text, at)
        assert match is not None  # noqa: S101 -- every part of the pattern is optional
        separator, number, word = match.group("dot", "number", "word")
        at = match.end()
        if word is not None:
            tokens.append(_word(word, before_digit=at < length and text[at] in "0123456789"))
        else:
            dotted = separator == "." or (not separator and not tokens)
            tokens.append((2 if dotted else 1, int(number or 0), ""))
        if at == length - 1 and text[at] in ".-":
            break
    return tokens


def _word(word: str, *, before_digit: bool) -> _Token:
    name: Union[str, None] = _SHORT.get(word) if before_digit else None
    name = name or _SAME.get(word, word)
    return (0, _KNOWN.index(name), "") if name in _KNOWN else (0, len(_KNOWN), name)


def _without_nothing(tokens: List[_Token]) -> List[_Token]:
    kept: List[_Token] = []
    for token in tokens:
        if token[0] != 2:
            _trim(kept)
        kept.append(token)
    _trim(kept)
    return kept


def _trim(tokens: List[_Token]) -> None:
    while tokens and (tokens[-1] == _NOTHING or (tokens[-1][0] != 0 and tokens[-1][1] == 0)):
        tokens.pop()
