"""The built-in repository: packages that were pushed, kept by the hash of their content."""
