"""Defects: why a release must not go further, until somebody says that it may."""
