"""What is where: the latest deployments by place, read in one statement."""
