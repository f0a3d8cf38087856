"""Following a chain, and naming what is not as it was sealed. Pure: rows come from a database or a file alike.

What the chain alone can tell: an event that was altered, removed, inserted or put in another's place; a seal that is missing
or altered; a head signed with another key. What it can tell only with a head from outside (of the data folder, published, or
from an earlier check): that its end was cut off, that it is older than it was, that all of it was made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from gurita.audit.trail.chain import BEGINNING, Anchor, Head, fingerprint, linked, row_hash, signature_holds
from gurita.audit.trail.numbers import Numbers

__all__ = ["MOST_FINDINGS", "Finding", "Link", "Result", "Rows", "check_outside", "follow"]

MOST_FINDINGS = 100

Members = list[tuple[int, str]]


class Rows(Protocol):
    """Gives the rows of these events that are there, by number."""

    def __call__(self, numbers: list[int]) -> Mapping[int, Mapping[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Link:
    """A seal as it is kept: its head, what it says it took in, and where its events are."""

    head: Head
    members: Members
    rows: Rows


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong. `about` is `Events-17` or `seal 3`; `kind` is one word for programs."""

    kind: str
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.about}: {self.text}"


@dataclass(slots=True)
class Result:
    """`findings` in the chain's order, at most `MOST_FINDINGS`; `sealed` are the numbers of all members."""

    anchor: Anchor = BEGINNING
    head: Head | None = None
    findings: list[Finding] = field(default_factory=list)
    sealed: Numbers = field(default_factory=Numbers)
    unsealed: int = 0

    @property
    def good(self) -> bool:
        return not self.findings

    def note(self, kind: str, about: str, text: str) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(kind, about, text))


def follow(
    links: Iterable[Link],
    result: Result,
    key: str,
    heads: Mapping[int, Head] | None = None,
    tell: Callable[[Head], None] = lambda _: None,
) -> None:
    """Follows seals from `result.anchor` on and adds what it finds. `key` is the public key in hexadecimal, "" for any one.

    `heads` are known from outside, by their seal: the chain must pass through each.
    """
    for link in links:
        head, anchor = link.head, result.anchor
        about = f"seal {head.seal}"
        if head == result.head:
            continue  # delivered twice to a file
        if head.seal != anchor.seal + 1:
            missing = f"seal {anchor.seal + 1}"
            upto = f" to {head.seal - 1}" if head.seal > anchor.seal + 2 else ""
            result.note("missing", missing, f"is missing{upto and f', and all{upto}'}.")
        _check_head(link, result, key, in_turn=head.seal == anchor.seal + 1)
        _check_members(link, result)
        known = (heads or {}).get(head.seal)
        if known is not None and known.chain != head.chain:
            result.note(
                "rewritten",
                about,
                "is not the one that was known outside: the trail was made anew from here or before.",
            )
        result.anchor, result.head = head.anchor, head
        tell(head)


def _check_head(link: Link, result: Result, key: str, *, in_turn: bool) -> None:
    head, about = link.head, f"seal {link.head.seal}"
    if key and head.key != key:
        result.note(
            "forged", about, f"is signed with another key, {_shown(head.key)} instead of {fingerprint(key)}."
        )
    elif not signature_holds(head):
        result.note("forged", about, "its signature does not hold: its head was altered or forged.")
    if in_turn and (
        head.count != result.anchor.count + len(link.members)
        or head.chain != linked(result.anchor.chain, link.members)
    ):
        result.note("altered", about, "its list of events is not the one that was signed.")


def _shown(key: str) -> str:
    try:
        return fingerprint(key)
    except ValueError:
        return "one that cannot be read"


def _check_members(link: Link, result: Result) -> None:
    rows = link.rows([number for number, _ in link.members])
    owners = {content: number for number, content in link.members}
    for number, content in link.members:
        about = f"Events-{number}"
        if not result.sealed.add(number):
            result.note("altered", f"seal {link.head.seal}", f"lists {about}, which a seal before has.")
        row = rows.get(number)
        if row is None:
            result.note("missing", about, "is missing: it was removed after it was sealed.")
            continue
        found = row_hash(row)
        if found == content:
            if row.get("hash") not in (None, content):
                result.note("altered", about, "its stored hash was altered, its content was not.")
        elif found in owners:
            result.note(
                "reordered", about, f"was put in another's place: it is what Events-{owners[found]} was."
            )
        else:
            result.note("altered", about, "was altered after it was sealed.")


def check_outside(result: Result, heads: Iterable[tuple[str, Head]], key: str, first: int = 0) -> None:
    """Compares the end of the chain with heads from outside (each with where it is from). `first`: seals up to it are away."""
    for place, known in heads:
        if key and known.key != key:
            result.note("forged", f"the head in {place}", f"is signed with another key, {_shown(known.key)}.")
        elif not signature_holds(known):
            result.note("forged", f"the head in {place}", "its signature does not hold.")
        elif known.seal > result.anchor.seal and known.seal > first:
            lost = known.count - result.anchor.count
            result.note(
                "truncated",
                f"seal {result.anchor.seal + 1}",
                f"is missing with all after it: {place} knows seal {known.seal}, {lost} events more. The end of the trail was "
                "cut off, or an older database was put back.",
            )
