"""Filters with regular expressions."""

from __future__ import annotations

from typing import Sequence

from gurita.formats.templates.dotnet.regexes import expression
from gurita.formats.templates.filters.registry import text_filter

__all__: Sequence[str] = []


@text_filter("Match", least=1, most=1)
def _match(text: str, options: Sequence[str]) -> str:
    return "true" if expression(options[0]).found_in(text) else "false"


@text_filter("Replace", least=1, most=2)
def _replace(text: str, options: Sequence[str]) -> str:
    return expression(options[0]).replaced(text, options[1] if len(options) > 1 else "")
