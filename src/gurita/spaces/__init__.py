"""Spaces: walled-off parts of the server."""
