"""``Math``, ``Number``, ``Object`` and the functions that every page has."""

# ruff: noqa: ARG001, PLR0124 - functions of one table have one signature; x != x asks for not-a-number

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from gamebook_lab.languages.javascript.host import Builtin, Host, Library, argument
from gamebook_lab.languages.javascript.iterated import Iterated
from gamebook_lab.languages.javascript.values import is_number, keys_of, number, text_number, to_number, to_text, truthy
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.program import Span

Function = Callable[[Host, list[Any], Span], Any]


def _of_number(compute: Callable[[float], float]) -> Function:
    def run(host: Host, given: list[Any], span: Span) -> Any:
        value = to_number(argument(given, 0))
        if value is UNKNOWN:
            return UNKNOWN
        try:
            return number(compute(value))
        except OverflowError:
            return UNKNOWN
        except ValueError:
            return math.nan

    return run


def _kept(compute: Callable[[float], float]) -> Callable[[float], float]:
    """Rounding, which leaves infinities and not-a-numbers alone."""
    return lambda value: compute(value) if math.isfinite(value) else value


def _rounded(value: float) -> int:
    below = math.floor(value)
    return below + (value - below >= 0.5)


def _extreme(choose: Callable[..., float], empty: float) -> Function:
    def run(host: Host, given: list[Any], span: Span) -> Any:
        values = [to_number(each) for each in given]
        if UNKNOWN in [each for each in values if each is UNKNOWN]:
            return UNKNOWN
        if any(each != each for each in values):
            return math.nan
        return choose(values) if values else empty

    return run


def _power(host: Host, given: list[Any], span: Span) -> Any:
    from gamebook_lab.languages.javascript.operators import OPERATORS

    return OPERATORS["**"](argument(given, 0), argument(given, 1))


def _clamp(host: Host, given: list[Any], span: Span) -> Any:
    values = [to_number(each) for each in given]
    if len(values) != 3 or any(each is UNKNOWN for each in values):
        return UNKNOWN
    if any(each != each for each in values):
        return math.nan
    return min(max(values[0], min(values[1:])), max(values[1:]))


def _unknown(host: Host, given: list[Any], span: Span) -> Any:
    return UNKNOWN


MATH: Final = Library(
    "Math",
    {
        "floor": _of_number(_kept(math.floor)), "ceil": _of_number(_kept(math.ceil)),
        "round": _of_number(_kept(_rounded)), "trunc": _of_number(_kept(math.trunc)),
        "abs": _of_number(abs), "sqrt": _of_number(math.sqrt), "cbrt": _of_number(math.cbrt),
        "sign": _of_number(lambda value: value if value != value else (value > 0) - (value < 0)),
        "log": _of_number(lambda value: math.log(value) if value else -math.inf),
        "log10": _of_number(lambda value: math.log10(value) if value else -math.inf),
        "log2": _of_number(lambda value: math.log2(value) if value else -math.inf),
        "exp": _of_number(math.exp), "sin": _of_number(math.sin), "cos": _of_number(math.cos),
        "tan": _of_number(math.tan), "atan": _of_number(math.atan), "max": _extreme(max, -math.inf),
        "min": _extreme(min, math.inf), "pow": _power, "random": _unknown, "hypot": _unknown, "atan2": _unknown,
        "clamp": _clamp,
    },
    {"PI": math.pi, "E": math.e, "SQRT2": math.sqrt(2), "LN2": math.log(2), "LN10": math.log(10)},
)  # fmt: skip


# ---- reading numbers


def _parse_int(host: Host, given: list[Any], span: Span) -> Any:
    text, base = to_text(argument(given, 0)), argument(given, 1)
    if text is UNKNOWN or not (base is UNSET or (is_number(base) and base in {10, 0})):
        return UNKNOWN
    text = text.strip()
    if text[:2].lower() == "0x":
        return UNKNOWN
    return _leading(text, is_whole=True)


def _parse_float(host: Host, given: list[Any], span: Span) -> Any:
    text = to_text(argument(given, 0))
    return UNKNOWN if text is UNKNOWN else _leading(text.strip(), is_whole=False)


def _leading(text: str, *, is_whole: bool) -> int | float:
    """The number with which a text begins."""
    stop = 1 if text[:1] in {"+", "-"} else 0
    if not is_whole and text.startswith("Infinity", stop):
        return -math.inf if text[0] == "-" else math.inf
    begun = stop
    while stop < len(text) and text[stop] in "0123456789":
        stop += 1
    if not is_whole and text[stop : stop + 1] == ".":
        stop += 1
        while stop < len(text) and text[stop] in "0123456789":
            stop += 1
    digits = text[begun:stop]
    if not digits.strip("."):
        return math.nan
    if not is_whole and text[stop : stop + 1] in {"e", "E"}:
        after = stop + 2 if text[stop + 1 : stop + 2] in {"+", "-"} else stop + 1
        end = after
        while end < len(text) and text[end] in "0123456789":
            end += 1
        stop = end if end > after else stop
    return text_number(text[:stop])


