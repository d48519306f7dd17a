"""Thresholds, intervals, retention and targets: a typed file."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """All settings."""
