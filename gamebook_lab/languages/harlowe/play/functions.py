"""Harlowe's macros that only compute: values in, a value out. Names are canonical (see ``names.canonical``)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from gamebook_lab.languages.harlowe.play.values import (
    LONGEST,
    Colour,
    StoryError,
    array,
    datamap,
    dataset,
    has_unknown,
    is_number,
    kind,
    number,
    sorted_items,
    text,
    written,
)  # fmt: skip
from gamebook_lab.story.frozen import UNKNOWN, Value, exact

Function = Callable[[Sequence[Any]], Value]
TABLE: Final[dict[str, Function]] = {}
"""Every macro here, by name. Those in :data:`CONTAINERS` may hold what is not known; the others are unknown with it."""
CONTAINERS: Final = frozenset(["a", "array", "dm", "datamap"])


def call(name: str, values: Sequence[Any]) -> Value:
    """Compute a macro of :data:`TABLE`; raises StoryError for what Harlowe refuses."""
    if name not in CONTAINERS and any(map(has_unknown, values)):
        return UNKNOWN
    try:
        return TABLE[name](values)
    except (IndexError, OverflowError):
        msg = f"({name}:) was given too few values, or too large ones"
        raise StoryError(msg) from None


def _macro(*names: str) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        for name in names:
            TABLE[name] = function
        return function

    return register


def need(values: Sequence[Any], at: int, *kinds: str) -> Any:
    """Value at a place, which must be of one of these kinds."""
    if at >= len(values):
        msg = f"value {at + 1} is missing"
        raise StoryError(msg)
    if kinds and kind(values[at]) not in kinds:
        msg = f"value {at + 1} is a {kind(values[at])}, not a {' or '.join(kinds)}"
        raise StoryError(msg)
    return values[at]


def _whole(values: Sequence[Any], at: int) -> int:
    value = need(values, at, "number")
    if not isinstance(value, int):
        msg = "a whole number is needed"
        raise StoryError(msg)
    return value


# ---- making data


@_macro("a", "array")
def _array(values: Sequence[Any]) -> Value:
    return array(values)


@_macro("ds", "dataset")
def _dataset(values: Sequence[Any]) -> Value:
    return dataset(values)


@_macro("dm", "datamap")
def _datamap(values: Sequence[Any]) -> Value:
    if len(values) % 2:
        msg = "a datamap needs a value for every name"
        raise StoryError(msg)
    if any(map(has_unknown, values[::2])):
        return UNKNOWN
    for name in values[::2]:
        if kind(name) not in {"string", "number"}:
            msg = "a datamap's names are strings or numbers"
            raise StoryError(msg)
    return datamap(zip(values[::2], values[1::2], strict=True))


@_macro("range")
def _range(values: Sequence[Any]) -> Value:
    first, last = sorted((_whole(values, 0), _whole(values, 1)))
    return UNKNOWN if last - first >= LONGEST else tuple(range(first, last + 1))


@_macro("repeated")
def _repeated(values: Sequence[Any]) -> Value:
    return UNKNOWN if _whole(values, 0) * len(values) > LONGEST else tuple(values[1:]) * max(_whole(values, 0), 0)


@_macro("sorted")
def _sorted(values: Sequence[Any]) -> Value:
    if any(not is_number(value) and not isinstance(value, str) for value in values):
        msg = "(sorted:) sorts numbers and strings"
        raise StoryError(msg)
    if not all(map(is_number, values)) and any(
        not str(value).isascii() or not str(value).islower() for value in values
    ):
        return UNKNOWN  # Harlowe compares strings as the reader's locale does.
    return tuple(sorted_items(values))


@_macro("reversed")
def _reversed(values: Sequence[Any]) -> Value:
    return tuple(values[::-1])


@_macro("rotated")
def _rotated(values: Sequence[Any]) -> Value:
    by, items = _whole(values, 0), tuple(values[1:])
    if not items:
        msg = "nothing to rotate"
        raise StoryError(msg)
    by %= len(items)
    return items[-by:] + items[:-by] if by else items


@_macro("rotatedto")
def _unsupported(values: Sequence[Any]) -> Value:
    del values
    return UNKNOWN


@_macro("interlaced")
def _interlaced(values: Sequence[Any]) -> Value:
    lists = [need(values, at, "array") for at in range(len(values))]
    return array(item for items in zip(*lists, strict=False) for item in items)


@_macro("subarray")
def _subarray(values: Sequence[Any]) -> Value:
    return _slice(need(values, 0, "array"), _whole(values, 1), _whole(values, 2))


@_macro("substring")
def _substring(values: Sequence[Any]) -> Value:
    return _slice(need(values, 0, "string"), _whole(values, 1), _whole(values, 2))


def _slice(owner: Any, first: int, last: int) -> Value:
    if first == 0 or last == 0:
        msg = "items are counted from 1"
        raise StoryError(msg)
    places = [at - 1 if at > 0 else len(owner) + at for at in (first, last)]
    return owner[max(min(places), 0) : max(places) + 1]  # type: ignore[no-any-return]


@_macro("unique")
def _unique(values: Sequence[Any]) -> Value:
    return tuple({exact(value): value for value in reversed(values)}[exact(key)] for key in _first(values))


def _first(values: Sequence[Any]) -> list[Any]:
    return list({exact(value): value for value in values}.values())


@_macro("count")
def _count(values: Sequence[Any]) -> Value:
    owner = need(values, 0, "array", "string")
    if len(values) < 2:
        msg = "(count:) needs something to count"
        raise StoryError(msg)
    if isinstance(owner, str):
        return sum(owner.count(need(values, at, "string")) if values[at] else 0 for at in range(1, len(values)))
    keys = [exact(value) for value in values[1:]]
    return sum(exact(item) in keys for item in owner)


@_macro("datanames", "dmnames", "datamapnames")
def _names(values: Sequence[Any]) -> Value:
    return tuple(need(values, 0, "datamap"))


@_macro("datavalues", "dmvalues", "datamapvalues")
def _values(values: Sequence[Any]) -> Value:
    return tuple(value for _, value in need(values, 0, "datamap").pairs)


@_macro("dataentries", "dmentries", "datamapentries")
def _entries(values: Sequence[Any]) -> Value:
    found = need(values, 0, "datamap").pairs
    return tuple(datamap((("name", name), ("value", value))) for name, value in found)


# ---- strings


@_macro("str", "string", "text")
def _str(values: Sequence[Any]) -> Value:
    if any(kind(value) not in {"string", "number", "boolean", "array"} for value in values):
        return UNKNOWN if any(kind(value) in {"dataset", "colour"} for value in values) else _refused(values)
    return text("".join(map(written, values)))


def _refused(values: Sequence[Any]) -> Value:
    msg = f"a {', a '.join(map(kind, values))} cannot be a string"
    raise StoryError(msg)


@_macro("num", "number")
def _num(values: Sequence[Any]) -> Value:
    word = need(values, 0, "string", "number")
    if is_number(word):
        return word  # type: ignore[no-any-return]
    try:
        found = float(word) if word.strip() else 0
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or "_" in word:
        msg = f"{word!r} is no number"
        raise StoryError(msg)
    return number(found)


@_macro("joined")
def _joined(values: Sequence[Any]) -> Value:
    return text(need(values, 0, "string").join(need(values, at, "string") for at in range(1, len(values))))


@_macro("words")
def _words(values: Sequence[Any]) -> Value:
    return array(need(values, 0, "string").split())


@_macro("split", "splitted")
def _split(values: Sequence[Any]) -> Value:
    separator, whole = need(values, 0, "string", "datatype"), need(values, 1, "string")
    if not isinstance(separator, str):
        return UNKNOWN
    return array(whole.split(separator) if separator else whole)


@_macro("strrepeated", "stringrepeated")
def _str_repeated(values: Sequence[Any]) -> Value:
    times, word = _whole(values, 0), need(values, 1, "string")
    return UNKNOWN if times * len(word) > LONGEST else word * max(times, 0)


@_macro("strreversed", "stringreversed")
def _str_reversed(values: Sequence[Any]) -> Value:
    return need(values, 0, "string")[::-1]  # type: ignore[no-any-return]


@_macro("strnth", "stringnth")
def _str_nth(values: Sequence[Any]) -> Value:
    at = _whole(values, 0)
    ending = "th" if abs(at) % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(abs(at) % 10, "th")
    return f"{at}{ending}"


@_macro("trimmed")
def _trimmed(values: Sequence[Any]) -> Value:
    return need(values, 0, "string").strip() if len(values) == 1 else UNKNOWN


@_macro("replaced", "strreplaced", "stringreplaced")
def _replaced(values: Sequence[Any]) -> Value:
    if len(values) != 3 or kind(values[0]) != "string" or kind(values[1]) != "string" or not values[0]:
        return UNKNOWN
    return text(need(values, 2, "string").replace(values[0], values[1]))


@_macro("uppercase")
def _upper(values: Sequence[Any]) -> Value:
    return need(values, 0, "string").upper()  # type: ignore[no-any-return]


@_macro("lowercase")
def _lower(values: Sequence[Any]) -> Value:
    return need(values, 0, "string").lower()  # type: ignore[no-any-return]


def _at_first_letter(word: str, change: Callable[[str], str]) -> str:
    for at, char in enumerate(word):
        if char.isalnum():
            return word[:at] + change(char) + word[at + 1 :]
    return word


@_macro("upperfirst")
def _upper_first(values: Sequence[Any]) -> Value:
    return _at_first_letter(need(values, 0, "string"), str.upper)


@_macro("lowerfirst")
def _lower_first(values: Sequence[Any]) -> Value:
    return _at_first_letter(need(values, 0, "string"), str.lower)


@_macro("plural")
def _plural(values: Sequence[Any]) -> Value:
    n, word = _whole(values, 0), need(values, 1, "string")
    return f"{n} {word if abs(n) == 1 else values[2] if len(values) > 2 else word + 's'}"


@_macro("digitformat")
def _digit_format(values: Sequence[Any]) -> Value:
    return _unsupported(values)


# ---- numbers


def _numbers(values: Sequence[Any]) -> list[Any]:
    if not values:
        msg = "a number is missing"
        raise StoryError(msg)
    return [need(values, at, "number") for at in range(len(values))]


@_macro("min")
def _min(values: Sequence[Any]) -> Value:
    return min(_numbers(values))  # type: ignore[no-any-return]


@_macro("max")
def _max(values: Sequence[Any]) -> Value:
    return max(_numbers(values))  # type: ignore[no-any-return]


@_macro("clamp")
def _clamp(values: Sequence[Any]) -> Value:
    value, low, high = _numbers(values)[:3]
    return min(max(value, low), high)  # type: ignore[no-any-return]


@_macro("pow")
def _pow(values: Sequence[Any]) -> Value:
    base, power = _numbers(values)[:2]
    if abs(power) > 1_100 or (base == 0 and power < 0):
        return UNKNOWN
    found = float(base) ** power
    return number(found) if isinstance(found, float) else UNKNOWN


def _of_one(compute: Callable[[Any], float], *, low: float = -math.inf) -> Function:
    def function(values: Sequence[Any]) -> Value:
        value = need(values, 0, "number")
        if value < low:
            msg = "the number is too low"
            raise StoryError(msg)
        return number(compute(value))

    return function


def _round_half_up(value: float) -> int:
    return math.floor(value + 0.5)


for _name, _compute in {
    "abs": abs, "ceil": math.ceil, "floor": math.floor, "trunc": math.trunc, "exp": math.exp, "sin": math.sin,
    "cos": math.cos, "tan": math.tan, "sign": lambda value: (value > 0) - (value < 0),
}.items():  # fmt: skip
    TABLE[_name] = _of_one(_compute)  # type: ignore[arg-type]
TABLE["sqrt"] = _of_one(math.sqrt, low=0)
for _name, _compute in {"log": math.log, "log10": math.log10, "log2": math.log2}.items():
    TABLE[_name] = _of_one(_compute, low=5e-324)


@_macro("round")
def _round(values: Sequence[Any]) -> Value:
    value = need(values, 0, "number")
    if len(values) > 1:
        scale = 10 ** _whole(values, 1) if abs(_whole(values, 1)) < 16 else 0
        return number(_round_half_up(value * scale) / scale) if scale else UNKNOWN
    return _round_half_up(value)


# ---- colours, whose parts are not modelled, and what shows them


@_macro("rgb", "rgba", "hsl", "hsla", "lch", "lcha", "gradient", "mix", "complement", "stripes", "palette")
def _colour(values: Sequence[Any]) -> Value:
    return Colour(f"({','.join(map(written, values))})")


@_macro("nth")
def _nth(values: Sequence[Any]) -> Value:
    at, items = _whole(values, 0), values[1:]
    if not items or at < 1:
        msg = "(nth:) counts from 1, among at least one value"
        raise StoryError(msg)
    return items[(at - 1) % len(items)]  # type: ignore[no-any-return]
