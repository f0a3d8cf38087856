"""Secret values: encrypted once, opened in one place."""

from __future__ import annotations

from gurita.secrets.keys import open_secrets
from gurita.secrets.vault import Secrets

__all__ = ["Secrets", "open_secrets"]
