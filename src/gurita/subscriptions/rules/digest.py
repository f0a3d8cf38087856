"""A digest: at most a hundred events listed, the rest counted, as plain text and as minimal HTML. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from html import escape

from gurita.audit.resources import Event
from gurita.kernel.clock import parse_iso

__all__ = ["MOST_LISTED", "Composed", "Digest", "composed"]

MOST_LISTED = 100
_LONGEST_MESSAGE = 1_000
_LONGEST_SUBJECT = 150


@dataclass(slots=True)
class Digest:
    """What is told at once: the first events, and how many there are in all."""

    listed: list[Event] = field(default_factory=list)
    count: int = 0

    @property
    def room(self) -> int:
        """How many more may be listed."""
        return MOST_LISTED - len(self.listed)

    def add(self, count: int, listed: Sequence[Event]) -> None:
        """More events, of which as many are listed as there is room for."""
        self.listed += listed[: self.room]
        self.count += count


@dataclass(frozen=True, slots=True)
class Composed:
    """A message without its addresses. `subject` has one line."""

    subject: str
    text: str
    html: str


def composed(digest: Digest, name: str, zone: tzinfo, link: str = "") -> Composed:
    """The message about a digest, times in `zone`. `link` leads to all of its events, if it is known where that is."""
    count = digest.count
    what = "1 event" if count == 1 else f"{count} events"
    head = f"{what} for the subscription {_line(name)}"
    rest = count - len(digest.listed)
    more = f"and {rest} more, which are not listed here" if rest > 0 else ""
    rows = [(_when(event, zone), _line(event.username), _shown(event)) for event in digest.listed]
    plain = [head, "", *(f"{when}  {who}: {told}" for when, who, told in rows)]
    plain += ["", more] if more else []
    plain += ["", f"All of them: {link}"] if link else []
    items = "".join(
        f"<tr><td>{escape(when)}</td><td>{escape(who)}</td><td>{escape(told)}</td></tr>\n"
        for when, who, told in rows
    )
    tail = f"<p>{escape(more)}</p>\n" if more else ""
    tail += f'<p><a href="{escape(link, quote=True)}">All of them</a></p>\n' if link else ""
    html = (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n<p>{escape(head)}</p>\n'
        f"<table>\n{items}</table>\n{tail}</body></html>\n"
    )
    subject = head if len(head) <= _LONGEST_SUBJECT else head[: _LONGEST_SUBJECT - 1] + "…"
    return Composed(subject, "\n".join(plain) + "\n", html)


def _when(event: Event, zone: tzinfo) -> str:
    moment: datetime = parse_iso(event.occurred).astimezone(zone)
    return moment.strftime("%Y-%m-%d %H:%M:%S %Z")


def _shown(event: Event) -> str:
    told = _line(event.message)
    return told if len(told) <= _LONGEST_MESSAGE else told[: _LONGEST_MESSAGE - 1] + "…"


def _line(text: str) -> str:
    """A text on one line, without what is not shown."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
