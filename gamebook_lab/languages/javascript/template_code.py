"""Compiles statements to closures that a :class:`~gamebook_lab.languages.javascript.host.Host` runs, as ``evaluate`` does expressions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript import templates as st
from gamebook_lab.languages.javascript.evaluate import Code, compile_expression, compile_test, lift
from gamebook_lab.languages.javascript.host import Frame, Host
from gamebook_lab.languages.javascript.templates import NotPlainError
from gamebook_lab.languages.javascript.values import keys_of
from gamebook_lab.story.frozen import UNKNOWN, UNSET

__all__ = ["Act", "compile_statements", "declared"]

Act = Callable[[Host], None]
MAX_DOUBTS: Final = 20
"""Rounds of a loop of which nobody knows whether it goes on."""


def declared(row: Sequence[st.Statement]) -> frozenset[str]:
    """Names that statements make, which are theirs alone."""
    found: set[str] = set()
    for each in row:
        match each:
            case st.Do():
                found.update(each.declares)
            case st.If():
                found |= declared((*each.yes, *each.no))
            case st.Loop():
                found |= declared((*each.first, *each.body))
            case st.ForOf():
                found |= {each.name} | declared(each.body)
    return frozenset(found)


def compile_statements(
    row: Sequence[st.Statement],
    piece: Callable[[Host, int], None] | None = None,
    skip: Callable[[Host, st.Statement], bool] | None = None,
    odd: Callable[[Host, st.Statement], None] | None = None,
) -> Act | None:
    """Compile a whole template or script; None if an expression is too deep.

    Parameters
    ----------
    row
        Its statements.
    piece
        Runs a piece of text.
    skip
        Says that a statement need not be run.
    odd
        Takes over a statement that was not read.
    """
    try:
        run = _Compiler(piece, skip, odd).row(row)
    except NotPlainError:
        return None
    names = declared(row)

    def whole(host: Host) -> None:
        around = host.frame
        host.frame = Frame(around)
        host.frame.names.update(dict.fromkeys(names, UNSET))
        try:
            run(host)
        finally:
            host.frame = around

    return whole


class _Compiler:
    def __init__(
        self,
        piece: Callable[[Host, int], None] | None,
        skip: Callable[[Host, st.Statement], bool] | None,
        odd: Callable[[Host, st.Statement], None] | None,
    ) -> None:
        self.piece, self.skip, self.odd = piece, skip, odd

    def row(self, row: Sequence[st.Statement]) -> Act:
        made = [self.skipping(each) for each in row]

        def run(host: Host) -> None:
            for act in made:
                host.tick()
                act(host)

        return run

    def skipping(self, each: st.Statement) -> Act:
        act, skip = self.one(each), self.skip
        if skip is None:
            return act

        def run(host: Host) -> None:
            if not skip(host, each):
                act(host)

        return run

    def one(self, each: st.Statement) -> Act:
        match each:
            case st.Do():
                code = _expression(each)
                return lambda host: _ignore(code(host))
            case st.Piece():
                index, piece = each.index, self.piece
                return lambda host: piece(host, index) if piece is not None else None
            case st.Odd():
                odd = self.odd
                return lambda host: odd(host, each) if odd is not None else None
            case st.If():
                test, yes, no = _test(each), self.row(each.yes), self.row(each.no)
                return lambda host: (yes if host.condition(test(host), "if", each.span, each.asked) else no)(host)
            case st.Loop():
                return self.loop(each)
            case st.ForOf():
                return self.for_of(each)
        raise NotPlainError

    def loop(self, each: st.Loop) -> Act:
        first, after, body = self.row(each.first), self.row(each.after), self.row(each.body)
        test = _test(each) if each.test is not None else None

        def run(host: Host) -> None:
            doubts = 0
            first(host)
            while True:
                host.tick()
                goes_on = True if test is None else test(host)
                doubts += goes_on is UNKNOWN
                if doubts > MAX_DOUBTS:
                    host.give_up("loop", each.span)
                holds = doubts <= MAX_DOUBTS and host.decide(goes_on, "loop", each.span)
                if each.asked is not None:
                    host.decided(each.asked, holds=holds)
                if not holds:
                    return
                body(host)
                after(host)

        return run

    def for_of(self, each: st.ForOf) -> Act:
        items, body = compile_expression(each.items), self.row(each.body)
        if items is None:
            raise NotPlainError

        def run(host: Host) -> None:
            assert host.frame is not None
            found = _items(items(host), of_keys=each.of_keys)
            rounds = 0
            while found is None or rounds < len(found):
                host.tick()
                if found is None and rounds >= MAX_DOUBTS:
                    host.give_up("for", each.span)
                    return
                if found is None and host.either(2, "for", each.span) == 0:
                    return
                host.frame.names[each.name] = UNKNOWN if found is None else found[rounds]
                body(host)
                rounds += 1
            if id(found) in host.spoiled:  # what was made too long on the way may go on for ever
                host.give_up("for", each.span)

        return run


def _items(value: Any, *, of_keys: bool) -> list[Any] | None:
    """What a loop goes through: an array itself, since what its body adds comes too. None if nobody knows."""
    if isinstance(value, dict):
        return list(keys_of(value)) if of_keys else None
    if isinstance(value, (list, str)):
        return (
            [str(index) for index in range(len(value))] if of_keys else value if isinstance(value, list) else [*value]
        )
    return None


def _expression(each: st.Do) -> Code:
    if each.declares and not isinstance(each.node, _ASSIGNING):
        return lift(UNSET)
    code = compile_expression(each.node)
    if code is None:
        raise NotPlainError
    return code


def _test(each: st.If | st.Loop) -> Code:
    code = None if each.test is None else compile_test(each.test)
    if code is None:
        raise NotPlainError
    return code


def _ignore(value: Any) -> None:
    """Drop a value."""


_ASSIGNING: Final = (js.Assign, js.Binary)
