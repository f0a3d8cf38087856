"""The forms of the step types, a file each."""
