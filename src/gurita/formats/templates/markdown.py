"""Markdown to HTML by a CommonMark library, with what it lacks: `~sub~`, `^sup^`, `++ins++`, `==mark==`, bare links."""

from __future__ import annotations

import functools
import re
from typing import Any, Callable, List, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from gurita.formats.templates.errors import FilterFailed

__all__ = ["renderer"]

_MOST_STEPS = 300_000
_MOST_SIGNS = 3000
_TAGS = {"~": ("sub", "del"), "^": ("sup", "sup"), "+": ("", "ins"), "=": ("", "mark")}
_LINK = re.compile(r"(?<![^\s*_~(])(?:(?:https?|ftp)://|www\.|mailto:|tel:)[^\s<]+", re.IGNORECASE)
_STYLE = re.compile(r"text-align:(\w+)$")


@functools.lru_cache(maxsize=1)
def renderer() -> Callable[[str], str]:
    """Turns Markdown into HTML."""
    made = MarkdownIt("commonmark").enable("table")
    made.inline.ruler.at("text", _counted(made.inline.ruler.getRules("")[0]))
    made.inline.ruler.before("emphasis", "more_emphasis", _emphasis)
    made.inline.ruler2.before("balance_pairs", "few_signs", _few)
    made.inline.ruler2.before("emphasis", "more_emphasis", _emphasised)
    made.core.ruler.push("bare_links", _bare_links)
    made.core.ruler.push("cell_styles", _cell_styles)
    return lambda text: str(made.render(text, {"steps": 0}))


def _counted(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """The first rule that is asked at each place, and how often any is asked at all."""

    def asked(state: StateInline, silent: bool) -> bool:
        state.env["steps"] += 1
        if state.env["steps"] > _MOST_STEPS:
            raise FilterFailed("the text has too many brackets and signs")
        return rule(state, silent)

    return asked


def _few(state: StateInline) -> None:
    """Signs are paired in steps that grow with the square of their number."""
    if len(state.delimiters) > _MOST_SIGNS:
        raise FilterFailed(f"a paragraph has more than {_MOST_SIGNS} signs of emphasis")


def _emphasis(state: StateInline, silent: bool) -> bool:
    """A run of signs; the library pairs them."""
    sign = state.src[state.pos]
    if silent or sign not in _TAGS:
        return False
    scanned = state.scanDelims(state.pos, True)
    for _ in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = sign
        state.delimiters.append(
            Delimiter(
                ord(sign), scanned.length, len(state.tokens) - 1, -1, scanned.can_open, scanned.can_close
            )
        )
    state.pos += scanned.length
    return True


def _emphasised(state: StateInline) -> None:
    _pair(state.tokens, state.delimiters)
    for meta in state.tokens_meta:
        if meta and "delimiters" in meta:
            _pair(state.tokens, meta["delimiters"])


def _pair(tokens: List[Token], delimiters: Sequence[Delimiter]) -> None:
    """Turns pairs into tags, two signs at a time where they come in twos."""
    at = len(delimiters) - 1
    while at >= 0:
        start = delimiters[at]
        tags = _TAGS.get(chr(start.marker))
        if tags is None or start.end == -1:
            at -= 1
            continue
        end = start.end
        double = (
            at > 0
            and delimiters[at - 1].end == end + 1
            and delimiters[at - 1].marker == start.marker
            and delimiters[at - 1].token == start.token - 1
            and delimiters[end + 1].token == delimiters[end].token + 1
        )
        if tags[double]:
            _tag(tokens[start.token], tags[double], 1)
            _tag(tokens[delimiters[end].token], tags[double], -1)
            if double:
                tokens[delimiters[at - 1].token].content = tokens[delimiters[end + 1].token].content = ""
        at -= 2 if double else 1


def _tag(token: Token, tag: str, nesting: Any) -> None:
    token.type, token.tag, token.nesting, token.content = (
        f"{tag}_{'open' if nesting > 0 else 'close'}",
        tag,
        nesting,
        "",
    )


def _bare_links(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = _linked(token.children)


def _linked(tokens: Sequence[Token]) -> List[Token]:
    out: List[Token] = []
    inside = 0
    for token in tokens:
        inside += (token.type == "link_open") - (token.type == "link_close")
        if token.type == "text" and not inside:
            out.extend(_pieces(token.content))
        else:
            out.append(token)
    return out


def _pieces(text: str) -> List[Token]:
    out: List[Token] = []
    at = 0
    for found in _LINK.finditer(text):
        written = _without_tail(found.group())
        target = f"http://{written}" if written.lower().startswith("www.") else written
        if len(written.rstrip(":/.")) < len(written.split(":")[0]) or written.lower() in ("www.", "www"):
            continue
        out.append(_text(text[at : found.start()]))
        out.append(Token("link_open", "a", 1, attrs={"href": target}))
        shown = written[7:] if written.lower().startswith("mailto:") else written
        out.append(_text(shown[4:] if shown.lower().startswith("tel:") else shown))
        out.append(Token("link_close", "a", -1))
        at = found.start() + len(written)
    return [*out, _text(text[at:])]


def _without_tail(link: str) -> str:
    """Punctuation at the end belongs to the sentence, and so does a bracket that opened before the link."""
    while link:
        if link[-1] in "?!.,:*_~'\";" or (link[-1] == ")" and link.count(")") > link.count("(")):
            link = link[:-1]
        else:
            break
    return link


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _cell_styles(state: StateCore) -> None:
    for token in state.tokens:
        style = _STYLE.match(str(token.attrs.get("style", "")))
        if style is not None:
            token.attrSet("style", f"text-align: {style.group(1)};")
