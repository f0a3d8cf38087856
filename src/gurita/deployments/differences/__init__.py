"""What a deployment would change, target by target, against what was deployed there last."""
