"""The tree of a task's activities, from its plan and what was journaled of it.

Task → "Step 1: name" → (an action of a step with several) → one node an attempt on a target. What has not begun
is pending; what does not run is skipped, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gurita.engine.plan import Frozen, Plan, PlanAction, PlanStep, Target
from gurita.tasks.resources.activity import ActivityElement
from gurita.tasks.resources.task import FINAL_STATES
from gurita.tasks.rules.ids import Place, node_id
from gurita.tasks.rules.words import moment_of

__all__ = ["ACTION_STATUS", "TASK_STATUS", "Tree", "activity_tree", "task_status", "together"]

TASK_STATUS = {
    "Queued": "Pending",
    "Executing": "Running",
    "Cancelling": "Running",
    "Success": "Success",
    "Failed": "Failed",
    "TimedOut": "Failed",
    "Canceled": "Canceled",
}
ACTION_STATUS = {
    "asking": "Running",
    "running": "Running",
    "success": "Success",
    "skipped": "Skipped",
    "failed": "Failed",
    "timedout": "Failed",
    "lost": "Failed",
    "canceled": "Canceled",
}
_WARNING = 4
_FORGIVEN = ("ignore", "exclude")

Row = Mapping[str, Any]


def task_status(state: str, *, warned: bool) -> str:
    """The status of a task's root activity."""
    status = TASK_STATUS[state]
    return "SuccessWithWarning" if status == "Success" and warned else status


@dataclass(slots=True)
class Tree:
    """The activities, and where each place of the plan is among them."""

    root: ActivityElement
    places: dict[Place, ActivityElement] = field(default_factory=dict)

    def at(self, place: Place) -> ActivityElement:
        """The activity of a place; for one that is not journaled yet, the nearest that holds it."""
        step, action, target, attempt = place
        before = [(step, action, target, one) for one in range(attempt, 0, -1)]
        for known in (*before, (step, action, "", 0), (step, -1, "", 0)):
            if found := self.places.get(known):
                return found
        return self.root


def activity_tree(
    row: Row,
    plan: Plan | None,
    steps: Mapping[int, tuple[Row, Frozen]],
    actions: Sequence[Row],
    worst: Mapping[Place, int],
) -> Tree:
    """The tree of the task `row`. `steps` are the begun ones with what was frozen; `worst` is the gravest log line of a place."""
    return _Builder(row, plan, steps, actions, worst).tree()


