"""Subscriptions: events told to people by e-mail and to programs by webhooks."""
