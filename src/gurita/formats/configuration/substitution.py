"""Templates in any text file (runtime formats 5.2)."""

from __future__ import annotations

import functools
from typing import Callable, NamedTuple, Optional, Tuple

from gurita.formats.configuration.encodings import decode, encode, known_encoding
from gurita.formats.configuration.errors import ConfigurationError
from gurita.formats.variables import CONTINUING, Evaluation, Variables

__all__ = ["Substituted", "continuing", "substitute_bytes"]

_WITH_MARK = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


class Substituted(NamedTuple):
    """What came of a file: its bytes, the tokens that stayed, what was wrong with templates, and whether the encoding had to
    become UTF-8."""

    data: bytes
    missing: Tuple[str, ...] = ()
    error: str = ""
    upgraded: bool = False


def continuing(variables: Variables) -> Callable[[str], Evaluation]:
    """Evaluates texts that are full of other things: what is no template stays as it is."""
    return functools.partial(variables.evaluate, mode=CONTINUING)


def substitute_bytes(
    data: bytes, evaluate: Callable[[str], Evaluation], output_encoding: Optional[str] = None
) -> Substituted:
    """Replace all tokens. The encoding found is kept, with its byte order mark; `output_encoding` is one of .NET's names. Nothing
    replaced and no other encoding asked for: the same bytes. Raises ConfigurationError."""
    found = decode(data, declared=data.lstrip()[:5] == b"<?xml")
    evaluated = evaluate(found.text)
    wanted = found
    if output_encoding:
        name = known_encoding(output_encoding)
        if name is None:
            raise ConfigurationError(f"the output encoding '{output_encoding}' is not known")
        bom = "\ufeff".encode(name) if name in _WITH_MARK or (name == "utf-8" and found.bom) else b""
        wanted = found._replace(encoding=name, bom=bom)
    if evaluated.text == found.text and wanted == found:
        return Substituted(data, evaluated.missing, evaluated.error)
    new, upgraded = encode(evaluated.text, wanted)
    return Substituted(new, evaluated.missing, evaluated.error, upgraded)
