"""Environments: the stages releases are deployed to."""
