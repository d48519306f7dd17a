"""What the play pane shows of a playthrough: a message, made of nothing but text and numbers."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from gamebook_lab.story.frozen import UNKNOWN, Value, shown
from gamebook_lab.story.play import TURNS, visits_of
from gamebook_lab.widgets import play_messages as messages
from gamebook_lab.widgets.documents import safe_text

if TYPE_CHECKING:
    from gamebook_lab.engine.hidden import HiddenChoice, Reading
    from gamebook_lab.engine.moments import Moment, Waiting
    from gamebook_lab.engine.playing import Playing
    from gamebook_lab.story.play import Offer, Page
    from gamebook_lab.story.story import Story

__all__ = ["state_of"]

_MOST_CHARACTERS: Final = 60_000
_MOST_STEPS: Final = 300
_MOST_OFFERS: Final = 200
_MOST_UNCLEAR: Final = 12
_VISITS: Final = visits_of("")


def state_of(playing: Playing, *, is_following: bool) -> messages.State:
    """Put a playthrough into words."""
    moment, page = playing.moment, playing.page
    variables, memory = _variables(moment) if moment else ([], [])
    lines, around = _lines(moment, page) if moment and page else ([], [])
    first = max(0, len(playing.moments) - _MOST_STEPS)
    return messages.State(
        type="state", passage=safe_text(moment.passage) if moment and moment.passage else None,
        via=[safe_text(name) for name in moment.passages[:-1]] if moment else [],
        lines=lines, around=around,
        offers=[_offer(playing.story, offer) for offer in (page.offers if page else ())[:_MOST_OFFERS]],
        hidden=[_hidden(each) for each in playing.hidden()[:_MOST_OFFERS]], variables=variables, memory=memory,
        trail=[_step(at, each) for at, each in enumerate(playing.moments) if at >= first],
        at=playing.at, n_steps=len(playing.moments),
        question=_question(playing.waiting) if playing.waiting else None, unclear=_unclear(moment) if moment else [],
        stop=moment.stop.name.lower() if moment else "", message=safe_text(moment.message) if moment else "",
        notice=safe_text(playing.notice), seed=playing.seed, is_asked=playing.dice == "asked", is_following=is_following,
    )  # fmt: skip


def _lines(moment: Moment, page: Page) -> tuple[list[str], list[str]]:
    """Words of a page and those around it, line by line, but for lines that only repeat what can be clicked."""
    labels = {" ".join(offer.label.split()) for offer in page.offers}
    lines = [line.strip() for line in safe_text(moment.text).split("\n")]
    inside = len(lines) - moment.n_around

    def shown(part: list[str]) -> list[str]:
        said = "\n".join(line for line in part if line and line not in labels)[:_MOST_CHARACTERS]
        return said.split("\n") if said else []

    return shown(lines[:inside]), shown(lines[inside:])


def _offer(story: Story, offer: Offer) -> messages.OfferEntry:
    from gamebook_lab.engine.moments import UNCLICKED

    key = next(iter(story.keys_by_name.get(offer.place.passage, ())), None)
    choices = () if key is None or offer.kind in UNCLICKED else story.program(key).choices
    targets = [choice.target for choice in choices if choice.span == offer.place.span]
    missing = next((each for each in targets if each is not None and each not in story.keys_by_name), None)
    return messages.OfferEntry(
        label=safe_text(offer.label), kind=str(offer.kind), missing=None if missing is None else safe_text(missing)
    )


def _words(value: Value) -> str:
    return "unknown" if value is UNKNOWN else safe_text(shown(value))


def _variables(moment: Moment) -> tuple[list[messages.VariableEntry], list[messages.VariableEntry]]:
    """The author's variables and the machinery's; those that just changed come first, then by name."""
    before = {each.variable: each.before for each in moment.changes}
    authors: list[messages.VariableEntry] = []
    machinery: list[messages.VariableEntry] = []
    for name in sorted(moment.values, key=lambda name: (name not in before, name.casefold())):
        value = moment.values[name]
        entry = messages.VariableEntry(
            name=_name(name), value=_words(value), before=_words(before[name]) if name in before else None
        )
        if name.startswith(_VISITS) or name == TURNS:
            machinery.append(entry)
        elif " " not in name:
            authors.append(entry)
    return authors, machinery


def _name(variable: str) -> str:
    if variable.startswith(_VISITS):
        return safe_text(f"visits of “{variable.removeprefix(_VISITS)}”")
    return safe_text(variable)


def _step(at: int, moment: Moment) -> messages.StepEntry:
    label = None if moment.pick is None else safe_text(moment.pick.label)
    return messages.StepEntry(at=at, label=label, passage=safe_text(moment.passage or ""))


def _hidden(hidden: HiddenChoice) -> messages.HiddenEntry:
    return messages.HiddenEntry(
        label=safe_text(hidden.label or ""), target=None if hidden.target is None else safe_text(hidden.target),
        kind=str(hidden.kind), why=hidden.why, revealed_by=safe_text(hidden.revealed_by),
        conditions=[
            messages.ConditionEntry(
                text=safe_text(str(each.condition)), holds=each.holds, readings=_readings(each.readings)
            )
            for each in hidden.conditions
        ],
        passage=safe_text(hidden.place.passage), start=hidden.place.span.start, stop=hidden.place.span.stop,
    )  # fmt: skip


def _readings(readings: Iterable[Reading]) -> list[messages.ReadingEntry]:
    return [
        messages.ReadingEntry(name=_name(each.variable), value="temporary" if each.is_temporary else _words(each.value))
        for each in readings
    ]


def _question(waiting: Waiting) -> messages.QuestionEntry:
    asked = waiting.question.asked
    place = asked.place
    return messages.QuestionEntry(
        kind=asked.kind, what=safe_text(asked.what), passage=safe_text(place.passage) if place else None,
        start=place.span.start if place else 0, stop=place.span.stop if place else 0, n=len(asked.weights),
        alternatives=[
            messages.AlternativeEntry(effect=safe_text(each.effect), chance=_percent(each.probability))
            for each in waiting.question.alternatives
        ],
    )  # fmt: skip


def _percent(probability: Fraction | None) -> str:
    return "" if probability is None else f"{float(probability) * 100:.3g} %"


def _unclear(moment: Moment) -> list[messages.UnclearEntry]:
    return [
        messages.UnclearEntry(
            what=safe_text(each.what), passage=safe_text(each.place.passage),
            start=each.place.span.start, stop=each.place.span.stop,
        )
        for each in moment.unclear[:_MOST_UNCLEAR]
    ]  # fmt: skip
