"""The read model over many projects: what is where."""
