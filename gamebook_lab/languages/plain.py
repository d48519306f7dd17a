"""The language of a story whose format is not known: Twine's ``[[links]]``, all else prose.

Covers ``[[a]]``, ``[[label->a]]``, ``[[a<-label]]`` and ``[[label|a]]``, each on one line, split as
Twine's editor splits them: at the last ``->``, else at the first ``<-``, else at the first ``|``.
Does not cover setters, macros or variables: those belong to the languages that have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from gamebook_lab.errors import EditError
from gamebook_lab.languages.shared.playing import Source, Sources, with_arrival, words
from gamebook_lab.languages.shared.trimming import trim
from gamebook_lab.story.language import Language, code_kind
from gamebook_lab.story.play import Move, Offer, Page, Place, Summary, Turn, arrive, leave
from gamebook_lab.story.program import Choice, ChoiceKind, Program, Reference, Slot, Span, Token

if TYPE_CHECKING:
    from gamebook_lab.story.story import Story

_END: Final = re.compile(r"\]\]|[\r\n]")
_FORBIDDEN: Final = ("]]", "[[", "->", "<-", "|", "\n", "\r")
QUOTING: Final = "plain"


@dataclass(frozen=True, slots=True)
class PlainLanguage:
    """Knows links and nothing else. See :class:`~gamebook_lab.story.language.Language`."""

    name: str = "plain"

    def kind(self, name: str, tags: tuple[str, ...]) -> str:  # noqa: ARG002 - no name is special here
        """Kind of a passage: by its tags alone."""
        return code_kind(tags) or "story"

    def parse(self, text: str, *, name: str = "", tags: tuple[str, ...] = ()) -> Program:
        """Find every link; linear in the length of ``text``."""
        if self.kind(name, tags) != "story":
            return Program(tokens=(Token(0, len(text), "code"),) if text else ())
        choices: list[Choice] = []
        prose: list[Span] = []
        tokens: list[Token] = []
        done = 0
        for choice in _links(text):
            assert choice.target_slot is not None
            assert choice.label_slot is not None
            choices.append(choice)
            prose += [Span(done, choice.span.start), choice.label_slot.span]
            tokens += _tokens(choice.span, choice.target_slot.span, choice.label_slot.span)
            done = choice.span.stop
        prose.append(Span(done, len(text)))
        return Program(
            choices=tuple(choices),
            references=tuple(_reference(choice) for choice in choices),
            prose=tuple(span for span in prose if span.start < span.stop),
            tokens=tuple(tokens),
        )

    def encode(self, text: str, quoting: str) -> str:  # noqa: ARG002 - a link has one way of writing
        """Return ``text`` if it can stand in a link as it is."""
        if not text or text != text.strip() or text.endswith("]") or any(mark in text for mark in _FORBIDDEN):
            msg = f"{text!r} cannot be written inside a [[link]]; avoid [[ ]] -> <- | and spaces at its ends"
            raise EditError(msg)
        return text

    def link(self, label: str | None, target: str) -> str:
        """Write ``[[target]]`` or ``[[label->target]]``."""
        return f"[[{self.encode(target, QUOTING) if label is None else self.link_inside(label, target)}]]"

    def link_inside(self, label: str, target: str) -> str:
        """Write ``label->target``."""
        return f"{self.encode(label, QUOTING)}->{self.encode(target, QUOTING)}"

    def is_variable_name(self, name: str) -> bool:  # noqa: ARG002 - there are no variables
        """Return False: plain stories have no variables."""
        return False

    def player(self, story: Story) -> PlainPlayer:
        """Make what plays a story: its links are all there is."""
        return PlainPlayer(story)


class PlainPlayer:
    """Offers every link, always. See :class:`~gamebook_lab.story.play.Player`."""

    def __init__(self, story: Story) -> None:
        self._passages: Final = Sources(story)

    @property
    def start(self) -> str | None:
        """Name of the passage where reading starts."""
        return self._passages.start

    def begin(self, turn: Turn) -> None:
        """Do nothing: nothing runs before the first passage."""

    def enter(self, passage: str, turn: Turn) -> Page:
        """Arrive at a passage."""
        turn.tick()
        arrive(turn, passage)
        offers, text = _read(self._passages[passage])
        return Page(passage, offers, text=text if turn.detail == "text" else None)

    def click(self, page: Page, offer: Offer, turn: Turn) -> Move:
        """Follow a link, whose token is its target."""
        turn.tick()
        leave(turn, page.passage)
        assert isinstance(offer.token, str)
        return Move(offer.token)

    def summary(self, passage: str | None) -> Summary:
        """What playing a passage may do: arrive and leave."""
        return Summary() if passage is None else with_arrival(passage, Summary())

    def sources(self, passage: str | None) -> frozenset[str]:
        """The passage itself: nothing is included."""
        return frozenset() if passage is None else frozenset({passage})

    def opaques(self, passage: str) -> tuple[tuple[str, Span], ...]:  # noqa: ARG002 - everything is words and links
        """Nothing: all is modelled."""
        return ()


@lru_cache(maxsize=4096)
def _read(source: Source) -> tuple[tuple[Offer, ...], str]:
    """A passage's links as offers, and its words."""
    program = LANGUAGE.parse(source.text, name=source.name, tags=source.tags)
    offers: list[Offer] = []
    shown: list[str] = []
    done = 0
    for choice in program.choices:
        label = choice.label or ""
        offers.append(Offer(Place(source.name, choice.span), label, choice.kind, choice.target))
        shown += [source.text[done : choice.span.start], label]
        done = choice.span.stop
    shown.append(source.text[done:])
    return tuple(offers), "" if LANGUAGE.kind(source.name, source.tags) != "story" else words("".join(shown))


def _links(text: str) -> Iterator[Choice]:
    at = text.find("[[")
    while at >= 0:
        end = _END.search(text, at + 2)
        if end is None:
            return
        if end.group() != "]]":  # no link that opens on this line can close on it
            at = text.find("[[", end.start())
            continue
        choice = _choice(text, Span(at, end.end()))
        if choice is not None:
            yield choice
        at = text.find("[[", end.end())


def _choice(text: str, span: Span) -> Choice | None:
    inside = Span(span.start + 2, span.stop - 2)
    for mark, find, is_label_first in (("->", text.rfind, True), ("<-", text.find, False), ("|", text.find, True)):
        cut = find(mark, *inside)
        if cut >= 0:
            sides = trim(text, Span(inside.start, cut)), trim(text, Span(cut + len(mark), inside.stop))
            label, target = sides if is_label_first else sides[::-1]
            break
    else:
        label = target = trim(text, inside)
    if target.start == target.stop:
        return None
    return Choice(
        kind=ChoiceKind.LINK,
        span=span,
        target=text[slice(*target)],
        target_slot=Slot(target, QUOTING),
        label=text[slice(*label)],
        label_slot=Slot(label, QUOTING),
    )


def _reference(choice: Choice) -> Reference:
    assert choice.target is not None
    assert choice.target_slot is not None
    return Reference(choice.target, choice.target_slot, is_required=True)


def _tokens(span: Span, target: Span, label: Span) -> Iterator[Token]:
    parts = {target: "target"} if target == label else {target: "target", label: "link"}
    done = span.start
    for part, kind in sorted(parts.items()):
        if done < part.start:
            yield Token(done, part.start, "markup")
        if part.start < part.stop:
            yield Token(*part, kind)
        done = part.stop
    yield Token(done, span.stop, "markup")


LANGUAGE: Final[Language] = PlainLanguage()
