"""What goes wrong with a configuration file, each as one sentence without the name of the file."""

from __future__ import annotations

__all__ = ["ConfigurationError", "Unfit", "Unreadable"]


class ConfigurationError(ValueError):
    """A configuration file that cannot be worked on."""


class Unreadable(ConfigurationError):
    """A text that is not of the format it was read as."""


class Unfit(ConfigurationError):
    """A value that cannot stand at the place it is meant for."""
