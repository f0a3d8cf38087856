"""LDAP: a small client of the protocol, and signing in with it."""
