"""First contact through real shells: the runner is brought once, then found; a host without Python says so."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gurita.runner.boot import bare_command, first_contact, install_bare
from gurita.runner.bundle import bare_script, runner_file
from tests.functional.runner_channel import TASK, Channel, cleaned, new_ticket, until

TOOLS = ["sh", "cat", "wc", "mkdir", "mv", "rm", "id", "uname", "df", "od", "tr", "sed", "sleep", "sync", "tail", "head", "ln", "grep", "find", "date", "touch", "setsid", "ps"]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "a home with blanks"
    folder.mkdir()
    yield from cleaned(folder)


@pytest.fixture
def without_python(tmp_path: Path) -> dict[str, str]:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in TOOLS:
        if found := shutil.which(tool):
            (tools / tool).symlink_to(found)
    return {"PATH": str(tools)}


def contact(home: Path, shell: str = "sh", head: bytes = b"") -> tuple[Channel, str]:
    """A channel over the command line as a login shell gets it, and the line it answered."""
    runner = runner_file()
    channel = Channel(home, [shell, "-c", first_contact(runner.size, runner.sha256)], head=head)
    assert channel.process.stdout
    return channel, channel.process.stdout.readline().decode()


@pytest.mark.parametrize("shell", ["sh", "bash", "dash"])
def test_the_runner_is_brought_once_and_found_from_then_on(home: Path, shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not on this machine")
    channel, line = contact(home, shell)
    assert line == "gurita-boot need\n"
    channel.write(runner_file().data)
    assert channel.run("echo first").text == "first\n"
    channel.close()
    assert not [path for path in (home / "runner").iterdir() if path.stat().st_mode & 0o077]
    again, line = contact(home, shell)
    assert line == "gurita-boot have\n"
    assert again.run("echo second").text == "second\n"
    again.close()


def test_the_file_and_the_first_request_may_come_in_one_piece(home: Path) -> None:
    channel, line = contact(home, head=runner_file().data)
    assert line == "gurita-boot need\n"
    assert channel.ask("hello")[0]["format"] == 1
    channel.close()


def test_a_file_that_is_not_the_one_announced_is_not_kept(home: Path) -> None:
    channel, _ = contact(home)
    channel.write(runner_file().data[:-1] + b"X")
    assert channel.process.wait(240) != 0
    channel.close()
    assert not list((home / "runner").glob("*.pyz"))


def test_a_cached_file_of_the_wrong_size_is_brought_again(home: Path) -> None:
    channel, _ = contact(home, head=runner_file().data)
    channel.ask("hello")
    channel.close()
    cached = home / "runner" / f"{runner_file().sha256}.pyz"
    cached.write_bytes(runner_file().data[:1000])
    again, line = contact(home, head=runner_file().data)
    assert line == "gurita-boot need\n"
    assert again.ask("hello")[0]["format"] == 1
    again.close()


def test_the_second_start_finds_the_runner_compiled(home: Path) -> None:
    channel, _ = contact(home, head=runner_file().data)
    channel.ask("hello")
    compiled = until(lambda: list((home / "runner").glob("*.zip")))
    channel.close()
    again, _ = contact(home)
    assert again.run("echo x").text == "x\n"
    again.close()
    assert len(compiled) == 1


def test_a_host_without_python_says_bare_and_runs_a_script_under_a_ticket(
    home: Path, without_python: dict[str, str]
) -> None:
    environment = {**without_python, "GURITA_HOME": str(home)}

    def run(command: str, given: bytes = b"") -> str:
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            input=given,
            env=environment,
            capture_output=True,
            timeout=240,
            check=True,
        )
        return (done.stdout + done.stderr).decode()

    runner, bare = runner_file(), bare_script()
    contacting = first_contact(runner.size, runner.sha256)
    for folder in ("/usr/bin/", "/usr/local/bin/", "/usr/libexec/"):
        contacting = contacting.replace(folder, "/not/there/")
    assert run(contacting) == "gurita-boot bare\n"
    assert run(install_bare(bare.size, bare.sha256), b"rubbish") == "gurita-boot bad\n"
    assert run(install_bare(bare.size, bare.sha256), bare.data) == "gurita-boot have\n"
    assert run(install_bare(bare.size, bare.sha256)) == "gurita-boot have\n"
    ticket = new_ticket()
    words = [TASK, ticket, "1"]
    started = run(bare_command(bare.sha256, ["start", *words, "sh", "0", "5"]), b"echo hello from bare")
    assert started.split()[0] in ("running", "ended")
    followed = run(bare_command(bare.sha256, ["follow", *words, "0"]))
    assert followed.startswith("hello from bare\nended 0 16 1 ")


def test_words_that_a_shell_would_read_are_refused() -> None:
    with pytest.raises(ValueError, match="plain word"):
        bare_command("0" * 64, ["start", "$(id)"])
    with pytest.raises(ValueError, match="SHA-256"):
        first_contact(1, "'; rm -rf /")


def test_the_command_lines_have_nothing_a_login_shell_could_trip_over() -> None:
    for line in (first_contact(10, "0" * 64), install_bare(10, "0" * 64), bare_command("0" * 64, ["hello"])):
        assert line.count("'") == 2
        assert not set(line) & set("\n\\!`")
        assert len(line) < 4096
        assert os.linesep not in line
