"""How long things of a space are kept where a lifecycle says nothing of its own."""
