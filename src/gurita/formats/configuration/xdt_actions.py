"""What each transform of XDT does to the element it is applied to."""

from __future__ import annotations

from typing import Callable, Dict, List, NamedTuple, Optional, Union

from gurita.formats.configuration.xdt_paths import XDT, Call, TransformError, Where
from gurita.formats.configuration.xml_tree import Attribute, Document, Element, Node, Piece

__all__ = ["ACTIONS", "Action", "Applying"]


class Applying:
    """One transform under way: the element it is written on, and the element of the document it is applied to."""

    def __init__(
        self,
        document: Document,
        element: Element,
        target: Element,
        where: Where,
        call: Call,
        end_of_line: str,
    ) -> None:
        self.document = document
        self.element = element
        self.target = target
        self.where = where
        self.call = call
        self.end_of_line = end_of_line
        self.done: List[str] = []
        self.warnings: List[str] = []

    def copy(self) -> Element:
        """The element as it goes into the document: without what belongs to XDT."""
        return _copied(self.element, self.target.scope())


class Action(NamedTuple):
    """`on_parent`: applied to the element around. `on_all`: to every element found, not only the first."""

    do: Callable[[Applying], None]
    on_parent: bool = False
    on_all: bool = False


def _replace(applying: Applying) -> None:
    target, new = applying.target, applying.copy()
    _indent(new, applying.element, _indent_of(target), applying.end_of_line)
    holder = _holder(target)
    at = _position(holder.children, target)
    holder.children[at] = new
    new.parent = holder
    applying.done.append("replaced an element")


def _remove(applying: Applying) -> None:
    holder = _holder(applying.target)
    if isinstance(holder, Document):
        raise TransformError("the root cannot be removed")
    at = _position(holder.children, applying.target)
    del holder.children[at]
    before = holder.children[at - 1] if at else None
    if isinstance(before, Piece) and before.kind == "text" and not before.content.strip():
        del holder.children[at - 1]
    applying.done.append("removed an element")


def _insert(applying: Applying) -> None:
    _put(applying, applying.target, None)


def _insert_if_missing(applying: Applying) -> None:
    if applying.where.select(applying.document, applying.where.path):
        applying.done.append("the element is there already")
        return
    _put(applying, applying.target, None)


def _insert_beside(applying: Applying, *, after: bool) -> None:
    path = applying.call.whole.strip()
    if not path:
        raise TransformError(f"{applying.call.name} needs a path as its argument")
    if not path.startswith("/"):
        path = f"{applying.where.around}/{path}"
    found = applying.where.select(applying.document, path)
    if not found:
        raise TransformError(f"no element of the file is at '{path}'")
    beside = found[0]
    holder = _holder(beside)
    if isinstance(holder, Document):
        raise TransformError("nothing can be put beside the root")
    _put(applying, holder, _position(holder.children, beside) + after)


def _put(applying: Applying, holder: Element, at: Optional[int]) -> None:
    """Put the element into `holder`, at a position or behind its last child, on a line of its own where the others have one."""
    new, line = applying.copy(), holder.children
    step = applying.end_of_line + _indent_inside(holder)
    own_lines = _has_lines(holder, applying.document)
    _indent(new, applying.element, _indent_inside(holder), applying.end_of_line)
    if at is None:
        at = len(line)
        if line and _is_space(line[-1]):
            at -= 1
        elif own_lines:
            holder.add(Piece("text", applying.end_of_line + _indent_of(holder)))
    if not own_lines:
        holder.add(new, at)
    elif at and _is_space(line[at - 1]):
        holder.add(new, at)
        holder.add(Piece("text", step), at + 1)
    else:
        holder.add(Piece("text", step), at)
        holder.add(new, at + 1)
    applying.done.append("inserted an element")


def _set_attributes(applying: Applying) -> None:
    own = [each for each in applying.element.attributes if not _is_xdt(each)]
    chosen = _chosen(applying, own)
    for attribute in chosen:
        applying.target.set(attribute.name, attribute.value)
        applying.done.append(f"set the attribute '{attribute.name}'")
    if not chosen:
        applying.warnings.append("there is no attribute to set")


def _remove_attributes(applying: Applying) -> None:
    own = [each for each in applying.target.attributes if not each.name.startswith("xmlns")]
    chosen = _chosen(applying, own)
    for attribute in chosen:
        applying.target.attributes.remove(attribute)
        applying.done.append(f"removed the attribute '{attribute.name}'")
    if not chosen:
        applying.warnings.append("there is no attribute to remove")


