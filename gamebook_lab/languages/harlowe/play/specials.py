"""Macros whose value needs more than their values: chance, what the story remembers, lambdas, custom macros."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.languages.harlowe import names, tree
from gamebook_lab.languages.harlowe.play import functions, lambdas, operators
from gamebook_lab.languages.harlowe.play.past import Remembers
from gamebook_lab.languages.harlowe.play.values import (
    Code,
    Custom,
    LambdaOf,
    StoryError,
    datamap,
    has_unknown,
    is_number,
    kind,
)
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Value
from gamebook_lab.story.play import HISTORY, Place, visits_of

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.play.run import Run

Special = Callable[["Run", tree.Macro], Value]
TABLE: Final[dict[str, Special]] = {}
COMMANDS: Final = (
    frozenset(names.MOVES)
    | frozenset(names.LABELLED)
    | frozenset(
        [
            "print",
            "display",
            "linkgoto",
            "linkstorylet",
            "linkrevealgoto",
            "clickgoto",
            "clickundo",
            "show",
            "hide",
            "rerun",
            "stop",
            "cyclinglink",
            "seqlink",
            "sequencelink",
            "dropdown",
            "checkbox",
            "input",
            "inputbox",
            "forceinput",
            "forceinputbox",
            "verbatimprint",
            "v6mprint",
        ]
    )
)
"""Commands, which can be kept in a variable and run where that is shown."""
MOST_OUTCOMES: Final = 1_000
"""Chance with more outcomes is unknown."""


class Output(Exception):  # noqa: N818 - no error: a custom macro's way to return
    """A custom macro gives its value."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


def _macro(*names: str) -> Callable[[Special], Special]:
    def register(special: Special) -> Special:
        for name in names:
            TABLE[name] = special
        return special

    return register


# ---- chance


def drawn(run: Run, n: int) -> int | None:
    """Draw one of ``n`` alike; None where that are too many to tell apart."""
    if n > MOST_OUTCOMES:
        return None
    if n == 1:
        return 0
    return run.turn.chance([1] * n)


@_macro("random")
def _random(run: Run, node: tree.Macro) -> Value:
    values = run.arguments(node.arguments)
    if any(map(has_unknown, values)):
        return UNKNOWN
    if not 1 <= len(values) <= 2 or not all(map(is_number, values)):
        msg = "(random:) needs one or two whole numbers"
        raise StoryError(msg)
    first, last = sorted((values[0], values[1] if len(values) > 1 else 0))
    if not isinstance(first, int) or not isinstance(last, int):
        msg = "(random:) needs whole numbers"
        raise StoryError(msg)
    at = drawn(run, last - first + 1)
    return UNKNOWN if at is None else first + at


@_macro("either")
def _either(run: Run, node: tree.Macro) -> Value:
    values = run.arguments(node.arguments)
    if not values:
        msg = "(either:) needs a value"
        raise StoryError(msg)
    if any(value is UNKNOWN for value in values) and any(isinstance(each, tree.Spread) for each in node.arguments):
        return UNKNOWN
    at = drawn(run, len(values))
    return UNKNOWN if at is None else values[at]


@_macro("shuffled")
def _shuffled(run: Run, node: tree.Macro) -> Value:
    values = run.arguments(node.arguments)
    if len(values) < 2:
        msg = "(shuffled:) needs two values"
        raise StoryError(msg)
    if UNKNOWN in values or math.factorial(min(len(values), 9)) > MOST_OUTCOMES:
        return UNKNOWN
    found = []
    while values:
        at = drawn(run, len(values))
        assert at is not None
        found.append(values.pop(at))
    return tuple(found)


# ---- what the story remembers


@_macro("history")
def _history(run: Run, node: tree.Macro) -> Value:
    if node.arguments:
        return UNKNOWN
    so_far = run.turn.read(HISTORY)
    if so_far is UNSET:
        return ()
    return so_far[:-1] if isinstance(so_far, tuple) else UNKNOWN


@_macro("visited")
def _visited(run: Run, node: tree.Macro) -> Value:
    value = run.arguments(node.arguments)[0] if node.arguments else None
    if not isinstance(value, str):
        return UNKNOWN
    return _is_above(counted(run, visits_of(value)), 0)


def _is_above(value: Value, least: int) -> Value:
    """Whether a number is above another; unknown where it is."""
    return value > least if isinstance(value, int) else UNKNOWN


def counted(run: Run, counter: str) -> Value:
    """Read one of the machinery's counters."""
    found = run.turn.read(counter)
    return 0 if found is UNSET else found


