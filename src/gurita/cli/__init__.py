"""The command line: `gurita server`, `quickstart`, `agent`, and a client of the REST API."""
