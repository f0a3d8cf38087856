"""Whatever a package holds and whatever a variable is called: an answer or a sentence, never anything else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.configuration.dotnet_settings import settings_text
from gurita.formats.configuration.errors import ConfigurationError
from gurita.formats.configuration.files import FORMATS, replace_bytes
from gurita.formats.configuration.json_format import json_text
from gurita.formats.configuration.properties_format import properties_text
from gurita.formats.configuration.values import Change
from gurita.formats.configuration.xdt import transformed
from gurita.formats.configuration.xml_format import xml_text
from gurita.formats.configuration.xml_tree import read_xml
from gurita.formats.configuration.xpath import Paths
from gurita.formats.configuration.yaml_format import yaml_text

TEXT_OF: dict[str, Callable[[str, dict[str, str]], Change]] = {
    "json": json_text,
    "yaml": yaml_text,
    "xml": xml_text,
    "properties": properties_text,
    "settings": settings_text,
}
PIECES = st.sampled_from(
    [
        "a", "b", ":", " ", "\n", "  ", "- ", "? ", "[", "]", "{", "}", ",", "&x ", "*x", "!t ", "!!str ", "|", ">-", "#", "'", '"', "1",
        "---\n", "...\n", "%YAML 1.2\n", "<a>", "</a>", "<a x='1'", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<?p ?>", "&lt;", "&#x41;",
        "<!DOCTYPE a>", "\\", "\\u0041", "=", "true", "null", "//", "/*", "*/", "\t", "\r\n", "\x00", "\ud800", "é", "\u2028", "<<",
    ]
)  # fmt: skip
DOCUMENTS = st.lists(PIECES, max_size=25).map("".join)
NAMES = st.lists(
    st.sampled_from(
        ["a", "b", "x", ":", "/", "//", "@", "*", "[", "]", "(", ")", "1", "0", "text()", "|", "..", "and", "-", "'", "count(", "=", "::"]
    ),
    min_size=1,
    max_size=6,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("name", sorted(TEXT_OF))
@given(text=DOCUMENTS, variables=st.dictionaries(NAMES, DOCUMENTS, max_size=4))
def test_any_text_is_changed_or_refused(name: str, text: str, variables: dict[str, str]) -> None:
    variables = {
        "a": "new",
        "a:b": "new",
        "a:0": "[1]",
        "0": "x: y",
        "//a": "<n/>",
        "/a/@x": "v",
        **variables,
    }
    try:
        done = TEXT_OF[name](text, variables)
    except ConfigurationError:
        return
    assert done.names or done.text == text


@given(st.binary(max_size=60) | DOCUMENTS.map(lambda text: text.encode("utf-16", "surrogatepass")))
def test_any_bytes_are_changed_or_refused(data: bytes) -> None:
    try:
        new, done = replace_bytes(data, {"a": "€", "0": "x", "//a": "é"}, FORMATS)
    except ConfigurationError:
        return
    assert done.names or new == data


@given(NAMES)
def test_any_path_is_followed_or_refused(path: str) -> None:
    try:
        found = Paths(read_xml("<a x='1'><b>t</b><!--c--></a>")).select(path)
    except ConfigurationError:
        return
    assert len(found) <= 6


@given(st.sampled_from(["Transform", "Locator"]), DOCUMENTS)
def test_any_transform_is_applied_or_an_error(attribute: str, said: str) -> None:
    namespace = (
        "http://schemas.microsoft.com/XML-Document-Transform"  # rules: no-places -- a name, not an address
    )
    quoted = said.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    other = 'xdt:Transform="Remove"' if attribute == "Locator" else ""
    text = f'<a xmlns:xdt="{namespace}"><b xdt:{attribute}="{quoted}" {other}/></a>'
    try:
        done = transformed("<a><b/></a>", text)
    except ConfigurationError:
        return
    assert done.errors or done.done or done.warnings or done.text == "<a><b/></a>"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(
            (name, text)
            for name in ("json", "yaml")
            for text in ("[" * 100_000, '{"a":' * 100_000, "{[" * 50_000)
        ),
        *(
            ("yaml", text)
            for text in (
                "- " * 50_000,
                "? " * 20_000,
                "a:\n" + "".join(" " * n + "a:\n" for n in range(1, 500)),
            )
        ),
        ("xml", "<a>" * 100_000),
        ("settings", "<a>" * 201 + "</a>" * 201),
    ],
)
def test_depth_is_refused_and_does_not_break_the_reader(name: str, text: str) -> None:
    with pytest.raises(ConfigurationError):
        TEXT_OF[name](text, {"a": "1"})
