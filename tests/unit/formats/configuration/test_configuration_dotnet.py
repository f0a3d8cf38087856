"""Which transform goes with which file, and settings of .NET by their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from gurita.formats.configuration.dotnet_settings import settings_text
from gurita.formats.configuration.transform_files import Definition, automatic, definitions, pairs


def made(root: Path, *names: str) -> str:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    return str(root)


def found(root: str, wanted: list[Definition]) -> list[str]:
    return [
        f"{Path(pair.transform).relative_to(root)} > {Path(pair.target).relative_to(root)}"
        for pair in pairs(root, wanted)
    ]


def test_release_environment_and_tenant_files_in_this_order_in_every_folder(tmp_path: Path) -> None:
    root = made(
        tmp_path, "Web.config", "Web.Release.config", "web.production.CONFIG", "Web.Acme.config", "Web.Test.config",
        "sub/App.exe.config", "sub/App.exe.Production.config", "sub/Other.Release.config",
    )  # fmt: skip
    assert found(root, automatic("Production", "Acme")) == [
        "Web.Release.config > Web.config",
        "web.production.CONFIG > Web.config",
        "sub/App.exe.Production.config > sub/App.exe.config",
        "Web.Acme.config > Web.config",
    ]
    assert automatic("Release", "") == [Definition("*.Release.config", "*.config")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a.x.config => a.config", ["a.x.config > a.config"]),
        ("*.x.config => *.config", ["a.x.config > a.config", "b.x.config > b.config"]),
        ("*.x.config=>a.config", ["a.x.config > a.config", "b.x.config > a.config"]),
        ("x.config", ["a.x.config > a.config", "b.x.config > b.config"]),
        ("conf\\t.xml => a.config", ["conf/t.xml > a.config"]),
        ("conf/t.xml => *.config", ["conf/t.xml > a.config", "conf/t.xml > a.x.config", "conf/t.xml > b.config", "conf/t.xml > b.x.config"]),
        ("a.config => conf\\*.xml", ["a.config > conf/s.xml", "a.config > conf/t.xml"]),
        ("../a.config => s.xml", ["a.config > conf/s.xml"]),
        ("A.X.CONFIG => A.CONFIG", ["a.x.config > a.config"]),
        ("../../outside.config => a.config", []),
        ("t.xml => ../../outside.config", []),
        ("nothing.config => a.config", []),
    ],
)  # fmt: skip
def test_lines_name_files_beside_each_other_or_by_folder(
    tmp_path: Path, line: str, expected: list[str]
) -> None:
    made(tmp_path, "outside.config")
    root = made(
        tmp_path / "in" / "app",
        "a.config",
        "a.x.config",
        "b.config",
        "b.x.config",
        "conf/t.xml",
        "conf/s.xml",
    )
    wanted, bad = definitions(line)
    assert bad == []
    assert found(root, wanted) == expected


def test_a_transform_may_lie_anywhere(tmp_path: Path) -> None:
    root = made(tmp_path / "app", "a.config")
    made(tmp_path, "shared/t.config")
    wanted, _ = definitions(f"{tmp_path}/shared/t.config => a.config")
    assert [pair.transform for pair in pairs(root, wanted)] == [f"{tmp_path}/shared/t.config"]


def test_lines_that_cannot_be_read_are_given_back() -> None:
    wanted, bad = definitions("a => b*.config\n, => x\r\nc.config => /abs.config,d.config => *.config\n => ")
    assert wanted == [Definition("d.config", "*.config")]
    assert bad == ["a => b*.config", "=> x", "c.config => /abs.config", "=>"]


SETTINGS = """\
<configuration>
  <appSettings file="x">
    <add key="Url" value = 'old'/>
    <add key="Bare"/>
    <remove key="Url"/>
  </appSettings>
  <connectionStrings><add name="Main" connectionString="old" providerName="p" /></connectionStrings>
  <applicationSettings>
    <My.Properties.Settings>
      <setting name="Welcome" serializeAs="String"><value>old</value></setting>
      <setting name="Other" serializeAs="String"><value/></setting>
    </My.Properties.Settings>
  </applicationSettings>
  <other><add key="Url" value="kept"/></other>
</configuration>
"""


def test_settings_take_the_values_of_variables_in_any_case() -> None:
    variables = {
        "URL": "it's <new>",
        "bare": "b",
        "MAIN": 'a="1"',
        "welcome": "<hi>",
        "Other": "o",
        "p": "no",
    }
    done = settings_text(SETTINGS, variables)
    expected = (
        SETTINGS.replace("value = 'old'", "value = 'it&apos;s &lt;new&gt;'")
        .replace('key="Bare"', 'key="Bare" value="b"')
        .replace('connectionString="old"', 'connectionString="a=&quot;1&quot;"')
        .replace("<value>old</value>", "<value>&lt;hi&gt;</value>")
        .replace("<value/>", "<value>o</value>")
    )
    assert done.text == expected
    assert done.names == ("URL", "bare", "MAIN", "welcome", "Other")
    assert settings_text(SETTINGS, {"nothing": "x"}).text == SETTINGS
    told = settings_text(SETTINGS, {"Url": "\x01"})
    assert told.text == SETTINGS
    assert "cannot stand in XML" in told.warnings[0]
