"""`gurita template`: trying a text of the variable language before a deployment does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["evaluated", "serve", "template"]


class _Asked(msgspec.Struct):
    template: str
    variables: dict[str, str | int | float | bool | None] = {}
    mode: str = "halting"


class _Answer(msgspec.Struct):
    """`value` is null when there is none; `error` is null when nothing went wrong."""

    value: str | None
    error: str | None
    missing: list[str]


def template() -> int:
    """Evaluate templates: JSON lines in, JSON lines out.

    A line is {"template": "…", "variables": {"Name": "value"}, "mode": "halting" or "continuing"}. Its answer is one line, {"value": "…",
    "error": null, "missing": []}, and comes at once. A line that cannot be read is answered with an error, and the next one is read.
    """
    return serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(source: BinaryIO, sink: BinaryIO) -> int:
    """Answers every line of the source, at once."""
    for line in source:
        if line.strip():
            sink.write(evaluated(line) + b"\n")
            sink.flush()
    return 0


def evaluated(line: bytes) -> bytes:
    """The answer to one line."""
    try:
        answer = _answer(msgspec.json.decode(line, type=_Asked))
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        answer = _Answer(None, f"The line cannot be read: {error}", [])
    except RecursionError:
        answer = _Answer(None, "The line cannot be read: it nests too deep", [])
    return msgspec.json.encode(answer)


def _answer(asked: _Asked) -> _Answer:
    from gurita.formats.variables import MODES, VariableError, Variables

    if asked.mode not in MODES:
        return _Answer(None, f"The mode '{asked.mode}' is none of {', '.join(MODES)}", [])
    variables = Variables(
        (name, _text(value)) for name, value in asked.variables.items() if value is not None
    )
    try:
        done = variables.evaluate(asked.template, asked.mode)
    except VariableError as error:
        return _Answer(None, str(error), [])
    return _Answer(None if done.absent else done.text, done.complaint or None, list(done.missing))


def _text(value: str | float | bool) -> str:
    return value if isinstance(value, str) else str(value)
