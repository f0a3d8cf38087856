"""Reading a template: text, tokens and blocks (runtime formats 2.1 and 2.2)."""

from __future__ import annotations

import re
from typing import Any, List, Optional, Tuple

from gurita.formats.templates.errors import TemplateError, TooMuch
from gurita.formats.templates.heads import read_head
from gurita.formats.templates.keeping import Kept
from gurita.formats.templates.nodes import (
    Calc,
    Chain,
    Each,
    If,
    Node,
    Parts,
    Raw,
    Substitute,
    Text,
)
from gurita.formats.templates.paths import path_of, split

__all__ = ["forget", "parse"]

_KEPT_TEXT = 1_000_000
"""Characters of all texts whose reading is kept for the next time."""

_DEEPEST = 100
_MOST_WASTED = 200_000
_WORDS = re.compile(r"#\{\s*(?:if|unless|each|calc|else|/)", re.IGNORECASE)
_OPENS = re.compile(r"#\{\s*(if|unless|each|calc)\s+(?![\s|}.\[]|==|!=)", re.IGNORECASE)
_CLOSES = re.compile(r"#\{\s*/\s*(if|unless|each)\s*\}", re.IGNORECASE)
_ELSE = re.compile(r"#\{\s*else\s*\}", re.IGNORECASE)
_ELSEIF = re.compile(r"#\{\s*elseif\s+(?![\s|}.\[]|==|!=)", re.IGNORECASE)
_HEADS = {"if": "condition", "unless": "condition", "each": "each", "calc": "sum"}


_kept: Kept[Parts] = Kept(_KEPT_TEXT)


def parse(text: str, *, lenient: bool = False) -> Parts:
    """The parts of a template. Raises TemplateError; lenient, what cannot be read stands in it as Raw, and only TooMuch
    is raised. Short texts are read once and kept."""
    if "#{" not in text:
        return (Text(text),) if text else ()
    found = _kept.get((text, lenient))
    if found is not None:
        return found
    return _kept.put((text, lenient), _Parsing(text, lenient).template(), len(text))


def forget() -> None:
    """Keep no readings any more."""
    _kept.clear()


class _Block:
    """A block that is not closed yet. `folded` is an `elseif`, closed together with the condition around it."""

    def __init__(self, word: str, start: int, end: int, head: Any, *, folded: bool = False) -> None:
        self.word, self.start, self.end, self.head, self.folded = word, start, end, head, folded
        self.parts: List[Node] = []
        self.yes: Optional[Tuple[Node, ...]] = None
        self.other = (0, 0)

    def node(self) -> Node:
        if self.word == "each":
            return Each(self.head, tuple(self.parts))
        yes, no = (tuple(self.parts), ()) if self.yes is None else (self.yes, tuple(self.parts))
        return If(self.word == "if", self.head, yes, no)


