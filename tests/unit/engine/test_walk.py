"""What comes next is a pure function of plan and rows."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gurita.engine.plan import Condition, Frozen, Plan, PlanAction, PlanStep, Target
from gurita.engine.rows import ActionRow, Place, StepRow
from gurita.engine.walk import Moves, next_moves, step_condition


def action(index: int = 0, **more: Any) -> PlanAction:
    return PlanAction(index=index, id=f"a{index}", name=f"a{index}", number="1", type="x", **more)


def step(
    index: int, group: int | None = None, *, actions: int = 1, condition: Condition = "Success", **more: Any
) -> PlanStep:
    made = tuple(action(n, **more) for n in range(actions))
    where = index if group is None else group
    return PlanStep(
        index=index,
        id=f"s{index}",
        name=f"s{index}",
        number=str(index),
        group=where,
        actions=made,
        condition=condition,
    )


def targets(*names: str) -> tuple[Target, ...]:
    return tuple(Target(id=name, name=name) for name in names)


def running(index: int, *names: str, window: int = 10) -> StepRow:
    return StepRow(index, "Running", Frozen(targets=targets(*names), window=window))


def row(
    step: int, action: int, target: str, state: str, *, attempt: int = 1, resolution: str | None = None
) -> ActionRow:
    return ActionRow(1, step, action, target, attempt, state, "t", resolution)


def rows(*each: ActionRow) -> dict[Place, ActionRow]:
    return {one.place: one for one in each}


def started(moves: Moves) -> list[tuple[int, int, str, int]]:
    return [(s.step.index, s.action.index, s.target.id, s.attempt) for s in moves.start]


def test_an_action_that_does_not_run_makes_way_for_the_next_one() -> None:
    plan = Plan(steps=(step(0, actions=2), step(1)))
    moves = next_moves(plan, {0: running(0, "a")}, rows(row(0, 0, "a", "skipped")), False)
    assert started(moves) == [(0, 1, "a", 1)]
    both = rows(row(0, 0, "a", "skipped"), row(0, 1, "a", "skipped"))
    assert next_moves(plan, {0: running(0, "a")}, both, False).finish == [(0, "Success")]


def test_a_fresh_task_begins_with_its_first_step_only() -> None:
    moves = next_moves(Plan(steps=(step(0), step(1))), {}, {}, False)
    assert [s.index for s in moves.begin] == [0]


def test_steps_of_one_group_begin_together() -> None:
    moves = next_moves(Plan(steps=(step(0, 0), step(1, 0), step(2, 1))), {}, {}, False)
    assert [s.index for s in moves.begin] == [0, 1]


def test_no_more_steps_begin_at_once_than_the_plan_allows() -> None:
    plan = Plan(steps=tuple(step(n, 0) for n in range(4)), parallel_steps=2)
    assert [s.index for s in next_moves(plan, {}, {}, False).begin] == [0, 1]
    assert [s.index for s in next_moves(plan, {0: running(0, "m")}, {}, False).begin] == [1]


def test_the_window_slides_as_soon_as_one_target_is_done() -> None:
    plan = Plan(steps=(step(0),))
    steps = {0: running(0, "a", "b", "c", window=2)}
    assert started(next_moves(plan, steps, {}, False)) == [(0, 0, "a", 1), (0, 0, "b", 1)]
    actions = rows(row(0, 0, "a", "success"), row(0, 0, "b", "running"))
    assert started(next_moves(plan, steps, actions, False)) == [(0, 0, "c", 1)]


def test_children_run_in_order_on_a_target_before_its_place_in_the_window_is_free() -> None:
    plan = Plan(steps=(step(0, actions=2),))
    steps = {0: running(0, "a", "b", window=1)}
    actions = rows(row(0, 0, "a", "success"))
    assert started(next_moves(plan, steps, actions, False)) == [(0, 1, "a", 1)]


def test_a_failure_on_one_target_keeps_the_rest_of_the_window_from_starting() -> None:
    plan = Plan(steps=(step(0),))
    steps = {0: running(0, "a", "b", window=1)}
    moves = next_moves(plan, steps, rows(row(0, 0, "a", "failed")), False)
    assert started(moves) == []
    assert moves.finish == [(0, "Failed")]


def test_a_failed_attempt_is_repeated_while_retries_are_left() -> None:
    plan = Plan(steps=(step(0, retries=1, backoff=7.0),))
    steps = {0: running(0, "a")}
    moves = next_moves(plan, steps, rows(row(0, 0, "a", "failed")), False)
    assert started(moves) == [(0, 0, "a", 2)]
    assert moves.start[0].delay == 7.0
    assert next_moves(plan, steps, rows(row(0, 0, "a", "failed", attempt=2)), False).finish == [(0, "Failed")]


def test_a_lost_action_is_never_repeated_by_itself() -> None:
    plan = Plan(steps=(step(0, retries=3),))
    moves = next_moves(plan, {0: running(0, "a")}, rows(row(0, 0, "a", "lost")), False)
    assert started(moves) == []
    assert [r.target for r in moves.ask] == ["a"]


def test_a_lost_action_declared_idempotent_is_repeated() -> None:
    plan = Plan(steps=(step(0, retries=3, idempotent=True),))
    moves = next_moves(plan, {0: running(0, "a")}, rows(row(0, 0, "a", "lost")), False)
    assert started(moves) == [(0, 0, "a", 2)]


def test_a_lost_action_fails_when_somebody_said_that_nobody_shall_be_asked() -> None:
    plan = Plan(steps=(step(0),), guided_off=True)
    moves = next_moves(plan, {0: running(0, "a")}, rows(row(0, 0, "a", "lost")), False)
    assert moves.finish == [(0, "Failed")]


def test_a_failure_asks_a_person_only_in_guided_mode() -> None:
    steps = {0: running(0, "a")}
    asked = next_moves(Plan(steps=(step(0),), guided=True), steps, rows(row(0, 0, "a", "failed")), False)
    assert len(asked.ask) == 1
    plain = next_moves(Plan(steps=(step(0),)), steps, rows(row(0, 0, "a", "failed")), False)
    assert plain.ask == []


def test_a_task_waits_when_only_a_person_can_move_it_on() -> None:
    plan = Plan(steps=(step(0),), guided=True)
    actions = rows(row(0, 0, "a", "failed", resolution="pending"), row(0, 0, "b", "success"))
    assert next_moves(plan, {0: running(0, "a", "b")}, actions, False).waits
    actions = rows(row(0, 0, "a", "failed", resolution="pending"), row(0, 0, "b", "running"))
    assert not next_moves(plan, {0: running(0, "a", "b")}, actions, False).waits


def test_each_word_of_a_person_has_its_effect() -> None:
    plan = Plan(steps=(step(0), step(1)), guided=True)
    steps = {0: running(0, "a")}

    def after(word: str) -> Moves:
        return next_moves(plan, steps, rows(row(0, 0, "a", "failed", resolution=word)), False)

    assert started(after("retry")) == [(0, 0, "a", 2)]
    assert after("ignore").finish == [(0, "Success")]
    assert after("exclude").finish == [(0, "Success")]
    assert after("fail").finish == [(0, "Failed")]


def test_an_excluded_target_stays_out_of_later_steps() -> None:
    plan = Plan(steps=(step(0), step(1)))
    steps = {0: StepRow(0, "Success", Frozen()), 1: running(1, "a", "b")}
    actions = rows(row(0, 0, "a", "failed", resolution="exclude"))
    assert started(next_moves(plan, steps, actions, False)) == [(1, 0, "b", 1)]


def test_conditions_look_at_the_steps_before() -> None:
    failed = {0: StepRow(0, "Failed", Frozen())}
    assert step_condition(step(1), failed) is False
    assert step_condition(step(1, condition="Failure"), failed) is True
    assert step_condition(step(1, condition="Failure"), {}) is False
    assert step_condition(step(1, condition="Always"), failed) is True
    assert step_condition(step(1, condition="Variable"), failed) is None


def test_a_task_with_a_failed_step_fails_even_if_later_steps_succeed() -> None:
    steps = {0: StepRow(0, "Failed", Frozen()), 1: StepRow(1, "Success", Frozen())}
    assert next_moves(Plan(steps=(step(0), step(1))), steps, {}, False).done == "Failed"


def test_a_canceled_task_starts_nothing_and_ends_when_nothing_runs() -> None:
    plan = Plan(steps=(step(0), step(1)))
    busy = next_moves(plan, {0: running(0, "a")}, rows(row(0, 0, "a", "running")), True)
    assert busy.done is None
    assert not busy.start
    ended = next_moves(plan, {0: running(0, "a")}, rows(row(0, 0, "a", "canceled")), True)
    assert ended.done == "Canceled"
    assert ended.finish == [(0, "Canceled")]


@settings(max_examples=200)
@given(st.data())
def test_walking_any_plan_ends_starts_nothing_twice_and_keeps_the_window(data: st.DataObject) -> None:
    """Plays a plan to its end with drawn outcomes, in a drawn order of completion."""
    count = data.draw(st.integers(1, 4))
    groups = data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count).map(sorted))
    plan = Plan(steps=tuple(step(n, groups[n], actions=data.draw(st.integers(1, 2))) for n in range(count)))
    names = [f"m{n}" for n in range(data.draw(st.integers(1, 4)))]
    window = data.draw(st.integers(1, 3))
    steps: dict[int, StepRow] = {}
    actions: dict[Place, ActionRow] = {}
    seen: set[tuple[int, int, str, int]] = set()
    moves = Moves()
    for _ in range(500):
        moves = next_moves(plan, steps, actions, False)
        if moves.done:
            break
        for begun in moves.begin:
            holds = step_condition(begun, steps)
            state = "Running" if holds else "Skipped"
            steps[begun.index] = StepRow(
                begun.index, state, running(begun.index, *names, window=window).frozen
            )
        for index, state in moves.finish:
            steps[index] = StepRow(index, state, steps[index].frozen)
        for key in started(moves):
            assert key not in seen
            seen.add(key)
            actions[key[:3]] = row(*key[:3], "running", attempt=key[3])
        for index in steps:
            busy = {r.target for r in actions.values() if r.step == index and r.active}
            assert len(busy) <= window
        open_ = [place for place, r in actions.items() if r.active]
        if open_:
            place = data.draw(st.sampled_from(sorted(open_)))
            actions[place] = row(*place, data.draw(st.sampled_from(["success", "failed"])))
    assert moves.done in ("Success", "Failed")
    assert all(r.state != "Running" for r in steps.values())
