"""What ran in a place, as the journal tells it."""
