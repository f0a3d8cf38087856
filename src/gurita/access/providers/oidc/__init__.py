"""OpenID Connect: the authorization code flow with PKCE, and what is believed of a token."""
