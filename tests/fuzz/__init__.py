"""Schemathesis asks every route of our OpenAPI description what nobody thought of: `scripts/fuzz`."""
