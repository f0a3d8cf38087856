"""XML as a tree that gives back every character of the text it was read from, but for what was changed.

Expat says whether a text is XML; then a simple pattern can part it. Entities a document declares are refused, so that nothing is
ever expanded or fetched.
"""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, Optional, Tuple, Union
from xml.parsers import expat

from gurita.formats.configuration.errors import Unreadable

__all__ = [
    "XML_NAMESPACE",
    "Attribute",
    "Document",
    "Element",
    "Node",
    "Piece",
    "check_xml",
    "escaped",
    "names_of",
    "read_xml",
    "run_of",
]

XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
DEEPEST = 200
_TOKEN = re.compile(
    r"""<!--(?P<comment>.*?)-->
      | <!\[CDATA\[(?P<cdata>.*?)\]\]>
      | <\?(?P<pi>.*?)\?>
      | (?P<doctype><!DOCTYPE(?:[^<>\[\]"']|"[^"]*"|'[^']*'|\[(?:[^\]"'<]|"[^"]*"|'[^']*'|<!--.*?-->|<[^<>]*>)*\])*>)
      | </(?P<end>[^\s>]+)\s*>
      | <(?P<start>[^\s/>!?]+)(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*?)(?P<closed>/?)>
      | (?P<text>[^<]+)""",
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"(\s+)([^\s=]+)(\s*=\s*)(\"[^\"]*\"|'[^']*')")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(\w+));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Piece:
    """Characters that are no element: `kind` is text, cdata, comment, pi (with the declaration) or doctype. `content` is without
    its marks, references unread."""

    __slots__ = ("content", "kind", "parent")
    _MARKS = {"comment": ("<!--", "-->"), "cdata": ("<![CDATA[", "]]>"), "pi": ("<?", "?>")}

    def __init__(self, kind: str, content: str) -> None:
        self.kind = kind
        self.content = content
        self.parent: Union[Element, Document, None] = None

    def written(self) -> str:
        """As it stands in a file."""
        before, after = self._MARKS.get(self.kind, ("", ""))
        return before + self.content + after

    @property
    def value(self) -> str:
        """What it says, references read."""
        if self.kind == "pi":
            return self.content[len(self.target) :].lstrip()
        return _unescaped(self.content) if self.kind == "text" else self.content

    @property
    def target(self) -> str:
        """Of a processing instruction: its name."""
        return (self.content.split(None, 1) or [""])[0] if self.kind == "pi" else ""


class Attribute:
    """An attribute with the space before it and its own quotes."""

    __slots__ = ("between", "name", "parent", "quoted", "space")

    def __init__(self, space: str, name: str, between: str, quoted: str) -> None:
        self.space = space
        self.name = name
        self.between = between
        self.quoted = quoted
        self.parent: Optional[Element] = None

    def written(self) -> str:
        """As it stands in a file."""
        return self.space + self.name + self.between + self.quoted

    @property
    def value(self) -> str:
        """Its value, references read and white space as XML reads it."""
        return _unescaped(re.sub("\r\n|[\t\r\n]", " ", self.quoted[1:-1]))

    @value.setter
    def value(self, new: str) -> None:
        quote = self.quoted[0]
        self.quoted = quote + escaped(new, quote) + quote

    @property
    def namespace(self) -> str:
        """Empty for names without a prefix."""
        prefix, colon, _ = self.name.rpartition(":")
        return (self.parent.scope().get(prefix, "") if self.parent else "") if colon else ""

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]


class Element:
    """An element: attributes, what is in it, and how its tags end. `end` is empty while it is closed in itself (`<a/>`)."""

    __slots__ = ("attributes", "children", "end", "name", "parent", "tail")

    def __init__(self, name: str, attributes: List[Attribute], tail: str = "", end: str = "") -> None:
        self.name = name
        self.attributes = attributes
        self.children: List[Node] = []
        self.tail = tail
        self.end = end
        self.parent: Union[Element, Document, None] = None
        for attribute in attributes:
            attribute.parent = self

    def pieces(self) -> Iterator[str]:
        """As it stands in a file."""
        yield "<" + self.name + "".join(each.written() for each in self.attributes) + self.tail
        if not self.end:
            yield "/>"
            return
        yield ">"
        for child in self.children:
            if isinstance(child, Element):
                yield from child.pieces()
            else:
                yield child.written()
        yield self.end

    def add(self, child: Node, at: Optional[int] = None) -> None:
        """Put a child in, at the end if nothing else is said."""
        child.parent = self
        if not self.end:
            self.tail, self.end = "", f"</{self.name}>"
        self.children.insert(len(self.children) if at is None else at, child)

    def elements(self) -> List[Element]:
        """Its child elements."""
        return [child for child in self.children if isinstance(child, Element)]

    def attribute(self, name: str) -> Optional[Attribute]:
        """An attribute by its name as it is written."""
        return next((each for each in self.attributes if each.name == name), None)

    def set(self, name: str, value: str) -> None:
        """Give an attribute a value; a new one goes behind the others."""
        found = self.attribute(name)
        if found is None:
            found = Attribute(" ", name, "=", '""')
            found.parent = self
            self.attributes.append(found)
        found.value = value

    def scope(self) -> Dict[str, str]:
        """Namespaces by the prefixes that hold here; the default one under the empty prefix."""
        line: List[Element] = []
        at: Union[Element, Document, None] = self
        while isinstance(at, Element):
            line.append(at)
            at = at.parent
        found = {"xml": XML_NAMESPACE}
        for element in reversed(line):
            for each in element.attributes:
                if each.name == "xmlns" or each.name.startswith("xmlns:"):
                    found[each.name[6:]] = each.value
        return found

    @property
    def namespace(self) -> str:
        """Of its name; empty when there is none."""
        return self.scope().get(self.name.rpartition(":")[0], "")

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]

    def words(self) -> str:
        """All text within."""
        out: List[str] = []
        todo: List[Node] = [self]
        while todo:
            node = todo.pop()
            if isinstance(node, Element):
                todo.extend(reversed(node.children))
            elif node.kind in ("text", "cdata"):
                out.append(node.value)
        return "".join(out)


