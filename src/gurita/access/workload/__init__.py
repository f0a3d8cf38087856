"""Identities of programs: tokens of other issuers exchanged for ours, and what this server says of itself as an issuer."""
