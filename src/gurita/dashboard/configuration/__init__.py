"""What each person wants to see on the dashboard of a space."""
