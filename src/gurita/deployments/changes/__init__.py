"""What deployments bring."""
