"""Every state a task, step or action can be in, and the named rules that change a task's state.

Nothing else writes `task.state`. Final states never change: no rule leaves one.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ACTIVE_ACTIONS", "ACTIVE_TASKS", "FINAL_ACTIONS", "FINAL_TASKS", "RULES", "Rule", "rule"]

FINAL_TASKS = frozenset({"Success", "Failed", "Canceled", "TimedOut"})
ACTIVE_TASKS = frozenset({"Queued", "Executing", "Cancelling"})

ACTIVE_ACTIONS = frozenset({"asking", "running"})
FINAL_ACTIONS = frozenset({"success", "skipped", "failed", "canceled", "timedout", "lost"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One way a task may go from a state to another. `owner` rules need the task's fence."""

    name: str
    before: frozenset[str]
    after: str
    owner: bool
    why: str


def _rule(name: str, before: str, after: str, why: str, *, owner: bool = False) -> tuple[str, Rule]:
    return name, Rule(name, frozenset(before.split()), after, owner, why)


RULES: dict[str, Rule] = dict(
    (
        _rule("claim", "Queued", "Executing", "A node with a free place took the task."),
        _rule(
            "take-over",
            "Executing Cancelling",
            "=",
            "The node that ran the task fell silent; another one goes on.",
        ),
        _rule("resume", "Executing Cancelling", "=", "What the task waited for has come."),
        _rule("release", "Executing", "=", "The task waits for a person and gives its place up.", owner=True),
        _rule("cancel-queued", "Queued", "Canceled", "Canceled before it started."),
        _rule("cancel", "Executing", "Cancelling", "Somebody asked for the task to be canceled."),
        _rule("canceled", "Executing Cancelling", "Canceled", "Everything that ran has stopped.", owner=True),
        _rule(
            "cancel-unconfirmed",
            "Cancelling",
            "Canceled",
            "The deadline for canceling passed before every target confirmed it.",
        ),
        _rule("expire", "Queued", "TimedOut", "The task did not start before it was to start at the latest."),
        _rule("succeed", "Executing", "Success", "Every step that had to run has succeeded.", owner=True),
        _rule("fail", "Executing Cancelling", "Failed", "A step failed.", owner=True),
        _rule(
            "give-up",
            "Executing Cancelling",
            "Failed",
            "The task was taken over three times at the same action.",
        ),
        _rule(
            "fail-by-restore",
            "Queued Executing Cancelling",
            "Failed",
            "The database was restored from a backup; what ran meanwhile is unknown.",
        ),
        _rule(
            "set-state", "Success Failed Canceled TimedOut", "?", "A person corrected the recorded result."
        ),
    )
)
"""The one list. `=` keeps the state. `set-state` is the only rule that touches a final state: a person, with a
reason, through `tasks/{id}/state`; it is audited and nothing resumes from it."""


def rule(name: str) -> Rule:
    """The rule of that name; KeyError means a programming mistake."""
    return RULES[name]
