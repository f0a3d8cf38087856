"""The shipped file on the oldest Python a target may have: every feature that changes files, with the libraries it carries."""

from __future__ import annotations

from pathlib import Path

from gurita.runner.bundle import runner_file
from gurita.runner.files_work import FilesWork
from tests.functional.packages_on_targets import bring, deploy
from tests.functional.runner_channel import Channel
from tests.hostile_archives import zip_of
from tests.needs import need


def test_the_shipped_file_changes_files_on_the_oldest_python(tmp_path: Path) -> None:
    python = need("python3.8")
    file = tmp_path / "gurita-runner.pyz"
    file.write_bytes(runner_file().data)
    home = tmp_path / "home"
    home.mkdir()
    channel = Channel(home, [python, "-IS", str(file), "serve"])
    xdt = 'xmlns:xdt="http://schemas.microsoft.com/XML-Document-Transform"'  # rules: no-places -- a name, not an address
    members = {
        "a.txt": b"#{Name | ToUpper} #{if Yes}yes#{/if}",
        "a.json": b'{"k": {"l": [1, 2]}}',
        "a.yaml": b"k:\n  l: [1, 2] # c\n",
        "a.xml": b"<k l='1'/>",
        "a.properties": b"k.l: 1",
        "Web.config": b'<configuration><appSettings><add key="Name" value=""/></appSettings><b/></configuration>',
        "Web.Release.config": f'<configuration {xdt}><b xdt:Transform="Remove"/></configuration>'.encode(),
    }
    files = FilesWork(
        substitute=["a.txt"],
        structured=["a.*"],
        transforms=True,
        settings=True,
        replacement_errors_ignored=True,
    )
    variables = {"Name": "x", "Yes": "True", "k:l:1": "3", "/k/@l": "4", "k.l": "5"}
    package = bring(channel, zip_of(*members.items()))
    seen = deploy(channel, package, tmp_path, files=files, variables=variables)
    channel.close()
    assert seen.rc == 0, seen.text
    folder = tmp_path / "Production/Acme.Web/1.2.3"
    assert (folder / "a.txt").read_text() == "X yes"
    assert (folder / "a.json").read_text().split() == [
        "{",
        '"k":',
        "{",
        '"l":',
        "[",
        "1,",
        "3",
        "]",
        "}",
        "}",
    ]
    assert (folder / "a.yaml").read_text() == "k:\n  l: [1, 3] # c\n"
    assert (folder / "a.xml").read_text() == "<k l='4'/>"
    assert (folder / "a.properties").read_text() == "k.l: 5"
    assert (
        folder / "Web.config"
    ).read_text() == '<configuration><appSettings><add key="Name" value="x"/></appSettings></configuration>'
