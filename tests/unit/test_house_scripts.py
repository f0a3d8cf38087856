"""What the scripts share does what it says, in a checkout made up for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
NPM = """#!/bin/sh
echo "npm $*" >>"$TOLD"
case $1 in
ci) mkdir -p node_modules ;;
run) rm -rf ../src/gurita/server/portal; mkdir -p ../src/gurita/server/portal ;;
esac
"""
SCRIPT = """#!/bin/sh
. "$(dirname -- "$0")/lib.sh"
portal
"""


def _program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def test_the_portal_is_built_once_for_the_same_pages_and_again_for_others(tmp_path: Path) -> None:
    shutil.copy(ROOT / "scripts/lib.sh", tmp_path / "lib.sh")
    (tmp_path / "house/scripts").mkdir(parents=True)
    (tmp_path / "lib.sh").rename(tmp_path / "house/scripts/lib.sh")
    _program(tmp_path / "house/scripts/begin", SCRIPT)
    _program(tmp_path / "bin/node", "#!/bin/sh\nexit 0\n")
    _program(tmp_path / "bin/npm", NPM)
    web = tmp_path / "house/web"
    web.mkdir()
    for name in ("package.json", "package-lock.json", "index.html"):
        (web / name).write_text(name)
    told = tmp_path / "told"
    environment = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "TOLD": str(told)}

    def begin() -> list[str]:
        told.write_text("")
        subprocess.run(
            [tmp_path / "house/scripts/begin"], env=environment, check=True, capture_output=True, timeout=60
        )
        return [line.split()[1] for line in told.read_text().splitlines()]

    assert begin() == ["ci", "run"]
    assert begin() == []
    (web / "index.html").write_text("changed")
    assert begin() == ["run"]
    (web / "package-lock.json").write_text("changed")
    assert begin() == ["ci", "run"]
