"""XDT, the transforms of .NET configuration files (Microsoft's Web.config transformation syntax).

Applied to the tree of `xml_tree`, so that what a transform does not touch stays as it was written. Elements put in take the indent of
their neighbours. `Import` loads code of .NET and is passed over with a warning.
"""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Optional, Tuple

from gurita.formats.configuration.encodings import line_end
from gurita.formats.configuration.xdt_actions import ACTIONS, Applying
from gurita.formats.configuration.xdt_paths import XDT, Call, TransformError, Where, call_of
from gurita.formats.configuration.xml_tree import Document, Element, read_xml

__all__ = ["Transformed", "transformed"]


class Transformed(NamedTuple):
    """A text after a transform: what was done, and its warnings and errors, each with the line of the transform file."""

    text: str
    done: Tuple[str, ...] = ()
    warnings: Tuple[str, ...] = ()
    errors: Tuple[str, ...] = ()


def transformed(text: str, transform: str) -> Transformed:
    """Apply a transform to a document. What fails is an error and the rest is applied. Raises Unreadable when one of the two is
    no XML."""
    document, changes = read_xml(text), read_xml(transform)
    walk = _Walk(document, line_end(text))
    walk.element(changes.root, None)
    return Transformed(document.written(), tuple(walk.done), tuple(walk.warnings), tuple(walk.errors))


class _Walk:
    def __init__(self, document: Document, end_of_line: str) -> None:
        self._document = document
        self._end = end_of_line
        self.done: List[str] = []
        self.warnings: List[str] = []
        self.errors: List[str] = []

    def element(self, element: Element, above: Optional[Where]) -> None:
        """Apply an element of the transform, then those in it."""
        if element.namespace == XDT:
            self.warnings.append(f"xdt:{element.local} is passed over: code of .NET is not loaded here")
            return
        shown = _shown(element)
        try:
            where = Where(element, above)
            call = call_of(element, "Transform")
            if call is not None:
                self._apply(element, where, call, shown)
        except TransformError as error:
            self.errors.append(f"{shown}: {error}")
            return
        for child in element.elements():
            self.element(child, where)

    def _apply(self, element: Element, where: Where, call: Call, shown: str) -> None:
        action = ACTIONS.get(call.name)
        if action is None:
            raise TransformError(
                f"the transform '{call.name}' is not known; {', '.join(sorted(ACTIONS))} are"
            )
        path = where.around if action.on_parent else where.path
        found = where.select(self._document, path) if path else []
        if action.on_parent and not path:
            raise TransformError(f"{call.name} cannot be applied to the root")
        if not found:
            what = f"no element of the file is at '{path}'"
            if action.on_parent:
                raise TransformError(what)
            self.warnings.append(f"{shown}: {what}")
            return
        if len(found) > 1 and not action.on_all:
            self.warnings.append(
                f"{shown}: {call.name} is applied to the first of {len(found)} elements at '{path}'"
            )
        for target in found if action.on_all else found[:1]:
            applying = Applying(self._document, element, target, where, call, self._end)
            action.do(applying)
            self.warnings += [f"{shown}: {each}" for each in applying.warnings]
            self.done += [f"{shown}: {each}" for each in applying.done]


def _shown(element: Element) -> str:
    names: Dict[str, str] = {each.name: each.value for each in element.attributes}
    key = next((f" {name}='{names[name]}'" for name in ("key", "name") if name in names), "")
    return f"<{element.name}{key}>"
