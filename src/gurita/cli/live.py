"""What a task does, on a terminal: its log scrolls by above a list of steps that changes in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live as RichLive
from rich.markup import escape
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from gurita.cli.client import Client
from gurita.cli.events import Event
from gurita.cli.output import clean
from gurita.cli.progress import line_text, person_text

__all__ = ["Live"]

_MARKS = {
    "Success": ("✓", "green"),
    "SuccessWithWarning": ("✓", "yellow"),
    "Failed": ("✗", "red"),
    "Canceled": ("✗", "yellow"),
    "Skipped": ("-", "dim"),
    "Pending": ("·", "dim"),
}
_STYLES = {"Warning": "yellow", "Error": "red", "Fatal": "bold red", "Highlight": "bold", "Verbose": "dim"}
_MOST = 30
"""Rows shown at once, so that the list stays on a screen."""


class Live:
    """Use it as a context: the list of steps is drawn while it is open and stays when it ends."""

    def __init__(
        self,
        client: Client,
        names: Mapping[str, str],
        *,
        verbose: bool = False,
        console: Console | None = None,
    ) -> None:
        self._client, self._names, self._verbose = client, names, verbose
        self._console = console or Console(highlight=False)
        self._nodes: dict[str, dict[str, dict[str, Any]]] = {}
        self._tasks: dict[str, dict[str, Any]] = {}
        self._spinner = Spinner("dots", style="cyan")
        self._live = RichLive(console=self._console, get_renderable=self._draw, refresh_per_second=8)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._live.__exit__(None, None, None)

    def event(self, task: str, event: Event) -> None:
        """Takes in what happened."""
        if event.kind == "log":
            for line in event.data["Lines"]:
                if self._verbose or line["Category"] != "Verbose":
                    self._console.print(Text(line_text(line), style=_STYLES.get(line["Category"], "")))
        elif event.kind == "nodes":
            # Another thread draws: it gets a new dict, never one that changes under its eyes.
            self._nodes[task] = self._nodes.get(task, {}) | {node["Id"]: node for node in event.data}
        elif event.kind == "task":
            self._tasks[task] = event.data

    def note(self, text: str) -> None:
        """Prints a remark above the list."""
        self._console.print(f"[yellow]{escape(text)}[/yellow]")

    def _draw(self) -> RenderableType:
        return Group(*(part for task in self._names for part in self._task(task)))

    def _task(self, id: str) -> list[RenderableType]:
        task = self._tasks.get(id)
        if task is None:
            return [Text(f"{self._names[id]}: connecting", style="dim")]
        parts: list[RenderableType] = [Text(f"{clean(task['Description'])}: {task['State']}", style="bold")]
        nodes = self._nodes.get(id, {})
        grid = Table.grid(padding=(0, 1))
        rows = _rows(nodes)
        for depth, node in rows[:_MOST]:
            name = Text("  " * depth + clean(node["Name"]))
            grid.add_row(self._mark(node), name, self._remark(node))
        parts.append(grid)
        if len(rows) > _MOST:
            parts.append(Text(f"  and {len(rows) - _MOST} more", style="dim"))
        if task["HasPendingInterruptions"]:
            parts.append(Text(person_text(self._client, task), style="bold yellow"))
        return parts

    def _mark(self, node: dict[str, Any]) -> RenderableType:
        if node["Status"] == "Running":
            return self._spinner
        mark, style = _MARKS.get(node["Status"], ("?", ""))
        return Text(mark, style=style)

    @staticmethod
    def _remark(node: dict[str, Any]) -> Text:
        text = clean(node["ProgressMessage"] or "")
        if node["Status"] == "Running" and node["ProgressPercentage"]:
            text = f"{node['ProgressPercentage']} % {text}"
        return Text(text, style="dim")


def _rows(nodes: Mapping[str, dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """Everything below the task itself with its depth, children after their parents."""
    below: dict[str | None, list[dict[str, Any]]] = {}
    for node in nodes.values():
        below.setdefault(node["ParentId"], []).append(node)
    found = []
    open_ = [(-1, node) for node in reversed(below.get(None, []))]
    while open_:
        depth, node = open_.pop()
        if depth >= 0:
            found.append((depth, node))
        open_ += [(depth + 1, child) for child in reversed(below.get(node["Id"], []))]
    return found
