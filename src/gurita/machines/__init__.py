"""Deployment targets and the policies they are checked by."""
