"""XDT: locators and transforms after Microsoft's description of Web.config transforms, and what they leave alone."""

from __future__ import annotations

import pytest

from gurita.formats.configuration.errors import Unreadable
from gurita.formats.configuration.xdt import Transformed, transformed

NS = 'xmlns:xdt="http://schemas.microsoft.com/XML-Document-Transform"'  # rules: no-places -- a name, not an address

WEB = """\
<?xml version="1.0" encoding="utf-8"?>\r
<!-- site -->\r
<configuration>\r
    <appSettings>\r
        <add key="A"   value="1"/>\r
        <add key="B" value='2' /> <!-- b -->\r
    </appSettings>\r
    <connectionStrings />\r
    <system.web>\r
        <compilation debug="true" targetFramework="4.8" />\r
        <authentication mode="None" />\r
    </system.web>\r
    <runtime>\r
        <assemblyBinding xmlns="urn:asm">\r
            <probing privatePath="bin"/>\r
        </assemblyBinding>\r
    </runtime>\r
</configuration>\r
"""
RELEASE = f"""\
<?xml version="1.0"?>
<configuration {NS}>
  <appSettings>
    <add key="A" value="one" xdt:Transform="SetAttributes(value)" xdt:Locator="Match(key)"/>
    <add key="C" value="3" xdt:Transform="Insert"/>
    <add key="A" value="never" xdt:Transform="InsertIfMissing" xdt:Locator="Match(key)"/>
    <add key="D" value="4" xdt:Transform="InsertIfMissing" xdt:Locator="Match(key)"/>
    <add key="Z" value="0" xdt:Transform="InsertBefore(/configuration/appSettings/add[@key='A'])"/>
    <add key="Y" value="0" xdt:Transform="InsertAfter(/configuration/appSettings/add[@key='A'])"/>
  </appSettings>
  <connectionStrings>
    <add name="x" xdt:Transform="Insert">
      <sub/>
    </add>
  </connectionStrings>
  <system.web>
    <compilation xdt:Transform="RemoveAttributes(debug)" />
    <authentication mode="Forms" xdt:Transform="Replace">
      <forms loginUrl="~/in"/>
    </authentication>
  </system.web>
  <runtime>
    <assemblyBinding xmlns="urn:asm">
      <probing privatePath="lib" xdt:Transform="SetAttributes"/>
    </assemblyBinding>
  </runtime>
</configuration>
"""
AFTER = """\
<?xml version="1.0" encoding="utf-8"?>\r
<!-- site -->\r
<configuration>\r
    <appSettings>\r
        <add key="Z" value="0"/>\r
        <add key="A"   value="one"/>\r
        <add key="Y" value="0"/>\r
        <add key="B" value='2' /> <!-- b -->\r
        <add key="C" value="3"/>\r
        <add key="D" value="4"/>\r
    </appSettings>\r
    <connectionStrings>\r
        <add name="x">\r
          <sub/>\r
        </add>\r
    </connectionStrings>\r
    <system.web>\r
        <compilation targetFramework="4.8" />\r
        <authentication mode="Forms">\r
          <forms loginUrl="~/in"/>\r
        </authentication>\r
    </system.web>\r
    <runtime>\r
        <assemblyBinding xmlns="urn:asm">\r
            <probing privatePath="lib"/>\r
        </assemblyBinding>\r
    </runtime>\r
</configuration>\r
"""


def test_a_whole_release_transform() -> None:
    done = transformed(WEB, RELEASE)
    assert done.text == AFTER
    assert (done.warnings, done.errors) == ((), ())
    assert len(done.done) == 10


def test_a_transform_that_says_nothing_changes_nothing() -> None:
    done = transformed(WEB, f"<configuration {NS}><appSettings><add key='A'/></appSettings></configuration>")
    assert done == Transformed(WEB)


def one(inside: str, document: str = "<r><a k='1' v='x'/><a k='2'/><b><c/></b></r>") -> Transformed:
    return transformed(document, f"<r {NS}>{inside}</r>")


