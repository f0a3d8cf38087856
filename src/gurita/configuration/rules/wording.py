"""What each setting of the server is called, and what it does: the labels and help of forms."""

from __future__ import annotations

__all__ = ["FIXED", "WORDS"]

_ABSENT = "This server has no such feature; it stays off."

WORDS: dict[str, tuple[str, str]] = {
    "ServerUri": (
        "Address of this server",
        "How people and agents reach it: https://deploy.example.com. Links in mails are made of it.",
    ),
    "IsInMaintenanceMode": (
        "Maintenance mode",
        "Only administrators may change anything. Reading and signing in work, and tasks under way go on.",
    ),
    "IsPasswordSignInEnabled": (
        "Sign in with a password of this server",
        "Before it is switched off, see that an administrator has an API key: it is the way in when the provider is away.",
    ),
    "IsGuestSignInEnabled": (
        "Sign in as a guest",
        "Anybody may enter without a password, and may do what the team Everyone may.",
    ),
    "IsCommunityActionTemplatesEnabled": ("Community step templates", _ABSENT),
    "IsServiceMessageResourceCreationEnabled": (
        "Scripts may create targets and accounts",
        "By the messages scripts print, in environments that allow it. Off: nowhere.",
    ),
    "IsBuiltInWorkerEnabled": (
        "Built-in worker",
        "Set by the option --local-scripts of each node: such scripts can read the server's keys.",
    ),
    "IsHelpSidebarEnabled": ("Help sidebar", "A link to your own help, shown to everybody."),
    "HelpSidebarSupportLink": (
        "Address of your help",
        "Where the link leads, such as https://wiki.example.com/deploying.",
    ),
    "IsConfigurationAsCodeEnabled": ("Configuration as code", _ABSENT),
    "IsConfigurationAsCodeForRunbooksEnabled": ("Configuration as code for runbooks", _ABSENT),
    "IsStepUiFrameworkEnabled": ("Step UI framework", _ABSENT),
    "DefaultDashboardRenderMode": (
        "How older portals draw their dashboard",
        "This portal always draws only what is seen.",
    ),
    "NotificationMode": (
        "New versions to tell of",
        "This server asks nobody whether there are any; other programs may read the wish here.",
    ),
}
"""By the name of the value in the API: label and help."""

FIXED = frozenset(
    {
        "IsCommunityActionTemplatesEnabled",
        "IsBuiltInWorkerEnabled",
        "IsConfigurationAsCodeEnabled",
        "IsConfigurationAsCodeForRunbooksEnabled",
        "IsStepUiFrameworkEnabled",
    }
)
"""Values that stay as they are, whatever is sent."""
