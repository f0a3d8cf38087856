"""The shipped file's command line: `gurita-runner.pyz serve`."""

from __future__ import annotations

import sys
from typing import List

from gurita.runner import VERSION

__all__ = ["main"]


def main(arguments: List[str]) -> int:
    """`serve` on stdin and stdout, `package PLACE` (a ticket's child), or `version`; 64 for anything else."""
    if arguments == ["serve"]:
        archive = str(getattr(globals()["__loader__"], "archive", ""))
        if archive.endswith(".pyz"):
            from gurita.runner.precompiled import build_aside

            build_aside(archive)
        from gurita.runner.serve import main as serve

        return serve()
    if len(arguments) == 2 and arguments[0] == "package":
        from gurita.runner.package_main import main as package

        return package(arguments[1])
    if arguments == ["version"]:
        print(VERSION)
        return 0
    print(f"gurita-runner {VERSION}: usage: gurita-runner serve | version", file=sys.stderr)
    return 64
