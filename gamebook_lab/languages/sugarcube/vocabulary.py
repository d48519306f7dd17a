"""SugarCube's own macros, passages, tags and functions, by what they mean to us.

Source: the documentation of SugarCube 2 (macros, functions, special names).
"""

from __future__ import annotations

from typing import Final

CHILD_TAGS: Final[dict[str, frozenset[str]]] = {
    "if": frozenset({"elseif", "else"}),
    "switch": frozenset({"case", "default"}),
    "cycle": frozenset({"option", "optionsfrom"}),
    "listbox": frozenset({"option", "optionsfrom"}),
    "timed": frozenset({"next"}),
    "createaudiogroup": frozenset({"track"}),
    "createplaylist": frozenset({"track"}),
}
"""Macros whose body is divided by tags of their own."""

PARENTS: Final = {
    child: tuple(sorted(parent for parent, tags in CHILD_TAGS.items() if child in tags))
    for child in set().union(*CHILD_TAGS.values())
}

REVEALS: Final = frozenset({"linkappend", "linkprepend", "linkreplace", "linkexclusive"})
LINKS: Final = frozenset({"link", "button", "click"}) | REVEALS
"""Macros whose body runs when the reader clicks."""

CONTAINERS: Final = (
    frozenset(CHILD_TAGS)
    | LINKS
    | frozenset(
        {
            "append", "prepend", "replace", "capture", "do", "done", "for", "while", "nobr", "repeat", "script", "silent",
            "silently", "type", "widget",
        }
    )
)  # fmt: skip
"""Macros of SugarCube that need a closing tag."""

EXPRESSION_MACROS: Final = frozenset({"if", "elseif", "switch", "print", "=", "-", "while", "optionsfrom"})
"""Macros whose arguments are one expression."""

CODE_MACROS: Final = frozenset({"set", "run", "unset", "capture"})
INPUTS: Final = frozenset({"textbox", "textarea", "numberbox", "checkbox", "radiobutton", "cycle", "listbox"})
"""Macros that let the reader choose a variable's value; the variable's name is their first argument, quoted."""

PLAIN_MACROS: Final = frozenset(
    {
        "addclass", "append", "audio", "break", "cacheaudio", "case", "continue", "copy", "createaudiogroup",
        "createplaylist", "default", "do", "done", "else", "masteraudio", "next", "nobr", "option", "playlist",
        "prepend", "redo", "remember", "remove", "removeaudiogroup", "removeclass", "removeplaylist", "repeat",
        "replace", "setplaylist", "silent", "silently", "stop", "stopallaudio", "timed", "toggleclass", "track", "type",
        "waitforaudio", "forget",
    }
)  # fmt: skip
"""Macros that neither move the reader nor write a variable by themselves."""

SPECIAL_NAMES: Final = frozenset(
    {
        "PassageDone", "PassageFooter", "PassageHeader", "PassageReady", "StoryAuthor", "StoryBanner", "StoryCaption",
        "StoryData", "StoryDisplayTitle", "StoryInit", "StoryInterface", "StoryMenu", "StorySettings", "StoryShare",
        "StorySubtitle", "StoryTitle", "StoryIncludes", "MenuOptions", "MenuShare", "MenuStory",
    }
)  # fmt: skip
SPECIAL_TAGS: Final = frozenset({"widget", "init", "annotation"})
SPECIAL_TAG_PREFIX: Final = "twine."
"""``Twine.private``, ``Twine.image`` and their kin."""

DATA_NAMES: Final = frozenset({"StoryData", "StoryTitle", "StorySettings", "StoryIncludes"})
"""Special passages that hold no markup."""

SCOPED_VARIABLES: Final = frozenset({"$args", "_args", "_contents", "_this"})
"""Variables that SugarCube itself sets inside a widget."""

NAMING_CALLS: Final = frozenset(
    {"visited", "hasVisited", "lastVisited", "Story.has", "Story.get", "State.hasPlayed", "setup.visited", "tags"}
)
"""Functions whose string arguments are passage names."""

PLACE_VALUES: Final = frozenset({"passage", "previous", "State.passage", "State.active.title"})
"""Calls and members that give a passage's name; what they are compared with is one too."""

COMPUTING_CALLS: Final = frozenset(
    {"either", "passage", "previous", "random", "randomFloat", "visited", "turns", "ndef"}
)
"""Functions that make a link's target an expression, as ``[[Go|previous()]]``."""

KNOWN_OWNERS: Final = frozenset(
    {
        "Array", "Boolean", "Config", "Date", "Dialog", "Fullscreen", "JSON", "LoadScreen", "Math", "Number", "Object",
        "Passage", "SimpleAudio", "State", "Story", "String", "Template", "UI", "UIBar", "console", "document",
        "Setting", "Map", "Set", "L10n", "Symbol", "Reflect", "localStorage", "sessionStorage", "navigator", "settings",
    }
)  # fmt: skip
"""Objects whose methods neither move the reader nor write a story variable, but for those listed elsewhere."""

KNOWN_FUNCTIONS: Final = frozenset(
    {
        "Array", "Boolean", "Date", "Map", "Number", "Object", "RegExp", "Set", "String", "Error", "alert", "clone",
        "either", "hasVisited", "importScripts", "importStyles", "isFinite", "isNaN", "lastVisited", "memorize",
        "parseFloat", "parseInt", "passage", "previous", "random", "randomFloat", "recall", "forget", "setPageElement",
        "tags", "temporary", "time", "triggerEvent", "turns", "variables", "visited", "visitedTags", "clearTimeout",
        "clearInterval", "escape", "unescape", "encodeURIComponent", "decodeURIComponent",
    }
)  # fmt: skip

MOVING_NAMES: Final = frozenset(
    {"Engine", "Wikifier", "Save", "UI", "SugarCube", "wiki", "wikiPassage", "wikiWithOptions", "goto", "play"}
)
"""Names that, in a script, may take the reader elsewhere."""
