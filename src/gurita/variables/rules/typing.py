"""Types of variables, and which documents the values of some of them stand for."""

from __future__ import annotations

from gurita.variables.resources import Variable

__all__ = ["ACCOUNT_TYPES_OF", "CONTROLS", "REFERENCING", "TYPES", "is_reference", "referenced_kind"]

ACCOUNT_TYPES_OF = {
    "AmazonWebServicesAccount": ("AmazonWebServicesAccount", "AmazonWebServicesOidcAccount"),
    "AzureAccount": ("AzureServicePrincipal", "AzureSubscription", "AzureOidc"),
    "GoogleCloudAccount": ("GoogleCloudAccount", "GoogleCloudOidcAccount"),
    "UsernamePasswordAccount": ("UsernamePassword",),
    "GenericOidcAccount": ("GenericOidcAccount",),
    "TokenAccount": ("Token",),
    "SshKeyPairAccount": ("SshKeyPair",),
}
"""Types of variables whose value is an account, and the types of account each may be. The last two are our own."""

REFERENCING = {
    "Certificate": "Certificates",
    "WorkerPool": "WorkerPools",
    **dict.fromkeys(ACCOUNT_TYPES_OF, "Accounts"),
}
"""Types of variables whose value is the id of a document of a kind."""

TYPES = ("String", "Sensitive", *REFERENCING)

CONTROLS = (
    "SingleLineText",
    "MultiLineText",
    "Select",
    "Checkbox",
    "Sensitive",
    "Custom",
    "Package",
    "StepName",
    *REFERENCING,
)
"""How a prompt or a template may ask (`Octopus.ControlType`)."""


def is_reference(kind: str, value: str) -> bool:
    """Whether a value of this type names a document; expressions and empty ones do not."""
    return kind in REFERENCING and bool(value.strip()) and "#{" not in value


def referenced_kind(variable: Variable) -> str | None:
    """The kind of document the value of a variable names, if it does."""
    kind = variable.type or "String"
    return REFERENCING[kind] if is_reference(kind, str(variable.value or "")) else None
