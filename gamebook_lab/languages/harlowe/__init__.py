"""Harlowe 1 to 3: passages to syntax trees with spans, and from these to programs."""

from gamebook_lab.languages.harlowe.language import Harlowe

LANGUAGE = Harlowe()

__all__ = ["LANGUAGE", "Harlowe"]
