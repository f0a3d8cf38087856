"""Gurita: a self-hosted deployment automation server."""

from __future__ import annotations

__version__ = "0.1.0"