def remembers(run: Run, node: Remembers) -> Value:
    """Tell whether passages were visited before."""
    found: Value = not node.is_any
    for name in node.names:
        # The history leaves the present visit out.
        visited = _is_above(counted(run, visits_of(name)), 1 if name == run.present else 0)
        if node.is_negated:
            visited = operators.negated(visited)
        found = operators.apply("or" if node.is_any else "and", found, visited)
    run.it = UNKNOWN
    return found


@_macro("passage")
def _passage(run: Run, node: tree.Macro) -> Value:
    name = run.arguments(node.arguments)[0] if node.arguments else run.passage
    if not isinstance(name, str):
        return UNKNOWN
    found = run.world.passages.get(name)
    if found is None:
        msg = f"there is no passage {name!r}"
        raise StoryError(msg)
    return datamap((("name", name), ("source", found.text), ("tags", found.tags)))


@_macro("passages", "metadata", "currentdate", "currenttime", "weekday", "monthday", "savedgames", "pageurl",
        "hooksnamed", "datapattern", "source", "v6msource", "confirm", "prompt", "pass",
        "p", "pattern", "permutations")  # fmt: skip
def _unknown(run: Run, node: tree.Macro) -> Value:
    run.arguments(node.arguments)
    return UNKNOWN


@_macro("savegame")
def _save(run: Run, node: tree.Macro) -> Value:
    """Saving works, as a rule; whether it did is not known to a story."""
    run.arguments(node.arguments)
    return UNKNOWN


@_macro("openstorylets")
def _open_storylets(run: Run, node: tree.Macro) -> Value:
    del node
    names = run.open_storylets()
    if names is None:
        return UNKNOWN
    return tuple(
        datamap((("name", name), ("source", run.world.passages[name].text), ("tags", run.world.passages[name].tags)))
        for name in names
    )


# ---- choosing without a lambda


@_macro("cond")
def _cond(run: Run, node: tree.Macro) -> Value:
    values: list[Value] = run.arguments(node.arguments)
    if len(values) < 3 or len(values) % 2 == 0:
        msg = "(cond:) needs tests with a value each, and a last value"
        raise StoryError(msg)
    for test, value in zip(values[:-1:2], values[1::2], strict=True):
        if test is UNKNOWN:
            return UNKNOWN
        if not isinstance(test, bool):
            msg = f"(cond:) needs booleans, not a {kind(test)}"
            raise StoryError(msg)
        if test:
            return value
    return values[-1]


# ---- lambdas


def _lambda_macro(name: str) -> Special:
    def special(run: Run, node: tree.Macro) -> Value:
        values = run.arguments(node.arguments)
        if not values:
            msg = f"({node.name}:) needs a lambda"
            raise StoryError(msg)
        given = values[0]
        if given is UNKNOWN or any(value is UNKNOWN for value in values):
            return UNKNOWN
        if not isinstance(given, LambdaOf):
            if name == "sorted":
                return functions.call("sorted", values)
            msg = f"({node.name}:) needs a lambda, not a {kind(given)}"
            raise StoryError(msg)
        return lambdas.TABLE[name](run, given, values[1:])

    return special


for _name, _canonical in {
    "altered": "altered", "find": "find", "allpass": "all", "somepass": "some", "nonepass": "none", "folded": "folded",
    "sorted": "sorted", "dmaltered": "unknown", "datamapaltered": "unknown",
}.items():  # fmt: skip
    TABLE[_name] = _lambda_macro(_canonical)


# ---- custom macros


@_macro("macro")
def _make(run: Run, node: tree.Macro) -> Value:
    if not node.arguments or not isinstance(node.arguments[-1], tree.Hook):
        msg = "(macro:) needs a hook of code"
        raise StoryError(msg)
    parameters = []
    for each in node.arguments[:-1]:
        if not isinstance(each, tree.Typed) or not isinstance(each.variable, tree.Variable):
            msg = "(macro:) needs typed variables"
            raise StoryError(msg)
        parameters.append((each.variable.name, run.evaluate(each.datatype)))
    inner = node.arguments[-1].inner
    return Custom(tuple(parameters), run.unit.text[inner.start : inner.stop])


def call_custom(run: Run, custom: Custom, values: list[Any], place: Place) -> Value:
    """Run a custom macro's code; its ``(output:)`` is the value."""
    return run.call(custom, values, place)


def stored_command(run: Run, node: tree.Macro) -> Value:
    """Keep a command as its source, to be run where it is shown; what it reads must not change until then."""
    if any(name.startswith("$") for name in run.variables_in(node)):
        return UNKNOWN
    return Code(run.unit.text[node.start : node.stop], run.captured(node), is_command=True)
