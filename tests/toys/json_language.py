"""A language that plays, for tests of the engine: each passage is a JSON object that says what it does.

``enter`` is a list of statements, ``goto`` a condition and a target, ``choices`` and ``reveals`` what is offered. A
condition is a list of ``[variable, operator, number]`` that must all hold. A statement is ``["set", variable, number]``,
``["add", variable, number, low, high]``, ``["roll", variable, n]`` (by chance) or ``["guess", variable, n]`` (nobody
knows). The stories of ``gen.py`` (choices ``[source, target, condition, effects]``) become such passages too.
"""

from __future__ import annotations

import json
import operator
from dataclasses import dataclass, field

from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.play import Move, Offer, Page, Place, Summary, arrive, leave
from gamebook_lab.story.program import Choice, ChoiceKind, Program, Reference, Slot, Span
from gamebook_lab.story.story import Story, passage_rows

COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class JsonLanguage:
    name: str = "json-toy"

    def kind(self, name, tags):
        return "story"

    def parse(self, text, *, name="", tags=()):
        said = json.loads(text)
        targets = [(ChoiceKind.LINK, choice["to"]) for choice in all_choices(said)]
        if said.get("goto"):
            targets.append((ChoiceKind.GOTO, said["goto"][1]))
        slot = Slot(Span(0, 0), "bare")
        return Program(
            choices=tuple(Choice(kind, Span(at, at), target) for at, (kind, target) in enumerate(targets)),
            references=tuple(Reference(target, slot, is_required=True) for _, target in targets),
            prose=(Span(0, len(text)),),
        )

    def encode(self, text, quoting):
        return text

    def link(self, label, target):
        return target

    def link_inside(self, label, target):
        return target

    def is_variable_name(self, name):
        return True

    def player(self, story):
        table = story.table
        said = {name: json.loads(text) for name, text in zip(table["passage_id"], table["text"], strict=True)}
        start = None if story.start_key is None else story.name(story.start_key)
        return JsonPlayer(start, said)


@dataclass(frozen=True)
class JsonPlayer:
    start: str | None
    said: dict
    summaries: dict = field(default_factory=dict)

    def begin(self, turn):
        self.run(self.said.get("begin", {}).get("enter", ()), turn, "begin")

    def enter(self, passage, turn):
        arrive(turn, passage)
        said = self.said[passage]
        self.run(said.get("enter", ()), turn, passage)
        goto = said.get("goto")
        if goto and self.holds(goto[0], turn, passage):
            leave(turn, passage)
            return Page(passage, (), goto=goto[1])
        return self.page(passage, (), turn)

    def page(self, passage, revealed, turn):
        said = self.said[passage]
        offers = []
        for at, choice in enumerate(said.get("choices", ())):
            if self.holds(choice.get("if", ()), turn, passage):
                offers.append(self.offer(passage, "", at, ChoiceKind.LINK))
        for at, reveal in enumerate(said.get("reveals", ())):
            if at in revealed:
                offers += [self.offer(passage, at, each, ChoiceKind.LINK) for each in range(len(reveal["choices"]))]
            elif self.holds(reveal.get("if", ()), turn, passage):
                offers.append(self.offer(passage, "reveal", at, ChoiceKind.REVEAL))
        return Page(passage, tuple(offers), token=revealed)

    def offer(self, passage, group, at, kind):
        return Offer(Place(passage, Span(at, at)), f"{group}:{at}", kind, (group, at))

    def click(self, page, offer, turn):
        group, at = offer.token
        said = self.said[page.passage]
        if group == "reveal":
            self.run(said["reveals"][at].get("do", ()), turn, page.passage)
            return self.page(page.passage, (*page.token, at), turn)
        choice = said["choices"][at] if group == "" else said["reveals"][group]["choices"][at]
        self.run(choice.get("do", ()), turn, page.passage)
        leave(turn, page.passage)
        return Move(choice["to"])

    def run(self, statements, turn, passage):
        for verb, variable, number, *bounds in statements:
            turn.tick()
            if not turn.matters(variable):
                continue
            value = number
            if verb == "add":
                before = turn.read(variable)
                before = 0 if before is UNSET else before
                value = before if before is UNKNOWN else min(bounds[1], max(bounds[0], before + number))
            elif verb == "roll":
                value = turn.chance([1] * number)
            elif verb == "guess":
                value = turn.either(number, "guess", Place(passage, Span(0, 0)))
            turn.write(variable, value)

    def holds(self, condition, turn, passage):
        for variable, compare, number in condition:
            value = turn.read(variable)
            value = 0 if value is UNSET else value
            if value is UNKNOWN:
                if turn.either(2, variable, Place(passage, Span(0, 0))):
                    return False
            elif not COMPARE[compare](value, number):
                return False
        return True

    def summary(self, passage):
        if passage not in self.summaries:
            self.summaries[passage] = summarised(self.said.get("begin" if passage is None else passage, {}))
        return self.summaries[passage]

    def sources(self, passage):
        return frozenset(["begin" if passage is None else passage])

    def opaques(self, passage):
        return ()


def all_choices(said):
    yield from said.get("choices", ())
    for reveal in said.get("reveals", ()):
        yield from reveal["choices"]


def summarised(said):
    conditions = [choice.get("if", ()) for choice in (*said.get("choices", ()), *said.get("reveals", ()))]
    if said.get("goto"):
        conditions.append(said["goto"][0])
    statements = list(said.get("enter", ()))
    for choice in (*all_choices(said), *said.get("reveals", ())):
        statements += choice.get("do", ())
    kills = set()
    for verb, variable, *_ in said.get("enter", ()):
        if verb != "add":
            kills.add(variable)
        elif variable not in kills:
            break  # what is read first is not killed; enough for a test
    return Summary(
        decides=frozenset(variable for condition in conditions for variable, *_ in condition),
        flows=frozenset((variable, variable) for verb, variable, *_ in statements if verb == "add"),
        writes=frozenset(variable for _, variable, *_ in statements),
        kills=frozenset(kills),
    )


LANGUAGE = JsonLanguage()


def json_story(passages, start):
    """Make a story of passages, name to object; one called "begin" runs first."""
    rows = [Passage(passage_id=name, text=json.dumps(said), is_start=name == start) for name, said in passages.items()]
    return Story(passage_rows(rows), LANGUAGE)


def generated_story(made):
    """Make a story of what gen.py writes."""
    variables, names = made["vars"], made["passages"]
    passages = {name: {"choices": []} for name in names}
    passages["begin"] = {"enter": [["set", each["name"], each["init"]] for each in variables]}
    for source, target, condition, effects in made["choices"]:
        does = []
        for at, verb, number in effects or ():
            bounds = [variables[at]["lo"], variables[at]["hi"]] if verb == "add" else []
            does.append([verb, variables[at]["name"], number, *bounds])
        holds = [[variables[at]["name"], compare, number] for at, compare, number in condition or ()]
        to = "nowhere" if target < 0 else names[target]
        passages[names[source]]["choices"].append({"to": to, "if": holds, "do": does})
    return json_story(passages, names[made["start"]])
