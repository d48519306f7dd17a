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
    from gamebook_lab.formats import parse_twee, read_story, save_story, to_twee
    from gamebook_lab.parallel import check
    from gamebook_lab.story.history import History
    from gamebook_lab.story.story import Story
    from gamebook_lab.widgets.studio import Studio

__version__ = "0.1.0"

_HOME: Final = {
    "History": "gamebook_lab.story.history",
    "Story": "gamebook_lab.story.story",
    "Studio": "gamebook_lab.widgets.studio",
    "check": "gamebook_lab.parallel",
    "parse_twee": "gamebook_lab.formats",
    "read_story": "gamebook_lab.formats",
    "save_story": "gamebook_lab.formats",
    "to_twee": "gamebook_lab.formats",
}

__all__ = ["History", "Story", "Studio", "__version__", "check", "parse_twee", "read_story", "save_story", "to_twee"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'gamebook_lab' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
