"""What variables are in a place, and why: the values that apply, every candidate, and what a text is made of."""
