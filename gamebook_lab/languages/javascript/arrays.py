"""Methods of arrays: JavaScript's, and those that SugarCube adds."""

# ruff: noqa: ARG001, ARG005, FBT003, PLR0124 - functions of one table have one signature; x != x asks for not-a-number

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key
from typing import Any, Final

from gamebook_lab.languages.javascript.host import Host, argument
from gamebook_lab.languages.javascript.iterated import Iterated
from gamebook_lab.languages.javascript.values import (
    MAX_SIZE,
    ThrownError,
    join,
    same,
    strict_equal,
    to_number,
    to_text,
    truthy,
)
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.program import Span

Method = Callable[[Host, Any, list[Any], Span], Any]
_LONGEST_SHUFFLE: Final = 6


def _call(host: Host, function: Any, arguments: list[Any], span: Span) -> Any:
    if function is UNKNOWN:
        return host.stray("function", span)
    if not callable(function):
        raise ThrownError("is no function")
    return function(host, arguments, span)


def _place(value: Any, length: int, default: int) -> int:
    """A place counted from either end, within the array."""
    if value is UNSET:
        return default
    place = to_number(value)
    if place != place:
        return 0
    place = int(max(min(place, length), -length))
    return max(place + length, 0) if place < 0 else place


def _grown(host: Host, owner: list[Any]) -> int:
    if len(owner) > MAX_SIZE:
        host.spoil(owner)
    return len(owner)


# ---- changing


