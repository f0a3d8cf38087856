"""Measures the budgets of the design, as ratios to named references in one run: `scripts/bench [ROW…]`."""
