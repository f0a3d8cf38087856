"""The one way out: every HTTP request the server makes to somebody else's server goes through here."""
