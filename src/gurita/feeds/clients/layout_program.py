"""A program of its own that matches a layout: Python's engine can take for ever over an expression, and a process can be ended.

Reads `{"pattern": …, "paths": […]}` from standard input and writes, for each path that fits, its place and its groups.
"""

from __future__ import annotations

import json
import re
import sys

__all__ = ["main"]


def main() -> None:
    asked = json.load(sys.stdin)
    pattern = re.compile(asked["pattern"])
    found = ((place, pattern.fullmatch(path)) for place, path in enumerate(asked["paths"]))
    json.dump([[place, match.groupdict()] for place, match in found if match], sys.stdout)


if __name__ == "__main__":
    main()
