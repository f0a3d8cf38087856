"""The commands about packages, feeds, build information and everything else, against a real server."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pty
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures_quickstart import Said, clean_environment, gurita
from tests.fixtures_server import GURITA, GuritaServer, gurita_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuritaServer]:
    with gurita_server(tmp_path_factory.mktemp("packages")) as started:
        yield started


def run(server: GuritaServer, *words: str, **more: Any) -> Said:
    return gurita(*words, environment={"GURITA_URL": server.url, "GURITA_API_KEY": server.api_key}, **more)


def packed(folder: Path, name: str, text: str = "hello") -> str:
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr("index.html", text)
    return str(folder / name)


def test_packages_are_pushed_listed_shown_and_deleted(server: GuritaServer, tmp_path: Path) -> None:
    one, two = packed(tmp_path, "Acme.Web.1.2.3.zip"), packed(tmp_path, "Acme.Web.1.10.0-beta.1.zip")
    pushed = run(server, "package", "push", one, two)
    assert (pushed.code, pushed.err) == (0, "")
    assert pushed.out.splitlines()[0].split() == ["Package", "Version", "Id", "Size", "Published", "Result"]
    assert pushed.out.count("new") == 2
    listed = run(server, "package", "list", "Acme.Web", "-o", "json").json
    assert [each["Version"] for each in listed] == ["1.10.0-beta.1", "1.2.3"]
    assert [each["Version"] for each in run(server, "package", "list", "--latest", "-o", "json").json][:1]
    id = listed[1]["Id"]
    shown = run(server, "package", "view", id)
    assert hashlib.sha1(Path(one).read_bytes(), usedforsecurity=False).hexdigest() in shown.out
    back = tmp_path / "back.zip"
    assert run(server, "api", "GET", f"packages/{id}/raw", "--to", str(back)).code == 0
    assert back.read_bytes() == Path(one).read_bytes()
    assert run(server, "package", "delete", id).code == 2
    assert run(server, "package", "delete", id, "--yes").code == 0
    gone = run(server, "package", "view", id)
    assert (gone.code, gone.out, id in gone.err) == (1, "", True)


def test_a_version_that_is_there_is_refused_replaced_or_kept(server: GuritaServer, tmp_path: Path) -> None:
    file = packed(tmp_path, "Acme.Twice.1.0.zip", "first")
    fresh = packed(tmp_path, "Acme.Fresh.1.0.zip")
    assert run(server, "package", "push", file).code == 0
    packed(tmp_path, "Acme.Twice.1.0.zip", "second")
    refused = run(server, "package", "push", fresh, file)
    assert refused.code == 1
    assert refused.err.startswith("gurita: Acme.Twice.1.0.zip: ")
    assert "Acme.Fresh" in refused.out
    words = ["package", "push", file, "-o", "json", "--overwrite-mode"]
    assert run(server, *words, "IgnoreIfExists").json[0]["Result"] == "kept"
    (made,) = run(server, *words, "OverwriteExisting").json
    assert made["Result"] == "replaced"
    assert made["Hash"] == hashlib.sha1(Path(file).read_bytes(), usedforsecurity=False).hexdigest()


def test_nothing_is_sent_of_files_that_cannot_be_packages(server: GuritaServer, tmp_path: Path) -> None:
    good = packed(tmp_path, "Acme.Good.1.0.zip")
    for bad, says in (
        (packed(tmp_path, "nameless.zip"), "Rename the file"),
        (str(tmp_path / "no"), "is no file"),
    ):
        refused = run(server, "package", "push", good, bad)
        assert (refused.code, refused.out, says in refused.err) == (1, "", True)
    assert run(server, "package", "list", "Acme.Good", "-o", "json").json == []
    assert run(server, "package", "push").code == 2


def test_a_person_sees_how_far_a_push_is(server: GuritaServer, tmp_path: Path) -> None:
    file = packed(tmp_path, "Acme.Seen.1.0.zip", os.urandom(1 << 20).hex())
    ours, theirs = pty.openpty()
    environment = clean_environment(GURITA_URL=server.url, GURITA_API_KEY=server.api_key, TERM="xterm")
    read: list[bytes] = []
    reading = threading.Thread(target=_read_all, args=(ours, read))
    reading.start()
    done = subprocess.run(
        [GURITA, "package", "push", file],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=False,
        timeout=240,
    )
    os.close(theirs)
    reading.join()
    os.close(ours)
    seen = b"".join(read)
    assert done.returncode == 0
    assert b"Acme.Seen.1.0.zip" in seen
    assert b"100%" in seen


def _read_all(terminal: int, into: list[bytes]) -> None:
    """Reads what is written to a terminal until nobody has it open any more."""
    with contextlib.suppress(OSError):
        while data := os.read(terminal, 1 << 16):
            into.append(data)


BUILD = {
    "BuildEnvironment": "Jenkins",
    "BuildNumber": "77",
    "Branch": "main",
    "VcsCommitNumber": "abc123",
    "Commits": [{"Id": "abc123", "Comment": "Fix it"}],
}


def test_a_build_says_what_went_into_packages(server: GuritaServer, tmp_path: Path) -> None:
    file = tmp_path / "build.json"
    file.write_text(json.dumps(BUILD))
    words = ["--package", "Acme.Web:1.2.3", "--package", "Acme.Shop:2.0"]
    pushed = run(server, "build-information", "push", str(file), *words, "-o", "json")
    assert pushed.err == ""
    made = pushed.json
    assert [(each["PackageId"], each["Version"], each["BuildNumber"]) for each in made] == [
        ("Acme.Web", "1.2.3", "77"),
        ("Acme.Shop", "2.0", "77"),
    ]
    again = run(
        server, "build-information", "push", "-", *words[:2], stdin=json.dumps({**BUILD, "BuildNumber": "78"})
    )
    assert again.code == 1
    replaced = run(
        server,
        *("build-information", "push", "-", *words[:2], "--overwrite-mode", "OverwriteExisting"),
        stdin=json.dumps({**BUILD, "BuildNumber": "78"}),
    )
    assert "78" in replaced.out
    assert "78" in run(server, "build-information", "list", "Acme.Web").out
    file.write_text("[]")
    wrong = run(server, "build-information", "push", str(file), *words)
    assert (wrong.code, "one JSON object" in wrong.err) == (1, True)
    file.write_text("{")
    assert "is no JSON" in run(server, "build-information", "push", str(file), *words).err
    assert run(server, "build-information", "push", str(file), "--package", "Acme.Web").code == 2
    assert run(server, "build-information", "push", str(file)).code == 2


def test_feeds_are_added_listed_asked_searched_and_forgotten(server: GuritaServer, tmp_path: Path) -> None:
    run(
        server,
        "package",
        "push",
        packed(tmp_path, "Acme.Found.1.0.zip"),
        packed(tmp_path, "Acme.Found.2.0-rc.zip"),
    )
    (built_in,) = run(server, "feed", "list", "-o", "json").json
    assert built_in["FeedType"] == "BuiltIn"
    name = built_in["Name"]
    assert "Acme.Found" in run(server, "feed", "search", name, "Acme.F").out
    found = run(server, "feed", "search", name, "Acme.Found", "--versions", "-o", "json").json
    assert [each["Version"] for each in found] == ["2.0-rc", "1.0"]
    stable = run(server, "feed", "search", name, "Acme.Found", "--versions", "--tag", "^$", "-o", "json").json
    assert [each["Version"] for each in stable] == ["1.0"]
    assert run(server, "feed", "search", name, "--versions").code == 2
    assert run(server, "feed", "search", name, "x", "--tag", "^$").code == 2

    secret = tmp_path / "secret"
    secret.write_text("s3cr3t\n")
    words = ["--type", "NuGet", "--address", "http://127.0.0.1:9/index.json", "--username", "me"]
    more = ["--password-file", str(secret), "--member", "DownloadAttempts=1", "--member", "EnhancedMode=true"]
    made = run(server, "feed", "create", "Away", *words, *more, "-o", "json")
    assert (made.code, made.err, "s3cr3t" in made.out) == (0, "", False)
    assert (made.json["DownloadAttempts"], made.json["EnhancedMode"]) == (1, True)
    assert made.json["Password"]["HasValue"] is True
    asked = run(server, "feed", "test", "away")
    assert asked.code == 1
    assert asked.out.strip()
    assert run(server, "feed", "test", "away", "-o", "json").json["IsSuccessful"] is False
    assert "Did you mean 'Away'?" in run(server, "feed", "test", "Awya").err
    assert run(server, "feed", "create", "Wrong", "--type", "Nuggets").code == 2
    assert run(server, "feed", "delete", "Away", "--yes").code == 0


def test_what_has_no_command_is_a_request(server: GuritaServer, tmp_path: Path) -> None:
    assert run(server, "api", "GET", "/api").json["Product"] == "Gurita"
    assert run(server, "api", "GET", "api/users/me").json["Username"] == "admin"
    made = run(server, "api", "POST", "environments", "--body", "-", stdin='{"name": "Somewhere"}').json
    assert made["Name"] == "Somewhere"
    file = tmp_path / "body.json"
    file.write_text(json.dumps({**made, "Description": "Changed"}))
    for path in (made["Links"]["Self"], f"{server.url}{made['Links']['Self']}"):
        assert run(server, "api", "PUT", path, "--body", str(file)).json["Description"] == "Changed"
        file.write_text(run(server, "api", "GET", path).out)
    listed = run(
        server, "api", "GET", "environments?take=5", "--query", "partialName=some", "--query", "skip=0"
    )
    assert [each["Name"] for each in listed.json["Items"]] == ["Somewhere"]
    assert listed.json["ItemsPerPage"] == 5
    assert run(server, "api", "DELETE", f"environments/{made['Id']}").code == 0
    gone = run(server, "api", "GET", f"environments/{made['Id']}")
    assert (gone.code, gone.out, made["Id"] in gone.err) == (1, "", True)
    bad = run(server, "api", "POST", "environments", "--body", "-", stdin='{"Nmae": 1}')
    assert (bad.code, "Name" in bad.err) == (1, True)
    assert run(server, "api", "GET", "/agent/install.sh").out.startswith("#!")
    assert run(server, "api", "GET", "http://127.0.0.1:9/api").code == 2
    assert run(server, "api", "GET", "environments", "--query", "x").code == 2
    assert run(server, "api", "PATCH", "environments").code == 2
    assert "cannot be read" in run(server, "api", "POST", "environments", "--body", "/nowhere/file").err


def test_a_binary_answer_stays_out_of_a_terminal(server: GuritaServer, tmp_path: Path) -> None:
    run(server, "package", "push", packed(tmp_path, "Acme.Bytes.1.0.zip"))
    (one,) = run(server, "package", "list", "Acme.Bytes", "-o", "json").json
    ours, theirs = pty.openpty()
    environment = clean_environment(GURITA_URL=server.url, GURITA_API_KEY=server.api_key)
    words = [GURITA, "api", "GET", f"packages/{one['Id']}/raw"]
    done = subprocess.run(
        words, env=environment, stdout=theirs, stderr=subprocess.PIPE, check=False, timeout=240
    )
    os.close(theirs)
    os.close(ours)
    assert (done.returncode, b"--to raw" in done.stderr) == (1, True)
    piped = subprocess.run(words, env=environment, capture_output=True, check=False, timeout=240)
    assert piped.stdout == (tmp_path / "Acme.Bytes.1.0.zip").read_bytes()


def test_what_is_kept_is_used_by_the_next_command(server: GuritaServer, tmp_path: Path) -> None:
    environment = {"GURITA_CLI_CONFIG": str(tmp_path / "mine" / "config.toml")}
    assert gurita("config", "set", "url", server.url, environment=environment).code == 0
    assert gurita("config", "set", "api-key", environment=environment, stdin=f"{server.api_key}\n").code == 0
    assert gurita("feed", "list", environment=environment).code == 0
    away = gurita("feed", "list", "--url", "http://127.0.0.1:9", environment=environment)
    assert (away.code, "is for" in away.err, server.api_key in away.err) == (1, True, False)
    other = gurita("feed", "list", environment={**environment, "GURITA_API_KEY": "API-WRONG"})
    assert (other.code, "not valid" in other.err) == (1, True)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["pack"], {"package"}),
        (["package", ""], {"push", "list", "view", "delete"}),
        (["package", "push", "--over"], {"--overwrite-mode"}),
        (["package", "push", "--overwrite-mode", "Ig"], {"IgnoreIfExists"}),
        (["feed", "s"], {"search"}),
        (["config", "set", "a"], {"api-key"}),
    ],
)
def test_a_shell_finishes_words(typed: list[str], expected: set[str]) -> None:
    script = gurita("completion", "bash")
    assert script.code == 0
    words = " ".join(f"'{word}'" for word in ["gurita", *typed])
    ask = f'COMP_WORDS=({words}); COMP_CWORD={len(typed)}; _gurita; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{script.out}\n{ask}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert expected <= {word.strip() for word in done.stdout.splitlines()}, done.stdout + done.stderr


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_there_is_a_script_for_other_shells(shell: str) -> None:
    script = gurita("completion", shell)
    assert (script.code, "overwrite-mode" in script.out, "gurita" in script.out) == (0, True, True)
    assert gurita("completion", "cmd").code == 2
