"""Harlowe's macro names, and what each does to the reader or to what follows it.

Names are compared as Harlowe does: without regard to case, dashes and underscores.
Covers Harlowe 1 to 3.3.
"""

from __future__ import annotations

import difflib
from functools import lru_cache
from typing import Final

from gamebook_lab.story.program import ChoiceKind


def canonical(name: str) -> str:
    """Write a macro name as Harlowe compares it.

    >>> canonical("Link-Goto")
    'linkgoto'
    """
    return name.lower().replace("-", "").replace("_", "")


_SPELLINGS: Final[dict[str, str]] = {}


def _names(text: str) -> frozenset[str]:
    """Take names as the manual spells them."""
    _SPELLINGS.update((canonical(name), name) for name in text.split())
    return frozenset(canonical(name) for name in text.split())


def spelled(name: str) -> str:
    """Write a known macro's canonical name as the manual does."""
    return _SPELLINGS.get(name, name)


CHANGERS: Final = _names("""
    action after after-error align append append-with b4r b4r-color b4r-colour b4r-size background bg border
    border-color border-colour border-size box button char-style click click-append click-prepend click-replace
    click-rerun collapse color colour corner-radius css else else-if enchant-in event float-box font for hidden hook
    hover-style if line-style link link-append link-repeat link-replace link-rerun link-reveal link-reveal-goto
    link-style live loop more mouseout mouseout-append mouseout-prepend mouseout-replace mouseover mouseover-append
    mouseover-prepend mouseover-replace opacity out output prepend prepend-with remember-scroll replace replace-with
    size t8n t8n-arrive t8n-delay t8n-depart t8n-skip t8n-time test-false test-true text-color text-colour
    text-indent text-rotate text-rotate-x text-rotate-y text-rotate-z text-size text-style transition
    transition-arrive transition-delay transition-depart transition-skip transition-time unless v6m verbatim
""")
"""Macros whose value changes a hook, link or command that follows."""

BOOLEANS: Final = _names("all-pass confirm none-pass pass save-game some-pass visited")
"""Macros that give true or false, which shows or hides a hook that follows."""

ANYTHING: Final = _names("cond either nth folded")
"""Macros that may give a changer or a boolean."""

_VALUES: Final = _names("""
    a abs alert altered animate array assert assert-exists ceil change checkbox checkbox-fullscreen complement cos count
    current-date current-time cycling-link data-entries data-names data-values datamap datamap-altered
    datamap-entries datamap-names datamap-values datapattern dataset datatype debug dialog digit-format display dm
    dm-altered dm-entries dm-names dm-values dropdown ds enchant error exclusivity exp find floor force-input
    force-input-box forget-undos forget-visits go-to goto-url gradient hide history hooks-named hsl hsla
    icon-counter icon-fullscreen icon-redo icon-restart icon-undo ignore input input-box interlaced joined lch lcha
    link-fullscreen link-goto link-show link-storylet link-undo load-game log log10 log2 lowercase lowerfirst macro
    max metadata meter min mix mock-turns mock-visits monthday mouseout-goto mouseout-undo mouseover-goto
    mouseover-undo click-goto click-undo move num number open-storylets open-url out-data output-data p p-before
    p-either p-end p-ins p-insensitive p-many p-not p-not-before p-opt p-optional p-start page-url palette partial
    passage passages pattern pattern-before pattern-either pattern-end pattern-ins pattern-insensitive pattern-many
    pattern-not pattern-not-before pattern-opt pattern-optional pattern-start permutations plural pow print prompt
    put random range redirect reload repeated replaced rerun restart reversed rgb rgba rotated rotated-to round
    saved-games scroll seed select seq-link sequence-link set show shuffled sign sin sorted source split splitted
    sqrt stop storylet str str-find str-nth str-repeated str-replaced str-reversed string string-find string-nth
    string-repeated string-replaced string-reversed stripes subarray substring tan text trimmed trunc undo unique
    unpack uppercase upperfirst urgency v6m-print v6m-source verbatim-print verbatim-source weekday words
""")
KNOWN: Final = CHANGERS | BOOLEANS | ANYTHING | _VALUES

LINKS: Final = {canonical(name): is_once for name, is_once in {
    "link": True, "link-replace": True, "link-reveal": True, "link-append": True,
    "link-repeat": False, "link-rerun": False,
}.items()}  # fmt: skip
"""Links that run the hook they are attached to; whether the link is gone (or plain text) after that."""

CLICKS: Final = {canonical(name): is_once for name, is_once in {
    **{f"{event}{how}": True for event in ("click", "mouseover", "mouseout")
       for how in ("", "-replace", "-append", "-prepend")},
    "click-rerun": False,
}.items()}  # fmt: skip
"""Changers that make existing words run the hook when they are clicked or pointed at."""

MOVES: Final = {
    "goto": ChoiceKind.GOTO, "redirect": ChoiceKind.GOTO, "undo": ChoiceKind.UNDO, "restart": ChoiceKind.RESTART,
    "reload": ChoiceKind.RESTART, "loadgame": ChoiceKind.LOAD, "gotourl": ChoiceKind.EXTERNAL,
    "openurl": ChoiceKind.EXTERNAL,
}  # fmt: skip
"""Commands that take the reader away by themselves."""

LABELLED: Final = {
    "linkundo": ChoiceKind.UNDO, "linkshow": ChoiceKind.REVEAL, "linkfullscreen": ChoiceKind.REVEAL,
    "iconundo": ChoiceKind.UNDO, "iconrestart": ChoiceKind.RESTART,
}  # fmt: skip
"""Commands that offer a click which does not go on to another passage; a first string is the label."""

SHOWN_STRINGS: Final = _names("cycling-link seq-link sequence-link dropdown checkbox checkbox-fullscreen link-storylet")
"""Commands whose string arguments are labels that the reader sees."""

NAMING: Final = frozenset({"passage", "visited", "mockvisits"})
"""Macros whose string arguments name passages that need not exist."""


@lru_cache(maxsize=1024)
def suggestion(name: str) -> str | None:
    """Find the known macro that an unknown name is surely a slip of the pen for; None if that is not sure.

    A story's own JavaScript can add macros, so an unknown name alone is no mistake.
    """
    if len(name) > 24:
        return None
    close = difflib.get_close_matches(name, sorted(KNOWN), n=1, cutoff=0.85)
    return _SPELLINGS[close[0]] if close and len(name) > 3 else None
