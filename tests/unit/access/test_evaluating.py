"""The evaluator against one that is slow and obviously right (T5), and the rules one by one."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.access.rules.evaluating import Grant, Grants, may, teams_that_may
from gurita.kernel.permissions import PERMISSIONS
from gurita.kernel.places import ANYWHERE, Place, Scope

SPACES = ("Spaces-1", "Spaces-2")
WORLD = {"Projects-1": "Groups-1", "Projects-2": "Groups-1", "Projects-3": "Groups-2"}
NAMES = (
    "DeploymentCreate",
    "TaskView",
    "VariableView",
    "ProjectView",
    "ProcessEdit",
    "ProjectCreate",
    "EnvironmentEdit",
    "MachineEdit",
    "TenantView",
    "FeedView",
    "TeamView",
    "UserView",
)


def obviously(grants: Grants, permission: str, space: str, place: Place) -> bool:
    """Every single spot of the place is looked at under every grant, dimension by dimension, as the rules say."""
    for environment, tenant in product(place.environments or [None], place.tenants or [None]):
        if not any(gives(grant, permission, space, place, environment, tenant) for grant in grants.given):
            return False
    return True


def gives(
    grant: Grant, permission: str, space: str, place: Place, environment: str | None, tenant: str | None
) -> bool:
    """One grant, one environment, one tenant."""
    known = PERMISSIONS[permission]
    if permission not in grant.permissions or grant.space != space or (space == "" and not known.system):
        return False
    fits = [True]
    projects = grant.scope.projects if "Projects" in known.restrictions else frozenset()
    groups = grant.scope.groups if "ProjectGroups" in known.restrictions else frozenset()
    if (projects or groups) and place.project is not None:
        fits.append(place.project in projects or WORLD[place.project] in groups)
    if "Environments" in known.restrictions and grant.scope.environments and place.environments is not None:
        fits.append(environment in grant.scope.environments)
    if "Tenants" in known.restrictions and grant.scope.tenants and place.tenants is not None:
        fits.append(tenant in grant.scope.tenants if place.tenants else not known.explicit_tenant)
    return all(fits)


def some(*ids: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(ids), max_size=2)


scopes = st.builds(
    Scope,
    projects=some(*WORLD),
    groups=some("Groups-1", "Groups-2"),
    environments=some("Environments-1", "Environments-2", "Environments-3"),
    tenants=some("Tenants-1", "Tenants-2"),
)
grants_of = st.builds(
    lambda given: Grants(given=tuple(given)),
    st.lists(
        st.builds(
            Grant, st.frozensets(st.sampled_from(NAMES), max_size=4), st.sampled_from(("", *SPACES)), scopes
        ),
        max_size=5,
    ),
)
places = st.builds(
    lambda project, environments, tenants: Place(project, WORLD.get(project or ""), environments, tenants),
    st.none() | st.sampled_from(sorted(WORLD)),
    st.none() | some("Environments-1", "Environments-2", "Environments-3"),
    st.none() | some("Tenants-1", "Tenants-2"),
)


@given(grants_of, st.sampled_from(NAMES), st.sampled_from(("", *SPACES)), places)
def test_the_evaluator_agrees_with_the_slow_and_obvious_one(
    grants: Grants, permission: str, space: str, place: Place
) -> None:
    assert may(grants, permission, space, place) == obviously(grants, permission, space, place)


@given(grants_of, scopes, st.sampled_from(NAMES), st.sampled_from(SPACES), places)
def test_one_more_grant_never_takes_anything_away(
    grants: Grants, scope: Scope, permission: str, space: str, place: Place
) -> None:
    more = Grants(given=(*grants.given, Grant(frozenset({permission}), space, scope)))
    if may(grants, permission, space, place):
        assert may(more, permission, space, place)


@given(grants_of, st.sampled_from(NAMES), places)
def test_grants_of_one_space_do_nothing_in_another(grants: Grants, permission: str, place: Place) -> None:
    here = Grants(given=tuple(grant for grant in grants.given if grant.space == "Spaces-1"))
    assert not may(here, permission, "Spaces-2", place)
    assert not may(here, permission, "", place)


@given(grants_of, st.sampled_from(NAMES), st.sampled_from(SPACES), places)
def test_what_may_be_done_everywhere_in_a_place_may_be_done_somewhere_in_it(
    grants: Grants, permission: str, space: str, place: Place
) -> None:
    if may(grants, permission, space, place):
        assert may(grants, permission, space, place, somewhere=True)
        assert may(grants, permission, space)


def one(permission: str, **scope: str) -> Grants:
    """A single grant in the first space, narrowed to one id a dimension."""
    narrowed = Scope(**{name: frozenset({id}) for name, id in scope.items()})  # type: ignore[arg-type]
    return Grants(given=(Grant(frozenset({permission}), "Spaces-1", narrowed, "Teams-1"),))


def test_an_administrator_may_do_all_there_is_and_nothing_that_is_not() -> None:
    assert may(Grants(administrator=True), "DeploymentCreate", "Spaces-9", Place("Projects-9"))
    assert not may(Grants(administrator=True), "MakeTea", "Spaces-1")


def test_a_grant_of_a_project_group_reaches_its_projects_and_adds_to_named_ones() -> None:
    grants = one("DeploymentCreate", groups="Groups-1", projects="Projects-3")
    for project, group in WORLD.items():
        assert may(grants, "DeploymentCreate", "Spaces-1", Place(project, group))
    assert not may(grants, "DeploymentCreate", "Spaces-1", Place("Projects-4", "Groups-3"))


@pytest.mark.parametrize(("permission", "reached"), [("DeploymentCreate", False), ("TaskView", True)])
def test_what_belongs_to_no_tenant_is_out_of_reach_where_tenants_must_be_named(
    permission: str, reached: bool
) -> None:
    grants = one(permission, tenants="Tenants-1")
    assert may(grants, permission, "Spaces-1", Place(tenants=frozenset())) is reached
    assert may(grants, permission, "Spaces-1", Place(tenants=frozenset({"Tenants-1"})))
    assert not may(grants, permission, "Spaces-1", Place(tenants=frozenset({"Tenants-2"})))


def test_a_machine_of_two_environments_is_changed_by_who_may_change_both_and_seen_by_who_may_see_one() -> (
    None
):
    both = Place(environments=frozenset({"Environments-1", "Environments-2"}))
    first, second = (
        one("MachineEdit", environments="Environments-1"),
        one("MachineEdit", environments="Environments-2"),
    )
    assert not may(first, "MachineEdit", "Spaces-1", both)
    assert may(first, "MachineEdit", "Spaces-1", both, somewhere=True)
    assert may(Grants(given=first.given + second.given), "MachineEdit", "Spaces-1", both)


def test_two_grants_do_not_lend_each_other_a_dimension() -> None:
    given = one("DeploymentCreate", projects="Projects-1").given[0].scope
    narrow = Grants(
        given=(
            Grant(
                frozenset({"DeploymentCreate"}),
                "Spaces-1",
                Scope(given.projects, environments=frozenset({"E1"})),
            ),
            Grant(
                frozenset({"DeploymentCreate"}),
                "Spaces-1",
                Scope(frozenset({"Projects-2"}), environments=frozenset({"E2"})),
            ),
        )
    )
    assert may(narrow, "DeploymentCreate", "Spaces-1", Place("Projects-1", environments=frozenset({"E1"})))
    assert not may(
        narrow, "DeploymentCreate", "Spaces-1", Place("Projects-1", environments=frozenset({"E2"}))
    )


def test_a_role_of_the_system_holds_system_permissions_in_the_system_alone() -> None:
    grants = Grants(given=(Grant(frozenset({"UserView", "ProjectView", "TaskView"}), ""),))
    assert may(grants, "UserView", "")
    assert may(grants, "TaskView", "")
    assert not may(grants, "ProjectView", "")
    assert not may(grants, "TaskView", "Spaces-1")


def test_a_refusal_can_name_the_teams_that_would_do() -> None:
    grants = one("ProjectEdit", projects="Projects-1").given
    assert teams_that_may(grants, "ProjectEdit", "Spaces-1", Place("Projects-1")) == ["Teams-1"]
    assert teams_that_may(grants, "ProjectEdit", "Spaces-1", Place("Projects-2")) == []
    assert teams_that_may(grants, "ProjectEdit", "Spaces-1", ANYWHERE) == ["Teams-1"]
