"""What build servers tell of the packages they made: build, branch, commits."""
