"""The server's own nodes and their status."""
