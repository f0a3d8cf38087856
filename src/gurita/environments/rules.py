"""What an environment must be like."""

from __future__ import annotations

from gurita.catalog.rules import list_problems, name_problems, slug_problems, text_problems
from gurita.environments.resources import Environment

__all__ = ["problems"]


def problems(environment: Environment) -> list[str]:
    """Every fault of an environment a client sends."""
    return [
        *name_problems(environment.name),
        *slug_problems(environment.slug),
        *text_problems(environment.description),
        *list_problems(environment.environment_tags, "EnvironmentTags"),
    ]
