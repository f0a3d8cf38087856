"""Variables put into XML (runtime formats 5.3): variables whose names are XPath, all that stands around what they name as it was."""

from __future__ import annotations

from typing import Dict, List, Mapping

from gurita.formats.configuration.encodings import line_end
from gurita.formats.configuration.errors import ConfigurationError, Unfit, Unreadable
from gurita.formats.configuration.values import Change
from gurita.formats.configuration.xml_tree import (
    Attribute,
    Document,
    Element,
    Piece,
    check_xml,
    escaped,
    names_of,
    read_xml,
    run_of,
)
from gurita.formats.configuration.xpath import Found, Paths
from gurita.formats.configuration.xpath_syntax import XPathError, parsed

__all__ = ["fragment", "xml_text"]


def xml_text(text: str, variables: Mapping[str, str]) -> Change:
    """Replace what variables select: elements (their content), attributes, text, CDATA, comments, processing instructions.

    Only names with `/` or `:` that are XPath count; prefixes are those the document declares. Raises Unreadable.
    """
    document = read_xml(text)
    namespaces, several = names_of(document)
    warnings = [f"The prefix '{each}' means several namespaces; the first is used." for each in several]
    end = line_end(text)
    paths = Paths(document, namespaces)
    used: List[str] = []
    for name, value in variables.items():
        if not _is_path(name):
            continue
        try:
            nodes = paths.select(name)
        except XPathError:
            continue
        for node in nodes:
            try:
                if _replace(node, value.replace("\r\n", "\n"), end):
                    used.append(name)
            except ConfigurationError as error:
                warnings.append(f"'{name}' was not used: {error}.")
        if nodes:
            paths = Paths(document, namespaces)
    return Change(
        document.written() if used else text, tuple(dict.fromkeys(used)), tuple(dict.fromkeys(warnings))
    )


def _is_path(name: str) -> bool:
    if "/" not in name and ":" not in name:
        return False
    try:
        parsed(name)
    except XPathError:
        return False
    return True


def _replace(node: Found, value: str, end: str) -> bool:
    """Put a value in, its lines ended by `end`; False for what cannot have one. Raises ConfigurationError."""
    if isinstance(node, Document):
        return False
    if isinstance(node, Attribute):
        node.value = value
    elif isinstance(node, Element):
        _fill(node, value, end)
    elif node.kind in ("text", "cdata"):
        _fill_run(run_of(node), value, end)
    else:
        _fill_piece(node, value, end)
    return True


def _fill_run(run: List[Piece], value: str, end: str) -> None:
    """A CDATA section with nothing but space around it stays one; otherwise all becomes the first piece."""
    told = [piece for piece in run if piece.kind == "cdata" or piece.value.strip()] or run
    _fill_piece(told[0], value, end)
    for piece in told[1:]:
        piece.kind, piece.content = "text", ""


def _fill(element: Element, value: str, end: str) -> None:
    if element.elements():
        element.children = fragment(value.replace("\n", end), element.scope())
    elif value or element.children:
        element.children = [Piece("text", escaped(value).replace("\n", end))]
    else:
        return
    children, element.children = element.children, []
    for child in children:
        element.add(child)


def _fill_piece(piece: Piece, value: str, end: str) -> None:
    written = escaped(value).replace("\n", end)
    value = value.replace("\n", end)
    if piece.kind == "text":
        piece.content = written
    elif piece.kind == "cdata":
        piece.content = value.replace("]]>", "]]]]><![CDATA[>")
    elif piece.kind == "comment":
        if "--" in value or value.endswith("-"):
            raise Unfit("a comment cannot hold '--' or end with '-'")
        piece.content = value
    else:
        if "?>" in value:
            raise Unfit("a processing instruction cannot hold '?>'")
        piece.content = f"{piece.target} {value}".rstrip() if value else piece.target


def fragment(value: str, namespaces: Dict[str, str]) -> "List[Element | Piece]":
    """The nodes of a text that is XML without being a document. Raises Unfit."""
    declared = "".join(
        f' xmlns{":" if prefix else ""}{prefix}="{escaped(uri, chr(34))}"'
        for prefix, uri in namespaces.items()
        if prefix != "xml"
    )
    try:
        check_xml(f"<value{declared}>{value}</value>")
        return list(read_xml(f"<value{declared}>{value}</value>").root.children)
    except Unreadable as error:
        raise Unfit(f"its value is not XML, and there are elements where it would stand ({error})") from None
