"""Releases on their way to environments: asking for them, planning them, and what became of them."""
