"""The names of all permissions: what each allows, and what a role's assignment may restrict it to (api.md §3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["PERMISSIONS", "Permission"]


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission: `restrictions` are the dimensions a role's assignment may narrow it to.

    `explicit_tenant`: an assignment narrowed to tenants does not reach what belongs to no tenant. `undivided`: it is about
    a space as such, which no assignment narrowed to a part of it reaches.
    """

    name: str
    description: str
    restrictions: tuple[str, ...] = ()
    system: bool = False
    space: bool = True
    explicit_tenant: bool = False
    undivided: bool = False


_P, _G, _E, _T = "Projects", "ProjectGroups", "Environments", "Tenants"
_PROJECT = (_P, _G)
_GROUP = (_G,)
_RELEASING = (_P, _G, _T)
_DEPLOYING = (_P, _G, _E, _T)
_VERBS = {"View": "See", "Create": "Create", "Edit": "Change", "Delete": "Delete"}

# Which permission may be restricted by what is product.md 3.3's table.
# name, plural words, restrictions: each with View, Create, Edit and Delete
_EDITED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Account", "accounts", (_E,)),
    ("ActionTemplate", "step templates", ()),
    ("Artifact", "artifacts", _DEPLOYING),
    ("Certificate", "certificates", (_E, _T)),
    ("Environment", "environments", (_E,)),
    ("LibraryVariableSet", "library variable sets", ()),
    ("Lifecycle", "lifecycles", ()),
    ("Machine", "deployment targets", (_E, _T)),
    ("MachinePolicy", "machine policies", ()),
    ("Project", "projects", _RELEASING),
    ("ProjectGroup", "project groups", _GROUP),
    ("Proxy", "proxies", ()),
    ("Release", "releases", _RELEASING),
    ("Subscription", "subscriptions", ()),
    ("Tenant", "tenants", (_T,)),
    ("Trigger", "triggers", _PROJECT),
)
_OTHERWISE: dict[str, tuple[str, ...]] = {"ProjectCreate": _GROUP, "CertificateCreate": ()}
"""Where one verb of a thing is restricted by less than the others: what is made is in no place yet."""

_SPACE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("BuildInformationAdminister", "Replace and delete build information", ()),
    ("BuildInformationPush", "Push build information", ()),
    ("BuiltInFeedAdminister", "Replace and delete packages in the built-in feed", _PROJECT),
    ("BuiltInFeedDownload", "Download packages from the built-in feed", _PROJECT),
    ("BuiltInFeedPush", "Push packages to the built-in feed", _PROJECT),
    ("CertificateExportPrivateKey", "Export the private keys of certificates", (_E, _T)),
    ("DefectReport", "Block the progress of a release", _PROJECT),
    ("DefectResolve", "Let a blocked release go on", _PROJECT),
    ("DeployedResourceAdminister", "Change what runs on a target", _DEPLOYING),
    ("DeploymentCreate", "Deploy releases", _DEPLOYING),
    ("DeploymentDelete", "Delete deployments", _DEPLOYING),
    ("DeploymentFreezeAdminister", "Create, change and delete deployment freezes", ()),
    ("DeploymentView", "See deployments", _DEPLOYING),
    ("FeatureToggleEdit", "Create, change and delete feature toggles", ()),
    ("FeedEdit", "Create, change and delete feeds", ()),
    ("FeedView", "See feeds", ()),
    ("GitCredentialEdit", "Create, change and delete Git credentials", ()),
    ("GitCredentialView", "See Git credentials", ()),
    ("InsightsReportCreate", "Create Insights reports", ()),
    ("InsightsReportDelete", "Delete Insights reports", ()),
    ("InsightsReportEdit", "Change Insights reports", ()),
    ("InsightsReportView", "See Insights reports", ()),
    ("InterruptionSubmit", "Answer interruptions", _DEPLOYING),
    ("InterruptionView", "See interruptions", _DEPLOYING),
    ("InterruptionViewSubmitResponsible", "See and answer interruptions one is responsible for", _DEPLOYING),
    ("ProcessEdit", "Change processes and settings of projects", _PROJECT),
    ("ProcessView", "See processes and settings of projects", _PROJECT),
    ("RunbookEdit", "Create, change and delete runbooks", _PROJECT),
    ("RunbookRunCreate", "Run runbooks", _DEPLOYING),
    ("RunbookRunDelete", "Delete runbook runs", _DEPLOYING),
    ("RunbookRunView", "See runbook runs", _DEPLOYING),
    ("RunbookSnapshotCreate", "Create runbook snapshots", _PROJECT),
    ("RunbookView", "See runbooks", _PROJECT),
    ("TagSetCreate", "Create tag sets", ()),
    ("TagSetDelete", "Delete tag sets", ()),
    ("TagSetEdit", "Change tag sets", ()),
    ("TargetTagAdminister", "Create, change and delete target tags", ()),
    ("TargetTagView", "See target tags", ()),
    ("VariableEdit", "Change scoped variables", (_P, _G, _E)),
    ("VariableEditUnscoped", "Change variables without scope", _PROJECT),
    ("VariableView", "See scoped variables", (_P, _G, _E)),
    ("VariableViewUnscoped", "See variables without scope", _PROJECT),
    ("WorkerEdit", "Create, change and delete workers and worker pools", ()),
    ("WorkerView", "See workers and worker pools", ()),
)

