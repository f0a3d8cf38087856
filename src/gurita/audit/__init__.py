"""What was done, by whom and from where: written in the same unit as the deed, never changed afterwards."""
