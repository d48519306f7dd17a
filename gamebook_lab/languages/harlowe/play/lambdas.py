"""Macros that apply a lambda to each of some values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.play import units
from gamebook_lab.languages.harlowe.play.values import LambdaOf, StoryError, array, kind
from gamebook_lab.story.frozen import UNKNOWN, Value

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.play.run import Run


def apply(run: Run, given: LambdaOf, item: Value, position: int = 1, total: Value | None = None) -> tuple[Value, Value]:
    """Call a lambda with an item.

    Returns
    -------
    tuple
        What its ``where`` or ``when`` came to (true if it has none), and its ``via`` (the item if it has none).
    """
    run.turn.tick()
    unit = units.unit(f"(x:{given.source})")
    node = unit.nodes[0].arguments[0] if unit.nodes and isinstance(unit.nodes[0], tree.Macro) else None
    if not isinstance(node, tree.Lambda):
        return UNKNOWN, UNKNOWN
    scope = dict(given.temporaries)
    if (name := subject_name(node)) is not None:
        scope[name] = item
    clauses = dict(node.clauses)
    making = clauses.get("making")
    if isinstance(making, tree.Variable) and total is not None:
        scope[making.name] = total
    with run.inside(unit, scope, it=item, position=position):
        test: Value = True
        for word in ("where", "when"):
            if word in clauses:
                test = run.evaluate(clauses[word])
        if test is not UNKNOWN and not isinstance(test, bool):
            msg = f"a lambda's condition is a {kind(test)}"
            raise StoryError(msg)
        run.it = item
        via = run.evaluate(clauses["via"]) if "via" in clauses and test is not False else item
    return test, via


def subject_name(node: tree.Lambda) -> str | None:
    """Temporary variable that a lambda gives its items to."""
    subject = node.subject
    if isinstance(subject, tree.Typed):
        subject = subject.variable
    return subject.name if isinstance(subject, tree.Variable) else None


def _tests(run: Run, given: LambdaOf, items: Sequence[Any]) -> list[Value]:
    return [apply(run, given, item, at)[0] for at, item in enumerate(items, 1)]


def _altered(run: Run, given: LambdaOf, items: Sequence[Any]) -> Value:
    found = []
    for at, item in enumerate(items, 1):
        test, via = apply(run, given, item, at)
        if test is UNKNOWN:
            return UNKNOWN
        found.append(via if test else item)
    return array(found)


def _find(run: Run, given: LambdaOf, items: Sequence[Any]) -> Value:
    tests = _tests(run, given, items)
    if UNKNOWN in tests:
        return UNKNOWN
    return tuple(item for item, test in zip(items, tests, strict=True) if test)


def _all(run: Run, given: LambdaOf, items: Sequence[Any]) -> Value:
    tests = _tests(run, given, items)
    return False if False in tests else UNKNOWN if UNKNOWN in tests else True


def _some(run: Run, given: LambdaOf, items: Sequence[Any]) -> Value:
    tests = _tests(run, given, items)
    return True if True in tests else UNKNOWN if UNKNOWN in tests else False


def _none(run: Run, given: LambdaOf, items: Sequence[Any]) -> Value:
    found = _some(run, given, items)
    return not found if isinstance(found, bool) else UNKNOWN


def _folded(run: Run, given: LambdaOf, items: Sequence[Any]) -> Value:
    if not items:
        msg = "nothing to fold"
        raise StoryError(msg)
    total = items[0]
    for at, item in enumerate(items[1:], 2):
        test, via = apply(run, given, item, at, total)
        if test is UNKNOWN:
            return UNKNOWN
        if test:
            total = via
    return total  # type: ignore[no-any-return]


def _sorted(run: Run, given: LambdaOf, items: Sequence[Any]) -> Value:
    keyed = [(apply(run, given, item, at)[1], item) for at, item in enumerate(items, 1)]
    if any(not isinstance(key, (int, float)) or isinstance(key, bool) for key, _ in keyed):
        return UNKNOWN
    return tuple(item for _, item in sorted(keyed, key=lambda pair: pair[0]))  # type: ignore[arg-type, return-value]


def _unknown(run: Run, given: LambdaOf, items: Sequence[Any]) -> Value:
    del run, given, items
    return UNKNOWN


TABLE: Final[dict[str, Callable[[Run, LambdaOf, Sequence[Any]], Value]]] = {
    "altered": _altered, "find": _find, "all": _all, "some": _some, "none": _none, "folded": _folded,
    "sorted": _sorted, "unknown": _unknown,
}  # fmt: skip