_BOTH: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("EventView", "See the audit trail", _DEPLOYING),
    ("SpaceDelete", "Delete spaces", ()),
    ("SpaceEdit", "Change spaces", ()),
    ("SpaceView", "See spaces", ()),
    ("TaskCancel", "Cancel tasks", _DEPLOYING),
    ("TaskCreate", "Start tasks by hand, such as health checks", _DEPLOYING),
    ("TaskEdit", "Change the state of finished tasks", _DEPLOYING),
    ("TaskPrioritize", "Move tasks to the front of the queue", ()),
    ("TaskView", "See summaries of tasks", _DEPLOYING),
    ("TaskViewLog", "See the logs of tasks", _DEPLOYING),
    ("TeamCreate", "Create teams", ()),
    ("TeamDelete", "Delete teams", ()),
    ("TeamEdit", "Change teams and who belongs to them", ()),
    ("TeamView", "See teams", ()),
)

_SYSTEM: tuple[tuple[str, str], ...] = (
    ("AdministerSystem", "Do everything there is at the level of the system"),
    ("ApprovalPolicyAdminister", "Create, change and delete policies of approval"),
    ("ConfigureServer", "Change the settings of the server"),
    ("EventRetentionDelete", "Delete archives of the audit trail"),
    ("EventRetentionView", "See archives of the audit trail"),
    ("PlatformHubEdit", "Change what the platform hub shares"),
    ("PlatformHubView", "See what the platform hub shares"),
    ("RetentionAdminister", "Change how long things are kept"),
    ("SpaceCreate", "Create spaces"),
    ("TelemetryView", "See what the server measures of itself"),
    ("UserEdit", "Create, change and disable users"),
    ("UserInvite", "Invite people to become users"),
    ("UserRoleEdit", "Create, change and delete user roles"),
    ("UserRoleView", "See user roles"),
    ("UserView", "See users"),
)


_UNDIVIDED = {"SpaceDelete", "SpaceEdit"}
_EXPLICIT = ("Artifact", "DeployedResource", "Deployment", "EventView", "Interruption", "RunbookRun")


def _explicit(name: str) -> bool:
    return name.startswith(_EXPLICIT) and name != "DeploymentFreezeAdminister"


def _all() -> Iterator[Permission]:
    for name, plural, restrictions in _EDITED:
        for verb, words in _VERBS.items():
            full = f"{name}{verb}"
            yield Permission(
                full,
                f"{words} {plural}",
                _OTHERWISE.get(full, restrictions),
                explicit_tenant=name in _EXPLICIT,
            )
    for name, description, restrictions in _SPACE:
        yield Permission(name, description, restrictions, explicit_tenant=_explicit(name))
    for name, description, restrictions in _BOTH:
        yield Permission(
            name,
            description,
            restrictions,
            system=True,
            explicit_tenant=_explicit(name),
            undivided=name in _UNDIVIDED,
        )
    for name, description in _SYSTEM:
        yield Permission(name, description, system=True, space=False)


PERMISSIONS: dict[str, Permission] = {one.name: one for one in sorted(_all(), key=lambda one: one.name)}
"""Every permission by its name, in the order of names."""
