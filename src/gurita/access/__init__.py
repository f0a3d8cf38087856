"""Who may do what: users, their keys and sessions, sign-in, permissions, the first administrator."""