class Document:
    """A whole file: the root element and what stands around it."""

    __slots__ = ("children",)

    def __init__(self, children: List[Node]) -> None:
        self.children = children
        for child in children:
            if isinstance(child, Element) or child.kind in ("comment", "pi"):
                child.parent = self

    @property
    def root(self) -> Element:
        """The root element."""
        return next(child for child in self.children if isinstance(child, Element))

    def written(self) -> str:
        """The text of the file."""
        out: List[str] = []
        for child in self.children:
            out.extend(child.pieces() if isinstance(child, Element) else (child.written(),))
        return "".join(out)

    def every(self) -> Iterator[Element]:
        """All elements in their order."""
        todo = [self.root]
        while todo:
            element = todo.pop()
            yield element
            todo.extend(reversed(element.elements()))


Node = Union[Element, Piece]


def read_xml(text: str) -> Document:
    """Read a document. Raises Unreadable for what is no XML, nests deeper than 200, or declares entities."""
    check_xml(text)
    children: List[Node] = []
    opened: List[Element] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "end":
            opened.pop().end = match.group()
            continue
        node = _node(match)
        if opened:
            opened[-1].children.append(node)
            node.parent = opened[-1]
        else:
            children.append(node)
        if isinstance(node, Element) and node.end:
            opened.append(node)
    found = Document(children)
    if found.written() != text:
        raise Unreadable("it has a document type that is not read here")
    return found


def _node(match: "re.Match[str]") -> Node:
    if match.group("start") is None:
        kind = match.lastgroup or ""
        return Piece(kind, match.group(kind))
    attributes = []
    written, at = match.group("attributes"), 0
    for each in _ATTRIBUTE.finditer(written):
        attributes.append(Attribute(*each.groups()))
        at = each.end()
    end = "" if match.group("closed") else f"</{match.group('start')}>"
    return Element(match.group("start"), attributes, written[at:], end)


def check_xml(text: str) -> None:
    """Raises Unreadable for a text that is not well formed, is too deep, or declares entities."""
    parser = expat.ParserCreate("utf-8", " ")
    depth = 0

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Unreadable(f"it is nested more than {DEEPEST} deep")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def entity(name: str, *_: object) -> None:
        raise Unreadable(f"it declares the entity '{name}'; entities are not read here")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        where = f"line {error.lineno}, column {error.offset + 1}"
        raise Unreadable(f"{where}: {expat.ErrorString(error.code)}") from None
    except UnicodeEncodeError:
        raise Unreadable("it has half a character") from None


def escaped(text: str, quote: str = "") -> str:
    """A text as content, or as a value in `quote`. Raises Unreadable for characters no XML can hold."""
    found = _FORBIDDEN.search(text)
    if found:
        raise Unreadable(f"the character U+{ord(found.group()):04X} cannot stand in XML")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if quote:
        text = text.replace(quote, "&quot;" if quote == '"' else "&apos;")
        return text.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;")
    return text.replace("\r", "&#13;")


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    return _REFERENCE.sub(_referred, text)


def _referred(match: "re.Match[str]") -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED.get(name, match.group())
    return chr(int(hexadecimal, 16) if hexadecimal else int(decimal))


def run_of(piece: Piece) -> List[Piece]:
    """The text and CDATA sections that follow each other from `piece` on: one text node to XPath."""
    if piece.kind not in ("text", "cdata") or piece.parent is None:
        return [piece]
    line = piece.parent.children
    found: List[Piece] = []
    for child in line[next(at for at, each in enumerate(line) if each is piece) :]:
        if isinstance(child, Element) or child.kind not in ("text", "cdata"):
            break
        found.append(child)
    return found


def names_of(document: Document) -> Tuple[Dict[str, str], List[str]]:
    """Namespaces by prefix as declared anywhere, the first of a prefix winning; and prefixes that mean several."""
    found: Dict[str, str] = {"xml": XML_NAMESPACE}
    several: List[str] = []
    for element in document.every():
        for each in element.attributes:
            if each.name.startswith("xmlns:"):
                prefix = each.name[6:]
                if found.setdefault(prefix, each.value) != each.value and prefix not in several:
                    several.append(prefix)
    return found, several
