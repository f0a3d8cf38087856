"""Tasks as people see them: their state, their log, what they wait for, and what they ask."""
