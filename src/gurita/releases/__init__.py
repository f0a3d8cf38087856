"""Releases: a process, its variables and package versions, frozen under a number."""
