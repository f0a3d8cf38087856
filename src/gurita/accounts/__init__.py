"""Accounts: what machines and steps sign in with."""
