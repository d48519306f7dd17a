"""Methods of strings: JavaScript's, and those that SugarCube adds.

Patterns (regular expressions) are unknown values, and so is what is done with them.
"""

# ruff: noqa: ARG001, ARG005, FBT003, PLR0124 - functions of one table have one signature; x != x asks for not-a-number

from __future__ import annotations

from typing import Any, Final

from gamebook_lab.languages.javascript.arrays import Method
from gamebook_lab.languages.javascript.host import Host, argument
from gamebook_lab.languages.javascript.values import MAX_SIZE, capped, to_number, to_text
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.program import Span

_BLANKS: Final = " \t\n\r\v\f\u00a0\ufeff\u2028\u2029"


def _counted(method: Method) -> Method:
    """A method that counts places: not followed in strings with letters of two halves."""

    def run(host: Host, owner: str, given: list[Any], span: Span) -> Any:
        if not owner.isascii() and max(owner, default="") > "\uffff":
            return UNKNOWN
        return method(host, owner, given, span)

    return run


def _place(value: Any, length: int, default: int, *, is_from_end: bool = False) -> int:
    if value is UNSET:
        return default
    place = to_number(value)
    if place != place:
        return 0
    place = int(max(min(place, length), -length))
    return max(place + length, 0) if place < 0 and is_from_end else max(place, 0)


def _slice(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    length = len(owner)
    start = _place(argument(given, 0), length, 0, is_from_end=True)
    return owner[start : _place(argument(given, 1), length, length, is_from_end=True)]


def _substring(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    start, stop = sorted(
        (_place(argument(given, 0), len(owner), 0), _place(argument(given, 1), len(owner), len(owner)))
    )
    return owner[start:stop]


def _substr(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    start = _place(argument(given, 0), len(owner), 0, is_from_end=True)
    return owner[start : start + _place(argument(given, 1), len(owner), len(owner))]


def _char_at(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    place = to_number(argument(given, 0))
    place = int(place) if place == place and abs(place) <= MAX_SIZE else 0
    return owner[place : place + 1] if place >= 0 else ""


def _at(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    place = to_number(argument(given, 0))
    place = int(place) if place == place and abs(place) <= MAX_SIZE else 0
    place = place + len(owner) if place < 0 else place
    return owner[place] if 0 <= place < len(owner) else UNSET


def _index_of(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    needle = to_text(argument(given, 0))
    return UNKNOWN if needle is UNKNOWN else owner.find(needle, _place(argument(given, 1), len(owner), 0))


def _last_index_of(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    needle = to_text(argument(given, 0))
    return UNKNOWN if needle is UNKNOWN or len(given) > 1 else owner.rfind(needle)


def _includes(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    needle = to_text(argument(given, 0))
    return UNKNOWN if needle is UNKNOWN else owner.find(needle, _place(argument(given, 1), len(owner), 0)) >= 0


def _starts(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    needle = to_text(argument(given, 0))
    return UNKNOWN if needle is UNKNOWN else owner.startswith(needle, _place(argument(given, 1), len(owner), 0))


def _ends(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    needle = to_text(argument(given, 0))
    stop = _place(argument(given, 1), len(owner), len(owner))
    return UNKNOWN if needle is UNKNOWN else owner[:stop].endswith(needle)


def _split(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    if argument(given, 0) is UNSET:
        return [owner]
    between = to_text(given[0])
    if between is UNKNOWN:
        return UNKNOWN
    if not between and not owner.isascii() and max(owner) > "\uffff":
        return UNKNOWN
    parts = owner.split(between) if between else list(owner)
    limit = argument(given, 1)
    return capped(parts if limit is UNSET else parts[: _place(limit, len(parts), len(parts))])


def _replace(is_all: bool) -> Method:
    def run(host: Host, owner: str, given: list[Any], span: Span) -> Any:
        old, new = to_text(argument(given, 0)), to_text(argument(given, 1))
        if old is UNKNOWN or new is UNKNOWN or "$" in new:
            return UNKNOWN
        if is_all and (len(old) or 1) and owner.count(old) * len(new) > MAX_SIZE:
            return UNKNOWN
        return capped(owner.replace(old, new) if is_all else owner.replace(old, new, 1))

    return run


def _repeat(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    count = to_number(argument(given, 0))
    if count != count:
        return ""
    return owner * int(count) if count >= 0 and count * (len(owner) or 1) <= MAX_SIZE else UNKNOWN


def _padded(is_start: bool) -> Method:
    def run(host: Host, owner: str, given: list[Any], span: Span) -> Any:
        width, pad = to_number(argument(given, 0)), " " if len(given) < 2 else to_text(given[1])
        if pad is UNKNOWN or width != width or width > MAX_SIZE:
            return UNKNOWN
        missing = int(width) - len(owner)
        if missing <= 0 or not pad:
            return owner
        filling = (pad * (missing // len(pad) + 1))[:missing]
        return filling + owner if is_start else owner + filling

    return run


def _concat(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    parts = [to_text(each) for each in given]
    return UNKNOWN if UNKNOWN in parts else capped(owner + "".join(parts))


def _count(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    needle = to_text(argument(given, 0))
    return UNKNOWN if needle is UNKNOWN or len(given) > 1 else owner.count(needle) if needle else 0


def _code(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    letter = _char_at(host, owner, given, span)
    return ord(letter) if letter else UNKNOWN


def _first_changed(is_upper: bool) -> Method:
    def run(host: Host, owner: str, given: list[Any], span: Span) -> Any:
        first = owner[:1]
        return (first.upper() if is_upper else first.lower()) + owner[1:]

    return run


def _unknown(host: Host, owner: str, given: list[Any], span: Span) -> Any:
    return UNKNOWN


STRING_METHODS: Final[dict[str, Method]] = {
    "slice": _counted(_slice), "substring": _counted(_substring), "substr": _counted(_substr),
    "charAt": _counted(_char_at), "at": _counted(_at), "indexOf": _counted(_index_of),
    "lastIndexOf": _counted(_last_index_of), "includes": _counted(_includes), "contains": _counted(_includes),
    "startsWith": _counted(_starts), "endsWith": _counted(_ends), "split": _split, "replace": _replace(False),
    "replaceAll": _replace(True), "repeat": _repeat, "padStart": _counted(_padded(True)),
    "padEnd": _counted(_padded(False)), "concat": _concat, "count": _count, "charCodeAt": _counted(_code),
    "codePointAt": _counted(_code),
    "toUpperCase": lambda host, owner, given, span: owner.upper(),
    "toLowerCase": lambda host, owner, given, span: owner.lower(),
    "toLocaleUpperCase": lambda host, owner, given, span: owner.upper(),
    "toLocaleLowerCase": lambda host, owner, given, span: owner.lower(),
    "toUpperFirst": _first_changed(True), "toLowerFirst": _first_changed(False),
    "toLocaleUpperFirst": _first_changed(True),
    "first": _counted(lambda host, owner, given, span: owner[:1]),
    "last": _counted(lambda host, owner, given, span: owner[-1:]),
    "trim": lambda host, owner, given, span: owner.strip(_BLANKS),
    "trimStart": lambda host, owner, given, span: owner.lstrip(_BLANKS),
    "trimEnd": lambda host, owner, given, span: owner.rstrip(_BLANKS),
    "toString": lambda host, owner, given, span: owner,
    "valueOf": lambda host, owner, given, span: owner,
    "match": _unknown, "matchAll": _unknown, "search": _unknown, "localeCompare": _unknown, "normalize": _unknown,
}  # fmt: skip
