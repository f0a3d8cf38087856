"""The variables of a release brought up to date value by value."""
