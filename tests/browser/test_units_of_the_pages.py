"""The pure parts of the portal have their own tests beside them; here they are run with the rest."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.needs import need

WEB = Path(__file__).parents[2] / "web"


@pytest.mark.timeout(1200)
def test_the_pure_parts_of_the_pages_pass_their_own_tests() -> None:
    need("node")
    if not (WEB / "node_modules/vitest").is_dir():
        pytest.skip("vitest: not on this machine (scripts/test installs it)")
    done = subprocess.run(
        ["npx", "--no-install", "vitest", "run", "--reporter=dot"],
        cwd=WEB,
        capture_output=True,
        text=True,
        timeout=1100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
