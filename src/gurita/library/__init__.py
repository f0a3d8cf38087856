"""The library: variables and script modules that many projects share."""
