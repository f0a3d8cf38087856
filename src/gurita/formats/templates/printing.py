"""A template in its canonical form: what is echoed, and what reads back as the same template."""

from __future__ import annotations

from typing import Iterable, List, Union

from gurita.formats.templates.nodes import (
    Calc,
    Chain,
    Comparison,
    Condition,
    Each,
    Filter,
    If,
    Name,
    NestedIndex,
    Node,
    Parts,
    Path,
    Raw,
    Substitute,
    Text,
    Word,
)

__all__ = ["printed", "printed_path", "printed_template"]


def printed_template(parts: Parts) -> str:
    """The source of a whole template."""
    out: List[str] = []
    for at, part in enumerate(parts):
        if isinstance(part, Text):
            text = part.text.replace("#{", "##{")
            follows = parts[at + 1] if at + 1 < len(parts) else None
            # A sharp before a reference is written twice, or it would make the reference plain text.
            opens = follows is not None and not isinstance(follows, (Text, Raw))
            out.append(f"{text}#" if opens and text.endswith("#") else text)
        else:
            out.append(printed(part))
    return "".join(out)


def printed(node: Node) -> str:
    """The source of one token or block."""
    if isinstance(node, Substitute):
        return f"#{{{_chain(node.chain)}}}"
    if isinstance(node, If):
        return _if(node)
    if isinstance(node, Each):
        head = node.head
        return f"#{{each {head.name} in {printed_path(head.path)}}}{printed_template(node.body)}#{{/each}}"
    if isinstance(node, Calc):
        return f"#{{calc {node.source}}}"
    if isinstance(node, Raw):
        return node.source
    return printed_template((node,))


def printed_path(path: Path) -> str:
    """The source of a path."""
    out: List[str] = []
    for step in path.steps:
        if isinstance(step, Name):
            out.append(f".{step.text}" if out else step.text)
        elif isinstance(step, NestedIndex):
            out.append(f"[#{{{printed_path(step.path)}}}]")
        else:
            out.append(f"[{step.text}]")
    return "".join(out)


def _chain(chain: Chain) -> str:
    filters = " | ".join(_filter(each) for each in chain.filters)
    if chain.path is None:
        return f" | {filters}"
    path = printed_path(chain.path)
    return f"{path} | {filters}" if filters else path


def _filter(found: Filter) -> str:
    return " ".join([found.name, *_options(found.options)])


def _options(options: Iterable[Union[Word, Substitute, If, Each, Calc]]) -> Iterable[str]:
    for option in options:
        yield _word(option) if isinstance(option, Word) else printed(option)


def _word(word: Word) -> str:
    return f"{word.quote}{word.text}{word.quote}"


def _condition(condition: Condition) -> str:
    if isinstance(condition, Comparison):
        sign = "==" if condition.wanted else "!="
        return f"{_condition(condition.left)} {sign} {_condition(condition.right)}"
    return _word(condition) if isinstance(condition, Word) else _chain(condition)


def _if(node: If) -> str:
    """Conditions that stand in each other's else are walked, not descended: there may be many."""
    out: List[str] = []
    ends: List[str] = []
    while True:
        word = "if" if node.wanted else "unless"
        out.append(f"#{{{word} {_condition(node.condition)}}}{printed_template(node.yes)}")
        ends.append(f"#{{/{word}}}")
        if node.no:
            out.append("#{else}")
        if len(node.no) != 1 or not isinstance(node.no[0], If):
            out.append(printed_template(node.no))
            return "".join([*out, *reversed(ends)])
        node = node.no[0]
