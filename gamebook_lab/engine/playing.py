"""A playthrough as a person plays it: one way at a time, with every step kept, so that going back is exact.

>>> playing = Playing(story, seed=7)                # doctest: +SKIP
>>> playing.page.text, playing.page.offers          # doctest: +SKIP
>>> playing.choose(0)                               # doctest: +SKIP
>>> playing.moment.changes, playing.hidden()        # doctest: +SKIP
>>> playing.back()                                  # doctest: +SKIP

Whatever the story does, nothing raises: where it stops or goes wrong, :attr:`.Moment.stop` says how, and
:attr:`.Moment.message` so in words. What was asked for and could not be done is told by :attr:`Playing.notice`.

See also: ``playthrough`` (witnesses, as data), ``following`` (a witness made a playthrough of a person),
``hidden`` (what is not offered, and why).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from gamebook_lab.engine import deciding
from gamebook_lab.engine.deciding import Decide, DecidingTurn, Decision, Question, Result
from gamebook_lab.engine.hidden import HiddenChoice, hidden_choices
from gamebook_lab.engine.moments import UNCLICKED, Changed, Moment, Waiting, is_same, standing
from gamebook_lab.engine.playthrough import Pick, Playthrough
from gamebook_lab.engine.relevance import Relevance
from gamebook_lab.engine.situations import Arrival, arrive
from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.story.frozen import UNSET, Value, exact
from gamebook_lab.story.play import Move, Page
from gamebook_lab.story.program import ChoiceKind
from gamebook_lab.story.story import Story

__all__ = ["MOST_MOMENTS", "Dice", "Playing"]

Dice = Literal["drawn", "asked"]

MOST_MOMENTS: Final = 2_000
"""Steps of one playthrough: each keeps all values, and a story that asks for its history as many names as steps."""


class Playing:
    """Plays a story for one reader.

    Parameters
    ----------
    story
        What to play.
    seed
        Of the dice. The same clicks bring the same outcomes, also after going back; another seed brings others.
    dice
        ``drawn``: chance is drawn. ``asked``: the reader chooses every outcome. What nobody knows (a value that was
        typed in, a construct that is not modelled) is asked of the reader in either case.

    Notes
    -----
    Each step costs one run of a passage and a copy of the values. Not for several threads at once.
    """

    def __init__(self, story: Story, *, seed: int = 0, dice: Dice = "drawn") -> None:
        self.seed, self.dice = seed, dice
        self.notice = ""
        """What was asked for last and could not be done, or only in part; empty: all is well."""
        self._moments: list[Moment] = []
        self._at = -1
        self._waiting: Waiting | None = None
        self._take(story)
        self.begin(self.usual)

    def _take(self, story: Story) -> None:
        self.story = story
        self.player = story.language.player(story)
        self.names = frozenset(story.keys_by_name)

    # ---- what is

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Every step so far, and after :meth:`back` also those that can be taken again."""
        return tuple(self._moments)

    @property
    def at(self) -> int:
        """Which of the moments is now; -1 while the beginning waits for an answer."""
        return self._at

    @property
    def moment(self) -> Moment | None:
        """Where the playthrough stands; None while the beginning waits for an answer."""
        return self._moments[self._at] if self._at >= 0 else None

    @property
    def page(self) -> Page | None:
        """What the reader has in front of them."""
        return self.moment.page if self.moment else None

    @property
    def values(self) -> Mapping[str, Value]:
        """All variables now."""
        return self.moment.values if self.moment else {}

    @property
    def waiting(self) -> Waiting | None:
        """What waits for the reader's decision, if anything does."""
        return self._waiting

    def hidden(self) -> list[HiddenChoice]:
        """List the choices of this passage that are not offered now, with what they wait for."""
        if self.moment is None or self.page is None:
            return []
        clicked = {each.pick.place for each in self._moments[: self._at + 1] if each.pick}
        return hidden_choices(self.story, self.page, self.values, clicked)

    # ---- what the reader does

    def choose(self, nth: int) -> None:
        """Click an offer of the page. Steps that could have been taken again are gone, unless it is the same click."""
        self.notice = ""
        page = self.page
        if self._waiting is not None:
            self.notice = "Something must be decided first."
        elif page is None or not 0 <= nth < len(page.offers):
            self.notice = "That is not offered here."
        elif self._at >= MOST_MOMENTS:
            self.notice = f"After {MOST_MOMENTS:,} steps this is where it stops: begin again, or step back."
        elif (kind := page.offers[nth].kind) in UNCLICKED:
            self._leave(kind)
        else:
            self.click(nth, self.usual)

    def answer(self, nth: int) -> None:
        """Decide what waits, by the number of the outcome."""
        self.notice = ""
        if self._waiting is None:
            self.notice = "There is nothing to decide."
            return
        asked = self._waiting.question.asked._replace(answer=nth)
        self._again(self._waiting.nth, (*self._waiting.decided, asked))

    def back(self) -> None:
        """Take the last click back, or leave what waits undecided."""
        self.go_to(self._at if self._waiting is not None else self._at - 1)

    def forward(self) -> None:
        """Take the click again that was taken back."""
        self.go_to(self._at + 1)

    def go_to(self, at: int) -> None:
        """Go to any moment of the playthrough; the later ones are kept until another way is taken."""
        self.notice = ""
        if 0 <= at < len(self._moments):
            self._waiting = None
            self._at = at
        else:
            self.notice = "There is no such step."

    def restart(self, *, seed: int | None = None) -> None:
        """Begin again, with the same dice or others."""
        self.notice = ""
        self.seed = self.seed if seed is None else seed
        self.begin(self.usual)

    def follow(self, way: Playthrough, *, relevance: Relevance | None = None) -> None:
        """Play a witness; then all of its steps can be gone through. Where it cannot be followed, a notice says so.

        Parameters
        ----------
        way
            As :meth:`gamebook_lab.engine.space.Space.witness` gives it.
        relevance
            Of the space that it was found in. Without, that of an exploration with the usual options.
        """
        from gamebook_lab.engine.following import follow

        self.notice = follow(self, way, relevance)

    def edited(self, story: Story) -> None:
        """Go on with a changed story, from the same clicks and decisions as far as they still exist."""
        from gamebook_lab.engine.following import play_again

        before, at = self.moments, self._at
        self._take(story)
        self.notice = play_again(self, before)
        if self._waiting is None:
            self._at = min(max(at, 0), self._at)

    def _leave(self, kind: ChoiceKind) -> None:
        if kind is ChoiceKind.UNDO:
            self.back()
        elif kind is ChoiceKind.RESTART:
            self.restart()
        else:
            self.notice = (
                "This would load a saved game: go to any step instead." if kind is ChoiceKind.LOAD
                else "This leaves the story for the web. It is not opened here."
            )  # fmt: skip

    # ---- one step

    def usual(self, number: int, asked: Decision) -> int | None:
        """Answer a decision as the reader wants it: by the dice, or not yet."""
        if asked.kind == "either" or self.dice == "asked":
            return None
        dice = random.Random(f"{self.seed} {self._at + 1} {number}")  # noqa: S311 -- a game's dice
        left = dice.randrange(sum(asked.weights))
        for nth, weight in enumerate(asked.weights):
            left -= weight
            if left < 0:
                return nth
        return 0

    def begin(self, decide: Decide) -> None:
        """Begin, with whatever decides."""
        self._moments, self._at, self._waiting = [], -1, None
        self._step(None, decide)

    def click(self, nth: int, decide: Decide) -> None:
        """Click an offer that there is, with whatever decides."""
        self._step(nth, decide)

    def _again(self, nth: int | None, decided: tuple[Decision, ...]) -> None:
        def decide(number: int, asked: Decision) -> int | None:
            return decided[number].answer if number < len(decided) else self.usual(number, asked)

        self._step(nth, decide)

    def _step(self, nth: int | None, decide: Decide) -> None:
        turn = DecidingTurn(deciding.all_of(self.values), decide)
        try:
            result = self._run(nth, turn)
        except deciding.UndecidedError as undecided:
            decided = tuple(turn.decisions)
            self._waiting = Waiting(nth, decided, self._question(nth, decided, undecided.asked))
            return
        self._waiting = None
        moment = self._moment(nth, turn, result)
        following = self._moments[self._at + 1 :]
        if following and is_same(following[0], moment):
            moment = following[0]
        else:
            del self._moments[self._at + 1 :]
            self._moments.append(moment)
        self._at += 1

    def _run(self, nth: int | None, turn: DecidingTurn) -> Result:
        try:
            arrival = self._play(nth, turn)
        except EndlessPassageError:
            arrival = None
        return Result(arrival, turn.written)

    def _play(self, nth: int | None, turn: DecidingTurn) -> Arrival | None:
        """Click, and arrive wherever that leads."""
        passage: str | None
        if nth is None:
            self.player.begin(turn)
            passage = self.player.start
        else:
            assert self.page is not None
            result = self.player.click(self.page, self.page.offers[nth], turn)
            if isinstance(result, Page) and result.goto is None:
                return Arrival((), result, None)
            passage = result.passage if isinstance(result, Move) else result.goto
        if passage is None or passage not in self.names:
            return Arrival((), None, passage)
        return arrive(self.player, self.names, passage, turn)

    def _question(self, nth: int | None, decided: tuple[Decision, ...], asked: Decision) -> Question:
        """Try each way, whatever is decided after it, to say what it comes to."""
        results: list[Result] = []
        steps = 0
        for answer in range(min(len(asked.weights), deciding.MOST_ALTERNATIVES)):
            turn = DecidingTurn(deciding.all_of(self.values), _given((*(each.answer for each in decided), answer)))
            results.append(self._run(nth, turn))
            steps += turn.n_steps
            if steps > deciding.MOST_TRIED_STEPS:
                break
        return Question(asked, deciding.told_apart(asked, results))

    def _moment(self, nth: int | None, turn: DecidingTurn, result: Result) -> Moment:
        before, arrival = self.values, result.arrival
        offer = self.page.offers[nth] if nth is not None and self.page else None
        pick = None if offer is None or nth is None else Pick(nth, offer.place, offer.label)
        page = arrival.page if arrival else None
        passage = page.passage if page else arrival.goes_to if arrival else self._meant(nth)
        changes = tuple(
            Changed(name, before.get(name, UNSET), value) for name, value in turn.written.items()
            if exact(before.get(name, UNSET)) != exact(value)
        )  # fmt: skip
        values = {**before, **turn.written}
        stop, message = standing(self.story, arrival, values)
        return Moment(
            pick, tuple(turn.decisions), arrival.passages if arrival else (), page, *self._text(arrival), passage, values,
            changes, tuple(turn.unclear), stop, message,
        )  # fmt: skip

    def _text(self, arrival: Arrival | None) -> tuple[str, int]:
        if arrival is None or arrival.page is None:
            return "", 0
        if not arrival.page.text and not arrival.passages and self.moment:
            return self.moment.text, self.moment.n_around
        return arrival.page.text or "", arrival.page.n_around

    def _meant(self, nth: int | None) -> str | None:
        """Where one is when arriving never ends: still there, as far as can be told."""
        return self.player.start if nth is None or self.page is None else self.page.passage


def _given(answers: Sequence[int]) -> Decide:
    return lambda number, _: answers[number] if number < len(answers) else 0
