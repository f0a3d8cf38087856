"""What lifecycles and channels must be like."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from gurita.catalog.rules import LONGEST_LIST, list_problems, name_problems, slug_problems, text_problems
from gurita.kernel.ids import Randomness, folded
from gurita.lifecycles.resources import Channel, Lifecycle, Phase, Retention

__all__ = ["channel_problems", "completed", "lifecycle_problems", "settled"]


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


def channel_problems(channel: Channel) -> list[str]:
    """Every fault of a channel a client sends, except references to what does not exist."""
    found = [
        *name_problems(channel.name),
        *slug_problems(channel.slug),
        *text_problems(channel.description),
        *list_problems(channel.tenant_tags, "TenantTags"),
        *list_problems(channel.git_reference_rules, "GitReferenceRules"),
        *list_problems(
            (field.field_name for field in channel.custom_field_definitions), "CustomFieldDefinitions", 10
        ),
    ]
    if not channel.project_id:
        found.append("ProjectId: must not be empty. Name the project the channel belongs to.")
    for place, rule in enumerate(channel.rules):
        if not (rule.version_range or rule.tag or rule.version_tag_regex):
            found.append(
                f"Rules[{place}]: allows every version. Give it a VersionRange or a Tag, or remove it."
            )
    return found
