"""Plays a SugarCube story: see :class:`gamebook_lab.story.play.Player`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

from gamebook_lab.languages.javascript.library import clone
from gamebook_lab.languages.javascript.values import to_text
from gamebook_lab.languages.shared.kept import Kept
from gamebook_lab.languages.sugarcube.play.constants import constants_of
from gamebook_lab.languages.sugarcube.play.effects import ALL_PASSAGES, ALL_VISITS, THESE_VISITS, Effect, Habit
from gamebook_lab.languages.sugarcube.play.forms import Forms, forms_of
from gamebook_lab.languages.sugarcube.play.markings import markings_of, prints_any, typed_names
from gamebook_lab.languages.sugarcube.play.printing import show
from gamebook_lab.languages.sugarcube.play.run import Run
from gamebook_lab.languages.sugarcube.play.scripts import Doing, act, doing_of_all, sets_turns
from gamebook_lab.languages.sugarcube.play.summaries import summary_of
from gamebook_lab.languages.sugarcube.play.unit import Action, Body, Contents, Unit, Widget, unit_of
from gamebook_lab.story.circling import circling
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.language import kind_of
from gamebook_lab.story.play import TURNS, Detail, Move, Offer, Page, Place, Summary, Turn, arrive, leave, visits_of
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.story.story import Story

_CHANGING: Final = re.compile(r"<<(?:replace|append|prepend|remove|copy)\b")
_BEFORE: Final = ("PassageHeader",)
_SUMMARIES: Final = Kept[Summary](16_384)
"""Summaries by passage, the texts that may be run for it, and what else they rest on."""
_AROUND: Final = ("StoryBanner", "StorySubtitle", "StoryAuthor", "StoryCaption", "StoryMenu", "MenuOptions")


class SugarCubePlayer:
    """One story, its passages compiled when they are first needed."""

    def __init__(self, story: Story) -> None:
        table = story.table
        self.texts: dict[str, str] = {}
        self.tags: dict[str, tuple[str, ...]] = {}
        self.kinds: dict[str, str] = {}
        for name, text, tags in zip(table["passage_id"], table["text"], table["tags"], strict=True):
            if name not in self.texts:
                self.texts[name], self.tags[name] = str(text), tuple(tags)
        self._language = story.language
        self._start = None if story.start_key is None else story.name(story.start_key)
        self._forms: dict[Detail, Forms] = {}
        self._useful: dict[int, tuple[Effect, Effect]] = {}
        self._summaries: dict[str | None, Summary] = {}
        self._sources: dict[str | None, frozenset[str]] = {}
        self._typing: dict[str, bool] = {}

    # ---- the story

    @property
    def start(self) -> str | None:
        """Name of the passage where reading starts."""
        return self._start

    def has(self, name: str) -> bool:
        """Tell whether there is such a passage."""
        return name in self.texts

    def kind(self, name: str) -> str:
        """``story``, ``special``, ``script`` or ``style``."""
        found = self.kinds.get(name)
        if found is None:
            found = self.kinds[name] = kind_of(self._language, name, self.tags[name])
        return found

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Passages that a reader can be in."""
        return tuple(name for name in self.texts if self.kind(name) == "story")

    def tags_of(self, name: str) -> tuple[str, ...]:
        """A passage's tags."""
        return self.tags.get(name, ())

    def tagged(self, tags: frozenset[str]) -> list[str]:
        """Passages that have all of these tags."""
        return [name for name in self.places if tags <= set(self.tags[name])]

    def unit(self, name: str) -> Unit:
        """A passage, compiled."""
        return unit_of(self.texts[name])

    @cached_property
    def widgets(self) -> dict[str, tuple[str, Widget]]:
        """Macros that the story defines, with the passages where they stand."""
        found: dict[str, tuple[str, Widget]] = {}
        for name, text in self.texts.items():
            if "<<widget" in text and self.kind(name) in {"special", "story"}:
                found.update((each, (name, widget)) for each, widget in self.unit(name).widgets.items())
        return found

    @cached_property
    def first(self) -> tuple[str, ...]:
        """Passages that run before the first."""
        tagged = [name for name, tags in self.tags.items() if "init" in tags]
        return (*tagged, *(("StoryInit",) if self.has("StoryInit") else ()))

    @cached_property
    def marking(self) -> frozenset[str]:
        """Variables that may hold markup or a part of it, and kinds of literals: what prints one may offer. Mostly none."""
        return markings_of(self._effects, self._scripts, self.texts)

    @cached_property
    def typed(self) -> frozenset[str]:
        """Variables that may hold what a reader typed."""
        return typed_names(self._effects)

    def _prints_typed(self, passage: str) -> bool:
        """Tell whether what a reader typed may be printed here: who types markup may come to anywhere."""
        if not self.typed:
            return False
        found = self._typing.get(passage)
        if found is None:
            effects = (self.resolved(self.unit(name).effect) for name in self.around(passage))
            found = self._typing[passage] = prints_any(self.typed, effects)
        return found

    def may_lead(self, made_of: Iterable[str]) -> bool:
        """Tell whether something that is printed may be markup, by what it is made of."""
        return not self.marking.isdisjoint(made_of)

    @cached_property
    def changes(self) -> bool:
        """Some code changes elements by their selectors."""
        return any(_CHANGING.search(text) for text in self.texts.values())

    @cached_property
    def interface(self) -> tuple[str, ...]:
        """What stands around every passage: shown after it, in this order."""
        if self.has("StoryInterface"):
            named = re.findall(r"data-passage\s*=\s*[\"']([^\"']+)", self.texts["StoryInterface"])
            return tuple(name for name in named if self.has(name))
        return tuple(name for name in _AROUND if self.has(name))

    @cached_property
    def sets_turns(self) -> bool:
        """A script says how often a loop may turn."""
        return sets_turns(self.texts.values())

    @cached_property
    def doing(self) -> Doing:
        """What the story's scripts do by themselves."""
        return doing_of_all(self._scripts)

    @cached_property
    def _scripts(self) -> tuple[str, ...]:
        """Texts of the passages that are scripts."""
        return tuple(text for name, text in self.texts.items() if self.kind(name) == "script")

    @cached_property
    def constants(self) -> dict[str, Any]:
        """What scripts put into ``setup`` once and for all."""
        return constants_of(self.texts, [name for name in self.texts if self.kind(name) == "script"])

    def constant(self, key: str) -> Any:
        """What scripts put into ``setup``, where that is certain."""
        return clone(self.constants.get(key, UNKNOWN))

    def forms(self, detail: Detail) -> Forms:
        """How counters and arrays are written, with as much being run."""
        found = self._forms.get(detail)
        if found is None:
            habits = self._habits[0]
            if detail == "text" or self.marking:
                habits |= self._habits[1]
            found = forms_of(habits)
            # where the words are wanted, people look at what arrays hold, too
            found = self._forms[detail] = found if detail == "choices" else replace(found, asked={})
        return found

    def assumes(self, passage: str, detail: Detail) -> Hashable:
        """The forms that runs of a passage write in."""
        forms = self.forms(detail)
        caps = forms.cap(visits_of(passage)), forms.cap(TURNS), self.doing, self.sets_turns, self._prints_typed(passage)
        if self.marking:  # which code that is put together while running may meet any form
            return (
                self.marking, *caps, forms.sets, frozenset(forms.asked.items()), forms.bags, frozenset(forms.caps.items()),
                frozenset(forms.bounds.items()), self._included,
            )  # fmt: skip
        writes = self.summary(passage).writes
        asked = frozenset((name, items) for name, items in forms.asked.items() if name in writes)
        bounds = frozenset((name, each) for name, each in forms.bounds.items() if name in writes)
        return (*caps, forms.sets & writes, asked, forms.bags & writes, bounds)

    @cached_property
    def _run(self) -> list[str]:
        """Passages whose text can be run."""
        return [name for name in self.texts if self.kind(name) in {"special", "story"}]

    @cached_property
    def _included(self) -> frozenset[str]:
        """What code names to include it."""
        return frozenset(use for effect in self._effects for use in effect.uses if use.startswith("passage "))

    @cached_property
    def _effects(self) -> tuple[Effect, ...]:
        """What all passages and widgets may do."""
        units = [self.unit(name) for name in self._run]
        return tuple(each for unit in units for each in (unit.effect, *(one.effect for one in unit.widgets.values())))

    @cached_property
    def _habits(self) -> tuple[frozenset[Habit], frozenset[Habit]]:
        """What all of the story's code can tell: what decides, and what is only shown."""
        decides, shows, places = set[Habit](), set[Habit](), set(self.places)
        for name in self._run:
            unit = self.unit(name)
            is_alone = name in places and self._included.isdisjoint({f"passage {name}", ALL_PASSAGES})
            here = visits_of(name) if is_alone else ALL_VISITS
            for effect, visits in ((unit.effect, here), *((each.effect, ALL_VISITS) for each in unit.widgets.values())):
                for found, into in ((effect.habits, decides), (effect.shown_habits, shows)):
                    into.update(each._replace(name=visits) if each.name == THESE_VISITS else each for each in found)
        return frozenset(decides), frozenset(shows)

    # ---- playing

    def begin(self, turn: Turn) -> None:
        """Run what the story runs before its first passage."""
        run = Run(self, turn, "")
        run.hidden += 1
        act(run, self.doing)
        for name in self.first:
            self.include(run, name, ())
        run.finish()

    def enter(self, passage: str, turn: Turn) -> Page:
        """Arrive at a passage."""
        arrive(turn, passage, self.forms(turn.detail).cap)
        run = Run(self, turn, passage)
        if self._prints_typed(passage):
            turn.give_up("markup that a reader may type", Place(passage, Span(0, 0)))
        act(run, self.doing)
        if self.has("PassageReady"):
            run.hidden += 1
            self.include(run, "PassageReady", ())
            run.hidden -= 1
        for name in ("PassageHeader", passage, "PassageFooter"):
            if self.has(name):
                self.include(run, name, ())
        run.is_live = True
        if self.has("PassageDone"):
            run.hidden += 1
            self.include(run, "PassageDone", ())
            run.hidden -= 1
        for function, span in run.afterwards:
            run.guarded(function, span)
        run.finish_page()
        if self.doing.writes:
            act(run, self.doing)
        run.n_inside = len(run.words)
        for name in self.interface:
            run.show("\n")
            self.include(run, name, ())
        return self._page(run)

    def _page(self, run: Run) -> Page:
        run.finish()
        if run.goto is not None:
            if run.goto != run.passage:
                leave(run.turn, run.passage)
            return Page(run.passage, (), run.goto, run.text())
        return Page(run.passage, tuple(run.offers), None, run.text(), run.memory(), run.n_around())

    def click(self, page: Page, offer: Offer, turn: Turn) -> Page | Move:
        """Click one of a page's offers."""
        run = Run(self, turn, page.passage)
        run.recall(page)
        token: Any = cast("tuple[Any, Any]", offer.token)[1]
        if token is None:
            return page
        action, target, key, number, captured, value = token
        click = None
        if number >= 0:
            unit = unit_of(self.texts[key] if isinstance(key, str) else key[1])
            run.source = key
            if not isinstance(key, str):
                run.span = offer.place.span
            click = unit.clicks[number]
        if action == "go":
            self._run_click(run, click, captured, value)
            run.finish()
            target = target if run.goto is None else run.goto
            if target != page.passage:
                leave(turn, page.passage)
            return Move(target)
        assert click is not None
        at = next(index for index, each in enumerate(run.offers) if each == offer)
        before, after = run.offers[:at], run.offers[at + 1 :]
        run.offers = []
        run.inside, run.kept = cast("tuple[Any, Any]", offer.token)[0], [*before, *after]
        self._run_click(run, click, captured, value)
        made, kept = run.offers, run.kept
        is_gone = click.stays in {"replace", "append", "prepend"} or (click.stays == "repeat" and run.is_stopped)
        before, after = ([each for each in part if each in kept] for part in (before, after))
        same = [] if is_gone else [offer]
        run.offers = [*before, *made, *same, *after] if click.stays == "prepend" else [*before, *same, *made, *after]
        if run.goto is not None:
            run.finish()
            if run.goto != page.passage:
                leave(turn, page.passage)
            return Move(run.goto)
        return self._page(run)

    def _run_click(self, run: Run, click: Any, captured: tuple[tuple[str, Any], ...], value: Any) -> None:
        if click is None:
            return
        run.is_live = True
        with run.capturing(captured):
            run.attempt(click, value)
        run.finish_page()

    # ---- what runs ask

    def include(self, run: Run, name: str, inside: tuple[str, ...]) -> None:
        """Run a passage's text inside another."""
        if not self.has(name) or self.kind(name) in {"script", "style"}:
            return
        around, run.source = run.source, name
        elements, run.inside = run.inside, (*run.inside, *inside)
        try:
            self.unit(name).body.run(run)
        finally:
            run.source, run.inside = around, elements

    def call_widget(
        self, run: Run, name: str, given: list[Any], contents: Contents, *, links: list[Action], span: Span
    ) -> None:
        """Run a macro of the story's own."""
        found = self.widgets.get(name)
        if found is None:
            self._call_unknown(run, name, contents.body, links, span)
            return
        passage, widget = found
        kept = {each: run.temporary.get(each, UNSET) for each in ("_args", "_contents")}
        arguments: Any = list(given)
        run.temporary["_args"] = arguments
        around = run.source
        if widget.is_container:
            run.temporary["_contents"] = contents.standing_in(around)
        run.source = passage
        captured, run.captured = run.captured, run.captured.union(kept)
        n_offers, n_errors = len(run.offers), run.n_errors
        elements = set(run.elements)
        doubts, run.is_doubtful = run.is_doubtful and run.widgets > 0, False
        run.widgets += 1
        try:
            widget.body.run(run)
        finally:
            run.widgets -= 1
            run.source, run.captured = around, captured
            run.temporary.update(kept)
        shows = len(run.offers) > n_offers or elements != run.elements
        if shows and (run.n_errors > n_errors or run.is_doubtful) and run.fails(span):
            del run.offers[n_offers:]  # SugarCube shows nothing but the error
            run.elements = elements
        run.is_doubtful |= doubts

    def _call_unknown(self, run: Run, name: str, body: Body, links: list[Action], span: Span) -> None:
        what = f"<<{name}>>"
        self.anything(run, what, span)
        for link in links:
            if run.either(2, what, span) == 1:
                link(run)
        if body.pieces and run.either(2, what, span) == 1:
            body.run(run)

    def print(self, run: Run, value: Any, span: Span, otherwise: str, made_of: Iterable[str] = ()) -> None:
        """Print a value as markup; where nobody knows it, it may be any if what it is ``made_of`` may be."""
        show(run, value, span, otherwise, made_of)

    def foresees(self, effect: Effect, forms: Forms) -> bool:
        """Tell whether markup that was put together while running can tell no more than the forms allow."""
        used = {each for each in effect.uses if each.startswith("passage ")}
        return forms.covers(effect.habits | effect.shown_habits) and used <= self._included

    def target(self, run: Run, value: Any, span: Span) -> str | None:
        """The passage that a computed target names; None if that is no name."""
        if value is UNKNOWN:
            return self.places[run.either(len(self.places), "target", span)] if self.places else None
        text = to_text(value)
        return text if isinstance(text, str) else None

    def anything(self, run: Run, what: str, span: Span) -> None:
        """Do what code may do that nobody knows."""
        for name in self.variables:
            if run.turn.matters(name):
                run.store(name, UNKNOWN)
        for name in run.temporary:
            run.temporary[name] = UNKNOWN
        way = run.either(len(self.places) + 1, what, span)
        if way:
            run.move(self.places[way - 1], span)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Story variables that any passage names."""
        names: dict[str, None] = {}
        for text in self.texts.values():
            names.update(dict.fromkeys(re.findall(r"\$[A-Za-z_$][\w$]*", text, re.ASCII)))
        names.pop("$args", None)  # a widget's own
        return tuple(names)

    # ---- told without running

    def is_useful(self, effect: Effect, turn: Turn) -> bool:
        """Tell whether a piece must be run though its words are not wanted."""
        whole = self.resolved(effect)
        if whole.offers or whole.wild or whole.breaks:
            return True
        if (whole.elements and self.changes) or (self.marking and any(map(self.may_lead, whole.prints))):
            return True
        return any(name[0] in "_#" or turn.matters(name) for name in whole.writes)

    def resolved(self, effect: Effect) -> Effect:
        """What a piece may do with all that it includes and calls."""
        if not effect.uses:
            return effect
        found = self._useful.get(id(effect))
        if found is not None:
            return found[1]
        whole = Effect()
        waiting, seen = [(effect, frozenset[str]())], set()
        while waiting:
            each, under = waiting.pop()
            part = Effect()
            part.merge(each)
            uses, part.uses = part.uses, {}
            part.under(under)
            whole.merge(part)
            for name, depends in uses.items():
                more = frozenset(depends | under)
                if name in self._circling:  # whether it ends decides whether anything follows
                    whole.offers = True
                    whole.decides |= more
                if (name, more) not in seen:
                    seen.add((name, more))
                    waiting.extend((inner, more) for inner in self._used(name))
        if any(name.startswith("around ") for name, _ in seen):  # what stands in a container depends on the widget
            whole.under(whole.decides | whole.shows | {source for source, _ in whole.flows})
        self._useful[id(effect)] = (effect, whole)
        return whole

    @cached_property
    def _circling(self) -> frozenset[str]:
        """Passages and widgets that may come to run themselves, by the names that effects have for them."""
        follows: dict[str, Iterable[str]] = {f"passage {name}": self.unit(name).effect.uses for name in self._run}
        for name, (_, widget) in self.widgets.items():
            follows[f"widget {name}"] = follows[f"around {name}"] = widget.effect.uses
        follows[ALL_PASSAGES] = [f"passage {name}" for name in self.places]
        return circling(follows)

    def _used(self, name: str) -> list[Effect]:
        what, _, which = name.partition(" ")
        if what == "passage":
            names = self.places if which == "*" else (which,)
            return [self.unit(each).effect for each in names if self.has(each) and self.kind(each) != "style"]
        if what in {"widget", "around"}:
            found = self.widgets.get(which)
            return [Effect(offers=True, wild=True)] if found is None else [found[1].effect]
        return [
            Effect(
                offers=True, decides=frozenset({which}), writes=frozenset({which}), flows=frozenset({(which, which)})
            )
        ]

    def summary(self, passage: str | None) -> Summary:
        """What playing a passage may do."""
        if passage not in self._summaries:
            names = sorted(self.sources(passage))
            texts = tuple((name, self.kind(name), self.unit(name)) for name in names)
            rests_on = (passage, tuple(self.around(passage)), texts, self.marking, self.doing, self._places_digest)
            self._summaries[passage] = _SUMMARIES.get(rests_on, lambda: summary_of(self, passage))
        return self._summaries[passage]

    @cached_property
    def _places_digest(self) -> bytes:
        return hashlib.sha256("\0".join(self.places).encode("utf-8", "surrogatepass")).digest()

    def around(self, passage: str | None) -> list[str]:
        """Passages that run for this one at least."""
        if passage is None:
            return list(self.first)
        named = ("PassageReady", "PassageHeader", passage, "PassageFooter", "PassageDone", *self.interface)
        return [name for name in named if self.has(name)]

    def sources(self, passage: str | None) -> frozenset[str]:
        """Passages whose text may be run for this one."""
        if passage not in self._sources:
            self._sources[passage] = self._find_sources(passage)
        return self._sources[passage]

    def _find_sources(self, passage: str | None) -> frozenset[str]:
        found: set[str] = set()
        waiting = self.around(passage)
        while waiting:
            name = waiting.pop()
            if name in found or not self.has(name):
                continue
            found.add(name)
            for use in self.unit(name).effect.uses:
                what, _, which = use.partition(" ")
                if what == "passage":
                    waiting.extend(self.places if which == "*" else (which,))
                elif what in {"widget", "around"} and which in self.widgets:
                    waiting.append(self.widgets[which][0])
        return frozenset(found)

    def opaques(self, passage: str) -> tuple[tuple[str, Span], ...]:
        """What in a passage's own text is not modelled."""
        if self.kind(passage) == "style":
            return ()
        unit = self.unit(passage)
        found = unit.opaques + [(f"<<{name}>>", span) for name, span in unit.calls if name not in self.widgets]
        return tuple(sorted(found, key=lambda each: each[1]))
