"""Who may do what, as functions from data to data (product.md 3.3, 3.4.16)."""
