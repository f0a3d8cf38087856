"""Teams, the roles they are given, and how far each reaches (api.md §3, product.md 3.4.16)."""
