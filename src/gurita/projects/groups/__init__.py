"""Project groups: projects shown together."""
