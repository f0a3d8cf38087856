from __future__ import annotations

import email
import hmac
import re
from datetime import UTC, timedelta
from email.headerregistry import Address
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.access.service import TeamPerson
from gurita.audit.resources import Event, EventFact
from gurita.audit.service import AGENTS, CATEGORIES, GROUPS
from gurita.configuration.rules import address_of
from gurita.http.sensitive_value import SensitiveValue
from gurita.outbound.signing import signature
from gurita.subscriptions.delivering.messages import message_id, message_of
from gurita.subscriptions.resources import EventFilter, EventNotificationSubscription, Subscription
from gurita.subscriptions.rules import (
    MOST_LISTED,
    Digest,
    after_failure,
    composed,
    matches,
    problems,
    span_of,
    wanted,
    zone_of,
)
from gurita.subscriptions.rules.retrying import KEEP_TRYING, LONGEST_PAUSE

MEMBERS = {"ProjectGroups-1": ["Projects-1", "Projects-2"], "ProjectGroups-2": []}
DOCUMENTS = ["Projects-1", "Projects-2", "Projects-3", "Environments-1", "Environments-2", "ProjectGroups-1",
             "deploymentprocess-Projects-1", "variableset-Projects-3", "Tenants-1", "Region/West"]  # fmt: skip


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=3)


filters = st.builds(
    EventFilter,
    users=some(["Users-1", "Users-2"]),
    projects=some(["Projects-1", "Projects-2", "Projects-3"]),
    project_groups=some(["ProjectGroups-1", "ProjectGroups-2"]),
    environments=some(["Environments-1", "Environments-2"]),
    event_groups=some(["Deployment", "Machine"]),
    event_categories=some(["Created", "DeploymentFailed"]),
    event_agents=some(["Server", "Browser", "Other"]),
    tenants=some(["Tenants-1"]),
    tags=some(["Region/West"]),
    document_types=some(["Projects", "Deployments"]),
)
facts = st.builds(
    EventFact,
    number=st.integers(1, 9),
    category=st.sampled_from(["Created", "DeploymentFailed", "DeploymentStarted", "MachineAdded"]),
    document_type=st.sampled_from(["Projects", "Deployments", ""]),
    user_id=st.sampled_from(["Users-1", "Users-2", "users-system"]),
    user_agent=st.sampled_from(["", "Mozilla/5.0 (X)", "mozilla/4", "curl/8", "go-octopusdeploy/2"]),
    related=st.lists(st.sampled_from(DOCUMENTS), max_size=4).map(tuple),
)


def obviously(filter: EventFilter, event: EventFact) -> bool:
    """The same asked member by member, slowly."""
    if filter.users and event.user_id not in filter.users:
        return False
    if filter.document_types and event.document_type not in filter.document_types:
        return False
    kinds = set(filter.event_categories)
    for group in filter.event_groups:
        kinds |= set(GROUPS[group][1])
    if (filter.event_categories or filter.event_groups) and event.category not in kinds:
        return False
    if filter.event_agents:
        low = event.user_agent.lower()
        agent = "Server" if not low else "Browser" if low.startswith("mozilla/") else "Other"
        agent = "OctopusGoClient" if low.startswith("go-octopusdeploy") else agent
        if agent not in filter.event_agents:
            return False
    if filter.projects or filter.project_groups:
        projects = set(filter.projects)
        for group in filter.project_groups:
            projects |= set(MEMBERS[group])
        fits = [
            each in filter.project_groups or any(each == id or each.endswith(f"-{id}") for id in projects)
            for each in event.related
        ]
        if not any(fits):
            return False
    return all(
        not ids or set(ids) & set(event.related) for ids in (filter.environments, filter.tenants, filter.tags)
    )


@given(filters, facts)
def test_a_filter_says_what_a_slow_reader_of_it_says(filter: EventFilter, event: EventFact) -> None:
    assert matches(wanted(filter, GROUPS, AGENTS, MEMBERS), event) == obviously(filter, event)


