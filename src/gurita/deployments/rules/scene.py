"""Everything a plan is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gurita.projects.resources import Action, ConnectivityPolicy, DeploymentProcess

__all__ = ["Choice", "Kind", "Machine", "Scene"]


def _no_problem(_action: Action) -> list[str]:
    return []


def _never(_action: Action) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A deployment target of the environment. `has_python` False: it takes raw scripts only.

    `refusal` says why nothing can ever run there.
    """

    id: str
    name: str
    roles: tuple[str, ...] = ()
    is_disabled: bool = False
    health: str = "Unknown"
    has_python: bool = True
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What planning must know of a step type.

    `server_only` never runs on a target. `needs_python` says that an action cannot run on a target without Python. `check` says what
    of an action this server cannot do yet, one sentence each.
    """

    server_only: bool = False
    needs_python: Callable[[Action], bool] = _never
    idempotent: bool = False
    check: Callable[[Action], list[str]] = _no_problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What whoever asks for the deployment chose. Empty `only_*` means all; `guided` None leaves it to others."""

    skip_actions: frozenset[str] = frozenset()
    only_machines: frozenset[str] = frozenset()
    excluded_machines: frozenset[str] = frozenset()
    only_tags: frozenset[str] = frozenset()
    excluded_tags: frozenset[str] = frozenset()
    guided: bool | None = None


def _as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A process, and the place and circumstances it is planned for.

    `machines` are the environment's targets; what is not among them cannot be chosen. `tenant_tags` is None for
    an untenanted deployment. `kinds` has step types by their name in lower case: one that is missing cannot run here.
    `max_parallelism` is the variable `Octopus.Action.MaxParallelism`, `acquire_parallelism` is `Octopus.Acquire.MaxParallelism`.
    `versions` are the release's package versions by action id and folded reference name, `feeds` the ids of feeds by folded id or name;
    None leaves either unchecked. `names` turns ids into names for sentences.
    """

    process: DeploymentProcess
    environment_id: str
    channel_id: str = ""
    machines: tuple[Machine, ...] = ()
    choice: Choice = Choice()
    policy: ConnectivityPolicy = field(default_factory=ConnectivityPolicy)
    tenant_tags: frozenset[str] | None = None
    project_guided: str = "EnvironmentDefault"
    environment_guided: bool = False
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    max_parallelism: str = ""
    acquire_parallelism: str = ""
    versions: Mapping[tuple[str, str], str] | None = None
    feeds: Mapping[str, str] | None = None
    expand: Callable[[str], str] = _as_it_is
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, id: str) -> str:
        """What people call the thing with this id."""
        return self.names.get(id, id)
