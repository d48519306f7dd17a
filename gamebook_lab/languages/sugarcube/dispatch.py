"""Which reader gathers the facts of which macro."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gamebook_lab.languages.sugarcube import branching, nodes, others, variables, ways
from gamebook_lab.languages.sugarcube.macros import Macros
from gamebook_lab.languages.sugarcube.places import Place
from gamebook_lab.languages.sugarcube.vocabulary import INPUTS, LINKS, PLAIN_MACROS

Reader = Callable[[Macros, nodes.Macro, Place], None]

_READERS: Final[dict[str, Reader]] = {
    **dict.fromkeys(PLAIN_MACROS, others.read_plain),
    **dict.fromkeys(INPUTS, variables.read_input),
    **dict.fromkeys(LINKS, ways.read_link),
    **dict.fromkeys(("print", "=", "-"), variables.read_print),
    **dict.fromkeys(("set", "run"), variables.read_set),
    **dict.fromkeys(("for", "while"), branching.read_for),
    **dict.fromkeys(("include", "display"), ways.read_include),
    **dict.fromkeys(("back", "return"), ways.read_back),
    "if": branching.read_if,
    "switch": branching.read_switch,
    "unset": variables.read_unset,
    "capture": variables.read_capture,
    "goto": ways.read_goto,
    "actions": ways.read_actions,
    "choice": ways.read_choice,
    "widget": others.read_widget,
    "script": others.read_script,
}


def read_macro(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """Gather the facts of one macro and of all that it encloses."""
    macros.colour(node)
    _READERS.get(node.name, others.read_unknown)(macros, node, place)
