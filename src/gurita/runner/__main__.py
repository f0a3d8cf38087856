"""`python -m gurita.runner serve`: as the shipped file."""

from __future__ import annotations

import sys

from gurita.runner.main import main

__all__: "list[str]" = []

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
