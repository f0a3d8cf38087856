"""Pure rules of lifecycles and channels."""

from __future__ import annotations

from gurita.lifecycles.rules.channels import (
    Chosen,
    RulePackage,
    channel_problems,
    channel_rule_problems,
    read_for,
    reference_problems,
    rule_packages,
    stale_packages,
)
from gurita.lifecycles.rules.phases import completed, lifecycle_problems, previewed, settled

__all__ = [
    "Chosen",
    "RulePackage",
    "channel_problems",
    "channel_rule_problems",
    "completed",
    "lifecycle_problems",
    "previewed",
    "read_for",
    "reference_problems",
    "rule_packages",
    "settled",
    "stale_packages",
]
