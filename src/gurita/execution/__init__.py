"""The engine's handlers: the one place where plans, steps, variables and transport meet."""
