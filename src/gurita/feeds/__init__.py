"""Feeds: where packages come from, the built-in one and those elsewhere."""
