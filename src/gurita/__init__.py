"""Gurita: a self-hosted deployment automation server."""

__version__ = "0.1.0"