class _Builder:
    def __init__(
        self,
        row: Row,
        plan: Plan | None,
        steps: Mapping[int, tuple[Row, Frozen]],
        actions: Sequence[Row],
        worst: Mapping[Place, int],
    ) -> None:
        self.row, self.plan, self.steps, self.worst = row, plan, steps, worst
        self.number: int = row["number"]
        self.final = row["state"] in FINAL_STATES
        self.attempts: dict[tuple[int, int, str], list[Row]] = {}
        for each in sorted(actions, key=lambda one: one["attempt"]):
            self.attempts.setdefault((each["step"], each["action"], each["target"]), []).append(each)
        self.excluded = {each["target"] for each in actions if each["resolution"] == "exclude"}
        self.made = Tree(self._root())
        self.expected = self.ended = 0

    def tree(self) -> Tree:
        for step in () if self.plan is None else self.plan.steps:
            self.made.root.children.append(self._step(step))
        progress = 100 if self.final else min(99, 100 * self.ended // max(1, self.expected))
        self.made.root.progress_percentage = progress
        return self.made

    def _root(self) -> ActivityElement:
        row = self.row
        return ActivityElement(
            id=node_id(self.number),
            name=row["description"],
            status=task_status(row["state"], warned=row["warnings"]),
            started=_moment(row["started"]),
            ended=_moment(row["completed"]),
            show_at_summary_level=True,
            progress_message="Waiting for a person to decide." if row["interruptions"] else "",
        )

    def _node(self, place: Place, name: str, status: str, reason: str = "", **more: Any) -> ActivityElement:
        node = ActivityElement(
            id=node_id(self.number, place), name=name, status=status, progress_message=reason, **more
        )
        node.progress_percentage = 0 if status in ("Pending", "Running") else 100
        return self.made.places.setdefault(place, node)

    def _step(self, step: PlanStep) -> ActivityElement:
        begun = self.steps.get(step.index)
        place, name = (
            (step.index, -1, "", 0),
            f"Step {step.number}: {step.name}" if step.number else step.name,
        )
        if begun is None:
            self.expected += max(1, len(step.targets)) * len(step.actions)
            status, reason = self._not_begun(step)
            return self._node(place, name, status, reason, show_at_summary_level=True)
        row, frozen = begun
        times = {"started": _moment(row["started"]), "ended": _moment(row["completed"])}
        reason = "" if frozen.skip is None else frozen.skip.reason
        status = self._settled(row["state"])
        node = self._node(place, name, status, reason, show_at_summary_level=True, **times)
        if frozen.skip is None:
            self._fill(node, step, row, frozen)
        return node

    def _settled(self, status: str) -> str:
        """What was under way when its task was ended from outside is not under way any more."""
        if not self.final or status != "Running":
            return status
        return "Canceled" if self._canceled() else "Failed"

    def _not_begun(self, step: PlanStep) -> tuple[str, str]:
        if step.skip is not None:
            return "Skipped", step.skip.reason
        if not self.final:
            return "Pending", ""
        return ("Canceled" if self.row["state"] == "Canceled" else "Skipped"), "The task ended before this."

    def _fill(self, node: ActivityElement, step: PlanStep, row: Row, frozen: Frozen) -> None:
        open_ = row["state"] == "Running" and not self.final
        for action in step.actions:
            found, outcomes = self._action(step, action, frozen, open_=open_)
            if len(step.actions) == 1:
                node.children += found
            else:
                node.children.append(self._several(step, action, found, outcomes))
        for skip in frozen.skipped:
            if skip.id:
                place = (step.index, -1, skip.id, 0)
                node.children.append(self._node(place, skip.name or skip.id, "Skipped", skip.reason))
        if node.status == "Success" and self._warned(step.index):
            node.status = "SuccessWithWarning"

    def _several(
        self, step: PlanStep, action: PlanAction, found: list[ActivityElement], outcomes: list[str]
    ) -> ActivityElement:
        place, name = (step.index, action.index, "", 0), f"Step {action.number}: {action.name}"
        status, reason = together(outcomes), ""
        if action.skip is not None:
            status, reason = "Skipped", action.skip.reason
        node = self._node(place, name, status, reason, show_at_summary_level=True)
        node.children = found
        node.started = min((each.started for each in found if each.started), default=None)
        if status not in ("Pending", "Running"):
            node.ended = max((each.ended for each in found if each.ended), default=None)
        return node

    def _action(
        self, step: PlanStep, action: PlanAction, frozen: Frozen, *, open_: bool
    ) -> tuple[list[ActivityElement], list[str]]:
        """One node an attempt, and how the action stands on each target."""
        found: list[ActivityElement] = []
        outcomes: list[str] = []
        for target in frozen.targets if action.skip is None else ():
            rows = self.attempts.get((step.index, action.index, target.id), [])
            nodes = [self._attempt(target, each) for each in rows]
            nodes = nodes or [self._waiting(step, action, target, open_=open_)]
            found += nodes
            forgiven = bool(rows) and rows[-1]["resolution"] in _FORGIVEN
            outcomes.append("SuccessWithWarning" if forgiven else nodes[-1].status)
        self.expected += len(outcomes)
        self.ended += sum(outcome not in ("Pending", "Running") for outcome in outcomes)
        return found, outcomes

    def _attempt(self, target: Target, row: Row) -> ActivityElement:
        place = (row["step"], row["action"], row["target"], row["attempt"])
        status = self._settled(ACTION_STATUS[row["state"]])
        if status == "Success" and self.worst.get(place, 0) >= _WARNING:
            status = "SuccessWithWarning"
        name = target.name if row["attempt"] == 1 else f"{target.name} (attempt {row['attempt']})"
        reason = "Waiting for guidance." if row["resolution"] == "pending" else row["error"] or ""
        times = {"started": _moment(row["started"]), "ended": _moment(row["completed"])}
        return self._node(place, name, status, reason, **times)

    def _waiting(self, step: PlanStep, action: PlanAction, target: Target, *, open_: bool) -> ActivityElement:
        place = (step.index, action.index, target.id, 1)
        if target.id in self.excluded:
            return self._node(place, target.name, "Skipped", "Excluded after a failure.")
        if open_:
            return self._node(place, target.name, "Pending")
        reason = "Not started, since the step had ended."
        return self._node(place, target.name, "Canceled" if self._canceled() else "Skipped", reason)

    def _canceled(self) -> bool:
        return bool(self.row["state"] == "Canceled")

    def _warned(self, step: int) -> bool:
        logged = any(place[0] == step and grave >= _WARNING for place, grave in self.worst.items())
        places = (rows for (index, _, _), rows in self.attempts.items() if index == step)
        return logged or any(rows[-1]["resolution"] in _FORGIVEN for rows in places)


def together(statuses: Sequence[str]) -> str:
    """The status of an action from how it stands on each of its targets."""
    for status in ("Running", "Failed", "Canceled"):
        if status in statuses:
            return status
    if "Pending" in statuses:
        return "Pending" if set(statuses) == {"Pending"} else "Running"
    if "SuccessWithWarning" in statuses:
        return "SuccessWithWarning"
    return "Success" if "Success" in statuses else "Skipped"


def _moment(ms: int | None) -> str | None:
    return None if ms is None else moment_of(ms)
