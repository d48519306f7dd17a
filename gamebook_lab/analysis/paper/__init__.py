"""A story as a gamebook on paper: numbered sections, "turn to 14", codewords and counters on a sheet.

The way there: every situation of the state graph (``engine``) is one *face* of its passage (``faces``); faces that
differ only as a rule of paper could say it become one (``folding``); they are written down as sections
(``writing``), which get their numbers (``numbering``); the finished book is played by its own rules beside the state
graph (``checking``); and printed (``printing``). What paper cannot do is a coded refusal (``refusals``).

Nothing here knows any story format: rules are found in what happens, not in how an author wrote it.
"""

from gamebook_lab.analysis.paper.book import Book
from gamebook_lab.analysis.paper.making import paper
from gamebook_lab.analysis.paper.refusals import PaperError

__all__ = ["Book", "PaperError", "paper"]
