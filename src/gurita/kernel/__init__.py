"""The words every other package shares: ids, clock, secrets, errors, paging, faults."""
