"""What a person types to find and replace, made ready for RE2 (google-re2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import re2

from gamebook_lab.errors import EditError
from gamebook_lab.story.edits import checked


def compiled_pattern(pattern: str, *, regex: bool, case_sensitive: bool) -> Any:
    """Compile a pattern, or a plain text, whose ``^`` and ``$`` match at every line.

    Raises
    ------
    EditError
        If it is empty or not a regular expression.
    """
    checked.encodable(pattern, "what to find")
    if not pattern:
        raise EditError("there is nothing to find; give at least one character")
    options = re2.Options()
    options.case_sensitive = case_sensitive
    options.log_errors = False
    try:
        return re2.compile(f"(?m){pattern}" if regex else re2.escape(pattern), options)
    except re2.error as error:
        raise EditError(_complaint(pattern, error)) from error


def _complaint(pattern: str, error: Exception) -> str:
    reason = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error.args[0])
    what, _, part = reason.partition(": ")
    at = pattern.find(part) if part and part != pattern else -1
    position = f" at position {at}" if at > 0 or (at == 0 and part) else ""
    return (
        f"{pattern!r} is not a regular expression: {what}{position}{f' ({part})' if position else ''}; "
        "correct it, or search for it as plain text (look-around and backreferences are not available)"
    )


def whole_characters(text: str) -> str:
    """Return the text, any half characters (lone surrogates) replaced one for one: RE2 reads UTF-8."""
    return text.encode(errors="replace").decode()


_ESCAPES: Final = {"n": "\n", "t": "\t", "\\": "\\"}


def replacement_template(replacement: str, compiled: Any) -> Callable[[Any], str]:
    """Read a replacement with groups once, and return what expands it for a match."""
    parts: list[str | int] = []
    rest = replacement
    while rest:
        plain, slash, rest = rest.partition("\\")
        parts.append(plain)
        if slash:
            part, rest = _escape(rest, compiled)
            parts.append(part)
    return lambda match: "".join(part if isinstance(part, str) else match.group(part) or "" for part in parts)


def _escape(rest: str, compiled: Any) -> tuple[str | int, str]:
    if rest[:1] in _ESCAPES and rest:
        return _ESCAPES[rest[0]], rest[1:]
    if rest.startswith("g<") and ">" in rest:
        name, _, rest = rest[2:].partition(">")
        group = compiled.groupindex.get(name, int(name) if name.isdecimal() and len(name) < 4 else -1)
        written = f"\\g<{name}>"
    else:
        digits = rest[:1] if rest[:1].isdecimal() else ""
        group, written, rest = int(digits) if digits else -1, f"\\{rest[:1]}", rest[1:]
    if not 0 <= group <= compiled.groups:
        msg = (
            f"the replacement has {written!r}, and the pattern has {compiled.groups} groups; "
            r"write \1 or \g<name> for a group that it has, \n for a new line, and \\ for a backslash"
        )
        raise EditError(msg)
    return group, rest
