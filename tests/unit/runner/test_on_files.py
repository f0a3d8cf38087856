"""What the conventions do with the files of a package, in their order, and what they tell of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gurita.runner.files_work import FilesWork
from gurita.runner.package_work import StageScript
from gurita.runner.scene import Values
from gurita.runner.stage_script import Ended
from tests.unit.runner.test_conventions import Installing

XDT = 'xmlns:xdt="http://schemas.microsoft.com/XML-Document-Transform"'  # rules: no-places -- a name, not an address
SITE = '<configuration>\r\n  <appSettings>\r\n    <add key="Url" value="dev" />\r\n  </appSettings>\r\n</configuration>\r\n'


def installed(
    tmp_path: Path, members: dict[str, str | bytes], values: dict[str, str], code: int = 0, **files: Any
) -> tuple[Installing, dict[str, bytes]]:
    """An installation with variables, and what lies in its folder afterwards."""
    packed = {name: text.encode() if isinstance(text, str) else text for name, text in members.items()}
    more = {"scripts": files.pop("scripts", []), "custom_directory": files.pop("custom_directory", "")}
    one = Installing(tmp_path, packed, files=FilesWork(**files), **more)
    for name, value in values.items():
        one.scene.values.all[name] = value
    assert one.go() == code, one.heard.text()
    folder = tmp_path / "apps/E/Acme/1.0"
    return one, {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_each_convention_works_on_what_the_one_before_has_made(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {
        "Web.config": SITE,
        "Web.Release.config": f"<configuration {XDT}><appSettings>"
        '<add key="Url" value="#{Host}" xdt:Transform="SetAttributes" xdt:Locator="Match(key)"/>'
        '<add key="Extra" value="1" xdt:Transform="Insert"/></appSettings></configuration>',
        "Web.E.config": f'<configuration {XDT}><appSettings><add key="Extra" value="of the environment" '
        'xdt:Transform="SetAttributes" xdt:Locator="Match(key)"/></appSettings></configuration>',
        "app.json": '{"Url": "#{Host}", "Port": 80}',
    }
    one, files = installed(
        tmp_path, members, {"Host": "web-1", "Port": "8080", "Extra": "of a variable", "Url": "https"},
        substitute=["*.Release.config", "**/*.json"], transforms=True, settings=True, structured=["*.json"],
        custom_directory=str(tmp_path / "site"),
    )  # fmt: skip
    assert files["Web.config"].decode() == SITE.replace('"dev" />', '"https" />').replace(
        "/>\r\n  <", '/>\r\n    <add key="Extra" value="of a variable"/>\r\n  <'
    )
    assert files["app.json"] == b'{\n  "Url": "https",\n  "Port": 8080\n}'
    assert (tmp_path / "site/app.json").read_bytes() == files["app.json"]
    text = one.heard.text()
    assert (
        text.index("Performing variable substitution")
        < text.index("Transforming '")
        < text.index("Setting 'Url'")
    )
    assert text.index("Setting 'Url'") < text.index(
        "Structure found matching the variable 'Url'. Replacing its content"
    )


def test_what_the_server_could_not_evaluate_is_evaluated_here_and_escapes_are_read_once(
    tmp_path: Path,
) -> None:
    one = Installing(
        tmp_path, {"a.txt": b"#{Plain} #{Outer} #{Where} #{Gone}", "b.json": b'{"Plain": "x", "Gone": "y"}'},
        files=FilesWork(substitute=["a.txt"], structured=["b.json"]),
    )  # fmt: skip
    written = {
        "Plain": "##{Host}",
        "Outer": "<#{Plain}>",
        "Where": "#{Octopus.Action.Package.PackageId}##{x}",
        "Gone": "#{Host | null}",
    }
    evaluated = {
        "Host": "web-1",
        "Plain": "#{Host}",
        "Outer": "<#{Host}>",
        "Where": written["Where"],
        "Gone": "",
    }
    one.scene.values = Values({**one.scene.values.all, **evaluated}, written)
    assert one.go() == 0
    folder = tmp_path / "apps/E/Acme/1.0"
    assert (folder / "a.txt").read_text() == "#{Host} <#{Host}> Acme#{x} #{Gone}"
    assert json.loads((folder / "b.json").read_text()) == {"Plain": "#{Host}", "Gone": "y"}
    one.scene.values.set("Plain", "set here")
    assert one.scene.values.language().value("Outer") == "<set here>"


def test_what_a_script_before_sets_is_put_in(tmp_path: Path) -> None:
    home = tmp_path / "one"
    one = Installing(
        home, {"a.txt": b"#{Late} #{Octopus.Action[Web].Output.Late}"}, scripts=[StageScript("PreDeploy", "bash", "pre")],
        files=FilesWork(substitute=["#{Late}.txt"]),
    )  # fmt: skip

    def sets(installing: Installing) -> Ended:
        installing.scene.note("Late", "a")
        return Ended(0)

    one.does["pre"] = sets
    assert one.go() == 0
    assert (home / "apps/E/Acme/1.0/a.txt").read_text() == "a a"


def test_tokens_nobody_knows_and_globs_without_files_are_warned_about(tmp_path: Path) -> None:
    one, files = installed(tmp_path, {"a.txt": "#{Who} x"}, {}, substitute=["a.txt", "nothing/**"])
    assert files["a.txt"] == b"#{Who} x"
    assert "unable to be evaluated in" in one.heard.text()
    assert "'#{Who}'" in one.heard.text()
    folder = tmp_path / "apps/E/Acme/1.0"
    assert (
        f"No files were found in {folder} that match the substitution target pattern 'nothing/**'"
        in one.heard.text()
    )
    quiet, _ = installed(tmp_path / "two", {"a": "x"}, {}, substitute=["nothing"], warn_unmatched=False)
    assert "No files were found" not in quiet.heard.text()


def test_structured_variables_that_find_nothing_say_so(tmp_path: Path) -> None:
    one, files = installed(tmp_path, {"a.yaml": "a: 1\n"}, {"b": "2"}, structured=["a.yaml"])
    assert files["a.yaml"] == b"a: 1\n"
    assert (
        "No structures have been found that match variable names, so no structured variable replacements have "
        "been applied." in one.heard.text()
    )


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"structured": ["bad.json"]}, "bad.json': it is not JSON: line 1"),
        ({"structured": ["bad.yaml"], "json_only": True}, "bad.yaml': it is not JSON"),
        ({"settings": True}, "bad.config': line 1"),
        ({"structured": ["[a"]}, "opens a bracket"),
    ],
)
def test_a_file_that_cannot_be_read_fails_the_deployment(
    tmp_path: Path, files: dict[str, Any], told: str
) -> None:
    members: dict[str, str | bytes] = {"bad.json": "{", "bad.yaml": "a: 1", "bad.config": "<a"}
    scripts = [StageScript(stage, "bash", stage) for stage in ("Deploy", "DeployFailed")]
    one, _ = installed(tmp_path, members, {}, code=1, scripts=scripts, **files)
    assert told in one.heard.messages("resultMessage")[0]["message"]
    assert [word for word, _ in one.ran] == ["DeployFailed"]
    assert [entry.successful for entry in one.journal()] == [False]


def test_errors_of_replacing_may_be_ignored(tmp_path: Path) -> None:
    one, files = installed(
        tmp_path, {"bad.json": "{", "good.json": '{"k": 1}'}, {"k": "2"},
        structured=["*.json"], replacement_errors_ignored=True,
    )  # fmt: skip
    assert files["good.json"] == b'{\n  "k": 2\n}'
    assert "bad.json': it is not JSON" in one.heard.text()


MISSING = f'<configuration {XDT}><nowhere xdt:Transform="Remove"/></configuration>'
UNKNOWN = f'<configuration {XDT}><appSettings xdt:Transform="Explode"/></configuration>'


@pytest.mark.parametrize(
    ("transform", "files", "code"),
    [
        (MISSING, {}, 0),
        (MISSING, {"transform_warnings_fail": True}, 1),
        (MISSING, {"transform_warnings_fail": True, "transform_errors_ignored": True}, 0),
        (UNKNOWN, {}, 1),
        (UNKNOWN, {"transform_errors_ignored": True}, 0),
        ("no xml", {}, 1),
        ("no xml", {"transform_errors_ignored": True}, 0),
    ],
)
def test_errors_of_transforms_fail_and_warnings_when_asked(
    tmp_path: Path, transform: str, files: dict[str, Any], code: int
) -> None:
    members: dict[str, str | bytes] = {"Web.config": SITE, "Web.Release.config": transform}
    _, found = installed(tmp_path, members, {}, code=code, transforms=True, **files)
    assert found["Web.config"].decode() == SITE


def test_further_transforms_keep_their_order_and_each_pair_is_done_once(tmp_path: Path) -> None:
    def sets(value: str) -> str:
        return f'<configuration {XDT}><appSettings><add value="{value}" xdt:Transform="SetAttributes"/></appSettings></configuration>'

    members: dict[str, str | bytes] = {
        "Web.config": SITE,
        "Web.Release.config": sets("release"),
        "Web.E.config": sets("environment"),
    }
    further = "*.E.config => *.config\nWeb.Release.config => Web.config\nWeb.Release.config => Web.config\nbad\tline => b*d\nno.config => Web.config"
    one, files = installed(tmp_path, members, {}, transforms=True, further_transforms=further)
    assert b'value="release"' in files["Web.config"]
    text = one.heard.text()
    assert text.count("Transforming '") == 2
    assert "cannot be read; write: transform => target." in text
    assert "'no.config => Web.config' has nothing to do" in text


@pytest.mark.parametrize(
    "files", [{"transforms": True}, {"structured": ["*.json"]}, {"substitute": ["*.json"]}]
)
def test_a_file_that_is_too_large_is_an_error_like_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, Any]
) -> None:
    monkeypatch.setattr("gurita.formats.configuration.files.LARGEST", 10)
    members: dict[str, str | bytes] = {
        "Web.config": SITE,
        "Web.Release.config": SITE,
        "a.json": '{"k": 12345}',
    }
    one, _ = installed(tmp_path, members, {}, code=1, **files)
    assert "it is larger than" in one.heard.text()


def test_links_are_followed_within_the_package_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text('{"k": 1}')
    home = tmp_path / "home"
    site = tmp_path / "outside.config"
    site.write_bytes(SITE.encode())
    release = f"<configuration {XDT}><appSettings xdt:Transform='Remove'/></configuration>"
    members = {"real.json": b'{"k": 1}', "Web.Release.config": release.encode()}
    everything = FilesWork(structured=["**/*.json"], transforms=True, settings=True)
    one = Installing(home, members, files=everything,
                     scripts=[StageScript("PreDeploy", "bash", "link")])  # fmt: skip
    folder = home / "apps/E/Acme/1.0"

    def links(_: Installing) -> Ended:
        (folder / "out.json").symlink_to(outside)
        (folder / "in.json").symlink_to("real.json")
        (folder / "Web.config").symlink_to(site)
        return Ended(0)

    one.does["link"] = links
    one.scene.values.all["k"] = "2"
    assert one.go() == 0
    assert outside.read_text() == '{"k": 1}'
    assert site.read_bytes() == SITE.encode()
    assert (folder / "real.json").read_text() == '{\n  "k": 2\n}'
    assert (folder / "in.json").is_symlink()


def test_a_variable_that_names_itself_is_left_out(tmp_path: Path) -> None:
    _, files = installed(
        tmp_path, {"a.json": '{"k": 1, "l": 2}'}, {"k": "#{k}", "l": "#{m}3", "m": "1"}, structured=["*"]
    )
    assert files["a.json"] == b'{\n  "k": 1,\n  "l": 13\n}'
