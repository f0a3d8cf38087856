"""How far a release is in its lifecycle, and where it may go now (product.md 3.4.3).

The lifecycle is read live: editing it affects old releases. Tenants progress one by one: ask once for each.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gurita.lifecycles.resources import Lifecycle, Phase, Retention

__all__ = [
    "ANY_PHASE",
    "PhaseState",
    "deployable",
    "furthest",
    "next_environments",
    "progress",
    "release_retention",
    "tentacle_retention",
    "why_not",
]

ANY_PHASE = "lifecycle-any-environment"
"""The id of the one phase of a lifecycle without phases: all environments, in any order (api.md 15.8)."""


@dataclass(frozen=True, slots=True)
class PhaseState:
    """A phase, its environments now, and how far the release is: `Pending`, `Current` or `Complete`."""

    phase: Phase
    environments: tuple[str, ...]
    progress: str
    blocked: bool
    minimum: int


def progress(
    lifecycle: Lifecycle, environments: Sequence[str], reached: Collection[str], *, defect: bool = False
) -> list[PhaseState]:
    """The phases in order. `environments` are all of the space in their order, `reached` those with a successful
    deployment of the release. With an unresolved `defect` phases without any success are blocked."""
    if not lifecycle.phases:
        everywhere = Phase(id=ANY_PHASE, name="Any environment", is_optional_phase=True)
        return [_state(everywhere, tuple(environments), reached, opened=True, defect=defect)]
    states: list[PhaseState] = []
    opened = True
    named: set[str] = set()
    for phase in lifecycle.phases:
        own = [*phase.automatic_deployment_targets, *phase.optional_deployment_targets]
        here = tuple(own or (e for e in environments if e not in named))
        named.update(here)
        state = _state(phase, here, reached, opened=opened, defect=defect)
        states.append(state)
        opened = opened and not state.blocked and (phase.is_optional_phase or state.progress == "Complete")
    return states


def _state(
    phase: Phase, here: tuple[str, ...], reached: Collection[str], *, opened: bool, defect: bool
) -> PhaseState:
    done = sum(e in reached for e in here)
    minimum = phase.minimum_environments_before_promotion or len(here)
    complete = done >= min(minimum, len(here))
    blocked = not opened or (defect and not done)
    word = "Pending" if blocked else "Complete" if complete else "Current"
    return PhaseState(phase, here, word, blocked, minimum)


def next_environments(states: Sequence[PhaseState], reached: Collection[str]) -> list[str]:
    """Where the release may go that it has not reached yet, in the order of the phases."""
    return list(dict.fromkeys(e for s in states if not s.blocked for e in s.environments if e not in reached))


def deployable(states: Sequence[PhaseState], reached: Collection[str]) -> list[str]:
    """Where the release may go at all: open phases, and again where it has been."""
    return list(dict.fromkeys(e for s in states for e in s.environments if not s.blocked or e in reached))


def why_not(
    states: Sequence[PhaseState], environment: str, reached: Collection[str], *, defect: str | None = None
) -> str | None:
    """Why the release may not go there, as the rest of a sentence; None if it may. `defect` is what is wrong with it."""
    holding = [s for s in states if environment in s.environments]
    if not holding:
        return "is not in the release's lifecycle"
    if environment in reached or any(not s.blocked for s in holding):
        return None
    before = next((s for s in states if s.progress == "Current" and not s.phase.is_optional_phase), None)
    if defect is not None or before is None:
        what = f" ({defect.strip().rstrip('.')[:200]})" if defect else ""
        return f"cannot be reached: the release has an unresolved defect{what}. Resolve it to let the release go on"
    done = sum(e in reached for e in before.environments)
    return (
        f"comes after phase '{before.phase.name}', where {done} of {min(before.minimum, len(before.environments))} "
        "environments needed have a successful deployment of this release"
    )


def furthest(states: Sequence[PhaseState], reached: Collection[str]) -> int:
    """The place of the furthest phase with a success; 0 if there is none."""
    return max((n for n, s in enumerate(states) if any(e in reached for e in s.environments)), default=0)


def release_retention(lifecycle: Lifecycle, states: Sequence[PhaseState], place: int) -> Retention:
    """How many releases are kept in a phase: as it says, else the nearest phase before it, else the lifecycle."""
    own = [s.phase.release_retention_policy for s in states[: place + 1]]
    return next((policy for policy in reversed(own) if policy), lifecycle.release_retention_policy)


def tentacle_retention(lifecycle: Lifecycle, states: Sequence[PhaseState], place: int) -> Retention:
    """How many deployments are kept on targets, found alike."""
    own = [s.phase.tentacle_retention_policy for s in states[: place + 1]]
    return next((policy for policy in reversed(own) if policy), lifecycle.tentacle_retention_policy)
