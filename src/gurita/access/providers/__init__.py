"""Providers of identities outside of this server: OpenID Connect and LDAP (product.md item 43)."""
