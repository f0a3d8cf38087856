"""Why a variable has the value it has: every candidate, the winner, and what its text is made of."""
