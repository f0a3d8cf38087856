"""Variables: what differs between environments, machines and steps."""
