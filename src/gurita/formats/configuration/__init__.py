"""Configuration files changed in their places (docs/subsystems/configuration.md): structured variables, substitution, XDT.

Modules are imported where they are used: a runner that starts a script needs none of them.
"""