class _Parsing:
    def __init__(self, text: str, lenient: bool) -> None:
        self.text, self.lenient = text, lenient
        self.lexemes = 0
        self.wasted = 0
        self._words = (
            (_OPENS, self._open),
            (_CLOSES, self._close),
            (_ELSE, self._else),
            (_ELSEIF, self._elseif),
        )

    def template(self) -> Parts:
        return self._run(0, [_Block("", 0, 0, None)], 0)[0]

    def nested(self, start: int, depth: int) -> Tuple[Node, int]:
        """The one token or block that begins at `start`, an option of a filter."""
        blocks = [_Block("", start, start, None)]
        at = self._token(start, blocks, depth)
        if len(blocks) > 1:
            parts, at = self._run(at, blocks, depth)
            return parts[0], at
        if len(blocks[0].parts) != 1:
            raise TemplateError(self.text, start, "this does not belong here")
        return blocks[0].parts[0], at

    def _run(self, at: int, blocks: List[_Block], depth: int) -> Tuple[Parts, int]:
        """Reads to the end of the text, or, begun within a block, to the end of that block."""
        text, whole = self.text, len(blocks) == 1
        while True:
            found = text.find("#{", at)
            if found < 0:
                break
            sharps = found - at - len(text[at:found].rstrip("#"))
            if sharps == 1:
                _put(blocks, text[at : found - 1] + "#{")
                at = found + 2
                continue
            # Two sharps before a token are one written out; a single one further left is itself.
            before = text[at : found - 1] if sharps else text[at:found]
            before_this, kept = self.lexemes, len(blocks[-1].parts)
            try:
                _put(blocks, before)
                at = self._token(found, blocks, depth)
            except TemplateError:
                if not self.lenient:
                    raise
                self._waste(2 + self.lexemes - before_this)
                del blocks[-1].parts[kept:]
                _put(blocks, text[at:found])
                blocks[-1].parts.append(Raw("#{"))
                at = found + 2
            if len(blocks) == 1 and not whole:
                return tuple(blocks[0].parts), at
        if not whole or (len(blocks) > 1 and not self.lenient):
            raise TemplateError(text, blocks[-1].start, "the block that begins here has no end")
        while len(blocks) > 1:
            self._give_up(blocks)
        _put(blocks, text[at:])
        return tuple(blocks[0].parts), len(text)

    def _waste(self, count: int) -> None:
        self.wasted += count
        if self.wasted > _MOST_WASTED:
            raise TooMuch("The text has too many tokens that cannot be read")

    def _token(self, start: int, blocks: List[_Block], depth: int) -> int:
        """Reads the token at `start` into the innermost block, and answers where it ends."""
        text = self.text
        if _WORDS.match(text, start) is None:
            simple, end = split(text, start + 2)
            if simple and text.startswith("}", end):
                blocks[-1].parts.append(Substitute(Chain(path_of(simple), ())))
                return end + 1
        else:
            for pattern, then in self._words:
                found = pattern.match(text, start)
                if found is not None:
                    return then(found, blocks, depth)
        head = read_head(self, start, start + 2, "chain", depth)
        blocks[-1].parts.append(Substitute(head.node))
        return head.end

    def _open(self, found: "re.Match[str]", blocks: List[_Block], depth: int) -> int:
        word, start, at = found.group(1).lower(), found.start(), found.end()
        if len(blocks) + depth > _DEEPEST:
            raise TemplateError(self.text, start, "blocks lie in each other too deep")
        head = read_head(self, start, at, _HEADS[word], depth)
        if word == "calc":
            blocks[-1].parts.append(Calc(self.text[at : head.end - 1].strip(), head.node))
        else:
            blocks.append(_Block(word, start, head.end, head.node))
        return head.end

    def _close(self, found: "re.Match[str]", blocks: List[_Block], depth: int) -> int:
        word = found.group(1).lower()
        at = next((n for n in range(len(blocks) - 1, 0, -1) if blocks[n].word == word), 0)
        if not at or (blocks[-1].word != word and not self.lenient):
            raise TemplateError(self.text, found.start(), "this closes nothing")
        while len(blocks) - 1 > at:
            self._give_up(blocks)
        while True:
            done = blocks.pop()
            blocks[-1].parts.append(done.node())
            if not done.folded:
                return found.end()

    def _else(self, found: "re.Match[str]", blocks: List[_Block], depth: int) -> int:
        block = self._undecided(found, blocks)
        block.yes, block.parts, block.other = tuple(block.parts), [], found.span()
        return found.end()

    def _elseif(self, found: "re.Match[str]", blocks: List[_Block], depth: int) -> int:
        block = self._undecided(found, blocks)
        if block.word != "if":
            raise TemplateError(self.text, found.start(), "only an if can go on with elseif")
        head = read_head(self, found.start(), found.end(), "condition", depth)
        block.yes, block.parts = tuple(block.parts), []
        blocks.append(_Block("if", found.start(), head.end, head.node, folded=True))
        return head.end

    def _undecided(self, found: "re.Match[str]", blocks: List[_Block]) -> _Block:
        block = blocks[-1]
        if block.word not in ("if", "unless") or block.yes is not None:
            raise TemplateError(self.text, found.start(), "there is no condition that this could belong to")
        return block

    def _give_up(self, blocks: List[_Block]) -> None:
        """A block without end: its own tokens are given back as they stand, what lies between is read."""
        block = blocks.pop()
        parts = blocks[-1].parts
        parts.append(Raw(self.text[block.start : block.end]))
        if block.yes is not None:
            parts.extend(block.yes)
            if block.other != (0, 0):
                parts.append(Raw(self.text[slice(*block.other)]))
        parts.extend(block.parts)


def _put(blocks: List[_Block], text: str) -> None:
    if text:
        blocks[-1].parts.append(Text(text))
