"""The command lines of the documents are ones the program understands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from gurita.cli.main import app
from gurita.server.settings import Settings

ROOT = Path(__file__).parents[3]
PAGES = (ROOT / "README.md", ROOT / "docs/guide/README.md", ROOT / "docs/operate/README.md")


def _pasted() -> list[str]:
    """Lines of the pages' shell blocks that call the program."""
    blocks = [
        block for page in PAGES for block in re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL)
    ]
    return [line for block in blocks for line in block.splitlines() if line.startswith("gurita ")]


@pytest.mark.parametrize("line", _pasted())
def test_a_command_line_to_paste_is_understood(line: str) -> None:
    app.parse_args(shlex.split(line)[1:], exit_on_error=False, print_error=False)


def test_every_command_the_pages_name_is_there() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    named = set(re.findall(r"`gurita ([a-z]+) ([a-z-]+)", text)) - {("agent", word) for word in ("register",)}
    assert len(named) > 8
    assert [words for words in sorted(named) if words[0] not in app or words[1] not in app[words[0]]] == []


def test_every_setting_is_in_the_operators_table() -> None:
    table = (ROOT / "docs/operate/README.md").read_text()
    names = {f"--{name.replace('_', '-')}" for name in Settings.__dataclass_fields__}
    assert {name for name in names if f"`{name}`" not in table} == set()
