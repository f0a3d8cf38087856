"""What lifecycles must be like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from gurita.catalog.rules import LONGEST_LIST, name_problems, slug_problems, text_problems
from gurita.kernel.ids import Randomness, folded
from gurita.lifecycles.resources import Lifecycle, Phase, Retention

__all__ = ["completed", "lifecycle_problems", "previewed", "settled"]


def lifecycle_problems(lifecycle: Lifecycle) -> list[str]:
    """Every fault of a lifecycle a client sends, except environments that do not exist."""
    found = [
        *name_problems(lifecycle.name),
        *slug_problems(lifecycle.slug),
        *text_problems(lifecycle.description),
        *_retention_problems(lifecycle.release_retention_policy, "ReleaseRetentionPolicy"),
        *_retention_problems(lifecycle.tentacle_retention_policy, "TentacleRetentionPolicy"),
    ]
    if len(lifecycle.phases) > LONGEST_LIST:
        return [*found, f"Phases: has {len(lifecycle.phases)} entries. Use at most {LONGEST_LIST}."]
    return [*found, *_phases_problems(lifecycle.phases)]


def _phases_problems(phases: list[Phase]) -> Iterator[str]:
    names: dict[str, int] = {}
    ids: dict[str, int] = {}
    environments: dict[str, int] = {}
    for place, phase in enumerate(phases):
        where = f"Phases[{place}]"
        yield from name_problems(phase.name, f"{where}.Name")
        if (other := names.setdefault(folded(phase.name), place)) != place:
            yield f"{where}.Name: '{phase.name}' is also the name of Phases[{other}]. Give each phase a name of its own."
        if phase.id and (other := ids.setdefault(phase.id, place)) != place:
            yield f"{where}.Id: '{phase.id}' is also the id of Phases[{other}]. Leave it out to have one made."
        for environment in [*phase.automatic_deployment_targets, *phase.optional_deployment_targets]:
            if environment in environments:
                yield (
                    f"{where}: {environment} stands in Phases[{environments[environment]}] already. "
                    "An environment may be in one phase once, either automatic or optional."
                )
            environments[environment] = place
        yield from _phase_problems(phase, where)


def _phase_problems(phase: Phase, where: str) -> Iterator[str]:
    count = len(phase.automatic_deployment_targets) + len(phase.optional_deployment_targets)
    least = phase.minimum_environments_before_promotion
    if count and least > count:
        yield (
            f"{where}.MinimumEnvironmentsBeforePromotion: asks for {least} of {count} environments. "
            "Use at most that many, or 0 for all."
        )
    for policy, member in (
        (phase.release_retention_policy, "ReleaseRetentionPolicy"),
        (phase.tentacle_retention_policy, "TentacleRetentionPolicy"),
    ):
        if policy:
            yield from _retention_problems(policy, f"{where}.{member}")


def _retention_problems(policy: Retention, member: str) -> list[str]:
    if settled(policy).strategy == "Count" and policy.quantity_to_keep < 1:
        return [f"{member}.QuantityToKeep: is 0. Keep at least 1, or set ShouldKeepForever."]
    return []


def settled(policy: Retention) -> Retention:
    """A retention whose strategy and `ShouldKeepForever` are said and agree."""
    strategy = policy.strategy
    if strategy is None:
        keeps = policy.should_keep_forever
        strategy = "Forever" if keeps or (keeps is None and not policy.quantity_to_keep) else "Count"
    return replace(policy, strategy=strategy, should_keep_forever=strategy == "Forever")


def completed(lifecycle: Lifecycle, random: Randomness) -> Lifecycle:
    """The lifecycle with ids for phases that have none, and all retention settled."""
    phases = [
        replace(
            phase,
            id=phase.id or random.guid(),
            release_retention_policy=phase.release_retention_policy
            and settled(phase.release_retention_policy),
            tentacle_retention_policy=phase.tentacle_retention_policy
            and settled(phase.tentacle_retention_policy),
        )
        for phase in lifecycle.phases
    ]
    return replace(
        lifecycle,
        phases=phases,
        release_retention_policy=settled(lifecycle.release_retention_policy),
        tentacle_retention_policy=settled(lifecycle.tentacle_retention_policy),
    )


def previewed(lifecycle: Lifecycle, environments: Sequence[tuple[str, str]]) -> Lifecycle:
    """The lifecycle as it works out now. `environments` are ids and names of all of the space in their order.

    A lifecycle without phases gets one for each environment, which may be skipped: any order is allowed. A phase without
    environments gets all that no phase before it names. What inherits its retention shows it.
    """
    phases = lifecycle.phases or [
        Phase(id=id, name=name, optional_deployment_targets=[id], is_optional_phase=True)
        for id, name in environments
    ]
    named: set[str] = set()
    kept = {
        "release_retention_policy": lifecycle.release_retention_policy,
        "tentacle_retention_policy": lifecycle.tentacle_retention_policy,
    }
    shown = []
    for phase in phases:
        own = [*phase.automatic_deployment_targets, *phase.optional_deployment_targets]
        if not own:
            rest = [id for id, _ in environments if id not in named]
            phase = replace(phase, optional_deployment_targets=rest)
        named.update(own)
        kept = {member: getattr(phase, member) or policy for member, policy in kept.items()}
        shown.append(replace(phase, **kept))
    return replace(lifecycle, phases=shown)