@given(facts)
def test_an_empty_filter_lets_everything_through(event: EventFact) -> None:
    assert matches(wanted(EventFilter(), GROUPS, AGENTS, {}), event)


def test_a_group_without_projects_lets_nothing_through_but_itself() -> None:
    filter = wanted(EventFilter(project_groups=["ProjectGroups-2"]), GROUPS, AGENTS, MEMBERS)
    assert not matches(filter, EventFact(number=1, category="Created", related=("Projects-1",)))
    assert matches(filter, EventFact(number=1, category="Created", related=("ProjectGroups-2",)))


@given(st.integers(1, 10_000), st.integers(0, 4), st.integers(0, KEEP_TRYING - 1))
def test_pauses_grow_and_stay_within_ten_minutes(failures: int, refusals: int, age: int) -> None:
    step, later = after_failure(failures, refusals, age), after_failure(failures + 1, refusals, age)
    assert 0 < step.pause <= later.pause <= LONGEST_PAUSE
    assert not step.give_up


@given(st.integers(1, 100), st.integers(0, 100), st.integers(0, 2 * KEEP_TRYING))
def test_giving_up_is_for_what_is_refused_again_and_again_or_old(
    failures: int, refusals: int, age: int
) -> None:
    assert after_failure(failures, refusals, age).give_up == (refusals >= 5 or age >= KEEP_TRYING)


def test_a_receiver_that_asks_for_time_gets_it_within_bounds() -> None:
    assert after_failure(1, 0, 0, asked=60).pause == 60_000
    assert after_failure(1, 0, 0, asked=1e9).pause == LONGEST_PAUSE
    assert after_failure(1, 0, 0, asked=-5).pause == 5_000


def event(number: int, message: str = "Something happened", who: str = "eve") -> Event:
    return Event(
        id=f"Events-{number}",
        category="Created",
        user_id="Users-1",
        username=who,
        occurred="2026-01-02T03:04:05.678+00:00",
        message=message,
        message_html=message,
    )


@given(st.lists(st.integers(0, 80), max_size=6))
def test_a_digest_lists_a_hundred_and_counts_the_rest(blocks: list[int]) -> None:
    digest = Digest()
    for size in blocks:
        digest.add(size, [event(number) for number in range(min(size, digest.room))])
    assert digest.count == sum(blocks)
    assert len(digest.listed) == min(sum(blocks), MOST_LISTED)
    text = composed(digest, "All", UTC).text
    assert text.count("Something happened") == len(digest.listed)
    rest = digest.count - len(digest.listed)
    assert (f"and {rest} more" in text) == (rest > 0)


@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=100))
def test_no_text_of_anybodys_becomes_markup_or_another_line(message: str, name: str, who: str) -> None:
    made = composed(Digest([event(1, message, who)], 1), name, UTC, 'https://x.example/?a="><b>')
    assert "\n" not in made.subject and "\r" not in made.subject and len(made.subject) <= 150
    assert len(made.text.splitlines()) == 5
    tags = set(re.findall(r"<[^>]*>", made.html))
    known = (
        r'</?(html|head|body|p|table|tr|td)>|<!DOCTYPE html>|<meta charset="utf-8">|</a>|<a href="[^"<>]*">'
    )
    assert all(re.fullmatch(known, each) for each in tags)


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["Low", "Normal", "High"]))
def test_nobody_puts_a_header_into_a_message(name: str, subscription: str, priority: str) -> None:
    hostile = f"{subscription}\r\nBcc: everybody@x.example\r\n\r\nbody"
    person = TeamPerson(3, f"{name}\r\nBcc: all@x.example", "eve@x.example", frozenset({"teams-everyone"}))
    sender = address_of("Gurita <gurita@x.example>")
    assert sender is not None
    text = composed(Digest([event(1)], 1), hostile, UTC)
    id = message_id("installation", "Subscriptions-1", 1, 2, 3)
    raw = message_of(text, sender, person, id, priority, 1_700_000_000_000).as_bytes(policy=SMTP)
    read = email.message_from_bytes(raw, policy=SMTP)
    assert read["Bcc"] is None
    assert [each.addr_spec for each in read["To"].addresses] == ["eve@x.example"]
    assert read["Message-ID"] == id
    assert (read["Importance"] is None) == (priority == "Normal")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def test_the_same_digest_has_the_same_message_id_and_another_has_another() -> None:
    first = message_id("i", "Subscriptions-1", 1, 2, 3)
    assert first == message_id("i", "Subscriptions-1", 1, 2, 3)
    others = [
        ("j", "Subscriptions-1", 1, 2, 3),
        ("i", "Subscriptions-2", 1, 2, 3),
        ("i", "Subscriptions-1", 1, 2, 4),
    ]
    assert first not in {message_id(*each) for each in others}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nobody",
        "a@b\r\nBcc: c@d",
        "a@b, c@d",
        "<a@b> x",
        "a@b@c",
        "ä@x.example",
        "a@-x.example",
        "x <a@b",
        "a b@c",
    ],
)
def test_what_is_no_single_plain_address_is_none(text: str) -> None:
    assert address_of(text) is None


