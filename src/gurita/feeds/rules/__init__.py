"""What a feed must be like, and which versions are chosen."""

from __future__ import annotations

from gurita.feeds.rules.checking import problems
from gurita.feeds.rules.choosing import Choice, chosen, newest_first
from gurita.feeds.rules.types import BUILT_IN, BUILT_IN_ID, TYPES, FeedType, canonical, settled

__all__ = [
    "BUILT_IN",
    "BUILT_IN_ID",
    "TYPES",
    "Choice",
    "FeedType",
    "canonical",
    "chosen",
    "newest_first",
    "problems",
    "settled",
]
