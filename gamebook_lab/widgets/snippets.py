"""Pieces of text to insert: some for each story format, and the author's own from a file.

The file is ``snippets.json`` in the folder ``gamebook-lab`` of the user's settings (``$XDG_CONFIG_HOME``, or
``~/.config``): an object of objects, by name of the language or ``any``, then by label::

    {"sugarcube": {"Shop": "<<if $gold gte ${5}>>[[Buy|${Target}]]<</if>>"}, "any": {"Note": "%% ${note} %%"}}

``${...}`` are places to type over; Tab goes from one to the next.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Final, TypedDict

from gamebook_lab.widgets.documents import safe_text

__all__ = ["Snippet", "settings_file", "snippets_for"]

_MOST_BYTES: Final = 1_000_000
_MOST: Final = 200
_log = logging.getLogger(__name__)

_BUILT_IN: Final[dict[str, dict[str, str]]] = {
    "sugarcube": {
        "Link": "[[${label}|${Target}]]",
        "Link that sets": "[[${label}|${Target}][$${name} to ${true}]]",
        "If, else": "<<if ${$name}>>${text}<<else>>${text}<</if>>",
        "Set": "<<set ${$name} to ${true}>>",
        "Link with code": '<<link "${label}" "${Target}">><<set ${$name} to ${true}>><</link>>',
        "By chance": "<<if random(1, ${6}) is 1>>${text}<</if>>",
        "Widget": '<<widget "${name}">>${text}<</widget>>',
    },
    "harlowe": {
        "Link": "[[${label}->${Target}]]",
        "If, else": "(if: ${$name})[${text}](else:)[${text}]",
        "Set": "(set: ${$name} to ${true})",
        "Link that reveals": '(link: "${label}")[${text}]',
        "Link that sets": '(link: "${label}")[(set: ${$name} to ${true})(go-to: "${Target}")]',
        "By chance": "(either: ${1, 2, 3})",
    },
    "chapbook": {
        "Link": "[[${label}->${Target}]]",
        "Variables": "${name}: ${true}\n--\n",
        "If": "[if ${name}]\n${text}\n\n[continue]\n",
        "Insert": "{${name}}",
    },
    "snowman": {
        "Link": "[[${label}->${Target}]]",
        "If, else": "<% if (s.${name}) { %>${text}<% } else { %>${text}<% } %>",
        "Set": "<% s.${name} = ${true}; %>",
    },
}


class Snippet(TypedDict):
    """One piece of text."""

    label: str
    text: str
    is_own: bool


def settings_file() -> Path:
    """Where the author's own are."""
    home = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(home).expanduser() / "gamebook-lab" / "snippets.json"


def snippets_for(language: str) -> list[Snippet]:
    """Give all for a language, the author's own first; a file that cannot be read is told to the log, and no harm is done."""
    own = _own(language)
    built_in = _BUILT_IN.get(language, {"Link": "[[${label}->${Target}]]"})
    return [
        *(Snippet(label=safe_text(label), text=safe_text(text), is_own=True) for label, text in own.items()),
        *(Snippet(label=label, text=text, is_own=False) for label, text in built_in.items() if label not in own),
    ]


def _own(language: str) -> dict[str, str]:
    file = settings_file()
    try:
        with file.open("rb") as stream:
            read = json.loads(stream.read(_MOST_BYTES))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        _log.warning("the snippets in %s cannot be read: %s", file, error)
        return {}
    found: dict[str, str] = {}
    for name in ("any", language):
        group = read.get(name) if isinstance(read, dict) else None
        if isinstance(group, dict):
            found |= {label: text for label, text in group.items() if isinstance(text, str) and label}
    return dict(list(found.items())[:_MOST])
