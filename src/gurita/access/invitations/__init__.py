"""Invitations: somebody with the code becomes a user, once."""
