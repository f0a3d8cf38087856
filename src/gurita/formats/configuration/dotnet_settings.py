"""Values of variables put into `appSettings`, `connectionStrings` and `applicationSettings` (runtime formats 5.4)."""

from __future__ import annotations

from typing import Iterator, List, Mapping, Tuple

from gurita.formats.configuration.errors import ConfigurationError
from gurita.formats.configuration.values import Change, Wanted
from gurita.formats.configuration.xml_tree import Document, Element, Piece, escaped, read_xml

__all__ = ["settings_text"]


def settings_text(text: str, variables: Mapping[str, str]) -> Change:
    """Replace what has the name of a variable, in any case. Raises Unreadable."""
    document = read_xml(text)
    wanted = Wanted(variables, lambda _: True)
    for name, element, place in _settings(document):
        found = wanted.find(name)
        if found is None:
            continue
        variable, value = found
        try:
            if place:
                element.set(place, value)
            else:
                _say(element, value)
        except ConfigurationError as error:
            wanted.warn(f"'{variable}' was not used: {error}.")
            continue
        wanted.use(variable)
    change = wanted.change(document.written())
    return change if change.names else change._replace(text=text)


def _settings(document: Document) -> Iterator[Tuple[str, Element, str]]:
    """A setting's name, its element, and the attribute that has the value; an element of its own has none."""
    for section in document.every():
        if section.local == "appSettings":
            yield from _added(section, "key", "value")
        elif section.local == "connectionStrings":
            yield from _added(section, "name", "connectionString")
        elif section.local == "applicationSettings":
            for setting in _within(section, "setting"):
                name = setting.attribute("name")
                values = [each for each in setting.elements() if each.local == "value"]
                if name is not None and values:
                    yield name.value, values[0], ""


def _added(section: Element, key: str, value: str) -> Iterator[Tuple[str, Element, str]]:
    for element in section.elements():
        name = element.attribute(key)
        if element.local == "add" and name is not None:
            yield name.value, element, value


def _within(element: Element, name: str) -> Iterator[Element]:
    todo: List[Element] = element.elements()[::-1]
    while todo:
        found = todo.pop()
        if found.local == name:
            yield found
        todo.extend(found.elements()[::-1])


def _say(element: Element, value: str) -> None:
    piece = Piece("text", escaped(value))
    element.children = []
    element.add(piece)
