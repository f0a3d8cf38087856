"""Fuzzes a real server by its own OpenAPI description: `scripts/fuzz [--minutes M] [--seed N]`.

Exit code 0 when no answer was a fault of the server's or other than described: its status, type, headers and shape.
Bounded in time; on a network of its own, where nothing is reachable but this machine.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.contract_content import filled
from tests.fuzz.alone import leave_the_network
from tests.fuzz.description import LEFT_OUT, described

_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
)
_PHASES = "examples,coverage,fuzzing"


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long to ask")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--only", default="", help="a regular expression of the paths to ask")
    given = parser.parse_args()
    leave_the_network()
    folder = Path(tempfile.mkdtemp(prefix="gurita-fuzz-"))
    try:
        return _ask(folder, given)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ask(folder: Path, given: argparse.Namespace) -> int:
    with filled(folder) as full:
        text = json.dumps(described(lambda path: full.here.ask("GET", path)))
        (folder / "openapi.json").write_text(text)
        for route, why in LEFT_OUT.items():
            print(f"not asked: {route}: {why}")
        seconds = max(1, int(given.minutes * 60))
        command = [
            str(Path(sys.executable).with_name("schemathesis")),
            *("run", str(folder / "openapi.json"), "--url", full.server.url, "--no-color"),
            *("--header", f"X-Octopus-ApiKey: {full.server.api_key}", "--checks", ",".join(_CHECKS)),
            *("--phases", _PHASES, "--max-time", str(seconds), "--seed", str(given.seed)),
            *("--request-timeout", "30", "--generation-database", "none", "--warnings", "off"),
            *(("--include-path-regex", given.only) if given.only else ()),
        ]
        try:
            code = subprocess.run(command, cwd=folder, timeout=seconds + 180, check=False).returncode
        except subprocess.TimeoutExpired:
            print("fuzz: it did not end in time")
            code = 1
        faults = [line for line in full.server.log.read_text().splitlines() if "incident" in line]
    for line in faults[:20]:
        print(f"the server's log: {line}")
    bad = code != 0 or bool(faults)
    print(f"fuzz: {'something is wrong' if bad else 'nothing is wrong'} after {seconds} s, seed {given.seed}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
