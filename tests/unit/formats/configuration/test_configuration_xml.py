"""XML with variables put in, the tree that gives back what it read, and the paths into it beside lxml's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from gurita.formats.configuration.errors import Unreadable
from gurita.formats.configuration.xml_format import xml_text
from gurita.formats.configuration.xml_tree import Attribute, Element, read_xml
from gurita.formats.configuration.xpath import Found, Paths
from gurita.formats.configuration.xpath_functions import string_of
from gurita.formats.configuration.xpath_syntax import XPathError

GOLDEN = """\
<?xml version="1.0" encoding="utf-8"?>\r
<!DOCTYPE shop [ <!ELEMENT shop ANY> <!-- > ] --> ]>\r
<!-- the shop -->\r
<shop xmlns:p="urn:p" xmlns = 'urn:default'  name = 'one'\r
      p:port="80">\r
  <p:item  key="a" />\r
  <p:item key="b">two &amp; three</p:item>\r
  <p:text>\r
    <![CDATA[old]]>\r
  </p:text>\r
  <p:list><p:e>1</p:e> <p:e>2</p:e></p:list><!--note-->\r
  <?run fast?>\r
</shop>\r
<!-- end -->\r
"""
GOLDEN_AFTER = """\
<?xml version="1.0" encoding="utf-8"?>\r
<!DOCTYPE shop [ <!ELEMENT shop ANY> <!-- > ] --> ]>\r
<!-- the shop -->\r
<shop xmlns:p="urn:p" xmlns = 'urn:default'  name = 'it&apos;s &lt;&amp;"'\r
      p:port="8080">\r
  <p:item  key="z">one\r
two</p:item>\r
  <p:item key="b">a &lt; b</p:item>\r
  <p:text>\r
    <![CDATA[<new> ]]]]><![CDATA[> ]]>\r
  </p:text>\r
  <p:list><p:e k='1'/>tail</p:list><!-- new -->\r
  <?run slow?>\r
</shop>\r
<!-- the end -->\r
"""


def test_values_change_in_their_places_and_nothing_else() -> None:
    variables = {
        "/*/@name": "it's <&\"",
        "/*/@p:port": "8080",
        "//p:item[1]": "one\ntwo",
        "//p:item[@key='b']/text()": "a < b",
        "//p:item[1]/@key": "z",
        "//p:text/text()": "<new> ]]> ",
        "//p:list": "<p:e k='1'/>tail",
        "/*/comment()": " new ",
        "/comment()[2]": " the end ",
        "//processing-instruction('run')": "slow",
        "//nothing": "x",
        "//q:unknown": "x",
        "shop": "not a path: no slash and no colon",
        "Octopus.Action[Web: x].Name": "no path at all",
        "count(//p:item)": "no part of it",
    }
    done = xml_text(GOLDEN, variables)
    assert done.text == GOLDEN_AFTER
    assert done.names == tuple(list(variables)[:10])
    assert done.warnings == ()


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("//list", "<e>", "not XML"),
        ("//list", "<q:e/>", "not XML"),
        ("/a/comment()", "a--b", "cannot hold '--'"),
        ("/a/processing-instruction()", "x?>", "cannot hold '\\?>'"),
        ("/a/@x", "\x01", "U\\+0001 cannot stand"),
    ],
)
def test_a_value_that_does_not_fit_leaves_the_place_and_is_told(path: str, value: str, told: str) -> None:
    text = "<a x='1'><list><e/></list><!--c--><?p d?></a>"
    done = xml_text(text, {path: value})
    assert (done.text, done.names) == (text, ())
    assert len(done.warnings) == 1
    with pytest.raises(AssertionError, match=told):
        raise AssertionError(done.warnings[0])


def test_a_prefix_that_means_two_things_is_told() -> None:
    text = '<a><b xmlns:p="urn:1"><p:c>1</p:c></b><b xmlns:p="urn:2"><p:c>2</p:c></b></a>'
    done = xml_text(text, {"//p:c": "x"})
    assert done.text == text.replace(">1<", ">x<")
    assert "several namespaces" in done.warnings[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<a>", "line 1, column 4"),
        ("<a><b></a>", "mismatched tag"),
        ("<a x=1/>", "line 1"),
        ("<p:a/>", "unbound prefix"),
        ("", "no element found"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "declares the entity 'x'"),
        ("<!DOCTYPE a [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]><a/>", "declares the entity 'x'"),
        ("<a>" * 300 + "</a>" * 300, "200 deep"),
    ],
)
def test_what_is_no_xml_or_declares_entities_is_refused(text: str, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        xml_text(text, {"//a": "1"})


def test_an_external_entity_is_never_fetched() -> None:
    text = "<!DOCTYPE a SYSTEM 'file:///nowhere/at/all.dtd'><a x='1'>&other;</a>"
    assert xml_text(text, {"/a/@x": "2"}).text == text.replace("'1'", "'2'")


TREE = (
    '<?xml version="1.0"?><!-- t --><r xmlns:p="urn:p" a="1"><b n="1">x</b><b n="2"><c>5</c><c k="z">7 <![CDATA[8]]></c>'
    '</b><p:b n="3"/><!--in--><?q d?><d xmlns="urn:d"><e>10</e></d>tail<b/></r><?w x?>'
)
PATHS = (
    """
