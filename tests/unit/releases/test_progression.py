"""How a release goes through its lifecycle, table by table (product.md 3.4.3)."""

from __future__ import annotations

import pytest

from gurita.lifecycles.resources import Lifecycle, Phase
from gurita.releases.rules.progression import deployable, next_environments, progress, why_not

ALL = ["dev", "test", "staging", "prod"]


def phase(*environments: str, least: int = 0, optional: bool = False, name: str = "") -> Phase:
    return Phase(
        name=name or "+".join(environments) or "rest",
        id=name or "-".join(environments),
        optional_deployment_targets=list(environments),
        minimum_environments_before_promotion=least,
        is_optional_phase=optional,
    )


def lifecycle(*phases: Phase) -> Lifecycle:
    return Lifecycle(name="L", phases=list(phases))


STRAIGHT = lifecycle(phase("dev"), phase("test", "staging"), phase("prod"))
ONE_OF = lifecycle(phase("dev"), phase("test", "staging", least=1), phase("prod"))
OPTIONAL = lifecycle(phase("dev"), phase("test", optional=True), phase("prod"))
REST = lifecycle(phase("dev"), phase())
GATED_REST = lifecycle(phase(), phase("prod"))

TABLE: list[tuple[Lifecycle, set[str], str, list[str]]] = [
    (lifecycle(), set(), "Current", ALL),
    (lifecycle(), {"prod"}, "Current", ["dev", "test", "staging"]),
    (STRAIGHT, set(), "Current Pending Pending", ["dev"]),
    (STRAIGHT, {"dev"}, "Complete Current Pending", ["test", "staging"]),
    (STRAIGHT, {"dev", "test"}, "Complete Current Pending", ["staging"]),
    (STRAIGHT, {"dev", "test", "staging"}, "Complete Complete Current", ["prod"]),
    (STRAIGHT, set(ALL), "Complete Complete Complete", []),
    (ONE_OF, {"dev", "test"}, "Complete Complete Current", ["staging", "prod"]),
    (OPTIONAL, {"dev"}, "Complete Current Current", ["test", "prod"]),
    (OPTIONAL, set(), "Current Pending Pending", ["dev"]),
    (REST, {"dev"}, "Complete Current", ["test", "staging", "prod"]),
    (GATED_REST, set(), "Current Pending", ALL),
]


@pytest.mark.parametrize(("cycle", "reached", "states", "next_ones"), TABLE)
def test_which_phases_are_open_and_where_the_release_may_go_next(
    cycle: Lifecycle, reached: set[str], states: str, next_ones: list[str]
) -> None:
    found = progress(cycle, ALL, reached)
    assert [s.progress for s in found] == states.split()
    assert next_environments(found, reached) == next_ones


def test_where_it_has_been_it_may_go_again() -> None:
    found = progress(STRAIGHT, ALL, {"prod"})
    assert next_environments(found, {"prod"}) == ["dev"]
    assert deployable(found, {"prod"}) == ["dev", "prod"]


def test_an_unresolved_defect_blocks_phases_without_success_only() -> None:
    found = progress(STRAIGHT, ALL, {"dev"}, defect=True)
    assert [s.blocked for s in found] == [False, True, True]
    assert deployable(found, {"dev"}) == ["dev"]
    assert "defect (It burns)" in str(why_not(found, "test", {"dev"}, defect="It burns."))
    assert why_not(found, "dev", {"dev"}, defect="It burns.") is None


def test_a_refusal_names_the_phase_that_is_not_done() -> None:
    found = progress(STRAIGHT, ALL, {"dev", "test"})
    assert why_not(found, "staging", {"dev", "test"}) is None
    assert why_not(found, "prod", {"dev", "test"}) == (
        "comes after phase 'test+staging', where 1 of 2 environments needed have a successful deployment of this release"
    )


def test_an_environment_outside_the_lifecycle_is_refused() -> None:
    assert why_not(progress(STRAIGHT, ALL, set()), "lab", set()) == "is not in the release's lifecycle"