def _push(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    owner.extend(given)
    return _grown(host, owner)


def _unshift(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    owner[:0] = given
    return _grown(host, owner)


def _unique(is_front: bool) -> Method:
    def run(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
        for each in given:
            found = _holds(owner, each)
            if found is UNKNOWN:
                host.spoil(owner)
                return UNKNOWN
            if not found:
                owner.insert(0 if is_front else len(owner), each)
        return _grown(host, owner)

    return run


def _pop(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    return owner.pop() if owner else UNSET


def _shift(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    return owner.pop(0) if owner else UNSET


def _splice(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    start = _place(argument(given, 0), len(owner), 0)
    count = len(owner) - start if len(given) < 2 else to_number(given[1])
    count = int(max(0, min(count, len(owner) - start))) if count == count else 0
    if not given:
        count = 0
    removed = owner[start : start + count]
    owner[start : start + count] = given[2:]
    _grown(host, owner)
    return removed


def _reverse(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    owner.reverse()
    return owner


def _sort(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    function = argument(given, 0)
    is_known = True

    def compare(left: Any, right: Any) -> int:
        nonlocal is_known
        if function is UNSET:
            texts = to_text(left), to_text(right)
            if UNKNOWN in texts:
                is_known = False
                return 0
            one, other = (each.encode("utf-16-be", "surrogatepass") for each in texts)
            return int(one > other) - int(one < other)
        found = to_number(_call(host, function, [left, right], span))
        if found is UNKNOWN:
            is_known = False
            return 0
        return int(found > 0) - int(found < 0)

    missing = [each for each in owner if each is UNSET]
    owner[:] = sorted((each for each in owner if each is not UNSET), key=cmp_to_key(compare)) + missing
    if not is_known:
        host.spoil(owner)
        return UNKNOWN
    return owner


def _fill(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    length = len(owner)
    start, stop = _place(argument(given, 1), length, 0), _place(argument(given, 2), length, length)
    for index in range(start, stop):
        owner[index] = argument(given, 0)
    return owner


def _delete(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    removed: list[Any] = []
    for needle in given:
        kept: list[Any] = []
        for each in owner:
            (removed if same(each, needle) is True else kept).append(each)
        owner[:] = kept
    return removed


def _delete_at(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    places = set()
    for each in given:
        place = to_number(each)
        places.add(place + len(owner) if place < 0 else place)
    removed = [each for index, each in enumerate(owner) if index in places]
    owner[:] = [each for index, each in enumerate(owner) if index not in places]
    return removed


def _delete_one(is_last: bool) -> Method:
    def run(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
        removed = []
        for needle in given:
            places = [index for index, each in enumerate(owner) if same(each, needle) is True]
            if places:
                removed.append(owner.pop(places[-1 if is_last else 0]))
        return removed

    return run


def _delete_with(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    kept: list[Any] = []
    removed: list[Any] = []
    for index, each in enumerate(list(owner)):
        found = _call(host, argument(given, 0), [each, index, owner], span)
        if found is UNKNOWN:
            host.spoil(owner)
            return UNKNOWN
        (removed if truthy(found) else kept).append(each)
    owner[:] = kept
    return removed


# ---- drawing


def draw(host: Host, items: list[Any]) -> Any:
    """One of several, each as likely."""
    if not items:
        return UNSET
    if len(items) > 1_000:
        return UNKNOWN
    return items[host.chance((1,) * len(items)) if len(items) > 1 else 0]


def _random(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    return draw(host, owner)


def _pluck(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    if not owner:
        return UNSET
    if len(owner) > 1_000:
        host.spoil(owner)
        return UNKNOWN
    return owner.pop(host.chance((1,) * len(owner)) if len(owner) > 1 else 0)


def _draw_many(is_removing: bool) -> Method:
    def run(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
        wanted = to_number(argument(given, 0))
        count = min(wanted, len(owner)) if wanted == wanted else 0
        if count > _LONGEST_SHUFFLE or len(owner) > 1_000:
            if is_removing:
                host.spoil(owner)
            return UNKNOWN
        source = owner if is_removing else list(owner)
        return [_pluck(host, source, [], span) for _ in range(int(count))]

    return run


def _shuffle(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    if len(owner) > _LONGEST_SHUFFLE:
        host.spoil(owner)
        return UNKNOWN
    waiting = list(owner)
    owner[:] = [_pluck(host, waiting, [], span) for _ in range(len(waiting))]
    return owner


def _shuffled(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    return _shuffle(host, list(owner), given, span)


# ---- asking


def _holds(owner: list[Any], needle: Any) -> Any:
    doubt = False
    for each in owner:
        found = same(each, needle)
        if found is True:
            return True
        doubt = doubt or found is UNKNOWN
    return UNKNOWN if doubt else False


def _includes(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    start = _place(argument(given, 1), len(owner), 0)
    return _holds(owner[start:], argument(given, 0))


def _all(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    found = [_holds(owner, each) for each in _needles(given)]
    return False if False in found else UNKNOWN if UNKNOWN in found else True


def _any(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    found = [_holds(owner, each) for each in _needles(given)]
    return True if True in found else UNKNOWN if UNKNOWN in found else False


def _needles(given: list[Any]) -> list[Any]:
    return [item for each in given for item in (each if isinstance(each, list) else [each])]


def _count(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    start = _place(argument(given, 1), len(owner), 0)
    return sum(same(each, argument(given, 0)) is True for each in owner[start:])


def _index_of(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    start = _place(argument(given, 1), len(owner), 0)
    return next((i for i in range(start, len(owner)) if strict_equal(owner[i], argument(given, 0)) is True), -1)


def _last_index_of(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    return next((i for i in reversed(range(len(owner))) if strict_equal(owner[i], argument(given, 0)) is True), -1)


def _at(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    place = to_number(argument(given, 0))
    place = int(place) if place == place and abs(place) <= MAX_SIZE else 0
    place = place + len(owner) if place < 0 else place
    return owner[place] if 0 <= place < len(owner) else UNSET


def _slice(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    length = len(owner)
    return owner[_place(argument(given, 0), length, 0) : _place(argument(given, 1), length, length)]


def _concat(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    if UNKNOWN in [each for each in given if each is UNKNOWN]:
        return UNKNOWN  # it may be an array
    return [*owner, *_needles(given)]


def _concat_unique(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    found: list[Any] = []
    for each in [*owner, *_needles(given)]:
        if _holds(found, each) is False:
            found.append(each)
    return found


def _join(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    between = "," if argument(given, 0) is UNSET else to_text(given[0])
    return UNKNOWN if between is UNKNOWN else join(owner, between)


def _flat(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    levels = to_number(given[0]) if given else 1
    return _flatten(owner, min(levels, 20) if levels == levels else 0)


def _flatten(items: list[Any], levels: float) -> Any:
    found: list[Any] = []
    for each in items:
        if isinstance(each, list) and levels >= 1:
            found.extend(_flatten(each, levels - 1))
        else:
            found.append(each)
        if len(found) > MAX_SIZE:
            raise ThrownError("the array is too long")
    return found


# ---- with functions


def _map(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    return [_call(host, argument(given, 0), [each, i, owner], span) for i, each in enumerate(list(owner))]


def _for_each(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    _map(host, owner, given, span)
    return UNSET


def _filter(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    asked = _map(host, owner, given, span)
    if UNKNOWN in [each for each in asked if each is UNKNOWN]:
        return UNKNOWN
    return [each for each, is_kept in zip(list(owner), asked, strict=False) if truthy(is_kept)]


def _quantified(stop_at: bool) -> Method:
    def run(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
        doubt = False
        for index, each in enumerate(list(owner)):
            found = _call(host, argument(given, 0), [each, index, owner], span)
            if found is UNKNOWN:
                doubt = True
            elif truthy(found) is stop_at:
                return stop_at
        return UNKNOWN if doubt else not stop_at

    return run


def _search(is_place: bool) -> Method:
    def run(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
        for index, each in enumerate(list(owner)):
            found = _call(host, argument(given, 0), [each, index, owner], span)
            if found is UNKNOWN:
                return UNKNOWN
            if truthy(found):
                return index if is_place else each
        return -1 if is_place else UNSET

    return run


def _count_with(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
    found = _filter(host, owner, given, span)
    return UNKNOWN if found is UNKNOWN else len(found)


def _reduce(is_backward: bool) -> Method:
    def run(host: Host, owner: list[Any], given: list[Any], span: Span) -> Any:
        waiting = list(enumerate(owner))
        if is_backward:
            waiting.reverse()
        if len(given) > 1:
            total = given[1]
        elif waiting:
            total = waiting.pop(0)[1]
        else:
            raise ThrownError("reduce of an empty array")
        for index, each in waiting:
            total = _call(host, argument(given, 0), [total, each, index, owner], span)
        return total

    return run


def _iterated(how: str) -> Method:
    return lambda host, owner, given, span: Iterated(owner, how)


ARRAY_METHODS: Final[dict[str, Method]] = {
    "push": _push, "unshift": _unshift, "pushUnique": _unique(False), "unshiftUnique": _unique(True), "pop": _pop,
    "shift": _shift, "splice": _splice, "reverse": _reverse, "sort": _sort, "fill": _fill, "delete": _delete,
    "deleteAll": _delete, "deleteAt": _delete_at, "deleteFirst": _delete_one(False), "deleteLast": _delete_one(True),
    "deleteWith": _delete_with, "random": _random, "pluck": _pluck, "randomMany": _draw_many(False),
    "pluckMany": _draw_many(True), "shuffle": _shuffle, "toShuffled": _shuffled, "includes": _includes,
    "contains": _includes, "includesAll": _all, "containsAll": _all, "includesAny": _any, "containsAny": _any,
    "count": _count, "countWith": _count_with, "indexOf": _index_of, "lastIndexOf": _last_index_of, "at": _at,
    "first": lambda host, owner, given, span: owner[0] if owner else UNSET,
    "last": lambda host, owner, given, span: owner[-1] if owner else UNSET,
    "slice": _slice, "concat": _concat, "concatUnique": _concat_unique, "toUnique": _concat_unique, "join": _join,
    "toString": lambda host, owner, given, span: join(owner, ","), "flat": _flat,
    "flatten": lambda host, owner, given, span: _flatten(owner, 20), "map": _map, "forEach": _for_each,
    "flatMap": lambda host, owner, given, span: _flatten(_map(host, owner, given, span), 1),
    "filter": _filter, "some": _quantified(True), "every": _quantified(False), "find": _search(False),
    "findIndex": _search(True), "reduce": _reduce(False), "reduceRight": _reduce(True),
    **{how: _iterated(how) for how in ("keys", "values", "entries")},
}  # fmt: skip
TOLERANT_METHODS: Final = frozenset(
    {
        "push", "unshift", "pushUnique", "unshiftUnique", "pop", "shift", "reverse", "random", "pluck", "includes",
        "contains", "includesAll", "containsAll", "includesAny", "containsAny", "first", "last", "join", "toString", "map",
        "forEach", "filter", "some", "every", "find", "findIndex", "countWith", "reduce", "reduceRight", "values", "keys",
        "entries", "concat",
    }
)  # fmt: skip
"""Methods that look themselves whether an item or argument is unknown."""
