"""A row of the step of acquisition: what it does, how it ends, and what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from gurita.deployments.rules import PlannedPackage
from gurita.deployments.rules.packages import acquisition, as_data
from gurita.engine.journal import Asking, Progress
from gurita.engine.plan import Plan, PlanAction, PlanStep, Target
from gurita.engine.rows import LOOK, ActionRow
from gurita.engine.walk import Start
from gurita.execution.acquiring import Acquiring
from gurita.execution.supplying import NotSupplied, Say
from gurita.runner.package_work import Package
from gurita.transport.errors import AuthenticationRefused, ConnectionLost
from tests.looping import in_loop

WEB = PlannedPackage(package_id="Web", feed_id="Feeds-1", version="1.0")
HOST = Target(id="Machines-1", name="web-1", roles=("web",))
ACQUIRE = acquisition(0, 0, {WEB.key: WEB}, 10)
DEPLOY = PlanStep(
    index=1,
    id="s",
    name="s",
    number="1",
    group=1,
    roles=("web",),
    actions=(PlanAction(index=0, id="a", name="a", number="1", type="x", data=as_data([WEB])),),
)


@dataclass
class Run:
    """Keeps what a row tells. `number` is the task's."""

    plan: Plan = field(default_factory=lambda: Plan(steps=(ACQUIRE, DEPLOY)))
    number: int = 7
    cancelling: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[Asking] = field(default_factory=list)
    told: list[Progress] = field(default_factory=list)

    def now(self) -> int:
        return 1

    async def ask(self, asking: Asking) -> ActionRow:
        self.asked.append(asking)
        place = asking.place
        return ActionRow(1, place.step, place.action, place.target, place.attempt, "asking", asking.ticket)

    async def progress(self, told: Progress) -> None:
        self.told.append(told)

    async def read(self, _query: Callable[[Any], Any]) -> None:
        return None

    def lines(self) -> list[str]:
        return [entry.text for told in self.told for entry in told.entries]


@dataclass
class Tickets:
    has_runner: bool = True

    async def trim_packages(self, **_policy: float) -> dict[str, int]:
        return {"removed": 2}


@dataclass
class Performer:
    """Reaches a host. What `breaks` is raised first, one at a time."""

    breaks: list[Exception] = field(default_factory=list)
    tickets: Tickets = field(default_factory=Tickets)
    times: int = 0

    async def reach(self, _run: Run, _job: Any) -> Tickets:
        self.times += 1
        if self.breaks:
            raise self.breaks.pop(0)
        return self.tickets


@dataclass
class Supplies:
    """Has everything, unless it fails or waits for ever."""

    error: Exception | None = None
    waits: bool = False
    brought: list[str] = field(default_factory=list)
    forced: list[bool] = field(default_factory=list)

    async def fetch(self, wanted: PlannedPackage, say: Say, *, force: bool = False) -> Package:
        if self.waits:
            await asyncio.Event().wait()
        if self.error is not None:
            raise self.error
        self.forced.append(force)
        say(1, f"fetched {wanted.title}")
        return Package("Web", "1.0", ".zip", "a" * 64, 3)

    def tell(self, wanted: PlannedPackage, _found: Package, say: Say) -> None:
        say(0, f"told of {wanted.title}")

    async def bring(self, _tickets: Tickets, wanted: Sequence[PlannedPackage], target: str, say: Say) -> None:
        self.brought += [each.title for each in wanted]
        say(1, f"brought to {target}")


async def perform(
    run: Run,
    target: Target,
    supplies: Supplies,
    performer: Performer | None = None,
    row: ActionRow | None = None,
) -> ActionRow:
    acquiring = Acquiring(performer or Performer(), None)  # type: ignore[arg-type]
    start = Start(ACQUIRE, ACQUIRE.actions[0], target, 1)
    found = await acquiring.perform(run, Context(), supplies, start, row, force=True)  # type: ignore[arg-type]
    assert found is not None
    return found


class Context:
    space = "Spaces-1"


@in_loop
async def test_a_package_is_fetched_and_its_lines_are_stored_with_its_end() -> None:
    run, supplies = Run(), Supplies()
    row = await perform(run, ACQUIRE.targets[0], supplies)
    assert (row.state, supplies.forced) == ("success", [True])
    assert run.lines() == ["fetched Web 1.0", "told of Web 1.0"]
    assert run.asked[0].ticket.startswith(LOOK)
    assert [told.state for told in run.told] == ["success"]


@in_loop
async def test_what_cannot_be_fetched_fails_with_the_reason() -> None:
    run = Run()
    row = await perform(run, ACQUIRE.targets[0], Supplies(NotSupplied("Web 1.0 is gone.")))
    assert (row.state, row.error) == ("failed", "Web 1.0 is gone.")
    assert run.lines() == ["Web 1.0 is gone."]


@in_loop
async def test_a_target_is_brought_what_its_steps_need_and_its_cache_is_trimmed() -> None:
    run, supplies = Run(), Supplies()
    assert (await perform(run, HOST, supplies)).state == "success"
    assert supplies.brought == ["Web 1.0"]
    assert run.lines()[0] == "brought to web-1"
    assert "2 packages were removed" in run.lines()[1]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gurita.execution.acquiring._PAUSE", 0.001)


@pytest.mark.usefixtures("hurried")
@in_loop
async def test_a_lost_connection_is_tried_again_and_a_refused_sign_in_is_not() -> None:
    performer = Performer([ConnectionLost("gone"), ConnectionLost("gone again")])
    run = Run()
    assert (await perform(run, HOST, Supplies(), performer)).state == "success"
    assert (performer.times, run.lines()[0]) == (3, "gone This is tried again.")
    always = Performer([ConnectionLost("gone") for _ in range(9)])
    assert (await perform(Run(), HOST, Supplies(), always)).state == "failed"
    assert always.times == 5
    refused = Performer([AuthenticationRefused("no"), ConnectionLost("never")])
    assert (await perform(Run(), HOST, Supplies(), refused)).error == "no"
    assert refused.times == 1


@in_loop
async def test_a_target_without_python_is_told_what_it_lacks() -> None:
    row = await perform(Run(), HOST, Supplies(), Performer(tickets=Tickets(has_runner=False)))
    assert "web-1 has no Python" in (row.error or "")


@in_loop
async def test_a_cancel_ends_a_fetch_at_once() -> None:
    run = Run()
    work = asyncio.create_task(perform(run, ACQUIRE.targets[0], Supplies(waits=True)))
    await asyncio.sleep(0)
    assert not work.done()
    run.cancelling.set()
    assert (await asyncio.wait_for(work, 60)).state == "canceled"
    assert run.told[0].state == "canceled"


@in_loop
async def test_a_row_that_was_under_way_is_done_again_under_the_same_ticket() -> None:
    run = Run()
    row = ActionRow(5, 0, 0, HOST.id, 1, "asking", "look-1")
    found = await perform(run, HOST, Supplies(), row=row)
    assert (found.number, found.ticket, found.state) == (5, "look-1", "success")
    assert run.asked == []
