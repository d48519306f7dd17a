"""What a passage draws while it runs: words and offers, in the order in which they stand on the page."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, NamedTuple

from gamebook_lab.languages.shared.playing import words
from gamebook_lab.story.play import Offer, Page

__all__ = ["Canvas", "Drawn"]

MAX_OFFERS: Final = 200
"""Offers on one page: what reveals itself again and again must end."""
MAX_CHARACTERS: Final = 200_000


class Drawn(NamedTuple):
    """Token of a page: what a click needs to draw it again."""

    pieces: tuple[str | bool, ...] = ()
    """With ``detail="text"``: the words before, between and after the offers. An offer is True where its label is shown."""
    inputs: tuple[str, ...] = ()
    """Variables that the reader may be typing into."""
    more: Hashable = None
    """The language's own."""


class Canvas:
    """Collects a page. What is drawn while it is hidden is run, and not seen."""

    def __init__(self, *, has_text: bool) -> None:
        self.offers: Final[list[Offer]] = []
        self.pieces: Final[list[str | bool]] = []
        self.inputs: Final[list[str]] = []
        self.has_text: Final = has_text
        self.hidden = 0
        self._room = MAX_CHARACTERS

    def say(self, text: str) -> None:
        """Show words."""
        if self.has_text and not self.hidden and self._room > 0:
            self.pieces.append(text[: self._room])
            self._room -= len(text)

    def offer(self, offer: Offer, *, is_shown: bool = True) -> None:
        """Show something to click; the entries of a menu are not among the words."""
        if self.hidden:
            return
        self.offers.append(offer)
        if self.has_text:
            self.pieces.append(is_shown)

    @property
    def is_full(self) -> bool:
        """As much is offered as a page has room for: what comes beside is given up (:meth:`.Running.offer`)."""
        return len(self.offers) >= MAX_OFFERS

    def input(self, variable: str) -> None:
        """Show a box to type into."""
        if not self.hidden and variable not in self.inputs:
            self.inputs.append(variable)

    def clear(self) -> None:
        """Wipe it."""
        for drawn in (self.offers, self.pieces, self.inputs):
            drawn.clear()

    def page(self, passage: str, *, goto: str | None = None, more: Hashable = None) -> Page:
        """All of it as a page."""
        return _page(passage, tuple(self.offers), Drawn(tuple(self.pieces), tuple(self.inputs), more), goto, self)

    def instead(self, page: Page, offer: Offer, *, goto: str | None = None) -> Page:
        """The page that was there, with what was drawn here in place of one of its offers."""
        before = page.token if isinstance(page.token, Drawn) else Drawn()
        index = page.offers.index(offer) if offer in page.offers else len(page.offers)
        offers = (*page.offers[:index], *self.offers, *page.offers[index + 1 :])
        pieces = before.pieces
        place = _nth_offer(pieces, index)
        if place is not None:
            pieces = (*pieces[:place], *self.pieces, *pieces[place + 1 :])
        inputs = (*before.inputs, *(each for each in self.inputs if each not in before.inputs))
        return _page(page.passage, offers, Drawn(pieces, inputs, before.more), goto, self)


def _page(passage: str, offers: tuple[Offer, ...], drawn: Drawn, goto: str | None, canvas: Canvas) -> Page:
    text = None
    if canvas.has_text:
        labels = iter(offers)
        text = words("".join(each if isinstance(each, str) else next(labels).label * each for each in drawn.pieces))
    return Page(passage, offers, goto, text, drawn)


def _nth_offer(pieces: tuple[str | bool, ...], index: int) -> int | None:
    """Where the label of that offer stands; None without text."""
    for place, piece in enumerate(pieces):
        if isinstance(piece, bool):
            if index == 0:
                return place
            index -= 1
    return None
