"""Hostile story files from a number: the same bytes for the same number, on any machine."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

LANGUAGES = ("SugarCube", "Harlowe", "Chapbook", "Snowman", "Nobody's")
MARKS = {
    "SugarCube": (
        "<<if $x gt 1>>", "<<else>>", "<</if>>", "<<set $x to 1>>", "<<set $a[$b", "[[", "]]", "[[a|b][$x to 1]]", "|", "->", "<-",
        "[img[", "<<link 'a' 'b'>>", "<</link>>", "<<", ">>", "<script>", "</script>", "<<script>>", "<</script>>", "{{{", "}}}",
        '"""', "/*", "*/", "/%", "%/", "<!--", "-->", "$x.y[0]", "_i", "`", "<<goto `a+b`>>", "<<widget 'w'>>", "<<w>>", "settings.",
        "<<switch $x>>", "<<case 1>>", "<<for _i to 0; _i lt 9; _i++>>", "<a data-passage='b'>", "@@", "$$", "${",
    ),
    "Harlowe": (
        "(if: $x)[", "(else:)[", "(set: $x to 1)", "(", ")", "[", "]", "[[", "]]", "->", "<-", "(link-goto: 'a', 'b')", "(a:", "$x's 1st",
        "its ", "{", "}", "{=", "[=", "=]", "|h>", "<h|", "|h)", "''", "//", "`", "``", "<!--", "-->", "'", '"', "\\", "(print: ", ": ",
        " of ", " is in ", "each _x, ", "via ", "(go-to:", "?a's chars", "<script>", "</script>", "(macro: num-type _a, [",
    ),
    "Chapbook": (
        "--\n", "x: 1\n", "x (y): 2\n--\n", "{x}", "{", "}", "{reveal link: 'a', text: 'b'}", "{embed passage: 'a'}", "[if x]\n", "[else]\n",
        "[continued]\n", "[JavaScript]\n", "[CSS]\n", "[[", "]]", "->", "<-", "|", "[note]\n", "[after 1s]\n", "[if x; append]\n", "'", '"', ": ", ", ",
        "{x.y: 'z'}", "{back link, label: 'x'}", "[", "]",
    ),
    "Snowman": (
        "<%", "%>", "<%= s.x %>", "<% if (s.x) { %>", "<% } %>", "[[", "]]", "|", "->", "<-", "<script>", "</script>", "{", "}", "(", ")", "`", "${",
        "/*", "*/", "//", "'", '"', "window.story.show('a')", "s.x = 1;", "<a data-passage='b'>", "=>", "function(){", "/[/", "\\", "<%-",
    ),
}  # fmt: skip
MARKS["Nobody's"] = ("[[", "]]", "->", "<-", "|", "[[a->b]]", "[[a<-b]]", "[[a|b]]", "[[a]]")
FILE_MARKS = {
    "twee": (
        "::", ":: ", ":: a", "\n:: ", "\n:: StoryData\n", "\n:: StoryTitle\n", ":: StoryData\n{", '"format":', '"Harlowe"', '"start":', "[tag]", "[",
        "]", "{", '{"position":"1,2"}', "}", "\\", "\\::", "\\[", "<1,2>", "\n", "\r", "\r\n", "\n\n", "\t", "::@include x", "StoryData", "[script]",
        '"tag-colors":{"a":"b"}', '"zoom":1e999', '"zoom":-0', '{"size":"1e400,0"}', ",,", '"ifid":',
    ),
    "html": (
        "<tw-storydata name=a startnode=1 format=Harlowe>", "<tw-storydata", "</tw-storydata>", "<tw-passagedata pid=1 name=a>",
        "<tw-passagedata pid='1' name='a' tags='b' position='1,2' size='nan,inf'>", "</tw-passagedata>", "<tw-tag name=a color=b>", "</tw-tag>",
        "<script role=script id=twine-user-script>", "</script>", "<style id=twine-user-stylesheet>", "</style>", "<!--", "-->", "--!>", "<!", "<?",
        "&amp;", "&#xD800;", "&#55296;", "&#0;", "&#x110000;", "&#99999999999;", "&lt", "&notit;", "&", "<", ">", '"', "'", "=", "/>", "<html>", "<title>",
        "</title>", '/* twine-user-script #1: "a" */', '<div id="storeArea">', '<div tiddler="a" tags="b">', "</div>", "\\n", "\\s", "\\t",
        "startnode=999", "options=debug", "zoom=nan", "<textarea>", "<plaintext>", "<svg>", "<![CDATA[", "]]>", " pid=", "hidden",
    ),
    "json": (
        '{"passages":[', '{"name":"a","text":"b"},', '"passages":', "[", "]", "{", "}", '"', ",", ":", "\\ud800", "\\udc00\\ud800", "\\u0000", '"\\ud800":',
        "1e999", "-", "1" * 50, "null", "true", "NaN", '"tags":["a"]', '"metadata":{"position":"1,2"}', '"startPassage":"a"', '"start":1', '"text":[',
        '"format":"Harlowe"', '"tag-colors":', '"pid":{}', "\\", "\\u12", '"zoom":"x"',
    ),
}  # fmt: skip
ODD = (
    "\0",
    "\ufeff",
    "\u2028",
    "\x85",
    "\x0b",
    "\x1c",
    "\ufffe",
    "\U0010ffff",
    "e\u0301",
    "İ",
    "ß",
    "ﬁ",
    "\u202e",
    "\u200b",
    "٣",
    "²",
    "𝟘",  # noqa: RUF001 - a digit to Python that is none to most readers
    "\xa0",
    "\x7f",
    "\x1b[2J",
)
ALL_MARKS = tuple(dict.fromkeys(mark for group in (*MARKS.values(), *FILE_MARKS.values(), ODD) for mark in group))
NESTS = (
    ("[[", "]]"), ("<<if $x>>", "<</if>>"), ("(if: $x)[", "]"), ("(", ")"), ("[", "]"), ("{", "}"), ("<% if (x) { %>", "<% } %>"), ("{a: ", "}"),
    ("<div>", "</div>"), ("<script>", "</script>"), ("<tw-storydata>", "</tw-storydata>"), ("<tw-passagedata>", "</tw-passagedata>"), ("`", "`"),
    ("${`", "`}"), ('{"passages":[', "]}"), ('{"a":', "}"), ("f(", ")"), ("<<link [[a|b]]>>", "<</link>>"), ("<!--", "-->"), ("x ? ", " : y"), ("!", ""),
    ("(a:", ")"), ("$x[", "]"), ("(link: 'a')[", "]"), ("-", ""), ("not ", ""), ("x => ", ""), ("_a's ", ""), ("<<set $x to ", ">>"),
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252")


@dataclass(frozen=True)
class Hostile:
    """A hostile file: how it was made, and its bytes."""

    seed: int
    made: str
    data: bytes = field(repr=False)


def hostile(seed: int, sources: Sequence[str]) -> Hostile:
    """Make the hostile file of this number, of these texts."""
    chance = random.Random(seed)
    way = chance.choice(WAYS)
    made = way(chance, sources)
    data = made if isinstance(made, bytes) else encoded(made, chance)
    if chance.random() < 0.05:
        data = data[: chance.randrange(len(data) + 1)]
    return Hostile(seed, way.__name__, data)


def encoded(text: str, chance: random.Random) -> bytes:
    """Encode as some editors would; now and then with halves of characters, which is no UTF-8."""
    encoding = chance.choice(ENCODINGS)
    return text.encode(encoding, "surrogatepass" if encoding.startswith("utf") and chance.random() < 0.1 else "replace")


def some(chance: random.Random, items: Sequence[str], most: int) -> str:
    return "".join(chance.choices(items, k=chance.randint(0, most)))


def random_bytes(chance: random.Random, _: Sequence[str]) -> bytes:
    head = chance.choice(
        (
            b"",
            b"",
            b":: a\n",
            b"<tw-storydata>",
            b'{"passages":[',
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"\xfe\xff",
            b"PK\x03\x04",
            b"\x89PNG\r\n",
        )
    )
    return head + chance.randbytes(chance.randint(0, 300))


def random_unicode(chance: random.Random, _: Sequence[str]) -> str:
    letters = (
        chr(chance.choice((0x7F, 0x7FF, 0xD7FF, 0x10FFFF)) * chance.randrange(1000) // 1000)
        for _ in range(chance.randint(0, 200))
    )
    return framed(chance, "".join(letters) + some(chance, ODD, 6))


def marks_of_all(chance: random.Random, _: Sequence[str]) -> str:
    return framed(chance, some(chance, ALL_MARKS, 30))


def marks_of_one_language(chance: random.Random, _: Sequence[str]) -> str:
    language = chance.choice(LANGUAGES)
    pieces = (*MARKS[language], "a", "b", " ", "\n", "Start", "1", *chance.choices(ODD, k=2))
    return framed(chance, some(chance, pieces, 40), language)


def marks_of_one_format(chance: random.Random, _: Sequence[str]) -> str:
    pieces = (*FILE_MARKS[chance.choice(tuple(FILE_MARKS))], "a", "b", " ", "\n", "1", *chance.choices(ODD, k=2))
    return some(chance, pieces, 40)


def mutated(chance: random.Random, sources: Sequence[str]) -> str:
    text = excerpt(chance, sources)
    for _ in range(chance.randint(1, 8)):
        text = chance.choice(CHANGES)(chance, text)
    return text


def truncated(chance: random.Random, sources: Sequence[str]) -> str:
    text = excerpt(chance, sources)
    return text[: chance.randrange(len(text) + 1)]


def crossed(chance: random.Random, _: Sequence[str]) -> str:
    pairs = chance.choices(NESTS, k=chance.randint(2, 5))
    marks = [mark for pair in pairs for mark in pair]
    chance.shuffle(marks)
    return framed(chance, "a".join(marks * chance.randint(1, 6)))


def nested(chance: random.Random, _: Sequence[str]) -> str:
    opening, closing = chance.choice(NESTS)
    deep = chance.choice((3, 60, 70, 400, 900))
    text = opening * deep + "a" + closing * chance.choice((deep, deep - 1, 0))
    return text if chance.random() < 0.2 else framed(chance, text)


def long_line(chance: random.Random, sources: Sequence[str]) -> str:
    return framed(chance, excerpt(chance, sources).replace("\n", " ") * 4)


def repeated(chance: random.Random, _: Sequence[str]) -> str:
    text = "".join(chance.choices(ALL_MARKS, k=chance.randint(1, 3))) * chance.choice((2, 100, 700))
    return text if chance.random() < 0.3 else framed(chance, text)


WAYS: tuple[Callable[[random.Random, Sequence[str]], str | bytes], ...] = (
    random_bytes, random_unicode, marks_of_all, marks_of_one_language, marks_of_one_language, marks_of_one_format, marks_of_one_format, mutated, mutated,
    mutated, truncated, crossed, nested, long_line, repeated,
)  # fmt: skip


def excerpt(chance: random.Random, sources: Sequence[str]) -> str:
    """Give a stretch of some source, mostly from its beginning, where the story as a whole is described."""
    text = chance.choice(sources)
    start = 0 if chance.random() < 0.6 else chance.randrange(len(text) + 1)
    return text[start : start + chance.choice((300, 900, 2000))]


def delete(chance: random.Random, text: str) -> str:
    start = chance.randrange(len(text) + 1)
    return text[:start] + text[start + chance.choice((1, 2, 10, 100)) :]


def duplicate(chance: random.Random, text: str) -> str:
    start = chance.randrange(len(text) + 1)
    stop = start + chance.choice((1, 10, 100))
    return text[:stop] + text[start:stop] * chance.choice((1, 2, 20)) + text[stop:]


def swap(chance: random.Random, text: str) -> str:
    first, second, third = sorted(chance.randrange(len(text) + 1) for _ in range(3))
    return text[:first] + text[second:third] + text[first:second] + text[third:]


def insert(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(ALL_MARKS) + text[at:]


CHANGES = (delete, duplicate, swap, insert, insert)


def framed(chance: random.Random, text: str, language: str = "") -> str:
    """Put a text into a passage of a file of some format, names and tags into the same danger."""
    language = language or chance.choice(LANGUAGES)
    name = text[:20] if chance.random() < 0.2 else "Start"
    tag = chance.choice(("", "", "", "script", "stylesheet", "widget", "init", "footer", text[:9]))
    return chance.choice((in_twee, in_twee, in_html, in_twine1, in_json))(text, name, tag, language, chance)


def in_twee(text: str, name: str, tag: str, language: str, chance: random.Random) -> str:
    data = f':: StoryData\n{{"format": "{language}", "start": "b"}}\n\n' if chance.random() < 0.9 else ""
    return f"{data}:: {name} [{tag}]\n{text}\n:: b\n{text if chance.random() < 0.2 else '[[Start]]'}"


def in_html(text: str, name: str, tag: str, language: str, chance: random.Random) -> str:
    spell = escape if chance.random() < 0.8 else str
    attributes = f'name="{spell(name)}" tags="{spell(tag)}" pid="1"'
    page = f'<tw-storydata name="x" startnode="1" format="{language}"><tw-passagedata {attributes}>{spell(text)}</tw-passagedata></tw-storydata>'
    return page if chance.random() < 0.5 else f"<html><body>{page}</body></html>"


def in_twine1(text: str, name: str, tag: str, _: str, chance: random.Random) -> str:
    spell = escape if chance.random() < 0.8 else str
    return f'<div id="storeArea"><div tiddler="{spell(name)}" tags="{spell(tag)}">{spell(text)}</div></div>'


def in_json(text: str, name: str, tag: str, language: str, chance: random.Random) -> str:
    halves = chr(0xD800 + chance.randrange(0x800)) if chance.random() < 0.5 else ""
    return json.dumps(
        {
            "name": "x" + halves,
            "format": language,
            "passages": [{"name": name + halves, "tags": [tag], "text": halves + text}],
        }
    )
