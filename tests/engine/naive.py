"""Explores a JSON story in the plainest way: whole states in a dictionary, no player, no slicing, no liveness."""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from itertools import product

from json_language import COMPARE


class Naive:
    """``length``: fewest steps to each passage; ``choices``: labels offered; ``ends``: passages where play stops."""

    def __init__(self, passages, start):
        self.passages = passages
        self.length, self.choices, self.ends, self.n_steps = {}, set(), set(), {}
        self.queue = deque()
        self.probability = {}
        begun = self.run({}, passages.get("begin", {}).get("enter", ()))
        for _, values in begun:
            self.push(start, values, 0)
        while self.queue:
            self.step(*self.queue.popleft())

    def push(self, passage, values, n):
        state = (passage, tuple(sorted(values.items())))
        if state not in self.n_steps:
            self.n_steps[state] = n
            self.queue.append((passage, values, n))

    def run(self, values, statements):
        rolls = [range(number) for verb, _, number, *_ in statements if verb in {"roll", "guess"}]
        found = []
        for answers in product(*rolls):
            answer, new, weight = iter(answers), dict(values), Fraction(1)
            for verb, variable, number, *bounds in statements:
                if verb == "set":
                    new[variable] = number
                elif verb == "add":
                    new[variable] = min(bounds[1], max(bounds[0], new.get(variable, 0) + number))
                else:
                    new[variable] = next(answer)
                    weight /= number
            found.append((weight, new))
        return found

    def holds(self, values, condition):
        return all(COMPARE[compare](values.get(variable, 0), number) for variable, compare, number in condition)

    def arrivals(self, passage, values, way=()):
        """Every (weight, passages on the way, values); no values where it never ends."""
        for weight, new in self.run(values, self.passages[passage].get("enter", ())):
            here = (passage, tuple(sorted(new.items())))
            goto = self.passages[passage].get("goto")
            if not goto or not self.holds(new, goto[0]):
                yield weight, (*way, here), new, None
            elif goto[1] not in self.passages:
                yield weight, (*way, here), new, goto[1]
            elif any(goto[1] == each for each, _ in way) or goto[1] == passage:
                yield weight, (*way, here), None, None
            else:
                for more, *rest in self.arrivals(goto[1], new, (*way, here)):
                    yield weight * more, *rest

    def offered(self, passage, values):
        said = self.passages[passage]
        for at, choice in enumerate(said.get("choices", ())):
            if self.holds(values, choice.get("if", ())):
                yield f":{at}", choice
        for at, reveal in enumerate(said.get("reveals", ())):
            if self.holds(values, reveal.get("if", ())):
                for each, choice in enumerate(reveal["choices"]):
                    yield f"{at}:{each}", choice

    def outcomes(self, passage, values):
        """Every (weight, passages on the way, label, target, values after); no label where play stops."""
        for weight, way, new, missing in self.arrivals(passage, values):
            names = [name for name, _ in way]
            if missing is not None:
                yield weight, names, "", missing, new
                continue
            offers = [] if new is None else list(self.offered(names[-1], new))
            if not offers:
                yield weight, names, None, None, None
            for label, choice in offers:
                for more, after in self.run(new, choice.get("do", ())):
                    yield weight * more / len(offers), names, label, choice["to"], after

    def step(self, passage, values, n):
        for _, names, label, target, after in self.outcomes(passage, values):
            for name in names:
                self.length.setdefault(name, n)
            if label is None:
                self.ends.add(names[-1])
                continue
            if label:
                self.choices.add((names[-1], label))
            if target in self.passages:
                self.push(target, after, n + 1)

    def ending_probabilities(self, start):
        """For stories without cycles."""
        found = {}

        def follow(passage, values, mass):
            for weight, names, label, target, after in self.outcomes(passage, values):
                if label is None:
                    found[names[-1]] = found.get(names[-1], 0) + mass * weight
                elif target not in self.passages:
                    found[None] = found.get(None, 0) + mass * weight
                else:
                    follow(target, after, mass * weight)

        for weight, values in self.run({}, self.passages.get("begin", {}).get("enter", ())):
            follow(start, values, weight)
        return found
