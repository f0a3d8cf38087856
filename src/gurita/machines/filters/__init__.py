"""Filters of machines people gave names to: one list a space, for everybody in it."""
