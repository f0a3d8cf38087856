"""First segments of paths below /api, which no space's slug may be."""

from __future__ import annotations

from gurita.http.link_table import SPACE_LINKS, SYSTEM_LINKS

__all__ = ["TAKEN"]


def _first(template: str) -> str:
    return template.partition("{")[0].partition("/")[0].lower()


TAKEN = frozenset(
    word for template in (*SYSTEM_LINKS.values(), *SPACE_LINKS.values()) if (word := _first(template))
) | {
    "app",
    "capabilities",
    "diagnostics",
    "events",
    "experimental",
    "icons",
    "machineroles",
    "openapi",
    "permissions",
    "progression",
    "proxies",
    "registration",
    "runbook-runs",
    "serviceaccounts",
    "spaces",
    "tasks",
    "teams",
    "token",
    "users",
}
"""What clients of the field use, whether it is served here yet or not: a space must not stand in its way later."""
