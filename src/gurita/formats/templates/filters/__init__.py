"""The filters of the language (runtime formats 2.4). The list is closed; a host may add its own after them."""

from __future__ import annotations

from typing import Mapping, Optional, Sequence

from gurita.formats.templates.filters import (  # noqa: F401  each registers its own
    dates,
    encodings,
    escapes,
    formats,
    markup,
    patterns,
    texts,
    uris,
    versions,
)
from gurita.formats.templates.filters.registry import Call, Filter, named

__all__ = ["Call", "Filters", "builtin_names", "find_filter"]

Filters = Mapping[str, Call]


def find_filter(name: str, extra: Filters) -> Optional[Filter]:
    """The filter of a name in lower case; the host's own ones come last."""
    found = named.get(name)
    if found is None and name in extra:
        return Filter(extra[name], same=False)
    return found


def builtin_names() -> Sequence[str]:
    """The names of all filters of the language, in lower case."""
    return sorted([*named, "null"])