/r|//b|//b[1]|//b[last()]|(//b)[2]|//b[@n>1]|//b/@n|//@*|//c[.='5']|//c[text()]|//text()|//comment()|//p:b|//p:*|//d:e
//processing-instruction()|//processing-instruction('q')|//*[local-name()='e']|//b[c]|//b[not(c)]|//b[position()=2]/c[2]
//c/ancestor::*|//c[2]/preceding-sibling::*|//b[1]/following-sibling::*[2]|//e/preceding::*|//b[2]/following::*
//b[contains(@n,'2') or @n='1']|//c[number(.)>6]|//b[count(c)=2]|//c[string-length(.)>1]|//b[substring('abc',2,1)='b']
//c/..|//c/.|//*[@*]|//b[@n='1' and 1=1]|//b[-1 < @n]|//b[@n mod 2 = 1]|//b[@n * 2 = 4]|//b[@n div 2 = 1]|//*[*]
//c[starts-with(@k,'z')]|//c[translate(@k,'z','y')='y']|//b[normalize-space()='x']|//*[name()='p:b']|//b[sum(c) > 3]
//descendant::c|/r/child::node()|//c[.=//c]|//b[c!=5]|//*[self::c or self::b][1]|/descendant::b[2]|//b[boolean(@n)]
//b[concat(@n,'x')='1x']|//c[ancestor::b[@n=2]]|//preceding-sibling::b|/r/node()[3]|//c[last()-1]|//b[floor(1.5)]
//b[round(1.5)]|//b[true()]|//b[false()]|//c[substring-after('a=b','=')='b']|//c[substring('12345', 1.5, 2.6)='234']
//b[@n < 2 or @n >= 3]|//*[ceiling(@n) = 2]|//b[. = '']|//b[@n != 2]|//*[namespace-uri()='urn:d']|/r[@a]/b[@n][2]/c[@k]
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


def _theirs(node: object) -> str:
    if isinstance(node, etree._Comment | etree._ProcessingInstruction):
        return f"{type(node).__name__[1]}:{node.text}"
    return f"E:{etree.QName(node).localname}" if isinstance(node, etree._Element) else str(node)


def _ours(node: Found) -> str:
    if isinstance(node, Element):
        return f"E:{node.local}"
    kind = (
        ""
        if isinstance(node, Attribute)
        else {"comment": "C:", "pi": "P:"}.get(getattr(node, "kind", ""), "")
    )
    return kind + string_of(node)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_finds_what_lxml_finds(path: str) -> None:
    names = {"p": "urn:p", "d": "urn:d"}
    theirs = etree.fromstring(TREE.encode()).getroottree().xpath(path, namespaces=names)
    assert isinstance(theirs, list)
    assert [_ours(node) for node in Paths(read_xml(TREE), names).select(path)] == [
        _theirs(node) for node in theirs
    ]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("//a[", "ends too early"),
        ("//a]", "']' is not expected"),
        ("a b", "'b' is not expected"),
        ("nowhere::a", "axis 'nowhere'"),
        ("//a[unknown()]", "function 'unknown'"),
        ("//a[count()]", "with 0 arguments"),
        ("//a[$x]", r"'\$x' is not known"),
        ("1 + 1", "names no part"),
        ("//p:a", "prefix 'p'"),
        ("a" * 5000, "at most 4000"),
        ("(" * 80 + "a" + ")" * 80, "at most 50 deep"),
        ("//a[count('x')]", "wants parts"),
    ],
)
def test_what_is_no_path_is_named(path: str, told: str) -> None:
    with pytest.raises(XPathError, match=told):
        Paths(read_xml("<a/>")).select(path)


def test_a_path_that_would_take_for_ever_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gurita.formats.configuration.xpath.MOST", 20_000)
    tree = read_xml("<a>" + "<b/>" * 200 + "</a>")
    with pytest.raises(XPathError, match="more than 20000"):
        Paths(tree).select("//*[//*[//*]]")


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """XML as people write it: any spaces, quotes, sections."""
    from xml.sax.saxutils import escape, quoteattr

    space = st.sampled_from(["", " ", "\n\t"])

    def element(depth: int) -> str:
        name = draw(st.sampled_from(["a", "b", "ns.c", "d-e"]))
        attributes = "".join(
            f"{draw(st.sampled_from([' ', chr(10) + '  ']))}{key}{draw(space)}={draw(space)}{quoteattr(draw(TEXTS))}"
            for key in draw(st.sets(st.sampled_from(["x", "y"]), max_size=2))
        )
        parts = draw(st.lists(st.sampled_from("etcp!"), max_size=4 if depth < 3 else 0))
        made = {
            "e": lambda: element(depth + 1),
            "t": lambda: escape(draw(TEXTS)),
            "c": lambda: f"<!--{draw(TEXTS).replace('-', '')}-->",
            "p": lambda: f"<?pi {draw(TEXTS).replace('?', '')}?>",
            "!": lambda: f"<![CDATA[{draw(TEXTS).replace(']', '')}]]>",
        }
        inside = "".join(made[part]() for part in parts)
        return (
            f"<{name}{attributes}{draw(space)}>{inside}</{name}{draw(space)}>"
            if parts
            else f"<{name}{attributes}/>"
        )

    return f"{element(0)}{draw(space)}"


@given(documents())
def test_nothing_to_replace_leaves_every_character(text: str) -> None:
    assert read_xml(text).written() == text
    assert xml_text(text, {"//nothing/here": "x", "a:b": "y"}).text == text


@given(documents(), TEXTS, TEXTS)
def test_replaced_texts_read_back(text: str, attribute: str, content: str) -> None:
    whole = f"<r k='old'><leaf>old</leaf>{text}</r>"
    done = xml_text(whole, {"/r/@k": attribute, "/r/leaf": content})
    before, after = etree.fromstring(whole.encode()), etree.fromstring(done.text.encode())
    assert after.get("k") == attribute
    assert (after[0].text or "") == content
    assert [etree.tostring(each) for each in after][1:] == [etree.tostring(each) for each in before][1:]
