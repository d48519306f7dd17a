"""Tells whether two texts say the same apart as they do together.

Text may be cut, or put together, only where no markup, code or condition reaches across. The
language shows that: the parts found in the two texts must be just those found in the whole.
"""

from __future__ import annotations

from gamebook_lab.story.program import Choice, Program, Span

_Shape = tuple[tuple[object, ...], ...]


def is_joint(head: Program, tail: Program, whole: Program, at: int) -> bool:
    """Tell whether the programs of a text's two parts, cut ``at``, add up to the program of the whole."""
    apart = [_choices(head, 0) + _choices(tail, at), _rest(head, 0) + _rest(tail, at), _prose(head, tail, at=at)]
    return apart == [_choices(whole, 0), _rest(whole, 0), _prose(whole)]


def _choices(program: Program, at: int) -> _Shape:
    return tuple(
        (
            each.kind, _moved(each.span, at), each.target, each.label, each.effects, each.is_once,
            tuple(map(str, each.conditions)),
        )
        for each in program.choices
    )  # fmt: skip


def _rest(program: Program, at: int) -> _Shape:
    """References, accesses, opaques and problems, each kind sorted by place as programs are."""
    found = [(each.name, _moved(each.slot.span, at)) for each in program.references]
    found += [(f"{each.kind} {each.variable}", _moved(each.span, at)) for each in program.accesses]
    found += [(each.what, _moved(each.span, at)) for each in program.opaques]
    found += [(each.message, _moved(each.span, at)) for each in program.problems]
    return tuple(sorted(found, key=lambda each: (each[1], each[0])))


def _prose(head: Program, tail: Program | None = None, *, at: int = 0) -> list[Span]:
    """Stretches of prose, those that touch taken together."""
    spans = [*head.prose, *(_moved(span, at) for span in (tail.prose if tail else ()))]
    merged: list[Span] = []
    for span in spans:
        if merged and merged[-1].stop >= span.start:
            merged[-1] = Span(merged[-1].start, max(merged[-1].stop, span.stop))
        elif span.start < span.stop:
            merged.append(span)
    return merged


def _moved(span: Span, at: int) -> Span:
    return Span(span.start + at, span.stop + at)


def construct_at(program: Program, at: int) -> str:
    """Name the smallest thing that reaches across an offset, for a message."""
    around = [(each.span, _choice(each)) for each in program.choices]
    around += [(each.span, f"the code {each.what}") for each in program.opaques]
    around += [(each.span, f"the variable {each.variable}") for each in program.accesses]
    tokens = [(Span(each.start, each.stop), f"markup ({each.kind})") for each in program.tokens]
    for known in (around, tokens):
        inside = [(span.stop - span.start, what) for span, what in known if span.start < at < span.stop]
        if inside:
            return min(inside)[1]
    conditions = [str(condition) for each in program.choices if each.span.start >= at for condition in each.conditions]
    return f"markup or code that encloses this place{f', such as the condition {conditions[0]}' if conditions else ''}"


def _choice(choice: Choice) -> str:
    return f"the {choice.kind.value} {choice.label or choice.target or ''!r}".strip()
