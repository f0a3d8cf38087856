"""All that stays the same during a deployment's task: what was frozen with the release, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gurita.deployments.resources import Deployment
from gurita.deployments.service import Answered
from gurita.environments.resources import Environment
from gurita.feeds.service import Registry
from gurita.kernel.sensitive import Sensitive
from gurita.lifecycles.resources import Channel
from gurita.projects.resources import DeploymentProcess, Project
from gurita.releases.resources import Release
from gurita.runner.package_work import Retained
from gurita.variables.rules import Book, ScopedVariable

__all__ = ["Scenery"]


@dataclass(frozen=True, slots=True)
class Scenery:
    """Loaded once a task and node. `secrets` are the opened values of the sensitive variables, by secret id. `book` is
    `variables`, ready to be asked. `expanded` is what documents are that variables stand for, by id; `system` are the system
    variables that stay the same, `warnings` what somebody should know.

    `plain` are the values that do not depend on a step or machine, secrets left out. `prompted` are the values somebody gave when asking for the deployment, by variable name.
    `feeds` are the ids of the space's feeds by folded id, slug and name; "" means the built-in one. `registries` are those of them that
    hold images for this process. `retained` is how many installations stay on targets.
    """

    space: str
    space_name: str
    deployment: Deployment
    release: Release
    project: Project
    environment: Environment
    channel: Channel
    process: DeploymentProcess
    variables: tuple[ScopedVariable, ...]
    book: Book = field(default_factory=lambda: Book(()))
    prompted: Answered = field(default_factory=Answered)
    expanded: Mapping[str, Mapping[str, str | Sensitive]] = field(default_factory=dict)
    system: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    secrets: Mapping[str, Sensitive] = field(default_factory=dict)
    plain: Mapping[str, str] = field(default_factory=dict)
    web: str = ""
    feeds: Mapping[str, str] = field(default_factory=dict)
    registries: Mapping[str, Registry] = field(default_factory=dict)
    retained: Retained = field(default_factory=Retained)
