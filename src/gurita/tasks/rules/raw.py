"""The layout of the raw log: a header, then headings and lines indented by the tree (api.md §5)."""

from __future__ import annotations

from gurita.tasks.resources.activity import ActivityElement
from gurita.tasks.resources.task import Task
from gurita.tasks.rules.words import clock_time

__all__ = ["block", "header", "heading"]

_BLANK = " " * 20


def header(task: Task, *, started: str, queued: str, version: str) -> str:
    """What stands on top: which task, when, how it ended, who ran it."""
    rows = (
        ("Task ID", task.id),
        ("Task status", task.state),
        ("Task queued", queued),
        ("Task started", started),
        ("Task completed", task.completed),
        ("Task duration", task.duration),
        ("Server version", version),
        ("Server node", task.server_node or ""),
    )
    return "".join(f"{name + ':':<16}{text}".rstrip() + "\n" for name, text in rows) + "\n"


def heading(node: ActivityElement, depth: int) -> str:
    """`| == Success: Step 1: name ==`; deeper than a step without the marks, as the field's tools expect."""
    text = f"{node.status}: {_one_line(node.name)}"
    text = f"== {text} ==" if node.show_at_summary_level else text
    return f"{_BLANK}| {'  ' * depth}{text}\n"


def block(time_ms: int, category: str, text: str, depth: int) -> str:
    """Lines written at one moment: `15:10:03   Info     |   text`. Work is done by the block, not by the line."""
    before = f"{clock_time(time_ms)}   {category:<9}| {'  ' * (depth + 1)}"
    return before + text.replace("\n", "\n" + before) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())
