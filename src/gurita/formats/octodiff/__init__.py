"""Signatures of files, and deltas that make a new file out of an old one (runtime-formats.md 7)."""

from __future__ import annotations

from gurita.formats.octodiff.applying import DeltaRefused, apply_delta
from gurita.formats.octodiff.building import build_delta
from gurita.formats.octodiff.signature import CHUNK, rolling_sum, signature

__all__ = ["CHUNK", "DeltaRefused", "apply_delta", "build_delta", "rolling_sum", "signature"]
