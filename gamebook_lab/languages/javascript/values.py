"""JavaScript's values while code runs, and what it makes of them: truth, text, numbers, equality.

``undefined`` is :data:`~gamebook_lab.story.frozen.UNSET`, ``null`` is None, an array a ``list``, a plain object a
``dict``; whole numbers are ``int`` as far as doubles hold every one of them, all others ``float``. ``UNKNOWN`` stands for
any value: callers look for it first.

Differs from JavaScript: a zero has no sign (what a division by one gives is unknown), and strings are made of code points
(what counts places in a string with letters beyond U+FFFF gives unknown).
"""

from __future__ import annotations

import math
from typing import Any, Final

from gamebook_lab.story.bounds import AtLeast, AtMost
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Map, Value

LARGEST_WHOLE: Final = 2**53
MAX_DEPTH: Final = 24
"""Arrays and objects inside each other; deeper is unknown."""
_MOST_INDEX: Final = 2**32 - 1
MAX_SIZE: Final = 10_000
"""Characters of a string, items of an array; more is unknown."""


class ThrownError(Exception):
    """The code threw an error: the story format shows it and goes on with what follows."""


def number(value: float) -> int | float:
    """Write a number as every number is written here."""
    if isinstance(value, int):
        return value if -LARGEST_WHOLE <= value <= LARGEST_WHOLE else _wide(value)
    if value.is_integer() and -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
        return int(value)
    return value


def _wide(value: int) -> int | float:
    try:
        return number(float(value))
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def is_number(value: Any) -> bool:
    """Tell whether it is a number; ``true`` is none."""
    return type(value) is int or type(value) is float


def truthy(value: Any) -> bool:
    """Tell whether a known value counts as true."""
    if value is True or value is False:
        return bool(value)
    if value is None or value is UNSET:
        return False
    if isinstance(value, float):
        return not math.isnan(value) and value != 0.0
    if isinstance(value, (int, str)):
        return bool(value)
    return True


def type_of(value: Any) -> str:
    """What ``typeof`` says."""
    if value is UNSET:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "function" if callable(value) else "object"


def number_text(value: float) -> str:
    """Write a number as JavaScript does."""
    if isinstance(value, int):
        return str(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, power = f"{abs(value)!r}".partition("e")
    whole, _, part = mantissa.partition(".")
    part = "" if part == "0" else part
    digits = (whole + part).lstrip("0")
    point = len(whole) + int(power or 0) - (len(whole + part) - len(digits))
    digits = digits.rstrip("0")
    return sign + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """Digits with the decimal point after so many of them."""
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    power = point - 1
    mantissa = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{mantissa}e{'+' if power >= 0 else '-'}{abs(power)}"


def to_text(value: Any, _depth: int = 0) -> Any:
    """What ``String(value)`` gives; unknown where a part is."""
    if isinstance(value, str):
        return value
    if value is UNKNOWN or _depth > MAX_DEPTH:
        return UNKNOWN
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if value is None:
        return "null"
    if value is UNSET:
        return "undefined"
    if isinstance(value, list):
        return join(value, ",", _depth + 1)
    if isinstance(value, dict):
        return UNKNOWN if "toString" in value or "valueOf" in value else "[object Object]"
    return UNKNOWN


def join(items: list[Any], between: str, _depth: int = 0) -> Any:
    """What ``items.join(between)`` gives."""
    parts = ["" if each is None or each is UNSET else to_text(each, _depth) for each in items]
    if UNKNOWN in parts:
        return UNKNOWN
    return capped(between.join(parts))


def capped(value: Any) -> Any:
    """A string or array, unknown if it is too long to follow."""
    return UNKNOWN if len(value) > MAX_SIZE else value


def to_number(value: Any) -> Any:
    """What ``Number(value)`` gives."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, str):
        return text_number(value)
    if value is None:
        return 0
    if value is UNSET:
        return math.nan
    if isinstance(value, (list, dict)):
        text = to_text(value)
        return UNKNOWN if text is UNKNOWN else text_number(text)
    return UNKNOWN


def text_number(text: str) -> int | float:
    """What ``Number(text)`` gives."""
    text = text.strip(" \t\n\r\v\f\u00a0\ufeff\u2028\u2029")
    if not text:
        return 0
    if text in {"Infinity", "+Infinity"}:
        return math.inf
    if text == "-Infinity":
        return -math.inf
    try:
        base = {"0x": 16, "0o": 8, "0b": 2}.get(text[:2].lower())
        if base is not None:
            return number(int(text[2:], base)) if text[2:].isalnum() else math.nan
        if not text.isascii() or "_" in text or text.strip("+-").lower() in {"inf", "nan", "infinity"}:
            return math.nan
        return number(float(text))
    except ValueError:
        return math.nan


def strict_equal(left: Any, right: Any) -> Any:
    """``===``."""
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left == right
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return left is right


def same(left: Any, right: Any) -> Any:
    """What ``includes`` asks: ``===``, but a not-a-number is itself."""
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left) and math.isnan(right):
        return True
    return strict_equal(left, right)


def loose_equal(left: Any, right: Any) -> Any:
    """``==``."""
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    nothing = (left is None or left is UNSET, right is None or right is UNSET)
    if any(nothing):
        return all(nothing)
    if type_of(left) == type_of(right):
        return strict_equal(left, right)
    left, right = (to_text(each) if isinstance(each, (list, dict)) else each for each in (left, right))
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    left, right = to_number(left), to_number(right)
    return UNKNOWN if left is UNKNOWN or right is UNKNOWN else left == right


def keys_of(value: dict[str, Any]) -> list[str]:
    """Names of an object's members in JavaScript's order: those that are whole numbers first, by size."""
    numbers = [name for name in value if name.isdigit() and name.isascii() and (name == "0" or name[0] != "0")]
    numbers = [name for name in numbers if len(name) < 11 and int(name) < _MOST_INDEX]
    if not numbers:
        return list(value)
    kept = set(numbers)
    return [*sorted(numbers, key=int), *(name for name in value if name not in kept)]


def freeze(value: Any, _depth: int = 0) -> Value:
    """Make what a variable holds between passages of a value: immutable, and canonical."""
    if isinstance(value, float) and math.isnan(value):
        return math.nan  # the one object: pages that hold it are equal, though it does not equal itself
    if value is None or isinstance(value, (bool, str, int, float)) or value is UNSET or value is UNKNOWN:
        return UNKNOWN if isinstance(value, str) and len(value) > MAX_SIZE else value
    if _depth > MAX_DEPTH:
        return UNKNOWN
    if isinstance(value, list):
        if len(value) > MAX_SIZE:
            return UNKNOWN
        return tuple(freeze(each, _depth + 1) for each in value)
    if isinstance(value, dict):
        if len(value) > MAX_SIZE:
            return UNKNOWN
        return Map(tuple((name, freeze(value[name], _depth + 1)) for name in keys_of(value)))
    return UNKNOWN


def thaw(value: Value) -> Any:
    """Make a fresh value to compute with of a frozen one."""
    if isinstance(value, tuple):
        return [thaw(each) for each in value]
    if isinstance(value, Map):
        return {name: thaw(each) for name, each in value.pairs}
    return int(value) if isinstance(value, (AtLeast, AtMost)) else value
