"""Which elements of a document an element of a transform means: locators and the names around it."""

from __future__ import annotations

import re
from typing import Dict, List, NamedTuple, Optional

from gurita.formats.configuration.errors import ConfigurationError
from gurita.formats.configuration.xml_tree import Document, Element
from gurita.formats.configuration.xpath import Paths
from gurita.formats.configuration.xpath_syntax import XPathError

__all__ = ["XDT", "Call", "TransformError", "Where", "call_of"]

XDT = "http://schemas.microsoft.com/XML-Document-Transform"  # rules: no-places -- a name, not an address
_CALL = re.compile(r"\s*([\w.]+)\s*(?:\((.*)\))?\s*\Z", re.DOTALL)


class TransformError(ConfigurationError):
    """A transform that cannot be applied."""


class Call(NamedTuple):
    """`Name(argument, argument)` of a locator or a transform. `whole` is the text between the parentheses."""

    name: str
    whole: str
    arguments: List[str]


def call_of(element: Element, name: str) -> Optional[Call]:
    """What `xdt:<name>` of an element says; None when it is missing. Raises TransformError."""
    written = next(
        (each for each in element.attributes if each.local == name and each.namespace == XDT), None
    )
    if written is None:
        return None
    match = _CALL.match(written.value)
    if not match:
        raise TransformError(f"'{written.value}' cannot be read as a {name}")
    whole = match.group(2) or ""
    return Call(match.group(1), whole, [each.strip() for each in _parts(whole)] if whole.strip() else [])


def _parts(text: str) -> List[str]:
    """Arguments, parted at commas outside parentheses, brackets and quotes."""
    parts, depth, quote = [""], 0, ""
    for each in text:
        if quote or each in "\"'":
            quote = "" if each == quote else quote or each
        elif each in "([":
            depth += 1
        elif each in ")]":
            depth -= 1
        if each == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += each
    return parts


class Where:
    """The path of one element of a transform, below that of its parent."""

    def __init__(self, element: Element, above: Optional["Where"]) -> None:
        self._above = above
        self.names: Dict[str, str] = dict(above.names) if above else {}
        for prefix, uri in element.scope().items():
            self.names[prefix or "_defaultNamespace"] = uri
        self.around: str = above.path if above else ""
        self.path: str = self._located(element, call_of(element, "Locator"))

    def _located(self, element: Element, locator: Optional[Call]) -> str:
        step = self._step(element)
        if locator is None:
            return f"{self.around}/{step}"
        if locator.name == "Condition" and locator.whole.strip():
            return f"{self.around}/{step}[{locator.whole}]"
        if locator.name == "XPath" and locator.whole.strip():
            path = locator.whole.strip()
            return path if path.startswith("/") else f"{self.around}/{path}"
        if locator.name == "Match" and locator.arguments:
            tests = [self._match(element, name) for name in locator.arguments]
            return f"{self.around}/{step}[{' and '.join(tests)}]"
        if locator.name in ("Condition", "XPath", "Match"):
            raise TransformError(f"the locator {locator.name} needs an argument")
        raise TransformError(f"the locator '{locator.name}' is not known; Condition, XPath and Match are")

    def _step(self, element: Element) -> str:
        if not element.namespace:
            return element.local
        known = (prefix for prefix, uri in self.names.items() if uri == element.namespace)
        prefix = next(known, "") or f"_{len(self.names)}"
        self.names[prefix] = element.namespace
        return f"{prefix}:{element.local}"

    def _match(self, element: Element, name: str) -> str:
        attribute = element.attribute(name)
        if attribute is None:
            raise TransformError(
                f"the locator Match names the attribute '{name}', which '{element.name}' does not have"
            )
        value = attribute.value
        if '"' not in value:
            return f'@{name}="{value}"'
        if "'" not in value:
            return f"@{name}='{value}'"
        parts = ", '\"', ".join(f'"{part}"' for part in value.split('"'))
        return f"@{name}=concat({parts})"

    def select(self, document: Document, path: str) -> List[Element]:
        """The elements of a path. Raises TransformError."""
        try:
            return [node for node in Paths(document, self.names).select(path) if isinstance(node, Element)]
        except XPathError as error:
            raise TransformError(f"the path '{path}' cannot be used: {error}") from None
