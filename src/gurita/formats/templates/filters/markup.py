"""The filter Markdown: CommonMark, pipe tables, more kinds of emphasis, links without brackets (runtime formats 2.4)."""

from __future__ import annotations

import functools
from typing import Optional, Sequence

from gurita.formats.templates.errors import FilterFailed
from gurita.formats.templates.filters.registry import text_filter

__all__: Sequence[str] = []

_LONGEST = 32 * 1024


@text_filter("Markdown", "MarkdownToHtml")
def _markdown(text: str, _options: Sequence[str]) -> Optional[str]:
    if len(text) > _LONGEST:
        raise FilterFailed(f"the text has more than {_LONGEST} characters")
    return _html(text)


@functools.lru_cache(maxsize=16)
def _html(text: str) -> str:
    from gurita.formats.templates.markdown import renderer

    try:
        made = renderer()(text)
    except RecursionError:
        raise FilterFailed("the text nests too deep") from None
    return made if made.endswith("\n") else f"{made}\n"
