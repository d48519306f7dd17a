"""The page's elements as scripts reach for them: jQuery, ``document``, ``Dialog``, ``Story``.

How elements look is not followed. What is written into them is words that we do not show: opaque, but harmless. What
scripts make of clicks and keys, and what empties elements, is strange: it may do anything.
"""

# ruff: noqa: ARG002, D102 - functions and members of one table have one signature

from __future__ import annotations

from typing import Any, Final

from gamebook_lab.languages.javascript.host import Host, Native, argument
from gamebook_lab.languages.javascript.values import to_text
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.program import Span

ROOTS: Final = frozenset({"$", "jQuery", "document"})
STYLING: Final = frozenset(
    {
        "attr", "prop", "addClass", "removeClass", "toggleClass", "css", "hide", "show", "fadeIn", "fadeOut", "fadeTo",
        "slideUp", "slideDown", "toggle", "animate", "stop", "delay", "focus", "blur", "scrollTop", "scrollIntoView",
        "removeAttr", "setAttribute", "removeAttribute", "data", "width", "height", "hasClass", "play", "pause",
    }
)  # fmt: skip
WALKING: Final = frozenset(
    {
        "find", "closest", "parent", "parents", "children", "first", "last", "eq", "filter", "not", "siblings", "next",
        "prev", "get", "getElementById", "querySelector", "querySelectorAll", "getElementsByClassName",
        "getElementsByTagName", "createElement", "createTextNode",
    }
)  # fmt: skip
WRITING: Final = frozenset({"append", "prepend", "before", "after", "appendTo", "prependTo", "appendChild"})
"""Methods that add words."""
AFTERWARDS: Final = frozenset({":passagedisplay", ":passageend", ":passagerender"})
"""Events that come once the passage stands."""


STANDING: Final = frozenset(
    {
        "#ui-bar", "#ui-bar-tray", "#ui-bar-history", "#ui-bar-body", "#title", "#story-banner", "#story-title",
        "#story-subtitle", "#story-author", "#story-caption", "#menu", "#menu-story", "#menu-core", "#story", "#passages",
    }
)  # fmt: skip
"""Selectors of what stands around every passage, unless the story has an interface of its own."""


class Elements(Native):
    """Some elements of the page."""

    name = "elements"

    def set(self, host: Host, key: str, value: Any, span: Span) -> None:
        pass

    def call(self, host: Any, key: str, arguments: list[Any], span: Span) -> Any:
        if key in STYLING or key in WALKING or key in WRITING:
            return self
        if key == "wiki":
            text = to_text(argument(arguments, 0))
            if isinstance(text, str):
                self.show(host, text, span)
                return self
        if key in {"one", "on"} and argument(arguments, 0) in AFTERWARDS and callable(argument(arguments, 1)):
            host.afterwards.append((arguments[1], span))
            return self
        return super().call(host, key, arguments, span)

    def show(self, host: Any, text: str, span: Span) -> None:
        """Show markup in them; where nothing else is shown, they may be there or not."""
        hidden = host.hidden
        if hidden and host.either(2, "wiki()", span) == 0:
            host.hidden = 0
        try:
            host.player.print(host, text, span, "")
        finally:
            host.hidden = hidden

    def get(self, host: Host, key: str, span: Span) -> Any:
        return self if key in {"style", "body", "documentElement", "classList", "dataset"} else UNKNOWN

    def __call__(self, host: Host, arguments: list[Any], span: Span) -> Any:
        if callable(argument(arguments, 0)):
            return host.stray("$()", span)
        return ELEMENTS


ELEMENTS: Final = Elements()


class Query(Elements):
    """``$`` itself, whose ``wiki`` runs markup and shows nothing of it."""

    def show(self, host: Any, text: str, span: Span) -> None:
        host.hidden += 1
        try:
            host.player.print(host, text, span, "")
        finally:
            host.hidden -= 1


class Dialog(Native):
    """A box over the page: links in it are offered with the others."""

    name = "Dialog"

    def call(self, host: Any, key: str, arguments: list[Any], span: Span) -> Any:
        if key != "wiki":
            return self
        text = to_text(argument(arguments, 0))
        if not isinstance(text, str):
            return host.stray("Dialog.wiki()", span)
        hidden, host.hidden = host.hidden, 0
        try:
            host.player.print(host, text, span, "")
        finally:
            host.hidden = hidden
        return self


class Named(Native):
    """A passage as ``Story.get`` gives it."""

    def __init__(self, name: str, text: str, tags: tuple[str, ...]) -> None:
        self.name, self.text, self.tags = name, text, tags

    def get(self, host: Host, key: str, span: Span) -> Any:
        return {"title": self.name, "name": self.name, "text": self.text, "tags": list(self.tags)}.get(key, UNKNOWN)

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        return self.text if key == "processText" else super().call(host, key, arguments, span)


class Story(Native):
    """The object ``Story``."""

    name = "Story"

    def call(self, host: Any, key: str, arguments: list[Any], span: Span) -> Any:
        name = argument(arguments, 0)
        if not isinstance(name, str):
            return UNKNOWN
        if key == "has":
            return host.player.has(name)
        if key == "get":
            there = host.player.has(name)
            return Named(name, host.player.texts[name], host.player.tags_of(name)) if there else UNSET
        return UNKNOWN


class Window(Native):
    """``window``: its members are plain names."""

    name = "window"

    def get(self, host: Host, key: str, span: Span) -> Any:
        from gamebook_lab.languages.javascript.host import MISSING

        found = host.lookup(key) if key[0] not in "$_" or len(key) == 1 else UNKNOWN
        return UNKNOWN if found is MISSING else found
