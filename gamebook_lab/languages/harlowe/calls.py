"""What macro calls do for the story: where they lead, what they name, assign and leave open."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gamebook_lab.languages.harlowe import accesses, names, targets, tree
from gamebook_lab.languages.harlowe.context import MAX_EFFECTS, Click, Use, Where
from gamebook_lab.languages.harlowe.outcomes import outcomes
from gamebook_lab.story.program import Choice, ChoiceKind, Condition, Opaque, Reference, Slot, Span, SyntaxProblem

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.facts import Reader

_ASSIGNS = frozenset({"set", "put", "unpack", "move"})
_DECIDES = frozenset({"if", "unless", "elseif", "for", "loop", "event", "storylet", "urgency", "exclusivity"})
"""Macros whose values decide what is shown, or how often."""


class _Literal(NamedTuple):
    """A string that stands as it is in the source."""

    text: str
    slot: Slot


def call(reader: Reader, node: tree.Macro, where: Where, use: Use, start: int | None = None) -> None:
    """Record a macro call.

    Parameters
    ----------
    start
        Where the markup of a choice starts, if changers stand before the call.
    """
    name = node.name
    span = Span(node.start if start is None else start, node.stop)
    if name in names.MOVES:
        _move(reader, node, where, span)
    elif name in {"linkgoto", "linkrevealgoto"}:
        _link_goto(reader, node, where, span)
    elif name in {"clickgoto", "mouseovergoto", "mouseoutgoto"}:
        _click_goto(reader, node, where, span)
    elif name == "display":
        _include(reader, node, where, span)
    elif name in names.LABELLED or name in {"clickundo", "mouseoverundo", "mouseoutundo"}:
        label = label_of(reader, node, where, use)
        kind = names.LABELLED.get(name, ChoiceKind.UNDO)
        _choose(reader, Choice(kind, span, None, None, *label, where.conditions))
    elif name == "linkstorylet":
        _shown_strings(reader, node, where, use._replace(is_condition=True))
        _choose(reader, Choice(ChoiceKind.COMPUTED, span, conditions=where.conditions))
        reader.offers_storylets = True
    elif name == "cond":
        _cond(reader, node, where, use)
    elif name in _ASSIGNS:
        _assign(reader, node, where)
    else:
        _other(reader, node, where, use)


def _other(reader: Reader, node: tree.Macro, where: Where, use: Use) -> None:
    """Record a call that leads nowhere by itself, or that is not known."""
    name = node.name
    if node.is_custom:
        variable = tree.Variable(node.name_span.start, node.name_span.stop, name)
        accesses.read(reader, variable, use)
        reader.opaques.append(Opaque(f"({name}:)", node.span, may_move=True))
    elif name not in names.KNOWN:
        _unknown(reader, node)
    reader.is_storylet = reader.is_storylet or name == "storylet"
    reader.offers_storylets = reader.offers_storylets or name == "openstorylets"
    if name in names.NAMING:
        for argument in node.arguments:
            literal = literal_of(argument)
            if literal:
                reader.references.append(Reference(literal.text, literal.slot, is_required=False))
    if name in names.LINKS or name in names.CLICKS:
        label_of(reader, node, where, use)
    elif name in names.SHOWN_STRINGS:
        _shown_strings(reader, node, where, use)
    else:
        reader.expressions(node.arguments, where, use._replace(is_condition=use.is_condition or name in _DECIDES))


def _unknown(reader: Reader, node: tree.Macro) -> None:
    written = reader.text[node.name_span.start : node.name_span.stop]
    reader.opaques.append(Opaque(f"({written}:)", node.span, may_move=True))
    suggestion = names.suggestion(node.name)
    if suggestion:
        message = f"Harlowe has no macro ({written}:)."
        reader.problems.append(SyntaxProblem(message, node.name_span, f"Did you mean ({suggestion}:)?"))
    elif not any(char.isalpha() for char in written):
        hint = "A ( before a word and a colon starts a macro; write `(` for a plain bracket."
        reader.problems.append(SyntaxProblem(f"({written}: is no macro.", node.name_span, hint))


def _assign(reader: Reader, node: tree.Macro, where: Where) -> None:
    if where.click is not None:
        sources = [(where.conditions, reader.source(argument)) for argument in node.arguments]
        where.click.effects.extend(sources[: MAX_EFFECTS - len(where.click.effects)])
    for argument in node.arguments:
        reader.expression(argument, where, Use())
        if node.name == "move" and isinstance(argument, tree.Assignment):
            accesses.write(reader, argument.value, None, where)


def _cond(reader: Reader, node: tree.Macro, where: Where, use: Use) -> None:
    """``(cond: test, value, test, value, otherwise)``: each value stands under its test and the failure of those before."""
    failed: list[Condition] = []
    values = node.arguments
    for at in range(0, len(values) - 1, 2):
        test = reader.condition(values[at])
        reader.expression(values[at], where, use._replace(is_condition=True))
        reader.expression(values[at + 1], where.under(*failed, test), use)
        failed.append(test._replace(is_negated=True))
        if len(failed) > tree.MAX_DEPTH:
            reader.opaques.append(Opaque("(cond:)", node.span, may_move=True))
            return
    if len(values) % 2:
        reader.expression(values[-1], where.under(*failed), use)


# ---- leading somewhere


def _choose(reader: Reader, choice: Choice) -> None:
    reader.choices.append(choice)
    if choice.target is not None and choice.target_slot is not None and choice.kind is not ChoiceKind.EXTERNAL:
        reader.references.append(Reference(choice.target, choice.target_slot, is_required=True))


def _move(reader: Reader, node: tree.Macro, where: Where, span: Span) -> None:
    """A command that takes the reader away: by itself, or when the link around it is clicked."""
    kind, click = names.MOVES[node.name], where.click
    name: str | None = None
    slot: Slot | None = None
    if kind is ChoiceKind.GOTO:
        name, slot = _destination(reader, node.arguments[0] if node.arguments else None, where, is_markup=False)
        if name is None:
            kind = ChoiceKind.COMPUTED
        elif click is not None:
            kind = ChoiceKind.LINK
    else:
        reader.expressions(node.arguments, where, Use())
    if click is None:
        _choose(reader, Choice(kind, span, name, slot, conditions=where.conditions))
        return
    click.has_moved = True
    effects = click.effects_under(where.conditions)
    choice = Choice(
        kind, click.span, name, slot, click.label, click.label_slot, where.conditions, effects, click.is_once,
    )  # fmt: skip
    _choose(reader, choice)


def _link_goto(reader: Reader, node: tree.Macro, where: Where, span: Span, effects: tuple[str, ...] = ()) -> None:
    label = literal_of(node.arguments[0]) if node.arguments else None
    shown = label_of(reader, node, where, Use(), only_first=True)
    target = node.arguments[1] if len(node.arguments) > 1 else None
    if target is None or (isinstance(target, tree.Macro) and target.name in names.CHANGERS):
        # One text is both label and target.
        name, slot = _destination(reader, node.arguments[0] if node.arguments else None, where, is_markup=True)
        shown = (shown[0], slot) if label else shown
    else:
        name, slot = _destination(reader, target, where, is_markup=True)
    kind = ChoiceKind.COMPUTED if name is None else ChoiceKind.LINK
    _choose(reader, Choice(kind, span, name, slot, *shown, where.conditions, effects))


def link_reveal_goto(reader: Reader, node: tree.Macro, where: Where, click: Click) -> None:
    """Record a link that runs its hook and then goes on."""
    click.has_moved = True
    _link_goto(reader, node, where, click.span, click.effects_under(where.conditions))


def _click_goto(reader: Reader, node: tree.Macro, where: Where, span: Span) -> None:
    label = literal_of(node.arguments[0]) if node.arguments else None
    reader.expressions(node.arguments[:1], where, Use())
    target = node.arguments[1] if len(node.arguments) > 1 else None
    name, slot = _destination(reader, target, where, is_markup=False)
    kind = ChoiceKind.COMPUTED if name is None else ChoiceKind.LINK
    # The label is a search for words elsewhere in the passage: changing it here would break the link.
    _choose(reader, Choice(kind, span, name, slot, label.text if label else None, None, where.conditions))


def _include(reader: Reader, node: tree.Macro, where: Where, span: Span) -> None:
    name, slot = _destination(reader, node.arguments[0] if node.arguments else None, where, is_markup=False)
    if name is None:
        reader.opaques.append(Opaque("(display:) of a computed passage", node.span, may_move=True))
    _choose(reader, Choice(ChoiceKind.INCLUDE, span, name, slot, conditions=where.conditions))


def _destination(
    reader: Reader, target: tree.Expression | None, where: Where, *, is_markup: bool
) -> tuple[str | None, Slot | None]:
    """Read a passage's name; None and None if it is computed.

    Parameters
    ----------
    is_markup
        Harlowe renders the string as markup and takes the words shown.
    """
    literal = literal_of(target) if target is not None else None
    if literal is None:
        if target is not None:
            reader.expression(target, where, Use(is_condition=True))
            may_lead(reader, target, "-markup" if is_markup else "")
        return None, None
    if not is_markup:
        return literal.text, literal.slot
    name = targets.named_by(literal.text)
    if name is None:
        reader.markup_string(literal.slot.span, literal.text, where._replace(is_target=True))
        return None, None
    return name, literal.slot._replace(quoting=f"{literal.slot.quoting}-markup")


def may_lead(reader: Reader, target: tree.Expression, suffix: str = "") -> None:
    """Record the names that a computed target may come to; ``suffix`` tells how Harlowe takes its strings."""
    for node in outcomes(target):
        name = targets.named_by(node.value) if suffix else node.value
        if name is not None:
            slot = Slot(node.inner, _quoting(node) + suffix)
            reader.references.append(Reference(name, slot, is_required=False, may_lead=True))


# ---- labels


def literal_of(node: tree.Expression) -> _Literal | None:
    """Read a string literal, in parentheses or not; None for anything else."""
    while isinstance(node, tree.Group):
        node = node.inner
    if not isinstance(node, tree.String):
        return None
    return _Literal(node.value, Slot(node.inner, _quoting(node)))


def _quoting(node: tree.String) -> str:
    return "double" if node.quote == '"' else "single"


def label_of(
    reader: Reader, node: tree.Macro, where: Where, use: Use, *, only_first: bool = False
) -> tuple[str | None, Slot | None]:
    """Read the label that a link macro starts with, and (unless ``only_first``) its other values."""
    first = literal_of(node.arguments[0]) if node.arguments else None
    rest = node.arguments[1:] if first else node.arguments
    if not only_first:
        reader.expressions(rest, where, use)
    elif first is None:
        reader.expressions(node.arguments[:1], where, use)
    if first is None:
        return None, None
    if not first.text:
        reader.problems.append(SyntaxProblem("A link needs words to click on.", node.arguments[0].span))
    if node.name in names.CLICKS or node.name.startswith(("click", "mouseo")):
        return first.text, None
    reader.markup_string(first.slot.span, first.text, where)
    return first.text, first.slot


def _shown_strings(reader: Reader, node: tree.Macro, where: Where, use: Use) -> None:
    for argument in node.arguments:
        literal = literal_of(argument)
        if literal:
            reader.markup_string(literal.slot.span, literal.text, where)
        else:
            reader.expression(argument, where, use)
