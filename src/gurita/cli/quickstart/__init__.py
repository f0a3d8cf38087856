"""`gurita quickstart`: a server, an agent and a sample on this machine."""
