"""Connections to targets: SSH over several carriers, the server's own machine, and the tickets spoken on them."""
