"""Asks a TypeScript compiler whether answers have the interfaces of the contract, and which members they lack."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Answer", "Gap", "gaps_of"]

_HERE = Path(__file__).parent / "contract"
_OPTIONS = {
    "strict": True,
    "noEmit": True,
    "noErrorTruncation": True,
    "skipLibCheck": True,
    "module": "nodenext",
    "target": "es2022",
    "types": [],
}


@dataclass(frozen=True)
class Answer:
    """What a route answered, and the interface it must have."""

    route: str
    interface: str
    body: Any


@dataclass(frozen=True, order=True)
class Gap:
    """What one member of a route's answer lacks: it is `missing`, or of another type or word than the interface says."""

    route: str
    member: str
    why: str

    def __str__(self) -> str:
        return f"{self.route}: {self.member}: {self.why}"


def gaps_of(answers: Iterable[Answer], modules: Path, folder: Path) -> list[Gap]:
    """Every member the answers lack, in order. AssertionError when the compiler says anything else.

    Each answer becomes a constant of the type of its literal, so that members nobody asked for pass and words of an
    enumeration must be right, and is assigned to its interface; next to it the lacking members are computed.
    """
    places = _write(list(answers), modules, folder)
    tsc = modules / "typescript" / "bin" / "tsc"
    done = subprocess.run(
        ["node", str(tsc), "--project", str(folder), "--pretty", "false"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
        timeout=120,
        check=False,
    )
    found = sorted(set(_read(done.stdout, places)))
    assert bool(found) == bool(done.returncode), done.stdout + done.stderr
    return found


def _write(answers: list[Answer], modules: Path, folder: Path) -> dict[str, str]:
    """The folder with the program; the route of each of its files."""
    (folder / "node_modules").symlink_to(modules)
    (folder / "wire.ts").write_text((_HERE / "wire.ts").read_text())
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": _OPTIONS, "include": ["*.ts"]}))
    places = {}
    for number, answer in enumerate(answers):
        name = f"answer{number}.ts"
        places[name] = answer.route
        (folder / name).write_text(
            'import type * as C from "@octopusdeploy/message-contracts";\n'
            'import type { Gaps, Wire } from "./wire";\n'
            f"const answer = {json.dumps(answer.body)} as const;\n"
            f"export const fits: Wire<{answer.interface}> = answer;\n"
            f"export const gaps: never = null! as `${{Gaps<typeof answer, {answer.interface}>}};`;\n"
        )
    return places


def _read(said: str, places: dict[str, str]) -> Iterable[Gap]:
    told: dict[str, int] = {}
    for line in said.splitlines():
        shape = re.match(r"(answer\d+\.ts)\((\d+),\d+\): error TS\d+: (.*)", line)
        if not shape:
            assert line.startswith(" "), said
            continue
        file, number, text = shape.groups()
        if number == "5":
            members = re.findall(
                r'"((?:[^"\\]|\\.)*);"', text.partition(" is not assignable to type 'never'")[0]
            )
            assert members, line
            told[file] = len(members)
            for member in members:
                path, _, why = member.rpartition(": ")
                yield Gap(places[file], path, why)
        else:
            told.setdefault(file, 0)
    silent = {places[file] for file, count in told.items() if not count}
    lines = [line for line in said.splitlines() if not told.get(line.partition("(")[0], 1)]
    assert silent == set(), f"does not fit, and no member says why: {silent}\n" + "\n".join(lines)[:9000]
