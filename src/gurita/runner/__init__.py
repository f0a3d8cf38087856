"""What runs on a target: tickets, their launcher, and the channel that asks for them.

Python 3.8 syntax, standard library and `gurita.formats` only. The protocol is docs/subsystems/tickets.md.
"""

from __future__ import annotations

__all__ = ["FORMAT", "VERSION"]

VERSION = "0.1.0"
FORMAT = 1
"""Version of the ticket store on disk, independent of the runner's."""