def test_addresses_are_read_with_and_without_a_name() -> None:
    assert address_of(" gurita@x.example ") == Address(addr_spec="gurita@x.example")
    named = address_of("The Server <gurita@x.example>")
    assert named is not None and (named.display_name, named.addr_spec) == ("The Server", "gurita@x.example")


def test_hours_may_be_more_than_a_day_has() -> None:
    assert span_of("36:00:00") == timedelta(hours=36) == span_of("1.12:00:00")
    assert span_of("00:60:00") is None and span_of("hourly") is None
    assert (
        zone_of("Europe/Vienna") is not None and zone_of("../etc/passwd") is None and zone_of("Mars") is None
    )


FAULTS = {
    "EmailFrequencyPeriod": {"email_frequency_period": "often"},
    "EmailShowDatesInTimeZoneId": {"email_show_dates_in_time_zone_id": "Mars/Base"},
    "WebhookURI": {"webhook_uri": "https://user:word@x.example/hook"},
    "WebhookTimeout": {"webhook_timeout": "01:00:00"},
    "WebhookHeaderKey": {"webhook_header_key": "Content-Length"},
    "WebhookHeaderValue": {"webhook_header_key": "X-Key", "webhook_header_value": "one\r\nX-Other: two"},
    "WebhookSecret": {"webhook_secret": SensitiveValue(has_value=True, new_value="short")},
    "SlackChannelIds": {"slack_channel_ids": ["C1"]},
    "TeamsChannels": {"teams_channels": [{}]},
}


@pytest.mark.parametrize("member", FAULTS)
def test_a_fault_names_its_member(member: str) -> None:
    told = EventNotificationSubscription(**FAULTS[member])  # type: ignore[arg-type]
    (found,) = problems(Subscription(name="One", event_notification_subscription=told))
    assert found.startswith(f"EventNotificationSubscription.{member}: ")
    assert problems(Subscription(name="One")) == []


@pytest.mark.parametrize(
    "uri",
    [
        "ftp://x.example/",
        "x.example",
        "https://",
        "http://x.example/#part",
        "http://[::1",
        "https://x.example:99999/",
    ],
)
def test_what_is_no_web_address_is_no_webhook(uri: str) -> None:
    told = EventNotificationSubscription(webhook_uri=uri)
    assert len(problems(Subscription(name="One", event_notification_subscription=told))) == 1


def test_the_signature_is_that_of_time_and_body() -> None:
    assert signature("0123456789abcdef", 1700000000, b"{}") == (
        "t=1700000000,v1=" + hmac.new(b"0123456789abcdef", b"1700000000.{}", "sha256").hexdigest()
    )
    assert set(GROUPS["Deployment"][1]) <= set(CATEGORIES)
