"""Which events a filter lets through. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gurita.audit.resources import EventFact
from gurita.subscriptions.resources import EventFilter

__all__ = ["Wanted", "matches", "wanted"]

_OF_PROJECTS = ("deploymentprocess-", "deploymentsettings-", "variableset-")
"""What stands before a project's id in the ids of what is its own."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter spelled out. None: anything. `about` are sets of documents: an event must concern one of each set."""

    users: frozenset[str] | None
    categories: frozenset[str] | None
    document_types: frozenset[str] | None
    agents: frozenset[str] | None
    about: tuple[frozenset[str], ...]
    known_agents: Mapping[str, tuple[str, ...]]


def wanted(
    given: EventFilter,
    groups: Mapping[str, tuple[str, tuple[str, ...]]],
    agents: Mapping[str, tuple[str, tuple[str, ...]]],
    members: Mapping[str, Iterable[str]],
) -> Wanted:
    """A filter spelled out, by the known groups of categories and agents, and the projects of project groups (`members`)."""
    categories = frozenset(given.event_categories) | {
        each for group in given.event_groups for each in groups.get(group, ("", ()))[1]
    }
    projects = {
        *given.projects,
        *(project for group in given.project_groups for project in members.get(group, ())),
    }
    own = {f"{before}{id}" for id in projects for before in _OF_PROJECTS}
    about = (
        frozenset({*projects, *own, *given.project_groups}),
        frozenset(given.environments),
        frozenset(given.tenants),
        frozenset(given.tags),
    )
    asked = bool(given.event_categories or given.event_groups)
    return Wanted(
        users=frozenset(given.users) or None,
        categories=categories if asked else None,
        document_types=frozenset(given.document_types) or None,
        agents=frozenset(given.event_agents) or None,
        about=tuple(each for each in about if each),
        known_agents={name: beginnings for name, (_, beginnings) in agents.items()},
    )


def matches(filter: Wanted, event: EventFact) -> bool:
    """Whether an event is one of those wanted."""
    if filter.users is not None and event.user_id not in filter.users:
        return False
    if filter.categories is not None and event.category not in filter.categories:
        return False
    if filter.document_types is not None and event.document_type not in filter.document_types:
        return False
    if filter.agents is not None and _agent(event.user_agent, filter.known_agents) not in filter.agents:
        return False
    related = frozenset(event.related)
    return all(related & each for each in filter.about)


def _agent(user_agent: str, known: Mapping[str, tuple[str, ...]]) -> str:
    """The kind of program a user agent is of; `Other` for one nobody knows."""
    low = user_agent.lower()
    for name, beginnings in known.items():
        for each in beginnings:
            if low == "" if not each else low.startswith(each.lower()):
                return name
    return "Other"
