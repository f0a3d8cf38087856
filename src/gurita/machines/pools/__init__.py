"""Worker pools: groups of workers a step may ask for."""
