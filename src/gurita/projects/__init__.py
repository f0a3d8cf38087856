"""What is deployed: projects, and the processes by which they are."""
