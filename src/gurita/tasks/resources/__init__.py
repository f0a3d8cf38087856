"""Shapes of tasks (api.md §5)."""

from __future__ import annotations

from gurita.tasks.resources.activity import (
    ActivityElement,
    ActivityLogElement,
    LogHit,
    LogHits,
    LogLine,
    LogLines,
    LogMap,
    TaskDetails,
    TaskProgress,
)
from gurita.tasks.resources.people import Answer, Artifact, ArtifactBody, Interruption, Responsible
from gurita.tasks.resources.starting import AdHocScriptArguments, HealthArguments, NewTaskBody, SetState
from gurita.tasks.resources.task import (
    FINAL_STATES,
    STATES,
    Counts,
    Explanation,
    StatusMessage,
    Task,
    TaskType,
    WaitReason,
)

__all__ = [
    "FINAL_STATES",
    "STATES",
    "ActivityElement",
    "ActivityLogElement",
    "AdHocScriptArguments",
    "Answer",
    "Artifact",
    "ArtifactBody",
    "Counts",
    "Explanation",
    "HealthArguments",
    "Interruption",
    "LogHit",
    "LogHits",
    "LogLine",
    "LogLines",
    "LogMap",
    "NewTaskBody",
    "Responsible",
    "SetState",
    "StatusMessage",
    "Task",
    "TaskDetails",
    "TaskProgress",
    "TaskType",
    "WaitReason",
]
