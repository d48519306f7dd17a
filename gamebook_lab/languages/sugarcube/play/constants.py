"""What a story's scripts put into ``setup`` when it begins, as far as that is certain.

Only statements of the form ``setup.name = value`` at the top of a script count, whose value is made of constants, and
whose name nothing else in the story may write to.
"""

# ruff: noqa: ARG002 - a host and an object have their signatures

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.evaluate import compile_expression
from gamebook_lab.languages.javascript.host import Host, Native
from gamebook_lab.languages.javascript.library import GLOBALS
from gamebook_lab.languages.javascript.purity import is_pure
from gamebook_lab.languages.javascript.statements import statement_nodes
from gamebook_lab.languages.javascript.values import ThrownError
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.program import Span

_WRITTEN: Final = re.compile(
    r"\bsetup\s*\.\s*([A-Za-z_$][\w$]*)[\w$.\[\]\"'() ]{0,80}?(?:\s(?:to)\s|[-+*/%&|^?]{0,3}=(?![=>])|\+\+|--"
    r"|\.(?:push|pop|shift|unshift|splice|sort|reverse|fill|delete\w*|pluck\w*|shuffle|set|add|clear|assign)\s*\()"
)
_ANY: Final = re.compile(r"\bsetup\s*(?:\[|=[^=>]|[,)])")


class _Doubt(Host):
    """Code that needs anything but constants comes to nothing certain."""

    def __init__(self, known: dict[str, Any]) -> None:
        super().__init__()
        self.setup = _Known(known)

    def lookup(self, name: str) -> Any:
        found = GLOBALS.get(name, UNKNOWN)
        return self.setup if name == "setup" else found

    def store(self, name: str, value: Any) -> None: ...

    def delete(self, name: str) -> None: ...

    def tick(self) -> None: ...

    def either(self, n: int, what: str, span: Span) -> int:
        return 0

    def chance(self, weights: Sequence[int]) -> int:
        return 0

    def stray(self, what: str, span: Span) -> Any:
        return UNKNOWN


class _Known(Native):
    name = "setup"

    def __init__(self, known: dict[str, Any]) -> None:
        self.known = known

    def get(self, host: Host, key: str, span: Span) -> Any:
        return self.known.get(key, UNKNOWN)


def constants_of(texts: dict[str, str], scripts: Sequence[str]) -> dict[str, Any]:
    """Find them; every other member of ``setup`` is unknown."""
    writes: Counter[str] = Counter()
    for text in texts.values():
        if "setup" in text:
            if _ANY.search(text):
                return {}
            writes.update(found[1] for found in _WRITTEN.finditer(text))
    known: dict[str, Any] = {}
    for name in scripts:
        for tree in statement_nodes(texts[name], 0, len(texts[name])) or ():
            key = _key(tree)
            if key is None or writes[key] != 1 or not isinstance(tree, nodes.Assign) or not is_pure(tree.value):
                continue
            code = compile_expression(tree.value)
            if code is not None and not isinstance(tree.value, nodes.Function):
                known[key] = _value(code, known)
    return {key: value for key, value in known.items() if value is not UNSET}


def _key(tree: nodes.Node) -> str | None:
    """The member of ``setup`` that a statement writes."""
    if not isinstance(tree, nodes.Assign) or tree.operator != "=" or not isinstance(tree.target, nodes.Member):
        return None
    target = tree.target
    is_setup = isinstance(target.object, nodes.Name) and target.object.name == "setup"
    return target.key if is_setup and isinstance(target.key, str) else None


def _value(code: Any, known: dict[str, Any]) -> Any:
    try:
        return code(_Doubt(known))
    except ThrownError:
        return UNKNOWN