def _is_nan(host: Host, given: list[Any], span: Span) -> Any:
    value = to_number(argument(given, 0))
    return UNKNOWN if value is UNKNOWN else value != value


def _is_finite(host: Host, given: list[Any], span: Span) -> Any:
    value = to_number(argument(given, 0))
    return UNKNOWN if value is UNKNOWN else math.isfinite(value)


def _is_integer(host: Host, given: list[Any], span: Span) -> Any:
    value = argument(given, 0)
    if value is UNKNOWN:
        return UNKNOWN
    return type(value) is int or (isinstance(value, float) and value.is_integer())


def _to_number(host: Host, given: list[Any], span: Span) -> Any:
    return to_number(given[0]) if given else 0


def _to_text(host: Host, given: list[Any], span: Span) -> Any:
    return to_text(given[0]) if given else ""


def _to_truth(host: Host, given: list[Any], span: Span) -> Any:
    value = argument(given, 0)
    return UNKNOWN if value is UNKNOWN else truthy(value)


class _Callable(Library, Builtin):
    """A table that can be called as well, such as ``Number``."""

    __slots__ = ()

    def __init__(self, name: str, run: Function, functions: dict[str, Function], constants: dict[str, Any]) -> None:
        Library.__init__(self, name, functions, constants)
        Builtin.__init__(self, name, run)


# ---- objects


def _of_pairs(pick: Callable[[dict[str, Any]], list[Any]]) -> Function:
    def run(host: Host, given: list[Any], span: Span) -> Any:
        value = argument(given, 0)
        if isinstance(value, list):
            value = {str(index): each for index, each in enumerate(value)}
        return pick({name: value[name] for name in keys_of(value)}) if isinstance(value, dict) else UNKNOWN

    return run


def _assign(host: Host, given: list[Any], span: Span) -> Any:
    target = argument(given, 0)
    if not isinstance(target, dict):
        return UNKNOWN
    for each in given[1:]:
        if isinstance(each, dict):
            target.update(each)
        elif isinstance(each, (list, str)):
            target.update((str(index), one) for index, one in enumerate(each))
        elif each is UNKNOWN or not (each is None or each is UNSET or isinstance(each, (bool, int, float))):
            host.spoil(target)
            return UNKNOWN
    return target


def _is_array(host: Host, given: list[Any], span: Span) -> Any:
    value = argument(given, 0)
    return UNKNOWN if value is UNKNOWN else isinstance(value, list)


def _array_from(host: Host, given: list[Any], span: Span) -> Any:
    value = argument(given, 0)
    if isinstance(value, Iterated):
        value = value.taken()
    return list(value) if isinstance(value, (list, str)) and len(given) == 1 else UNKNOWN


def _array_of(host: Host, given: list[Any], span: Span) -> Any:
    return list(given)


def clone(value: Any, _depth: int = 0) -> Any:
    """A deep copy."""
    if _depth > 24:
        return UNKNOWN
    if isinstance(value, list):
        return [clone(each, _depth + 1) for each in value]
    if isinstance(value, dict):
        return {name: clone(each, _depth + 1) for name, each in value.items()}
    return value


def _clone(host: Host, given: list[Any], span: Span) -> Any:
    return clone(argument(given, 0))


GLOBALS: Final[dict[str, Any]] = {
    "Math": MATH,
    "Number": _Callable(
        "Number",
        _to_number,
        {"isInteger": _is_integer, "isNaN": _is_nan, "isFinite": _is_finite, "parseInt": _parse_int,
         "parseFloat": _parse_float},
        {"MAX_SAFE_INTEGER": 2**53 - 1, "MIN_SAFE_INTEGER": 1 - 2**53, "POSITIVE_INFINITY": math.inf, "NaN": math.nan},
    ),
    "String": _Callable("String", _to_text, {}, {}),
    "Boolean": _Callable("Boolean", _to_truth, {}, {}),
    "Array": _Callable("Array", _array_of, {"isArray": _is_array, "from": _array_from, "of": _array_of}, {}),
    "Object": Library(
        "Object",
        {
            "keys": _of_pairs(list), "values": _of_pairs(lambda each: list(each.values())),
            "entries": _of_pairs(lambda each: [[name, value] for name, value in each.items()]), "assign": _assign,
        },
        {},
    ),
    "parseInt": Builtin("parseInt", _parse_int), "parseFloat": Builtin("parseFloat", _parse_float),
    "isNaN": Builtin("isNaN", _is_nan), "isFinite": Builtin("isFinite", _is_finite),
    "clone": Builtin("clone", _clone),
    "undefined": UNSET,
}  # fmt: skip
"""Names that mean the same in every story format that runs JavaScript (``clone`` is SugarCube's)."""
