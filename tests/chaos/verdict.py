"""What must hold after a run, checked from the outside: counters on the targets, states and logs from the API."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.load import LINES, Load
from tests.chaos.nemesis import Nemesis

__all__ = ["Verdict", "judge"]

_LINE = re.compile(r"(ServerTasks-\d+_\w+_[\w-]+) line (\d+)\b")
_PLACES = 6


@dataclass
class Verdict:
    """What was counted, and every violation in a sentence. `unsaid` are lost actions of tasks nobody canceled."""

    states: Counter[str] = field(default_factory=Counter)
    actions: int = 0
    lost: int = 0
    unsaid: int = 0
    violations: list[str] = field(default_factory=list)


def judge(load: Load, nemesis: Nemesis) -> Verdict:
    """Looks at every task the API acknowledged."""
    found = Verdict()
    counters = {file.name: file.read_text().count("ran") for file in load.world.counters.iterdir()}
    found.actions = len(counters)
    for key, count in sorted(counters.items()):
        if count != 1:
            found.violations.append(f"{key} ran {count} times")
    for asked in load.asked:
        _, task = load.ask("GET", f"/api/tasks/{asked.task}")
        found.states[task["State"]] += 1
        _judge_task(load, task, counters, found)
    if load.guidance < 1 and (found.unsaid or len(nemesis.killed) > 4):
        found.violations.append(f"{len(nemesis.killed)} runners were killed and nobody was asked about any")
    return found


def _judge_task(load: Load, task: dict[str, object], counters: dict[str, int], found: Verdict) -> None:
    id = str(task["Id"])
    mine = {key for key in counters if key.startswith(f"{id}_")}
    if not task["IsCompleted"]:
        found.violations.append(f"{id} has not ended: {task['State']}")
        return
    log = load.world_log(id)
    lines: dict[str, list[int]] = {}
    for key, number in _LINE.findall(log):
        lines.setdefault(key, []).append(int(number))
    for key, numbers in lines.items():
        if numbers != sorted(set(numbers)) or numbers != list(range(1, len(numbers) + 1)):
            found.violations.append(f"the log of {key} has a gap or a double: {numbers}")
    if "not known whether" in log or "it was killed" in log:
        found.lost += 1
        found.unsaid += task["State"] != "Canceled"
        if task["State"] == "Success":
            found.violations.append(f"{id} lost an action and succeeded by itself")
    if task["State"] == "Success":
        if len(mine) != _PLACES:
            found.violations.append(f"{id} succeeded but ran {len(mine)} of {_PLACES} actions")
        short = [key for key in mine if len(lines.get(key, [])) != LINES]
        found.violations += [f"{id} succeeded but the log of {key} is not whole" for key in short]
