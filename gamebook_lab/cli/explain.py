"""``gamebook explain``: the page of a problem code."""

from __future__ import annotations

from importlib.resources import files

from gamebook_lab.cli.terminal import say
from gamebook_lab.errors import GamebookError
from gamebook_lab.story.problems import CODES

__all__ = ["UnknownCodeError", "page", "run"]


class UnknownCodeError(GamebookError, LookupError):
    """There is no such problem code."""


def run(code: str | None) -> int:
    """Print the page of a code or slug in any case, or list all codes; gives the exit status."""
    if code is None:
        for known, (slug, severity, title) in CODES.items():
            say(f"{known}  {severity:<7}  {slug:<20}  {title}")
    else:
        say(page(_known(code)).rstrip("\n"))
    return 0


def page(code: str) -> str:
    """Read the page of a code: Markdown."""
    return files("gamebook_lab.story").joinpath("problem_pages", f"{code}.md").read_text(encoding="utf-8")


def _known(code: str) -> str:
    wanted = code.strip()
    for known, (slug, _, _) in CODES.items():
        if wanted.upper() == known or wanted.lower() == slug:
            return known
    raise UnknownCodeError(f"there is no problem code {wanted!r}; 'gamebook explain' lists all of them")
