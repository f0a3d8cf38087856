"""Whether a failure asks a person (product.md 3.4.10)."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Guidance", "guidance"]


@dataclass(frozen=True, slots=True)
class Guidance:
    """The effective mode, and who decided: `Deployment`, `Project` or `Environment`."""

    on: bool
    source: str

    @property
    def explicitly_off(self) -> bool:
        """Somebody said that nobody shall be asked; an environment's default does not say so."""
        return not self.on and self.source != "Environment"


def guidance(chosen: bool | None, project: str, environment: bool) -> Guidance:
    """The deployment's choice wins over the project's, the project's over the environment's."""
    if chosen is not None:
        return Guidance(chosen, "Deployment")
    if project in ("On", "Off"):
        return Guidance(project == "On", "Project")
    return Guidance(environment, "Environment")
