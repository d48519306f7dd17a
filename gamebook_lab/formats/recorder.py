"""A small script that a published Twine story can carry, off by default: it keeps the reader's steps, and lets the reader save them.

The steps stay in the page (``sessionStorage``, so that a reload keeps them) until the reader presses *Save reading log*; the file is
JSON lines that :func:`~gamebook_lab.formats.logs.read.read_sessions` reads. Nothing is sent anywhere. A session has a random id and
no name. SugarCube 2, Snowman, Chapbook and Harlowe are listened to by what they make public; Harlowe does not say where the
reader is, so a hidden passage tagged ``header`` prints the name.
"""

from __future__ import annotations

import re
from importlib.resources import files as resources
from pathlib import Path
from typing import Final

from gamebook_lab.errors import FormatError
from gamebook_lab.formats.encoding import decode, encode
from gamebook_lab.formats.files import read_bytes, write_bytes

__all__ = ["has_recorder", "record_in", "with_recorder"]

_BEGIN: Final = '<script id="gamebook-recorder">\n'
_END: Final = "</script>\n"
_OPENING: Final = re.compile(r"""<tw-storydata(?:[^>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
_HARLOWE: Final = re.compile(r"""\sformat\s*=\s*["']harlowe["']""", re.IGNORECASE)
_VERSION: Final = re.compile(r"""\sformat-version\s*=\s*["'](\d{1,4})\.(\d{1,4})""", re.IGNORECASE)
_VERBATIM: Final = (3, 3)
"""From this Harlowe on a name is printed as it is; before, one with markup in it comes out changed."""
_HEADER: Final = (
    '<tw-passagedata pid="999999999" name="gamebook recorder" tags="header" position="0,0" size="100,100">'
    "&lt;span class=&quot;gamebook-recorder-passage&quot; hidden&gt;({macro}: (passage:)'s name)&lt;/span&gt;"
    "</tw-passagedata>"
)


def has_recorder(html: str) -> bool:
    """Tell whether a published story carries the recorder already."""
    return _BEGIN.strip() in html


def with_recorder(html: str) -> str:
    """Give a published Twine story the recorder.

    Parameters
    ----------
    html
        The text of a story that Twine published: with its story format, not an archive.

    Returns
    -------
    str
        The same with a script before its end, and for Harlowe a hidden header passage. Once is enough: a story that has it comes
        back as it is. It is a copy for readers: go on writing in the story without.

    Raises
    ------
    FormatError
        If it holds no story, or several.
    """
    if has_recorder(html):
        return html
    low = html.lower()
    begin, end = low.find("<tw-storydata"), low.rfind("</tw-storydata>")
    opening = _OPENING.match(html, begin) if begin >= 0 else None
    if opening is None or end < 0:
        raise FormatError("expected a story that Twine published as HTML (<tw-storydata>); there is none")
    if low.count("</tw-storydata>") > 1:
        raise FormatError("expected one story, and this is an archive of several: publish one of them from Twine")
    header = ""
    if _HARLOWE.search(opening[0]):
        version = _VERSION.search(opening[0])
        is_new = version is not None and (int(version[1]), int(version[2])) >= _VERBATIM
        header = _HEADER.format(macro="verbatim-print" if is_new else "print")
    at = low.rfind("</body>")
    if at < end:
        at = len(html)
    script = resources("gamebook_lab.formats").joinpath("recorder.js").read_text(encoding="utf-8")
    return f"{html[:end]}{header}{html[end:at]}{_BEGIN}{script}{_END}{html[at:]}"


def record_in(path: str | Path) -> None:
    """Give the published story in a file the recorder, at once or not at all.

    Raises
    ------
    FormatError
        If it is no published story.
    """
    file = Path(path)
    text, encoding = decode(read_bytes(file), file=file.name)
    try:
        recorded = with_recorder(text)
    except FormatError as error:
        raise FormatError(str(error), file=file.name) from error
    write_bytes(file, encode(recorded, encoding, file=file.name))
