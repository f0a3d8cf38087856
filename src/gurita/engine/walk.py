"""What comes next: a pure function of the plan and the rows.

A resumed task and one that never stopped get the same answer, because nothing else is asked.
Rules: product.md 3.4.7 (order, sliding window, conditions) and 3.4.10 (guided failure).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from gurita.engine.plan import Plan, PlanAction, PlanStep, Target
from gurita.engine.rows import ActionRow, Place, StepRow

__all__ = ["Moves", "Start", "latest", "next_moves", "step_condition"]

Standing = Literal["fresh", "next", "busy", "ask", "asked", "done", "failed", "excluded"]


@dataclass(frozen=True, slots=True)
class Start:
    """Begin this attempt; `delay` seconds after the one before it ended."""

    step: PlanStep
    action: PlanAction
    target: Target
    attempt: int
    delay: float = 0.0


@dataclass(slots=True)
class Moves:
    """All that may be done now. `waits`: only a person can move the task on. `done`: its final state."""

    begin: list[PlanStep] = field(default_factory=list)
    start: list[Start] = field(default_factory=list)
    finish: list[tuple[int, str]] = field(default_factory=list)
    ask: list[ActionRow] = field(default_factory=list)
    waits: bool = False
    done: str | None = None


def latest(rows: Iterable[ActionRow]) -> dict[Place, ActionRow]:
    """The newest attempt at each place."""
    found: dict[Place, ActionRow] = {}
    for row in rows:
        known = found.get(row.place)
        if known is None or row.attempt > known.attempt:
            found[row.place] = row
    return found


def step_condition(step: PlanStep, steps: Mapping[int, StepRow]) -> bool | None:
    """Whether the step's condition holds now; None when only its expression can tell (`Variable`)."""
    failed = any(row.state == "Failed" for row in steps.values() if row.step != step.index)
    if step.condition == "Success":
        return not failed
    if step.condition == "Failure":
        return failed
    return True if step.condition == "Always" else None


def next_moves(
    plan: Plan, steps: Mapping[int, StepRow], actions: Mapping[Place, ActionRow], cancelling: bool
) -> Moves:
    """The moves open now. `actions` holds the latest attempt at each place."""
    moves = Moves()
    if cancelling:
        busy = _busy(actions)
        moves.finish = [] if busy else [(n, "Canceled") for n, row in steps.items() if row.state == "Running"]
        moves.done = None if busy else "Canceled"
        return moves
    excluded = {row.target for row in actions.values() if row.resolution == "exclude"}
    for _, members in groupby(plan.steps, key=lambda step: step.group):
        open_ = [step for step in members if _is_open(steps.get(step.index))]
        if open_:
            _walk_group(plan, open_, steps, actions, excluded, moves)
            idle = not (moves.begin or moves.start or moves.finish or moves.ask or _busy(actions))
            moves.waits = idle and any(row.resolution == "pending" for row in actions.values())
            return moves
    moves.done = "Failed" if any(row.state == "Failed" for row in steps.values()) else "Success"
    return moves


def _busy(actions: Mapping[Place, ActionRow]) -> bool:
    """Whether an attempt is under way. Looks at the newest places first: that is where it is, in a long task."""
    return any(row.active for row in reversed(list(actions.values())))


def _is_open(row: StepRow | None) -> bool:
    return row is None or row.state == "Running"


def _walk_group(
    plan: Plan,
    members: list[PlanStep],
    steps: Mapping[int, StepRow],
    actions: Mapping[Place, ActionRow],
    excluded: set[str],
    moves: Moves,
) -> None:
    free = plan.parallel_steps - sum(step.index in steps for step in members)
    for step in members:
        row = steps.get(step.index)
        if row is not None:
            _walk_step(plan, step, row, actions, excluded, moves)
        elif free > 0:
            moves.begin.append(step)
            free -= 1


def _walk_step(
    plan: Plan,
    step: PlanStep,
    row: StepRow,
    actions: Mapping[Place, ActionRow],
    excluded: set[str],
    moves: Moves,
) -> None:
    standings = [_standing(plan, step, target, actions, excluded) for target in row.frozen.targets]
    names = [standing for standing, _, _ in standings]
    failed = "failed" in names
    taken = sum(name in ("next", "busy", "ask", "asked") for name in names)
    for name, start, asks in standings:
        if name == "ask" and asks is not None:
            moves.ask.append(asks)
        elif start is not None and (name == "next" or (not failed and taken < row.frozen.window)):
            taken += name == "fresh"
            moves.start.append(start)
    under_way = taken > 0 or ("fresh" in names and not failed)
    if not under_way:
        moves.finish.append((step.index, "Failed" if failed else "Success"))


def _standing(
    plan: Plan, step: PlanStep, target: Target, actions: Mapping[Place, ActionRow], excluded: set[str]
) -> tuple[Standing, Start | None, ActionRow | None]:
    """How far a target is within its step."""
    begun = False
    for action in step.actions:
        if action.skip is not None:
            continue
        row = actions.get((step.index, action.index, target.id))
        if row is None:
            if target.id in excluded:
                return "excluded", None, None
            return ("next" if begun else "fresh"), Start(step, action, target, 1), None
        begun = True
        if row.state in ("success", "skipped") or row.resolution == "ignore":
            continue
        return _after_failure(plan, step, action, target, row)
    return "done", None, None


def _after_failure(
    plan: Plan, step: PlanStep, action: PlanAction, target: Target, row: ActionRow
) -> tuple[Standing, Start | None, ActionRow | None]:
    if row.active:
        return "busy", None, None
    match row.resolution:
        case "retry":
            return "next", Start(step, action, target, row.attempt + 1), None
        case "exclude":
            return "excluded", None, None
        case "fail":
            return "failed", None, None
        case "pending":
            return "asked", None, None
    may_repeat = row.state in ("failed", "timedout") or (row.state == "lost" and action.idempotent)
    if may_repeat and row.attempt <= action.retries:
        return "next", Start(step, action, target, row.attempt + 1, action.backoff), None
    asks = plan.guided if row.state != "lost" else not plan.guided_off
    if asks and row.state != "canceled":
        return "ask", None, row
    return "failed", None, None
