"""The composition root: settings, wiring, start-up."""
