"""Settings told to people and programs. Pure."""

from __future__ import annotations

from gurita.configuration.rules.addresses import address_of, host_problem
from gurita.configuration.rules.describing import described
from gurita.configuration.rules.effective import settings_sets

__all__ = ["address_of", "described", "host_problem", "settings_sets"]
