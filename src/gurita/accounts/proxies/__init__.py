"""Proxies machines are reached through."""
