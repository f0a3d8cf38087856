"""Machine policies: when machines are checked, and how patient the server is with them."""
