"""Pages of HTML to print: one file, that loads nothing and runs nothing, whatever the story says."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Final

from gamebook_lab.parallel.durable import write_whole

__all__ = ["escaped", "page", "paragraphs", "skeleton", "write_page"]

_SAFE: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a browser may do with the page, should anything ever slip through: show it, and nothing else."""
_STYLE: Final = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 42rem; padding: 2.5rem 1.5rem 4rem; background: #fff; color: #1a1a1a; font: 12pt/1.5 Georgia, "Times New Roman", serif; }
h1 { margin: 0 0 .5rem; font-size: 24pt; line-height: 1.15; }
h2 { margin: 2.2rem 0 .6rem; font-size: 14pt; }
p { margin: 0 0 .7rem; }
a { color: #0b4a99; }
.quiet { color: #595959; }
@media print { body { max-width: none; padding: 0; } a { color: inherit; text-decoration: none; } }
@page { margin: 20mm 18mm; }
"""


def escaped(text: str) -> str:
    """Text as HTML that shows just it, unpaired surrogates and control characters replaced."""
    clean = "".join(
        each if each in "\n\t" or (each >= " " and not "\ud800" <= each <= "\udfff" and each != "\x7f") else "\ufffd"
        for each in text
    )
    return escape(clean, quote=True)


def paragraphs(html: str) -> str:
    """Escaped text as paragraphs: blank lines part them, other line ends stay."""
    blocks = [block.strip("\n") for block in html.split("\n\n")]
    return "".join(f"<p>{block.replace(chr(10), '<br>')}</p>" for block in blocks if block.strip())


def page(title: str, body: str, *, style: str = "", language: str = "") -> str:
    """Put a page together.

    Parameters
    ----------
    title
        As text.
    body
        As HTML, every word of the story in it escaped.
    style
        More rules.
    language
        Of the words, such as ``en``; empty: not said.
    """
    return skeleton(title, body, head=f"<style>{_STYLE}{style}</style>", allowed=_SAFE, language=language)


def skeleton(title: str, body: str, *, head: str, allowed: str, language: str = "") -> str:
    """Put a page together that says how it looks, and what a browser may do with it (its content security policy)."""
    lang = f' lang="{escaped(language)}"' if language else ""
    return (
        f'<!doctype html>\n<html{lang}><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escaped(allowed)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escaped(title)}</title>{head}</head>\n<body>\n{body}\n</body></html>\n"
    )


def write_page(path: Path | str, html: str) -> None:
    """Write a page, replacing what was there whole or not at all."""
    write_whole(Path(path), html.encode())
