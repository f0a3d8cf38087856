"""Rules of tasks: pure, from rows to what people see."""

from __future__ import annotations

from gurita.tasks.rules.activity import Tree, activity_tree
from gurita.tasks.rules.ids import ROOT, Place, node_id, number_of, task_id
from gurita.tasks.rules.summary import TASK_TYPES, lasted, task_of, troubled
from gurita.tasks.rules.terminals import bare
from gurita.tasks.rules.words import completed_words, duration_words, milliseconds, moment_of

__all__ = [
    "ROOT",
    "TASK_TYPES",
    "Place",
    "Tree",
    "activity_tree",
    "bare",
    "completed_words",
    "duration_words",
    "lasted",
    "milliseconds",
    "moment_of",
    "node_id",
    "number_of",
    "task_id",
    "task_of",
    "troubled",
]
