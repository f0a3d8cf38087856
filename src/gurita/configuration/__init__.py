"""Settings of the whole server that people change while it runs."""
