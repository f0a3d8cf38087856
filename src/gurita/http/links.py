"""Links: RFC 6570 templates below /api and below a space, made on output and never stored.

They depend on the prefix the server runs under, and always name a space by its id. Values are strings only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from gurita.http.wire import splice

__all__ = ["Links", "expand", "with_links"]

_EXPRESSION = re.compile(r"\{([+#./;?&]?)([^{}]+)\}")
_RESERVED = ":/?#[]@!$&'()*+,;="
# operator: what comes first, what parts the values, whether names are written, what stays unquoted
_OPERATORS: dict[str, tuple[str, str, bool, str]] = {
    "": ("", ",", False, ""),
    "+": ("", ",", False, _RESERVED),
    "#": ("#", ",", False, _RESERVED),
    ".": (".", ".", False, ""),
    "/": ("/", "/", False, ""),
    ";": (";", ";", True, ""),
    "?": ("?", "&", True, ""),
    "&": ("&", "&", True, ""),
}

Value = str | int | Iterable[str] | None


def expand(template: str, **values: Value) -> str:
    """A template of RFC 6570 level 3 with values filled in; those not given (or None) leave nothing behind.

    A list is joined by commas, each value quoted.
    """

    def one(match: re.Match[str]) -> str:
        first, between, named, safe = _OPERATORS[match[1]]
        parts: list[str] = []
        for name in match[2].split(","):
            value = values.get(name.strip())
            if value is None:
                continue
            text = _quoted(value, safe)
            parts.append(f"{name.strip()}={text}" if named else text)
        return first + between.join(parts) if parts else ""

    return _EXPRESSION.sub(one, template)


def _quoted(value: str | int | Iterable[str], safe: str) -> str:
    if isinstance(value, (str, int)):
        return quote(str(value), safe=safe)
    return ",".join(quote(item, safe=safe) for item in value)


@dataclass(frozen=True, slots=True)
class Links:
    """Makes the links of one request: below `prefix`, and below the space with the id `space_id`."""

    prefix: str
    space_id: str

    def system(self, template: str = "") -> str:
        """A link below /api."""
        return f"{self.prefix}/api/{template}" if template else f"{self.prefix}/api"

    def space(self, template: str = "", space_id: str | None = None) -> str:
        """A link below a space: the one of the request, unless another is named."""
        inside = space_id or self.space_id
        if not inside:
            return self.system(template)
        return f"{self.prefix}/api/{inside}/{template}" if template else f"{self.prefix}/api/{inside}"

    def web(self, path: str = "") -> str:
        """A link to a page of the portal."""
        return f"{self.prefix}/app#/{path}"


def with_links(body: bytes, links: Mapping[str, str]) -> bytes:
    """The JSON of a resource with its `Links` added at the end, without decoding it."""
    return splice(body, {"Links": links})
