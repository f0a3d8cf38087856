from __future__ import annotations

import pytest
from msgspec.structs import replace

from gurita.kernel.ids import SystemRandomness
from gurita.lifecycles.resources import Channel, ChannelRule, CustomField, Lifecycle, Phase, Retention
from gurita.lifecycles.rules import channel_problems, completed, lifecycle_problems, settled

ONCE = "An environment may be in one phase once, either automatic or optional."


def lifecycle(*phases: Phase) -> Lifecycle:
    return Lifecycle(name="l", phases=list(phases))


def test_a_lifecycle_without_phases_passes() -> None:
    assert lifecycle_problems(lifecycle()) == []


@pytest.mark.parametrize(
    ("phases", "expected"),
    [
        ([Phase(name="")], "Phases[0].Name: must not be empty. Use 1 to 200 characters."),
        (
            [Phase(name="Dev"), Phase(name="DEV")],
            "Phases[1].Name: 'DEV' is also the name of Phases[0]. Give each phase a name of its own.",
        ),
        (
            [Phase(name="a", id="1"), Phase(name="b", id="1")],
            "Phases[1].Id: '1' is also the id of Phases[0]. Leave it out to have one made.",
        ),
        (
            [Phase(name="a", automatic_deployment_targets=["E-1"], optional_deployment_targets=["E-1"])],
            "Phases[0]: E-1 stands in Phases[0] already. " + ONCE,
        ),
        (
            [Phase(name="a", optional_deployment_targets=["E-1"]), Phase(name="b", optional_deployment_targets=["E-1"])],
            "Phases[1]: E-1 stands in Phases[0] already. " + ONCE,
        ),
        (
            [Phase(name="a", optional_deployment_targets=["E-1"], minimum_environments_before_promotion=2)],
            "Phases[0].MinimumEnvironmentsBeforePromotion: asks for 2 of 1 environments. Use at most that many, or 0 for all.",
        ),
        (
            [Phase(name="a", release_retention_policy=Retention(strategy="Count"))],
            "Phases[0].ReleaseRetentionPolicy.QuantityToKeep: is 0. Keep at least 1, or set ShouldKeepForever.",
        ),
    ],
)  # fmt: skip
def test_a_bad_phase_is_refused_by_place_problem_and_way_out(phases: list[Phase], expected: str) -> None:
    assert lifecycle_problems(lifecycle(*phases)) == [expected]


def test_a_phase_without_environments_may_ask_for_more_than_it_names() -> None:
    assert lifecycle_problems(lifecycle(Phase(name="a", minimum_environments_before_promotion=2))) == []


def test_phases_get_ids_and_keep_those_a_client_made() -> None:
    done = completed(lifecycle(Phase(name="a"), Phase(name="b", id="mine")), SystemRandomness())
    assert done.phases[0].id and done.phases[1].id == "mine"
    assert completed(done, SystemRandomness()) == done


@pytest.mark.parametrize(
    ("sent", "strategy", "forever"),
    [
        (Retention(), "Forever", True),
        (Retention(quantity_to_keep=3), "Count", False),
        (Retention(quantity_to_keep=3, should_keep_forever=False, unit="Days"), "Count", False),
        (Retention(quantity_to_keep=3, should_keep_forever=True), "Forever", True),
        (Retention(strategy="Default", should_keep_forever=True), "Default", False),
        (Retention(strategy="Count", quantity_to_keep=1, should_keep_forever=True), "Count", False),
    ],
)
def test_retention_of_older_clients_is_understood(sent: Retention, strategy: str, forever: bool) -> None:
    done = settled(sent)
    assert (done.strategy, done.should_keep_forever, done.quantity_to_keep) == (
        strategy,
        forever,
        sent.quantity_to_keep,
    )


CHANNEL = Channel(name="c", project_id="Projects-1")


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (
            replace(CHANNEL, project_id=""),
            "ProjectId: must not be empty. Name the project the channel belongs to.",
        ),
        (replace(CHANNEL, name=" "), "Name: must not be empty. Use 1 to 200 characters."),
        (
            replace(CHANNEL, rules=[ChannelRule()]),
            "Rules[0]: allows every version. Give it a VersionRange or a Tag, or remove it.",
        ),
        (
            replace(CHANNEL, custom_field_definitions=[CustomField(field_name=str(n)) for n in range(11)]),
            "CustomFieldDefinitions: has 11 entries. Use at most 10.",
        ),
    ],
)
def test_a_bad_channel_is_refused_by_member(channel: Channel, expected: str) -> None:
    assert channel_problems(channel) == [expected]
