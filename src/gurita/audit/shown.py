"""Which documents live pages are told about when they change, and what it takes to be told."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SHOWN", "Shown"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the stream of changes calls a kind of document, and the permission to see one.

    A word in the plural is the part of the API's paths below which documents of this kind are read.
    """

    kind: str
    permission: str


SHOWN = {
    "Accounts": Shown("accounts", "AccountView"),
    "Certificates": Shown("certificates", "CertificateView"),
    "Channels": Shown("channels", "ProjectView"),
    "Deployments": Shown("deployment", "DeploymentView"),
    "Environments": Shown("environment", "EnvironmentView"),
    "Feeds": Shown("feeds", "FeedView"),
    "LibraryVariableSets": Shown("libraryvariablesets", "LibraryVariableSetView"),
    "Lifecycles": Shown("lifecycles", "LifecycleView"),
    "MachinePolicies": Shown("machinepolicies", "MachinePolicyView"),
    "Machines": Shown("machine", "MachineView"),
    "ProjectGroups": Shown("projectgroups", "ProjectGroupView"),
    "Projects": Shown("project", "ProjectView"),
    "Proxies": Shown("proxies", "ProxyView"),
    "Releases": Shown("release", "ReleaseView"),
    "Subscriptions": Shown("subscriptions", "SubscriptionView"),
    "WorkerPools": Shown("workerpools", "WorkerView"),
    "Workers": Shown("workers", "WorkerView"),
    "deploymentprocess": Shown("deploymentprocesses", "ProcessView"),
    "machinefilters": Shown("machine-filters", "MachineView"),
    "variableset": Shown("variables", "VariableView"),
}
"""By what the ids of the documents begin with."""
