"""What a task does, as lines: for logs of build servers, files and pipes."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TextIO

from gurita.cli.client import Client
from gurita.cli.events import Event
from gurita.cli.output import clean

__all__ = ["JsonLines", "Lines", "line_text", "person_text", "result_text"]

_LOUD = {"Warning", "Error", "Fatal"}
_FINAL = {"Success", "Failed", "Canceled", "Skipped", "SuccessWithWarning"}


class Lines:
    """Plain lines. `names` are put before each when several tasks are shown at once."""

    def __init__(
        self,
        client: Client,
        names: Mapping[str, str] | None = None,
        *,
        verbose: bool = False,
        steps: bool = True,
        out: TextIO | None = None,
    ) -> None:
        self._client, self._names, self._verbose, self._steps = client, names or {}, verbose, steps
        self._out = out or sys.stdout
        self._nodes: dict[str, dict[str, Any]] = {}
        self._said: dict[str, str] = {}

    def event(self, task: str, event: Event) -> None:
        """Prints what is new in it."""
        if event.kind == "log":
            for line in event.data["Lines"]:
                if self._verbose or line["Category"] != "Verbose":
                    self._print(task, line_text(line))
        elif event.kind == "nodes" and self._steps:
            for node in event.data:
                self._node(task, node)
        elif event.kind == "task" and self._steps:
            self._task(task, event.data)

    def note(self, text: str) -> None:
        """Prints a remark to stderr."""
        print(text, file=sys.stderr, flush=True)

    def _node(self, task: str, node: dict[str, Any]) -> None:
        self._nodes[node["Id"]] = node
        if node["ParentId"] is None or node["Status"] == "Pending":
            return
        if self._new(node["Id"], node["Status"]):
            why = (
                f": {node['ProgressMessage']}"
                if node["Status"] == "Skipped" and node["ProgressMessage"]
                else ""
            )
            self._print(task, f"{self._path(node)}: {node['Status']}{why}")

    def _path(self, node: dict[str, Any]) -> str:
        names = [node["Name"]]
        while (parent := self._nodes.get(node["ParentId"] or "")) and parent["ParentId"] is not None:
            names.append(parent["Name"])
            node = parent
        return clean(" / ".join(reversed(names)))

    def _task(self, id: str, task: dict[str, Any]) -> None:
        waits = bool(task["HasPendingInterruptions"])
        if waits and self._new(f"{id} waits", "yes"):
            self._print(id, person_text(self._client, task))
        elif not waits:
            self._said.pop(f"{id} waits", None)
        if self._new(id, task["State"]) and not task["IsCompleted"]:
            self._print(id, f"{clean(task['Description'])}: {task['State']}")

    def _new(self, key: str, told: str) -> bool:
        return self._said.get(key) != told and bool(self._said.update({key: told}) or True)

    def _print(self, task: str, text: str) -> None:
        name = self._names.get(task)
        print(f"[{name}] {text}" if name else text, file=self._out, flush=True)


class JsonLines:
    """The log alone: a JSON object of the API a line."""

    def event(self, task: str, event: Event) -> None:
        """Prints its log lines."""
        if event.kind == "log":
            for line in event.data["Lines"]:
                whole = {**line, "Node": event.data["Node"]}
                print(json.dumps(whole, ensure_ascii=False), flush=True)

    def note(self, text: str) -> None:
        """Prints a remark to stderr."""
        print(text, file=sys.stderr, flush=True)


def line_text(line: Mapping[str, Any]) -> str:
    """A log line: local time, a loud category, the text."""
    at = datetime.fromisoformat(line["OccurredAt"]).astimezone().strftime("%H:%M:%S")
    category = f"{line['Category']}: " if line["Category"] in _LOUD else ""
    cut = " […]" if line.get("Length") else ""
    return f"{at}  {category}{clean(line['Text'])}{cut}"


def person_text(client: Client, task: Mapping[str, Any]) -> str:
    """Where a person finds the question a task waits with."""
    return f"Waiting for a person: {client.page_of(task)}  (or: gurita task answer {task['Id']})"


def result_text(task: Mapping[str, Any]) -> str:
    """How a task ended, in a sentence."""
    told = f"{clean(task['Description'])}: {task['State']}"
    error = task.get("ErrorMessage")
    return f"{told}. {clean(error)}" if error else told
