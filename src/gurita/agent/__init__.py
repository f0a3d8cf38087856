"""The agent: an SSH server that runs the server's commands on this machine, waiting on a port or dialling in."""
