r"""GameBook Lab: analytics and authoring for branching stories, in Jupyter.

>>> import gamebook_lab as gb
>>> story = gb.parse_twee(":: Start\n[[Cellar]]\n\n:: Cellar\nDark.\n")
>>> story.choices["target"].tolist()
['Cellar']

Names are imported when first used, so that ``gamebook check`` does not wait for widgets.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from gamebook_lab import errors
    from gamebook_lab.analysis.compare import compare
    from gamebook_lab.analysis.explored import explore
    from gamebook_lab.analysis.large_logs import count_sessions
    from gamebook_lab.analysis.link_paths import link_paths
    from gamebook_lab.analysis.matching import match
    from gamebook_lab.analysis.paper import paper
    from gamebook_lab.analysis.path_reading import read_paths
    from gamebook_lab.analysis.proof import proofing_copy
    from gamebook_lab.analysis.reader_fit import fit_reader, forecast
    from gamebook_lab.analysis.reader_model import ReaderModel
    from gamebook_lab.analysis.simulated_readers import simulate_readers
    from gamebook_lab.engine.exploration import play
    from gamebook_lab.formats import (
        parse_twee,
        read_archive,
        read_story,
        save_story,
        to_twee,
        to_twine_archive,
        to_twine_html,
        to_twine_json,
        unrepresentable,
    )
    from gamebook_lab.formats.logs.read import read_sessions
    from gamebook_lab.formats.recorder import with_recorder
    from gamebook_lab.formats.story_table import read_story_table
    from gamebook_lab.parallel import check
    from gamebook_lab.story import edits, search
    from gamebook_lab.story.history import History
    from gamebook_lab.story.story import Story
    from gamebook_lab.widgets.dashboard import Dashboard
    from gamebook_lab.widgets.passage_table import PassageTable
    from gamebook_lab.widgets.problem_list import ProblemList
    from gamebook_lab.widgets.revisions_pane import RevisionsPane
    from gamebook_lab.widgets.story_map import StoryMap
    from gamebook_lab.widgets.studio import Studio
    from gamebook_lab.widgets.text_editor import TextEditor

__version__ = "0.2.0"

_HOME: Final = {
    "Dashboard": "gamebook_lab.widgets.dashboard",
    "History": "gamebook_lab.story.history",
    "PassageTable": "gamebook_lab.widgets.passage_table",
    "ProblemList": "gamebook_lab.widgets.problem_list",
    "ReaderModel": "gamebook_lab.analysis.reader_model",
    "RevisionsPane": "gamebook_lab.widgets.revisions_pane",
    "Story": "gamebook_lab.story.story",
    "StoryMap": "gamebook_lab.widgets.story_map",
    "Studio": "gamebook_lab.widgets.studio",
    "TextEditor": "gamebook_lab.widgets.text_editor",
    "check": "gamebook_lab.parallel",
    "compare": "gamebook_lab.analysis.compare",
    "match": "gamebook_lab.analysis.matching",
    "explore": "gamebook_lab.analysis.explored",
    "paper": "gamebook_lab.analysis.paper",
    "link_paths": "gamebook_lab.analysis.link_paths",
    "parse_twee": "gamebook_lab.formats",
    "play": "gamebook_lab.engine.exploration",
    "proofing_copy": "gamebook_lab.analysis.proof",
    "read_archive": "gamebook_lab.formats",
    "read_paths": "gamebook_lab.analysis.path_reading",
    "read_sessions": "gamebook_lab.formats.logs.read",
    "read_story": "gamebook_lab.formats",
    "read_story_table": "gamebook_lab.formats.story_table",
    "save_story": "gamebook_lab.formats",
    "to_twee": "gamebook_lab.formats",
    "to_twine_archive": "gamebook_lab.formats",
    "to_twine_html": "gamebook_lab.formats",
    "to_twine_json": "gamebook_lab.formats",
    "unrepresentable": "gamebook_lab.formats",
    "count_sessions": "gamebook_lab.analysis.large_logs",
    "fit_reader": "gamebook_lab.analysis.reader_fit",
    "forecast": "gamebook_lab.analysis.reader_fit",
    "simulate_readers": "gamebook_lab.analysis.simulated_readers",
    "with_recorder": "gamebook_lab.formats.recorder",
}
_MODULES: Final = {
    "edits": "gamebook_lab.story.edits",
    "errors": "gamebook_lab.errors",
    "search": "gamebook_lab.story.search",
}

__all__ = [
    "Dashboard",
    "History",
    "PassageTable",
    "ProblemList",
    "ReaderModel",
    "RevisionsPane",
    "Story",
    "StoryMap",
    "Studio",
    "TextEditor",
    "__version__",
    "check",
    "compare",
    "count_sessions",
    "edits",
    "errors",
    "explore",
    "fit_reader",
    "forecast",
    "link_paths",
    "match",
    "paper",
    "parse_twee",
    "play",
    "proofing_copy",
    "read_archive",
    "read_paths",
    "read_sessions",
    "read_story",
    "read_story_table",
    "save_story",
    "search",
    "simulate_readers",
    "to_twee",
    "to_twine_archive",
    "to_twine_html",
    "to_twine_json",
    "unrepresentable",
    "with_recorder",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    elif name in _MODULES:
        value = import_module(_MODULES[name])
    else:
        raise AttributeError(f"module 'gamebook_lab' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
