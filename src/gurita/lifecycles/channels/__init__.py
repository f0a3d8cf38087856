"""Channels: lines of releases of a project, one of them the default."""
