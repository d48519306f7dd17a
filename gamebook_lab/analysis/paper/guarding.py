"""Finds the conditions under which a choice of one section may be taken, where a test or two will do."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple, TypeAlias

from gamebook_lab.analysis.paper.book import Test
from gamebook_lab.analysis.paper.faces import Domains, key_of
from gamebook_lab.story.frozen import UNSET, Value

__all__ = ["Choice", "Path", "guarded", "test_of"]

Path: TypeAlias = "tuple[tuple[str, tuple[Value, ...], tuple[Value, ...]], ...]"
"""What was asked on the way to a leaf: variable, its values there, its other values at that place."""


class Choice(NamedTuple):
    """A choice of one leaf; those of several leaves that are identical are one."""

    identity: Hashable
    way: Any


def test_of(variable: str, values: tuple[Value, ...], others: tuple[Value, ...], domains: Domains) -> Test:
    """Write the test that tells these values from the others."""
    if not domains.is_counter(variable):
        return Test(variable, values)
    rank = {value: float("-inf") if value is UNSET else float(value) for value in (*values, *others)}  # type: ignore[arg-type]
    inside, outside = [rank[value] for value in values], [rank[value] for value in others]
    low = min(inside) if any(each < min(inside) for each in outside) else None
    high = max(inside) if any(each > max(inside) for each in outside) else None
    if low == float("-inf"):
        low = None
    return Test(variable, (), low, high, is_range=True)


def guarded(
    paths: Sequence[Path], lists: Sequence[Sequence[Choice]], domains: Domains
) -> list[tuple[Choice, tuple[Test, ...]]] | None:
    """Put the choices of all leaves into one list, each with the tests under which it is offered; None if that cannot be."""
    order = _in_one_order([[choice.identity for choice in each] for each in lists])
    if order is None:
        return None
    found = []
    for identity in order:
        has = [any(choice.identity == identity for choice in each) for each in lists]
        tests = () if all(has) else _tests(paths, has, domains)
        if tests is None:
            return None
        found.append((next(choice for each in lists for choice in each if choice.identity == identity), tests))
    return found


def _in_one_order(lists: Sequence[Sequence[Hashable]]) -> list[Hashable] | None:
    """Merge lists so that each keeps its order; None where they disagree, or one has something twice."""
    if any(len(set(each)) < len(each) for each in lists):
        return None
    left = [list(each) for each in lists if each]
    order: list[Hashable] = []
    while left:
        head = next((each[0] for each in left if not any(each[0] in other[1:] for other in left)), None)
        if head is None:
            return None
        order.append(head)
        left = [rest for each in left if (rest := each[1:] if each[0] == head else each)]
    return order


def _tests(paths: Sequence[Path], has: Sequence[bool], domains: Domains) -> tuple[Test, ...] | None:
    names = list(dict.fromkeys(name for path in paths for name, _, _ in path))
    for n in (1, 2):
        for chosen in combinations(names, n):
            tests = tuple(_between(paths, has, name, domains) for name in chosen)
            if all(test is not None for test in tests) and _tells_apart(paths, has, tests):  # type: ignore[arg-type]
                return tests  # type: ignore[return-value]
    return None


def _values(path: Path, name: str) -> tuple[tuple[Value, ...], tuple[Value, ...]] | None:
    return next(((values, others) for asked, values, others in path if asked == name), None)


def _between(paths: Sequence[Path], has: Sequence[bool], name: str, domains: Domains) -> Test | None:
    """The weakest test on a variable that holds wherever the choice is offered."""
    known = [_values(path, name) for path in paths]
    if any(each is None for each, offered in zip(known, has, strict=True) if offered):
        return None
    inside = {
        key_of(value): value for each, offered in zip(known, has, strict=True) if offered and each for value in each[0]
    }
    outside = {
        key_of(value): value for each in known if each for value in (*each[0], *each[1]) if key_of(value) not in inside
    }
    if not outside:
        return None
    test = test_of(name, tuple(inside.values()), tuple(outside.values()), domains)
    return None if any(test.holds({name: value}) for value in outside.values()) else test


def _tells_apart(paths: Sequence[Path], has: Sequence[bool], tests: tuple[Test, ...]) -> bool:
    """Whether the tests, one after the other, fail at each leaf without the choice, asking only what is known there."""
    return all(offered or any(_fails(path, tests)) for path, offered in zip(paths, has, strict=True))


def _fails(path: Path, tests: tuple[Test, ...]) -> Iterator[bool]:
    for test in tests:
        known = _values(path, test.variable)
        if known is None:
            return
        yield not any(test.holds({test.variable: value}) for value in known[0])
