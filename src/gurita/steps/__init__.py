"""What an action of each type does: one file a type, from properties and variables to work for a target."""
