"""Prints a book: rules, sheet and sections as one page of HTML. Links work on a screen, numbers do on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gamebook_lab.analysis.paper.book import Book, Effect, Exit, Mark, Piece, Section, Slot, Test, is_number
from gamebook_lab.analysis.paper.faces import key_of
from gamebook_lab.analysis.printed import escaped, page, paragraphs
from gamebook_lab.story.frozen import UNSET, Value, shown

__all__ = ["book_html"]

_STYLE: Final = """
section { margin: 1.8rem 0; break-inside: avoid-page; }
section > h2 { margin: 0 0 .5rem; text-align: center; font-size: 16pt; break-after: avoid; }
section:target > h2 { background: #fff3bf; }
.do { margin: 0 0 .7rem; padding-left: .8rem; border-left: 3px solid #1a1a1a; font-style: italic; }
.go { margin: 0 0 .4rem; }
.end { text-align: center; letter-spacing: .5em; }
b.code { font-variant: small-caps; letter-spacing: .04em; }
table { width: 100%; border-collapse: collapse; }
td, th { padding: .35rem .5rem; border: 1px solid #767676; text-align: left; vertical-align: top; }
td.box { width: 45%; }
.sheet { break-before: page; break-after: page; }
"""
_COIN: Final = 2
_DIE: Final = 6
_RULES: Final = (
    "Begin at section 1 and go where you are sent: the numbers are not in reading order.",
    "Do what stands in italics beside a bar before you read on.",
    "Where a choice begins with “If”, it is open to you only if your sheet says so.",
)


def book_html(book: Book) -> str:
    """Print a whole book."""
    marks = {mark.variable: mark for mark in book.marks}
    parts = [
        f"<h1>{escaped(book.title)}</h1>",
        f'<p class="quiet">A gamebook in {len(book.sections):,} sections</p>',
        "<h2>How to read</h2>",
    ]
    parts += [f"<p>{rule}</p>" for rule in (_RULES if marks else _RULES[:1])]
    if any(section.kind == "draw" for section in book.sections):
        parts.append("<p>Where chance decides, throw a coin or a die, or draw from numbered slips of paper.</p>")
    if marks:
        parts.append(_sheet(book.marks))
    parts += [_Printing(marks).section(section) for section in book.sections]
    return page(book.title, "\n".join(parts), style=_STYLE)


def _sheet(marks: tuple[Mark, ...]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escaped(mark.name)}</th><td>{_kept(mark)}</td><td class="box">{_begins(mark)}</td></tr>'
        for mark in marks
    )
    return (
        '<div class="sheet"><h2>Your sheet</h2><table><thead><tr><th scope="col">Name</th><th scope="col">What it is</th>'
        f'<th scope="col">What you have</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _kept(mark: Mark) -> str:
    if mark.kind == "counter":
        return "a number"
    if mark.kind == "codeword":
        return "a codeword, to tick or cross out"
    return "one of: " + ", ".join(escaped(letter) for _, letter in mark.letters)


def _begins(mark: Mark) -> str:
    if mark.kind == "codeword":
        return "&#9745;" if key_of(mark.start) == key_of(mark.present) else "&#9744;"
    return "" if mark.start is UNSET else f"begins at {escaped(_said(mark, mark.start))}"


def _said(mark: Mark, value: Value) -> str:
    """Name a value as the reader writes it."""
    for each, letter in mark.letters:
        if key_of(each) == key_of(value):
            return letter
    if is_number(value) and value == int(value):  # type: ignore[call-overload]
        return _number(value)  # type: ignore[arg-type]
    return shown(value)


class _Printing:
    def __init__(self, marks: Mapping[str, Mark]) -> None:
        self.marks = marks

    def section(self, section: Section) -> str:
        body = [f"<h2>{section.number}</h2>"]
        if section.effects:
            body.append(f'<p class="do">{self._effects(section.effects)}</p>')
        if said := paragraphs(self._pieces(section.text)):
            body.append(said)
        body += [paragraphs(self._pieces(each)) for each in section.reveals]
        if section.kind == "read":
            body += [self._choice(each) for each in section.exits] or ['<p class="end">&#10086;</p>']
        elif section.kind == "route":
            body += [f'<p class="go">{self._routed(each)}</p>' for each in section.exits]
        else:
            body += self._drawn(section)
        return f'<section id="s{section.number}" aria-label="Section {section.number}">{"".join(body)}</section>'

    def _pieces(self, pieces: tuple[Piece, ...]) -> str:
        return "".join(
            f"[your {self._name(each.variable)}]" if isinstance(each, Slot) else escaped(each) for each in pieces
        )

    def _name(self, variable: str) -> str:
        return f'<b class="code">{escaped(self.marks[variable].name)}</b>'

    # ---- ways on

    def _choice(self, exit_: Exit) -> str:
        condition = f"If {self._tests(exit_.tests)}: " if exit_.tests else ""
        effects = f" <i>{self._effects(exit_.effects)}</i>" if exit_.effects else ""
        label = self._pieces(exit_.label).strip()
        label = f"{label}{'' if label[-1] in '.!?…”' else '.'} " if label else ""
        return f'<p class="go">{condition}{label}{effects} {self._turn(exit_)}</p>'

    def _routed(self, exit_: Exit) -> str:
        condition = f"If {self._tests(exit_.tests)}" if exit_.tests else "Otherwise"
        return f"{condition}, {self._turn(exit_, begins=False)}"

    def _drawn(self, section: Section) -> list[str]:
        total = sum(each.share for each in section.exits)
        say, name = _chance(total)
        lines, at = [f'<p class="do">{say}</p>'], 1
        for each in section.exits:
            what = name(at, at + each.share - 1)
            at += each.share
            effects = f" <i>{self._effects(each.effects)}</i>" if each.effects else ""
            lines.append(f'<p class="go">{what}:{effects} {self._turn(each)}</p>')
        return lines

    def _turn(self, exit_: Exit, *, begins: bool = True) -> str:
        if exit_.to is None:
            return f'<span class="quiet">(“{escaped(exit_.missing)}” was never written.)</span>'
        return f'{"T" if begins else "t"}urn to <a href="#s{exit_.to}">{exit_.to}</a>.'

    # ---- words for rules

    def _tests(self, tests: tuple[Test, ...]) -> str:
        return " and ".join(self._test(each) for each in tests)

    def _test(self, test: Test) -> str:
        mark, name = self.marks[test.variable], self._name(test.variable)
        if mark.kind == "codeword":
            has = any(key_of(value) == key_of(mark.present) for value in test.values)
            return f"you have {name}" if has else f"you do not have {name}"
        if test.is_range:
            return f"{name} {_range(test, mark)}"
        said = [escaped(_said(mark, value)) for value in test.values]
        return f"{name} says {' or '.join(said)}"

    def _effects(self, effects: tuple[Effect, ...]) -> str:
        return " ".join(self._effect(each) for each in effects)

    def _effect(self, effect: Effect) -> str:
        mark, name = self.marks[effect.variable], self._name(effect.variable)
        if mark.kind == "codeword":
            return f"Tick {name}." if key_of(effect.value) == key_of(mark.present) else f"Cross out {name}."
        if effect.kind == "copy":
            return f"Make {name} the same as {self._name(str(effect.value))}."
        if effect.kind == "add":
            assert isinstance(effect.value, (int, float))
            amount = escaped(_said(mark, abs(effect.value)))
            return f"Add {amount} to {name}." if effect.value > 0 else f"Take {amount} from {name}."
        if effect.value is UNSET:
            return f"Rub out {name}."
        return f"Make {name} {escaped(_said(mark, effect.value))}."


def _range(test: Test, mark: Mark) -> str:
    low = mark.least if test.low is None else test.low
    high = mark.most if test.high is None else test.high
    if low is not None and low == high:
        return f"is {_number(low)}"
    if test.low is not None and test.high is not None:
        return f"is from {_number(test.low)} to {_number(test.high)}"
    if test.low is not None:
        return f"is {_number(test.low)} or more"
    return f"is {_number(test.high)} or less" if test.high is not None else "says whatever it says"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def _chance(total: int) -> tuple[str, Callable[[int, int], str]]:
    """Say how to draw, and how the numbers from one to another are called then."""
    if total == _COIN:
        return "Throw a coin.", lambda first, last: "Heads" if (first, last) == (1, 1) else "Tails"
    if _DIE % total == 0:
        each = _DIE // total
        return "Throw a die.", lambda first, last: _numbers((first - 1) * each + 1, last * each)
    return f"Draw a number from 1 to {total:,}.", _numbers


def _numbers(first: int, last: int) -> str:
    return f"{first:,}" if first == last else f"{first:,} to {last:,}"
