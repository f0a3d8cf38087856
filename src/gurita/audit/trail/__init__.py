"""The trail as something that cannot be altered unseen: events linked to a chain whose heads are signed."""
