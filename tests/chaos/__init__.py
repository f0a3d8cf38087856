"""Deployments while everything that can die dies: `scripts/chaos`."""
