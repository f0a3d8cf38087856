"""How many installations stay on a target: what a deployment has frozen, and what `Default` means."""

from __future__ import annotations

from typing import Any, cast

import pytest

from gurita.execution.retaining import retained_in
from gurita.lifecycles.resources import Retention
from gurita.lifecycles.retention.resources import RetentionPolicy
from gurita.runner.package_work import Retained

NOTHING = cast("Any", None)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, Retained()),
        (Retention(), Retained()),
        (Retention(strategy="Forever", quantity_to_keep=3), Retained()),
        (Retention(strategy="Count", quantity_to_keep=3), Retained(items=3)),
        (Retention(strategy="Count", unit="Days", quantity_to_keep=7), Retained(days=7)),
        (Retention(strategy="Count"), Retained()),
        (Retention(quantity_to_keep=2), Retained(items=2)),
        (Retention(quantity_to_keep=2, should_keep_forever=True), Retained()),
    ],
)
def test_a_lifecycle_says_how_many_stay(said: Retention | None, expected: Retained) -> None:
    assert retained_in(NOTHING, NOTHING, said) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (RetentionPolicy(), Retained()),
        (RetentionPolicy(strategy="Count", quantity_to_keep=30, unit="Days"), Retained(days=30)),
    ],
)
def test_default_is_the_spaces_policy_for_files_on_targets(
    policy: RetentionPolicy, expected: Retained, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_kind_in(_tx: object, _ctx: object, kind: str) -> RetentionPolicy:
        assert kind == "LifecycleTentacle"
        return policy

    monkeypatch.setattr("gurita.execution.retaining.policies.of_kind_in", of_kind_in)
    assert retained_in(NOTHING, NOTHING, Retention(strategy="Default", quantity_to_keep=9)) == expected
