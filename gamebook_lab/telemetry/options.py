"""Settings as dataclasses whose fields are documented, read from TOML with exact complaints, and written with comments."""

from __future__ import annotations

import difflib
import json
import re
import textwrap
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, field, fields, is_dataclass, replace
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from gamebook_lab.errors import SettingsError

__all__ = ["option", "to_toml", "updated"]

T = TypeVar("T")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def option(default: Any, doc: str) -> Any:
    """Field of a settings dataclass, with what it means. A default of ``MISSING`` means that it must be given."""
    if callable(default):
        return field(default_factory=default, metadata={"doc": doc})
    return field(metadata={"doc": doc}) if default is MISSING else field(default=default, metadata={"doc": doc})


def updated(base: T, table: Mapping[str, Any], where: str) -> T:
    """Settings with what a table of a TOML file says instead.

    Parameters
    ----------
    base
        A dataclass's instance. Its dicts of dataclasses are updated by name, so a file may change one rule's threshold.
    table
        What was read.
    where
        File and table, for complaints.

    Raises
    ------
    SettingsError
        If a name, a type or a value is wrong.
    """
    changes = _changes(type(base), table, base, where)
    made: T = _made(lambda: replace(base, **changes), where)  # type: ignore[type-var]  # a dataclass
    return made


def _changes(kind: type, table: Mapping[str, Any], base: Any, where: str) -> dict[str, Any]:
    """Values that a table gives to the fields of a dataclass."""
    hints = get_type_hints(kind)
    known = {one.name for one in fields(kind)}
    changes = {}
    for name, value in table.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(sorted(known))}"
            raise SettingsError(f"{where}: there is no setting {name!r}{hint}")
        changes[name] = _value(hints[name], value, getattr(base, name, None), f"{where}: {name}")
    return changes


def _made(make: Any, where: str) -> Any:
    try:
        return make()
    except SettingsError:
        raise
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{where}: {error}") from error


def _value(hint: Any, value: Any, base: Any, where: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        return updated(base, _table(value, where), where)
    if origin in (Union, types.UnionType):
        (inner,) = (one for one in arguments if one is not type(None))
        return None if value is False else _value(inner, value, base, f"{where} (or false for none)")
    if origin in (dict, Mapping):
        return _mapping(arguments[1], _table(value, where), base, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise SettingsError(f"{where} takes a list such as {example(hint)}, not {value!r}")
        return tuple(_value(arguments[0], one, None, where) for one in value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise SettingsError(f"{where} takes {_WORDS.get(hint, hint.__name__)}, not {value!r}")
    return value


def _mapping(inner: Any, table: Mapping[str, Any], base: Mapping[str, Any], where: str) -> dict[str, Any]:
    made = dict(base or {})
    for name, value in table.items():
        place = f"{where}.{name}"
        if not is_dataclass(inner):
            made[name] = _value(inner, value, None, place)
        elif value is False:
            made.pop(name, None)
        elif name in made:
            made[name] = updated(made[name], _table(value, place), place)
        else:
            made[name] = _new(inner, _table(value, place), place)
    return made


def _new(inner: Any, table: Mapping[str, Any], where: str) -> Any:
    needed = [one.name for one in fields(inner) if one.default is MISSING and one.default_factory is MISSING]
    if absent := [name for name in needed if name not in table]:
        raise SettingsError(f"{where} is new, and needs {', '.join(absent)}")
    return _made(lambda: inner(**_changes(inner, table, None, where)), where)


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise SettingsError(f"{where} is a table of settings, not {value!r}")
    return value


_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


def example(hint: Any) -> str:
    """A list that a setting would take."""
    return '["text"]' if get_args(hint)[0] is str else "[1, 2, 3]"


def to_toml(settings: Any) -> str:
    """Write settings as TOML, each under a comment that says what it means."""
    return "\n".join(_lines(settings, "")).strip() + "\n"


def _lines(settings: Any, path: str, *, documented: bool = True) -> Iterator[str]:
    tables: list[tuple[str, Any, Field[Any]]] = []
    for one in fields(settings):
        value = getattr(settings, one.name)
        if is_dataclass(value) or (isinstance(value, Mapping) and any(map(is_dataclass, value.values()))):
            tables.append((one.name, value, one))
            continue
        if documented:
            yield from _comment(one)
        yield f"{one.name} = {_literal(value)}"
    for name, value, one in tables:
        full = f"{path}.{name}" if path else name
        yield ""
        yield from _comment(one)
        if is_dataclass(value):
            yield f"[{full}]"
            yield from _lines(value, full)
        else:
            for number, (key, inner) in enumerate(value.items()):
                yield f"[{full}.{_key(key)}]"
                yield from _lines(inner, f"{full}.{_key(key)}", documented=number == 0)
                yield ""


def _comment(one: Field[Any]) -> Iterator[str]:
    for line in textwrap.wrap(one.metadata.get("doc", ""), 110):
        yield f"# {line}"


def _literal(value: Any) -> str:
    if value is None:
        return "false"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, Mapping):
        return (
            "{ " + ", ".join(f"{_key(key)} = {_literal(inner)}" for key, inner in value.items()) + " }"
            if value
            else "{}"
        )
    return repr(value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name)
