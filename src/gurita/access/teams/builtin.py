"""The roles and teams every server has: under fixed ids, made at the start, and given anew what a later version adds."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from gurita.access.teams.resources import Team
from gurita.kernel.ids import folded
from gurita.kernel.permissions import PERMISSIONS

__all__ = [
    "ADMINISTRATORS",
    "EVERYONE",
    "MANAGERS",
    "NEW_IN_SPACES",
    "ROLES",
    "SPACE_MANAGER",
    "BuiltInRole",
    "managers_team",
    "teams",
]

ADMINISTRATORS, EVERYONE, MANAGERS = "teams-administrators", "teams-everyone", "teams-managers"
SPACE_MANAGER = "userroles-spacemanager"
NEW_IN_SPACES = {"SpaceDelete", "SpaceEdit", "SpaceView"}
"""Permissions that were given in the system only, before those who manage a space could change and delete it."""


def managers_team(space: str) -> str:
    """The id of the team that manages a space."""
    return f"teams-spacemanagers-{space}"


def teams(taken: Container[str]) -> Iterator[tuple[Team, str]]:
    """The teams every server has, each with the role it has in the system. `taken` are folded names of other teams."""
    everyone = Team(
        id=EVERYONE,
        name="Everyone",
        description="All users of this server.",
        can_be_deleted=False,
        can_be_renamed=False,
        can_change_members=False,
    )
    yield everyone, ""
    administrators = Team(
        id=ADMINISTRATORS,
        name="Administrators",
        description="May do everything, in the system and in every space.",
        can_be_deleted=False,
        can_change_roles=False,
    )
    yield administrators, "userroles-systemadministrator"
    names = ("System managers", *(f"System managers {number}" for number in range(2, 1_000)))
    managers = Team(
        id=MANAGERS,
        name=next(name for name in names if folded(name) not in taken),
        description="Manage users, teams, roles, spaces and settings.",
        can_be_deleted=False,
        can_change_roles=False,
    )
    yield managers, "userroles-systemmanager"


@dataclass(frozen=True, slots=True)
class BuiltInRole:
    """A role that cannot be deleted."""

    id: str
    name: str
    description: str
    permissions: frozenset[str]
    of_system: bool = False


def _named(*patterns: str) -> frozenset[str]:
    """Permissions by name; `Machine*` stands for all verbs."""
    found: set[str] = set()
    for pattern in patterns:
        stem = pattern.removesuffix("*")
        verbs = [f"{stem}{verb}" for verb in ("View", "Create", "Edit", "Delete")]
        names = [name for name in verbs if name in PERMISSIONS] if pattern.endswith("*") else [pattern]
        if not names or not set(names) <= PERMISSIONS.keys():
            raise ValueError(f"no permission is called {pattern}")
        found.update(names)
    return frozenset(found)


_PROJECT_VIEWER = _named(
    "ProjectView", "ProjectGroupView", "ProcessView", "VariableView", "VariableViewUnscoped", "ReleaseView",
    "DeploymentView", "ArtifactView", "InterruptionView", "TaskView", "TaskViewLog", "EnvironmentView",
    "LifecycleView", "LibraryVariableSetView", "ActionTemplateView", "FeedView", "BuiltInFeedDownload",
    "MachineView", "TenantView", "TriggerView", "EventView", "RunbookView", "RunbookRunView", "AccountView",
    "CertificateView", "WorkerView", "TeamView", "MachinePolicyView", "ProxyView", "GitCredentialView",
    "TargetTagView",
)  # fmt: skip
_RUNBOOK_CONSUMER = _PROJECT_VIEWER | _named(
    "RunbookRunCreate", "InterruptionViewSubmitResponsible", "ArtifactCreate", "TaskCancel"
)
_RUNBOOK_PRODUCER = _RUNBOOK_CONSUMER | _named(
    "RunbookEdit", "RunbookSnapshotCreate", "RunbookRunDelete", "VariableEdit", "VariableEditUnscoped",
    "TriggerCreate", "TriggerEdit", "TriggerDelete",
)  # fmt: skip
_CONTRIBUTOR = _PROJECT_VIEWER | _named(
    "ProjectEdit", "ProcessEdit", "VariableEdit", "VariableEditUnscoped", "TriggerCreate", "TriggerEdit",
    "TriggerDelete", "RunbookEdit", "RunbookSnapshotCreate", "DefectReport", "DefectResolve", "ArtifactEdit",
)  # fmt: skip
_INITIATOR = _CONTRIBUTOR | _named("ProjectCreate", "ProjectDelete", "ProjectGroup*")
_RELEASE_CREATOR = _PROJECT_VIEWER | _named("ReleaseCreate", "ReleaseEdit")
_DEPLOYMENT_CREATOR = _PROJECT_VIEWER | _named(
    "DeploymentCreate", "InterruptionViewSubmitResponsible", "TaskCancel", "ArtifactCreate"
)
_DEPLOYER = _CONTRIBUTOR | _DEPLOYMENT_CREATOR
_LEAD = _DEPLOYER | _RELEASE_CREATOR | _named("ReleaseDelete", "DeploymentDelete", "InterruptionSubmit")
_ENVIRONMENT_VIEWER = _named(
    "EnvironmentView", "MachineView", "MachinePolicyView", "ProxyView", "AccountView", "CertificateView",
    "TaskView", "TaskViewLog", "WorkerView", "TenantView", "EventView", "TargetTagView",
)  # fmt: skip
_ENVIRONMENT_MANAGER = _ENVIRONMENT_VIEWER | _named(
    "Environment*", "Machine*", "MachinePolicy*", "Proxy*", "Account*", "Certificate*", "WorkerEdit",
    "TaskCreate", "TaskCancel", "TargetTagAdminister",
)  # fmt: skip
_IN_SPACES = frozenset(name for name, one in PERMISSIONS.items() if one.space)
_OF_THE_SYSTEM = frozenset(name for name, one in PERMISSIONS.items() if one.system)

ROLES: tuple[BuiltInRole, ...] = (
    BuiltInRole(
        "userroles-systemadministrator",
        "System administrator",
        "May do everything, in the system and in every space.",
        _OF_THE_SYSTEM,
        of_system=True,
    ),
    BuiltInRole(
        "userroles-systemmanager",
        "System manager",
        "Manages users, teams, roles, spaces and settings, but not the server itself.",
        _OF_THE_SYSTEM - {"AdministerSystem"},
        of_system=True,
    ),
    BuiltInRole(SPACE_MANAGER, "Space manager", "May do everything in a space.", _IN_SPACES),
    BuiltInRole(
        "userroles-projectviewer", "Project viewer", "Sees projects and all they consist of.", _PROJECT_VIEWER
    ),
    BuiltInRole(
        "userroles-projectcontributor",
        "Project contributor",
        "Changes projects, their processes and variables; neither releases nor deploys them.",
        _CONTRIBUTOR,
    ),
    BuiltInRole(
        "userroles-projectinitiator",
        "Project initiator",
        "A contributor who also makes and deletes projects.",
        _INITIATOR,
    ),
    BuiltInRole(
        "userroles-projectdeployer", "Project deployer", "A contributor who also deploys releases.", _DEPLOYER
    ),
    BuiltInRole("userroles-projectlead", "Project lead", "A deployer who also makes releases.", _LEAD),
    BuiltInRole(
        "userroles-releasecreator", "Release creator", "Makes and changes releases.", _RELEASE_CREATOR
    ),
    BuiltInRole(
        "userroles-deploymentcreator",
        "Deployment creator",
        "Deploys releases others made.",
        _DEPLOYMENT_CREATOR,
    ),
    BuiltInRole(
        "userroles-environmentviewer",
        "Environment viewer",
        "Sees environments and what is in them.",
        _ENVIRONMENT_VIEWER,
    ),
    BuiltInRole(
        "userroles-environmentmanager",
        "Environment manager",
        "Manages environments, targets, workers, accounts and certificates.",
        _ENVIRONMENT_MANAGER,
    ),
    BuiltInRole(
        "userroles-certificatemanager",
        "Certificate manager",
        "Manages certificates and exports their private keys.",
        _named("Certificate*", "CertificateExportPrivateKey", "EnvironmentView", "TenantView"),
    ),
    BuiltInRole(
        "userroles-buildserver",
        "Build server",
        "Pushes packages and build information, makes releases and deploys them.",
        _RELEASE_CREATOR | _DEPLOYMENT_CREATOR | _named("BuiltInFeedPush", "BuildInformationPush"),
    ),
    BuiltInRole(
        "userroles-packagepublisher",
        "Package publisher",
        "Pushes packages and build information.",
        _named("BuiltInFeedPush", "BuiltInFeedDownload", "BuildInformationPush", "FeedView"),
    ),
    BuiltInRole(
        "userroles-tenantmanager",
        "Tenant manager",
        "Manages tenants and their tags.",
        _named("Tenant*", "TagSetCreate", "TagSetEdit", "TagSetDelete", "ProjectView", "EnvironmentView"),
    ),
    BuiltInRole(
        "userroles-runbookconsumer", "Runbook consumer", "Runs published runbooks.", _RUNBOOK_CONSUMER
    ),
    BuiltInRole(
        "userroles-runbookproducer", "Runbook producer", "Makes and runs runbooks.", _RUNBOOK_PRODUCER
    ),
)
"""Every built-in role. An administrator's reach beyond the system's permissions is the evaluator's own rule."""
