"""Certificates: kept with their keys, read, replaced, exported, and watched for their end."""