@pytest.mark.parametrize(
    ("inside", "after"),
    [
        ("<a xdt:Transform='Remove'/>", "<r><a k='2'/><b><c/></b></r>"),
        ("<a xdt:Transform='RemoveAll'/>", "<r><b><c/></b></r>"),
        ("<a k='2' xdt:Locator='Match(k)' xdt:Transform='Remove'/>", "<r><a k='1' v='x'/><b><c/></b></r>"),
        ("<a xdt:Locator='Condition(@k=2)' xdt:Transform='Remove()'/>", "<r><a k='1' v='x'/><b><c/></b></r>"),
        ("<a xdt:Locator='XPath(/r/a[2])' xdt:Transform='Remove'/>", "<r><a k='1' v='x'/><b><c/></b></r>"),
        ("<a xdt:Locator='XPath(b/c)' xdt:Transform='Remove'/>", "<r><a k='1' v='x'/><a k='2'/><b></b></r>"),
        ("<b xdt:Locator='Condition(c)'><c xdt:Transform='Remove'/></b>", "<r><a k='1' v='x'/><a k='2'/><b></b></r>"),
        ("<a n='9' m='8' xdt:Transform='SetAttributes(n)'/>", "<r><a k='1' v='x' n=\"9\"/><a k='2' n=\"9\"/><b><c/></b></r>"),
        ("<a xdt:Transform='RemoveAttributes'/>", "<r><a/><a/><b><c/></b></r>"),
        ("<a xdt:Locator='Condition(@v)' xdt:Transform='RemoveAttributes(k, v)'/>", "<r><a/><a k='2'/><b><c/></b></r>"),
        ("<d><e xdt:Transform='Insert'/></d>", None),
        ("<b><d e='1' xdt:Transform='Insert'>t</d></b>", "<r><a k='1' v='x'/><a k='2'/><b><c/><d e='1'>t</d></b></r>"),
        ("<d xdt:Transform='InsertBefore(b)'/>", "<r><a k='1' v='x'/><a k='2'/><d/><b><c/></b></r>"),
        ("<b xdt:Transform='Replace'/>", "<r><a k='1' v='x'/><a k='2'/><b/></r>"),
    ],
)  # fmt: skip
def test_each_transform_and_locator(inside: str, after: str | None) -> None:
    done = one(inside)
    if after is None:
        assert "no element of the file is at '/r/d'" in done.errors[0]
    else:
        assert (done.text, done.errors) == (after, ())


@pytest.mark.parametrize(
    ("inside", "warning"),
    [
        ("<x xdt:Transform='Remove'/>", "no element of the file is at '/r/x'"),
        ("<x xdt:Transform='SetAttributes'/>", "no element of the file is at '/r/x'"),
        ("<a xdt:Transform='Remove'/>", "the first of 2 elements"),
        ("<b xdt:Transform='SetAttributes'/>", "no attribute to set"),
        ("<b xdt:Transform='RemoveAttributes(zz)'/>", "the argument 'zz' names no attribute"),
        ("<xdt:Import assembly='X'/>", "code of .NET is not loaded"),
    ],
)
def test_what_has_nothing_to_do_is_a_warning(inside: str, warning: str) -> None:
    done = one(inside)
    assert done.errors == ()
    assert any(warning in each for each in done.warnings)


@pytest.mark.parametrize(
    ("inside", "error"),
    [
        ("<a xdt:Transform='Explode'/>", "transform 'Explode' is not known"),
        ("<a xdt:Transform='Remove' xdt:Locator='Near(x)'/>", "locator 'Near' is not known"),
        ("<a xdt:Transform='Remove' xdt:Locator='Match(zz)'/>", "'zz', which 'a' does not have"),
        ("<a xdt:Transform='Remove' xdt:Locator='Match'/>", "Match needs an argument"),
        ("<a xdt:Transform='Remove' xdt:Locator='Condition(@@)'/>", "cannot be used"),
        ("<a xdt:Transform='Remove(('/>", "cannot be read as a Transform"),
        ("<d xdt:Transform='InsertAfter'/>", "needs a path"),
        ("<d xdt:Transform='InsertAfter(/r/zz)'/>", "no element of the file is at '/r/zz'"),
        ("<d xdt:Transform='InsertAfter(/r)'/>", "beside the root"),
    ],
)
def test_what_cannot_be_applied_is_an_error_and_the_rest_is_done(inside: str, error: str) -> None:
    done = one(f"{inside}<b n='1' xdt:Transform='SetAttributes'/>")
    assert len(done.errors) == 1
    assert error in done.errors[0]
    assert '<b n="1">' in done.text


def test_the_root_is_kept_but_may_be_replaced() -> None:
    root = f"<r {NS} xdt:Transform='%s' a='1'/>"
    assert "root cannot be removed" in transformed("<r/>", root % "Remove").errors[0]
    assert transformed("<?x y?><r><a/></r>", root % "Replace").text == "<?x y?><r a='1'/>"


def test_namespaces_are_matched_by_meaning_and_declared_where_they_are_missing() -> None:
    document = '<r><p:a xmlns:p="urn:a" k="1"/></r>'
    inside = '<q:a xmlns:q="urn:a" k="2" xdt:Transform="SetAttributes"/><s:n xmlns:s="urn:s" xdt:Transform="Insert"/>'
    done = one(inside, document)
    assert done.text == '<r><p:a xmlns:p="urn:a" k="2"/><s:n xmlns:s="urn:s"/></r>'
    undeclared = f'<r {NS} xmlns:s="urn:s"><s:n xdt:Transform="Insert"/></r>'
    assert transformed("<r/>", undeclared).text == '<r>\n  <s:n xmlns:s="urn:s"/>\n</r>'


def test_a_value_with_both_quotes_is_matched() -> None:
    document = """<r><a k="it&quot;s '1'"/></r>"""
    done = one(
        """<a k="it&quot;s '1'" n="2" xdt:Locator="Match(k)" xdt:Transform="SetAttributes(n)"/>""", document
    )
    assert done.text == """<r><a k="it&quot;s '1'" n="2"/></r>"""


def test_two_files_that_are_no_xml_are_refused() -> None:
    for document, transform in [("<r", "<r/>"), ("<r/>", "<r")]:
        with pytest.raises(Unreadable, match="line 1"):
            transformed(document, transform)
