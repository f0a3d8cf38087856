"""Lifecycles (the order of environments) and channels (lines of releases)."""
