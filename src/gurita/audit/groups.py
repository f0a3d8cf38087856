"""Groups of kinds of events, and kinds of programs that cause them (api.md 10)."""

from __future__ import annotations

from gurita.audit.categories import CATEGORIES

__all__ = ["AGENTS", "GROUPS", "applies_to"]


def _beginning(*words: str) -> tuple[str, ...]:
    return tuple(one for one in CATEGORIES if one.startswith(words))


_WELL = ("MachineHealthy", "MachineHasWarnings", "MachineAvailable")
_ILL = ("MachineUnhealthy", "MachineUnavailable")

GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Document": ("Document changed", ("Created", "Modified", "Deleted")),
    "Deployment": ("Deployment", _beginning("Deployment")),
    "DeploymentFailure": (
        "Deployment failed or asks",
        ("DeploymentFailed", "GuidedFailureInterruptionRaised"),
    ),
    "Interruption": ("Interruption", _beginning("GuidedFailure", "ManualIntervention", "Interruption")),
    "Machine": ("Machine", _beginning("Machine")),
    "MachineAvailableForDeployment": (
        "Machine becomes available for deployment",
        ("MachineAdded", "MachineEnabled", *_WELL),
    ),
    "MachineUnavailableForDeployment": (
        "Machine becomes unavailable for deployment",
        ("MachineDeleted", "MachineDisabled", *_ILL),
    ),
    "MachineHealthChanged": ("Machine health changed", ("MachineHealthChanged", *_WELL, *_ILL)),
    "MachineCritical": ("Machine critical", _ILL),
    "RunbookRun": ("Runbook run", _beginning("RunbookRun")),
    "Certificate": ("Certificate", _beginning("Certificate")),
    "Task": ("Task", ("Queued", "Canceled", "TaskStateModified")),
    "TriggerEvents": (
        "Events triggers listen to",
        ("MachineAdded", "MachineEnabled", "MachineDeleted", *_WELL, *_ILL),
    ),
    "User": ("User", _beginning("Login", "Logout", "ApiKey", "SecretRead")),
    "Node": ("Node", _beginning("Node", "Maintenance")),
}
"""Id → what people read, and the categories."""

AGENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Server": ("The server itself", ("",)),
    "Browser": ("Web browser", ("Mozilla/",)),
    "GuritaCli": ("Gurita command line", ("gurita",)),
    "OctopusCli": ("Octopus command line", ("octopus/", "octo/", "OctopusCLI", "Octopus CLI")),
    "OctopusDotNetClient": ("Octopus client for .NET", ("OctopusClient-dotnet",)),
    "OctopusGoClient": ("Octopus client for Go", ("go-octopusdeploy",)),
    "OctopusTypeScriptClient": (
        "Octopus client for TypeScript",
        ("octopus-client-typescript", "octopusdeploy-client"),
    ),
    "Terraform": ("Terraform", ("terraform", "HashiCorp Terraform")),
    "Other": ("Anything else", ()),
}
"""Id → what people read, and how the user agents of such programs begin. `Other` begins like none of them."""

_DEPLOYING = _beginning("Deployment", "RunbookRun", "GuidedFailure", "ManualIntervention")
_APPLIES = {
    "subscription": tuple(CATEGORIES),
    "trigger": GROUPS["TriggerEvents"][1],
    "deployment": _DEPLOYING,
}


def applies_to(word: str) -> tuple[str, ...]:
    """The categories that concern something: subscriptions, triggers, a kind of document by its word; all for none."""
    key = word.strip().lower()
    if not key:
        return tuple(CATEGORIES)
    return (
        _APPLIES.get(key)
        or tuple(one for one in CATEGORIES if one.lower().startswith(key))
        or _APPLIES["subscription"]
    )
