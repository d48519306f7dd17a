"""Names of passages as links and macros write them: decoded, or known to be computed."""

from __future__ import annotations

import html
from collections.abc import Iterable

from gamebook_lab.languages.harlowe import chars, tree
from gamebook_lab.languages.harlowe.parser import parse

_COMPUTED = (tree.Macro, tree.Variable, tree.Attached, tree.Hook, tree.Link, tree.Foreign, tree.Unread, tree.RawElement)


def is_plain(source: str) -> bool:
    """Whether markup means just its characters."""
    return not ("&" in source or "\n" in source or chars.MARK.search(source) or chars.BLOCK.match(source))


def shown(nodes: Iterable[tree.Markup], text: str) -> str | None:
    """Words that markup shows, as Harlowe takes a link's target from them; None where they are computed."""
    words: list[str] = []
    for node in nodes:
        if isinstance(node, tree.Text):
            words.append(html.unescape(text[node.start : node.stop]).replace("\n", ""))
        elif isinstance(node, tree.Verbatim):
            words.append(text[node.inner.start : node.inner.stop].replace("\n", ""))
        elif isinstance(node, tree.Style):
            inner = shown(node.children, text)
            if inner is None:
                return None
            words.append(inner)
        elif isinstance(node, _COMPUTED):
            return None
    return "".join(words)


def named_by(source: str) -> str | None:
    """Passage that a target written as markup names; None if it is computed.

    >>> named_by("the //old// cellar")
    'the old cellar'
    """
    return source if is_plain(source) else shown(parse(source).nodes, source)


def named_by_simple(source: str) -> str | None:
    """Passage that ``[[source]]`` names; None if it is computed.

    Harlowe takes the passage of just that name, or else the one of the words shown. Styled
    names are taken as written, since Twine makes the passage so when the link is typed.
    """
    if is_plain(source):
        return source
    words = shown(parse(source).nodes, source)
    if words is None or "`" in source or "\n" in source:
        return words
    return html.unescape(source)
