"""Telling: what comes next, and how it is sent."""
