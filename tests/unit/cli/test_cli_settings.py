"""What the command line keeps, and which of option, environment and file counts."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gurita.cli import settings
from gurita.cli.client import Client
from gurita.cli.errors import CommandError
from gurita.cli.main import run
from gurita.cli.options import DEFAULT_URL, Options

KEY = "API-ABCDEFGHIJKLMNOP"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GURITA_URL", "GURITA_API_KEY", "GURITA_API_KEY_FILE", "GURITA_SPACE", "GURITA_CLI_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "gurita" / "config.toml"


def values(options: Options | None = None) -> dict[str, tuple[str, str]]:
    return {each.key: (each.value, each.source) for each in settings.settings(options)}


def test_without_anything_the_url_is_this_machine() -> None:
    assert values() == {"url": (DEFAULT_URL, "nobody"), "api-key": ("", "nobody"), "space": ("", "nobody")}


def test_an_option_counts_before_the_environment_and_that_before_the_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.keep({"url": "http://file:1", "api-key": KEY, "space": "File"})
    assert values()["url"] == ("http://file:1", str(home))
    assert values()["api-key"] == (KEY, str(home))
    monkeypatch.setenv("GURITA_API_KEY", "API-ENVIRONMENT")
    assert values()["api-key"] == ("API-ENVIRONMENT", "GURITA_API_KEY")
    monkeypatch.setenv("GURITA_SPACE", "Environment")
    assert values(Options(space="Environment"))["space"] == ("Environment", "GURITA_SPACE")
    assert values(Options(space="Option", url="http://option:1"))["space"] == ("Option", "--space")
    assert values(Options(api_key_file=Path("k")))["api-key"] == ("", "the file k")


def test_the_file_is_the_users_alone_and_the_folder_too(home: Path) -> None:
    settings.keep({"api-key": KEY})
    assert (home.stat().st_mode & 0o777, home.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [each.name for each in home.parent.iterdir()] == ["config.toml"]
    os.chmod(home, 0o640)
    with pytest.raises(CommandError, match="chmod 600"):
        settings.kept()


@pytest.mark.parametrize("text", ["url = 1", "url = [", "api_key = {}", "\xff"])
def test_a_file_that_is_wrong_is_named(home: Path, text: str) -> None:
    home.parent.mkdir(parents=True)
    home.write_bytes(text.encode("latin-1"))
    with pytest.raises(CommandError, match=r"config\.toml"):
        settings.kept()


@pytest.mark.parametrize("value", ['a"b', "a\\b", "ü \N{PILE OF POO}", "a'b", "#{x}"])
def test_any_text_comes_back_from_the_file(value: str) -> None:
    settings.keep({"space": value})
    assert settings.kept() == {"space": value}


def test_the_key_in_the_file_goes_to_no_other_server(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.keep({"url": "http://mine:1/", "api-key": KEY})
    with Client(Options(url="http://mine:1")) as client:
        assert client.url == "http://mine:1"
    with pytest.raises(CommandError, match="is for http://mine:1/, not for http://other:1"):
        Client(Options(url="http://other:1"))
    monkeypatch.setenv("GURITA_API_KEY", "API-OTHER")
    Client(Options(url="http://other:1")).__exit__()


def test_values_are_set_shown_and_forgotten(
    home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    assert run(["config", "set", "url", "http://here:1"]) == 0
    assert run(["config", "set", "api-key", "--file", str(file)]) == 0
    assert run(["config", "set", "space", "Other one", "-o", "json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == {"Key": "space", "Value": "Other one", "From": str(home)}
    assert "is kept in" in told.err
    assert run(["config", "list"]) == 0
    listed = capsys.readouterr().out
    assert KEY not in listed
    assert "API-ABC…" in listed
    assert run(["config", "get", "api-key"]) == 0
    assert capsys.readouterr().out == f"{KEY}\n"
    assert run(["config", "unset", "api-key"]) == 0
    assert run(["config", "get", "api-key"]) == 1
    assert run(["config", "path"]) == 0
    assert capsys.readouterr().out == f"{home}\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["set", "api-key", KEY], "never an argument"),
        (["set", "url", "here"], "is no address"),
        (["set", "url"], "Say what url is"),
        (["set", "space", " "], "one line of text"),
        (["set", "space", "a", "--file", "b"], "not both"),
        (["set", "colour", "red"], "colour"),
        (["get"], "KEY"),
    ],
)
def test_a_value_that_makes_no_sense_is_not_kept(
    home: Path, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["config", *words]) == 2
    assert told in capsys.readouterr().err
    assert not home.exists()
