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
        self._live = RichLive(console=self._console, get_renderable=self._draw, refresh_per_second=8)
        self._nodes: dict[str, dict[str, dict[str, Any]]] = {}
        self._tasks: dict[str, dict[str, Any]] = {}
        self._spinner = Spinner("dots", style="cyan")

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
            known = self._nodes.setdefault(task, {})
            known |= {node["Id"]: node for node in event.data}
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
        rows = [node for node in nodes.values() if node["ParentId"] is not None]
        for node in rows[:_MOST]:
            grid.add_row(self._mark(node), self._name(node, nodes), self._remark(node))
        parts.append(grid)
        if len(rows) > _MOST:
            parts.append(Text(f"  and {len(rows) - _MOST} more", style="dim"))
        if task["HasPendingInterruptions"]:
            parts.append(Text(person_text(self._client, id), style="bold yellow"))
        return parts

    def _mark(self, node: dict[str, Any]) -> RenderableType:
        if node["Status"] == "Running":
            return self._spinner
        mark, style = _MARKS.get(node["Status"], ("?", ""))
        return Text(mark, style=style)

    @staticmethod
    def _name(node: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> Text:
        depth, above = 0, nodes.get(node["ParentId"] or "")
        while above is not None and above["ParentId"] is not None:
            depth, above = depth + 1, nodes.get(above["ParentId"])
        return Text("  " * depth + clean(node["Name"]))

    @staticmethod
    def _remark(node: dict[str, Any]) -> Text:
        text = clean(node["ProgressMessage"] or "")
        if node["Status"] == "Running" and node["ProgressPercentage"]:
            text = f"{node['ProgressPercentage']} % {text}"
        return Text(text, style="dim")
