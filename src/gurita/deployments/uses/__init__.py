"""Which releases use a version of a package, and where they went."""