def _chosen(applying: Applying, attributes: List[Attribute]) -> List[Attribute]:
    """Those the arguments name, or all."""
    names = applying.call.arguments
    if not names:
        return [each for each in attributes if not each.name.startswith("xmlns")]
    for name in names:
        if all(each.name != name for each in attributes):
            applying.warnings.append(f"the argument '{name}' names no attribute")
    return [each for each in attributes if each.name in names]


ACTIONS: Dict[str, Action] = {
    "Insert": Action(_insert, on_parent=True),
    "InsertAfter": Action(lambda applying: _insert_beside(applying, after=True), on_parent=True),
    "InsertBefore": Action(lambda applying: _insert_beside(applying, after=False), on_parent=True),
    "InsertIfMissing": Action(_insert_if_missing, on_parent=True),
    "Remove": Action(_remove),
    "RemoveAll": Action(_remove, on_all=True),
    "RemoveAttributes": Action(_remove_attributes, on_all=True),
    "Replace": Action(_replace),
    "SetAttributes": Action(_set_attributes, on_all=True),
}


def _is_xdt(attribute: Attribute) -> bool:
    return attribute.namespace == XDT or (attribute.name.startswith("xmlns:") and attribute.value == XDT)


def _copied(element: Element, known: Dict[str, str]) -> Element:
    """A copy without XDT. Prefixes the copy uses and the document does not know are declared on it."""
    made = _plain_copy(element)
    wanted = {
        prefix: uri for prefix, uri in element.scope().items() if prefix not in ("", "xml") and uri != XDT
    }
    for prefix, uri in wanted.items():
        if known.get(prefix) != uri and _uses(made, prefix) and made.attribute(f"xmlns:{prefix}") is None:
            made.set(f"xmlns:{prefix}", uri)
    return made


def _plain_copy(element: Element) -> Element:
    attributes = [
        Attribute(each.space, each.name, each.between, each.quoted)
        for each in element.attributes
        if not _is_xdt(each)
    ]
    made = Element(element.name, attributes, element.tail, element.end)
    for child in element.children:
        copy: Node = _plain_copy(child) if isinstance(child, Element) else Piece(child.kind, child.content)
        copy.parent = made
        made.children.append(copy)
    return made


def _uses(element: Element, prefix: str) -> bool:
    begins = f"{prefix}:"
    if element.name.startswith(begins) or any(each.name.startswith(begins) for each in element.attributes):
        return True
    return any(_uses(child, prefix) for child in element.elements())


def _holder(element: Element) -> Union[Element, Document]:
    assert element.parent is not None  # noqa: S101  the tree is whole
    return element.parent


def _position(line: List[Node], node: Node) -> int:
    return next(at for at, each in enumerate(line) if each is node)


def _is_space(node: Node) -> bool:
    return isinstance(node, Piece) and node.kind == "text" and not node.content.strip()


def _before(element: Element) -> Optional[str]:
    """The white space an element's line begins with; None when it has no line of its own."""
    holder = _holder(element)
    at = _position(holder.children, element)
    before = holder.children[at - 1] if at else None
    if isinstance(before, Piece) and before.kind == "text" and "\n" in before.content:
        last = before.content.rpartition("\n")[2]
        return last if not last.strip() else None
    return None


def _indent_of(element: Element) -> str:
    return _before(element) or ""


def _indent_inside(holder: Element) -> str:
    """The indent of children: that of one that is there, or one step more than the element's own."""
    for child in holder.elements():
        before = _before(child)
        if before is not None:
            return before
    own, around = _indent_of(holder), holder.parent
    above = _indent_of(around) if isinstance(around, Element) else ""
    step = own[len(above) :] if own.startswith(above) and len(own) > len(above) else "  "
    return own + step


def _has_lines(holder: Element, document: Document) -> bool:
    """Whether children of an element stand on lines of their own; a whole document without lines is written without."""
    if holder.elements():
        return any(_before(child) is not None for child in holder.elements())
    if _before(holder) is not None or holder is document.root:
        return not any(
            isinstance(each, Piece) and each.kind != "comment" and not _is_space(each)
            for each in holder.children
        )
    return False


def _indent(new: Element, written: Element, indent: str, end_of_line: str) -> None:
    """Move the lines within a copied element from the indent they were written with to that of its place."""
    old = _indent_of(written)
    todo = [new]
    while todo:
        element = todo.pop()
        for child in element.children:
            if isinstance(child, Element):
                todo.append(child)
            elif child.kind == "text" and "\n" in child.content and not child.content.strip():
                last = child.content.rpartition("\n")[2]
                kept = last[len(old) :] if last.startswith(old) else ""
                breaks = child.content.count("\n")
                child.content = end_of_line * breaks + indent + kept
