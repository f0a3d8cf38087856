"""Which events are told of, when again, and what a digest says. Pure."""

from __future__ import annotations

from gurita.subscriptions.rules.checking import canonical, has_value, origin, problems, span_of, zone_of
from gurita.subscriptions.rules.digest import MOST_LISTED, Composed, Digest, composed
from gurita.subscriptions.rules.matching import Wanted, matches, wanted
from gurita.subscriptions.rules.retrying import Step, after_failure

__all__ = [
    "MOST_LISTED",
    "Composed",
    "Digest",
    "Step",
    "Wanted",
    "after_failure",
    "canonical",
    "composed",
    "has_value",
    "matches",
    "origin",
    "problems",
    "span_of",
    "wanted",
    "zone_of",
]
