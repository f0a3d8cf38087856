"""Pure rules of projects and their processes."""

from __future__ import annotations

from gurita.projects.rules.naming import unique_slug
from gurita.projects.rules.packages import is_deferred, with_feeds, with_packages
from gurita.projects.rules.process import check, completed
from gurita.projects.rules.settings import (
    ATTEMPTS,
    Retries,
    flag,
    is_expression,
    responsible_teams,
    retries,
    roles,
    step_expression,
    text,
    timeout_minutes,
    window,
)

__all__ = [
    "ATTEMPTS",
    "Retries",
    "check",
    "completed",
    "flag",
    "is_deferred",
    "is_expression",
    "responsible_teams",
    "retries",
    "roles",
    "step_expression",
    "text",
    "timeout_minutes",
    "unique_slug",
    "window",
    "with_feeds",
    "with_packages",
]
