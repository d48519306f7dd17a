"""Plays Harlowe stories: fulfils :class:`gamebook_lab.story.play.Player` over the tree of ``languages.harlowe``."""
