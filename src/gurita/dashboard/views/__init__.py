"""The views of a dashboard people gave names to: each person's own, in each space."""
