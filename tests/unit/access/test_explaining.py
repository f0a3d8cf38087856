"""What explanations say is what the evaluator decides, grant by grant."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gurita.access.rules.evaluating import Grant, Grants, may
from gurita.access.rules.explaining import allowed, level_of, why
from gurita.kernel.permissions import PERMISSIONS
from gurita.kernel.places import ANYWHERE, Place
from tests.unit.access.test_evaluating import NAMES, SPACES, WORLD, places, scopes

ALL = (*NAMES, "AdministerSystem", "SpaceCreate")


def held(names: tuple[str, ...], space: str) -> tuple[str, ...]:
    """What a role can give there."""
    return tuple(name for name in names if (PERMISSIONS[name].space if space else PERMISSIONS[name].system))


@st.composite
def grants(draw: st.DrawFn) -> Grants:
    """What roles give in spaces and in the system; whoever administers may do everything but in private spaces."""
    found = []
    for space in draw(st.lists(st.sampled_from(("", *SPACES)), max_size=5)):
        names = draw(st.frozensets(st.sampled_from(held(ALL, space)), max_size=4))
        found.append(Grant(names, space, draw(scopes) if space else Grant(names, space).scope, "Teams-1"))
    administrator = any("AdministerSystem" in one.permissions and not one.space for one in found)
    private = draw(st.frozensets(st.sampled_from(SPACES))) if administrator else frozenset()
    return Grants(administrator, tuple(found), private)


def alone(grants: Grants, grant: Grant) -> Grants:
    administers = "AdministerSystem" in grant.permissions and not grant.space
    return Grants(administers, (grant,), grants.private)


@given(grants(), st.sampled_from(ALL), st.sampled_from(("", *SPACES)), places)
def test_a_grant_is_said_to_do_exactly_when_it_does_alone(
    given: Grants, permission: str, space: str, place: Place
) -> None:
    for grant in given.given:
        does = may(alone(given, grant), permission, level_of(permission, space), place)
        assert (not why(grant, given, permission, space, place)) == does


@given(grants(), st.sampled_from(ALL), st.sampled_from(("", *SPACES)), places)
def test_something_is_said_to_be_allowed_exactly_when_the_evaluator_allows_it(
    given: Grants, permission: str, space: str, place: Place
) -> None:
    known = PERMISSIONS[permission]
    decided = may(given, permission, space if known.space else "", place)
    assert allowed(given, permission, space, place) == decided
    fitting = any(not why(grant, given, permission, space, place) for grant in given.given)
    if fitting:
        assert decided
    if len(list(place.spots)) == 1:
        assert fitting == decided, "one spot needs one grant"


def test_what_only_the_system_has_is_decided_there_from_whichever_space_one_asks() -> None:
    given = Grants(given=(Grant(frozenset({"UserView", "TaskView"}), ""),))
    assert allowed(given, "UserView", "Spaces-1", Place("Projects-1", WORLD["Projects-1"]))
    assert not why(given.given[0], given, "UserView", "Spaces-1", ANYWHERE)
    assert not allowed(given, "TaskView", "Spaces-1", ANYWHERE)
    assert "another place" in why(given.given[0], given, "TaskView", "Spaces-1", ANYWHERE)


def test_administrators_are_told_that_a_private_space_keeps_them_out() -> None:
    given = Grants(True, (Grant(frozenset({"AdministerSystem"}), ""),), frozenset({"Spaces-1"}))
    assert "private" in why(given.given[0], given, "ProjectView", "Spaces-1", ANYWHERE)
    assert not why(given.given[0], given, "ProjectView", "Spaces-2", ANYWHERE)
    assert not why(given.given[0], given, "UserView", "Spaces-1", ANYWHERE)
