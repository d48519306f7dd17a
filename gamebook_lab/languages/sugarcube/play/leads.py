"""Compiles what leads on: bracketed links, HTML links, and the link macros."""

# ruff: noqa: ARG002 - all compiled code takes the run, all compilers a node

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from gamebook_lab.languages.javascript.values import ThrownError, to_text
from gamebook_lab.languages.shared.html import Tag
from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.arguments import Argument, read_arguments
from gamebook_lab.languages.sugarcube.brackets import Brackets
from gamebook_lab.languages.sugarcube.play.effects import Effect
from gamebook_lab.languages.sugarcube.play.habits import habits_in
from gamebook_lab.languages.sugarcube.play.markings import made_of
from gamebook_lab.languages.sugarcube.play.run import Run
from gamebook_lab.languages.sugarcube.play.unit import Action, Compiler, is_breaking, plain
from gamebook_lab.languages.sugarcube.targets import read_target
from gamebook_lab.languages.sugarcube.vocabulary import REVEALS
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.play import PREVIOUS
from gamebook_lab.story.program import ChoiceKind, Span

Find = Callable[[Run], Any]
_ON: Final = re.compile(r"[@]?on[a-z]+", re.IGNORECASE)
_STYLING: Final = re.compile(
    r"\s*(?:(?:javascript:\s*)?(?:void\(0\)|return false)?;?|this(?:\.\w+)+\s*=[^()=]*)\s*", re.IGNORECASE
)
"""Code in a tag that does nothing, or changes how the page looks."""
_TRANSITIONS: Final = frozenset({"t8n", "transition"})


class Fixed:
    """A constant, which may be had without a run's reading anything."""

    __slots__ = ("value",)
    is_constant = True

    def __init__(self, value: Any) -> None:
        self.value = value

    def __call__(self, run: Run) -> Any:
        """The constant."""
        return self.value


class Goal:
    """Where a link leads, and what it says: ``find`` gives the passage's name, None for a web address."""

    __slots__ = ("find", "label", "setter", "static")

    def __init__(self, find: Find | None, label: Find, *, static: str | None = None, setter: int = -1) -> None:
        self.find, self.label, self.static, self.setter = find, label, static, setter


def fixed(value: Any) -> Find:
    """A constant."""
    return Fixed(value)


# ---- bracketed links


def bracket_goal(compiler: Compiler, found: Brackets) -> Goal:
    """Read bracketed markup."""
    setter = -1
    if found.setter is not None:
        with compiler.apart() as effect:
            snippet = compiler.code(found.setter)
        setter = compiler.click(compiler.value(snippet, found.setter), effect)
    if found.target is None:
        return Goal(None, fixed(""), setter=setter)
    target = read_target(compiler.text, found.target)
    find = None
    source = compiler.text[found.target.start : found.target.stop]
    if target.kind == "name":
        find = fixed(target.name)
    elif target.kind == "expression":
        find = computed(compiler, found.target, source)
    label = fixed("" if found.picture is not None else target.name or source)
    if found.label is not None:
        label = _label(compiler, found.label)
    return Goal(find, label, static=target.name if target.kind == "name" else None, setter=setter)


def _label(compiler: Compiler, span: Span) -> Find:
    said = read_target(compiler.text, span, quoting="label")
    source = compiler.text[span.start : span.stop]
    if said.kind != "expression":
        return fixed(said.name if not source.startswith("~") else source)
    snippet = compiler.expression(span)
    compiler.effect.shows |= snippet.reads
    value = compiler.value(snippet, span)
    return lambda run: _said(value, run, source)


def _said(value: Find, run: Run, source: str) -> Any:
    try:
        found = value(run)
    except ThrownError:
        return source
    return found if isinstance(found, str) else source if found is UNSET else to_text(found)


def computed(compiler: Compiler, span: Span, source: str) -> Find:
    """A target that is an expression, unless there is a passage of that very name."""
    snippet = compiler.expression(span)
    compiler.effect.decides |= snippet.reads
    value = compiler.value(snippet, span)

    def find(run: Run) -> Any:
        if run.player.has(source):
            return source
        try:
            found = value(run)
        except ThrownError:
            return source
        return run.player.target(run, found, span)

    return find


def compile_link(compiler: Compiler, node: nodes.Link) -> Action | None:
    """``[[link]]``, or a picture that may lead somewhere."""
    goal = bracket_goal(compiler, node.brackets)
    span = Span(node.start, node.stop)
    if node.brackets.target is None:
        return None
    if goal.find is None:
        return external(compiler, span, goal.label)
    return offering(compiler, span, goal, ChoiceKind.LINK if goal.static is not None else ChoiceKind.COMPUTED)


def external(compiler: Compiler, span: Span, label: Find) -> Action:
    """A web address: offered, but nobody clicks it here."""
    return _leaving(compiler, span, label, ChoiceKind.EXTERNAL)


def _leaving(compiler: Compiler, span: Span, label: Find, kind: ChoiceKind) -> Action:
    """A link out of the story, or back in time."""
    compiler.effect.offers = True
    inside = compiler.inside

    def run(run: Run) -> None:
        said = run.said(label)
        run.show(said)
        run.offer(span, said, kind, None, inside)

    return run


def offering(compiler: Compiler, span: Span, goal: Goal, kind: ChoiceKind) -> Action:
    """A link to a passage, with what its click runs."""
    compiler.effect.offers = True
    inside, setter, find, label = compiler.inside, goal.setter, goal.find, goal.label
    assert find is not None

    def run(run: Run) -> None:
        target = find(run)
        said = run.said(label)
        run.show(said)
        if target is not None and (isinstance(target, str) and target):
            run.offer(span, said, kind, run.go(target, setter), inside)

    return run


# ---- HTML


def compile_html(compiler: Compiler, tag: Tag, children: Sequence[nodes.Node], index: int) -> Action | None:
    """An HTML tag: it may open an element, or be a link."""
    if tag.is_closing:
        _close(compiler, tag.name)
        return compiler.words("\n") if is_breaking(tag) else None
    values = {each.name: each.value for each in tag.attributes if each.value is not None}
    actions = [
        _attribute(compiler, name, span)
        for name, span in values.items()
        if name[:1] == "@" or name.startswith("sc-eval:")
    ]
    if any(_is_code(name, compiler.text[slice(*span)]) for name, span in values.items()):
        return _handler(compiler, tag)
    selectors = _selectors(compiler, values)
    label = _words_after(compiler, children, index)
    found = _html_link(compiler, tag, values, label)
    if selectors and tag.name not in {"br", "hr", "img", "input"}:
        compiler.elements.append((tag.name, selectors))
        compiler.effect.elements = True

    def run(run: Run) -> None:
        if is_breaking(tag):
            run.show("\n")
        run.elements.update(selectors)
        for action in actions:
            if action is not None:
                action(run)
        if found is not None:
            found(run)

    return run


def _is_code(name: str, value: str) -> bool:
    is_code = _ON.fullmatch(name) is not None or value.strip().lower().startswith("javascript:")
    return is_code and not all(_STYLING.fullmatch(each) for each in value.split(";"))


def _handler(compiler: Compiler, tag: Tag) -> Action:
    """A tag with code of its own, which may do anything when it is clicked."""
    span = Span(tag.start, tag.stop)
    what = f"<{tag.name}>"
    compiler.opaque(what, span)
    compiler.effect.offers = compiler.effect.wild = True
    return lambda run: run.stray(what, span)


def _attribute(compiler: Compiler, name: str, span: Span) -> Find | None:
    if name.endswith("data-passage"):
        return None
    snippet = compiler.expression(span)
    compiler.effect.shows |= snippet.reads
    return compiler.value(snippet, span)


def _selectors(compiler: Compiler, values: dict[str, Span]) -> tuple[str, ...]:
    found = []
    if "id" in values:
        found.append("#" + compiler.text[slice(*values["id"])].strip())
    if "class" in values:
        found += ["." + each for each in compiler.text[slice(*values["class"])].split()]
    return tuple(found)


def _close(compiler: Compiler, name: str) -> None:
    for place in range(len(compiler.elements) - 1, -1, -1):
        if compiler.elements[place][0] == name:
            del compiler.elements[place:]
            return


def _words_after(compiler: Compiler, children: Sequence[nodes.Node], index: int) -> str:
    words = children[index + 1] if len(children) > index + 1 else None
    return compiler.text[words.start : words.stop].strip() if isinstance(words, nodes.Prose) else ""


def _html_link(compiler: Compiler, tag: Tag, values: dict[str, Span], label: str) -> Action | None:
    span = Span(tag.start, tag.stop)
    setter = -1
    if "data-setter" in values:
        with compiler.apart() as effect:
            snippet = compiler.code(values["data-setter"])
        setter = compiler.click(compiler.value(snippet, values["data-setter"]), effect)
    if tag.name not in {"img", "image", "audio", "video", "source", "track"} and "data-passage" in values:
        name = plain(compiler.text[slice(*values["data-passage"])])
        goal = Goal(fixed(name), fixed(label), static=name, setter=setter)
        return _unsaid(offering(compiler, span, goal, ChoiceKind.LINK))
    for key in ("@data-passage", "sc-eval:data-passage"):
        if key in values:
            find = computed(compiler, values[key], compiler.text[slice(*values[key])])
            return _unsaid(offering(compiler, span, Goal(find, fixed(label), setter=setter), ChoiceKind.COMPUTED))
    if tag.name == "a" and "href" in values:
        target = read_target(compiler.text, values["href"])
        if target.kind == "address":
            return _unsaid(external(compiler, span, fixed(label)))
    return None


def _unsaid(action: Action) -> Action:
    """Its words stand behind it, and are shown by themselves."""

    def run(run: Run) -> None:
        run.hidden_words += 1
        try:
            action(run)
        finally:
            run.hidden_words -= 1

    return run


def compile_address(compiler: Compiler, node: nodes.Address) -> Action:
    """A bare web address."""
    return external(compiler, Span(node.start, node.stop), fixed(compiler.text[node.start : node.stop]))


# ---- link macros


def arguments(compiler: Compiler, node: nodes.Macro, clause: int = 0) -> list[Argument]:
    """A tag's arguments."""
    return read_arguments(compiler.finder, *node.clauses[clause].tag.arguments)[0]


def argument(compiler: Compiler, given: Argument) -> tuple[Find, frozenset[str]]:
    """An argument's value, and what it reads."""
    if given.kind == "expression":
        snippet = compiler.expression(given.inside)
        return compiler.value(snippet, given.inside), snippet.reads
    if given.kind == "constant":
        from gamebook_lab.languages.javascript.values import text_number

        constants = {"true": True, "false": False, "null": None, "undefined": UNSET}
        value = constants[given.value] if given.value in constants else text_number(given.value)
        return fixed(value), frozenset()
    if given.brackets is not None:
        goal = bracket_goal(compiler, given.brackets)
        return (goal.find or fixed(UNKNOWN)), frozenset()
    compiler.effect.habits |= habits_in(given.value)  # a widget may print it
    return fixed(given.value), frozenset()


def passage_argument(compiler: Compiler, given: Argument) -> Find:
    """An argument that names a passage."""
    if given.kind in {"text", "constant"} and given.brackets is None:
        return fixed(given.value)
    find, reads = argument(compiler, given)
    compiler.effect.decides |= reads
    if given.brackets is not None:
        return find
    return lambda run: run.player.target(run, find(run), given.inside)


def _goal(compiler: Compiler, found: list[Argument], name: str) -> Goal:
    first, rest = found[0], found[1:]
    if first.brackets is not None:
        return bracket_goal(compiler, first.brackets)
    say, reads = argument(compiler, first)
    compiler.effect.shows |= reads
    if any(mark in compiler.text[slice(*first.inside)] for mark in ".([") and first.kind == "expression":
        compiler.effect.decides |= reads  # it may throw, and then nothing is offered
    label = _wikified(compiler, say, first)
    if name in REVEALS or not rest or rest[0].value in _TRANSITIONS:
        return Goal(None, label)
    is_static = rest[0].kind == "text"
    return Goal(passage_argument(compiler, rest[0]), label, static=rest[0].value if is_static else None)


def _wikified(compiler: Compiler, say: Find, given: Argument) -> Find:
    """A macro's link text is markup: variables in it are printed."""
    if given.kind == "expression":
        compiler.effect.prints |= {made_of(given, compiler.text)}
    if not _is_markup(given):
        return say
    from gamebook_lab.languages.sugarcube.play.unit import unit_of

    inner = unit_of(given.value)
    compiler.effect.shows |= inner.effect.shows
    compiler.effect.prints |= inner.effect.prints
    compiler.effect.habits |= inner.effect.habits | inner.effect.shown_habits
    return lambda run: run.words_of(inner.body)


def _is_markup(given: Argument) -> bool:
    return given.kind == "text" and any(mark in given.value for mark in "$_<[")


def _acts(given: Argument) -> bool:
    """Tell whether a link text does something by itself when it is shown."""
    from gamebook_lab.languages.sugarcube.play.unit import unit_of

    if not _is_markup(given):
        return False
    effect = unit_of(given.value).effect
    return bool(effect.offers or effect.wild or effect.writes or effect.uses)


def compile_link_macro(compiler: Compiler, node: nodes.Macro) -> Action | None:
    """``<<link>>``, ``<<button>>`` and the links that reveal."""
    found = arguments(compiler, node)
    if not found:
        return None
    goal, name, span = _goal(compiler, found, node.name), node.name, Span(node.start, node.stop)
    if _acts(found[0]):
        compiler.opaque(f"<<{name}>>", span)
        compiler.effect.offers = compiler.effect.wild = True
        return lambda run: run.stray(f"<<{name}>>", span)
    stays = {"linkreplace": "replace", "linkappend": "append", "linkprepend": "prepend"}.get(name, "")
    body, effect, way = compiler.clicked(node.clauses[0].body)
    if way is not None:
        return _leaving(compiler, span, goal.label, way)
    if goal.setter >= 0:
        effect.merge(compiler.clicks[goal.setter].effect)
    first = compiler.clicks[goal.setter].run if goal.setter >= 0 else None

    def clicked(run: Run) -> None:
        if first is not None:
            first(run)
        if stays:
            body.run(run)
        else:
            run.hidden += 1
            try:
                body.run(run)
            finally:
                run.hidden -= 1

    number = compiler.click(clicked, effect, stays or ("" if goal.find is not None else "keep"))
    compiler.effect.offers = True
    if goal.find is not None:
        kind = ChoiceKind.LINK if goal.static is not None else ChoiceKind.COMPUTED
        return offering(compiler, span, Goal(goal.find, goal.label, setter=number), kind)
    inside, label = compiler.inside, goal.label
    kind = ChoiceKind.REVEAL

    def run(run: Run) -> None:
        said = run.said(label)
        run.show(said)
        run.offer(span, said, kind, run.stay(number), inside)

    return run


def compile_goto(compiler: Compiler, node: nodes.Macro) -> Action | None:
    """``<<goto>>``."""
    found = arguments(compiler, node)
    if not found:
        return None
    find, span = passage_argument(compiler, found[0]), Span(node.start, node.stop)
    compiler.effect.offers = True

    def run(run: Run) -> None:
        target = find(run)
        if isinstance(target, str):
            run.move(target, span)

    return run


def compile_include(compiler: Compiler, node: nodes.Macro) -> Action | None:
    """``<<include>>`` and ``<<display>>``."""
    found = arguments(compiler, node)
    if not found:
        return None
    find = passage_argument(compiler, found[0])
    reads = compiler.effect.decides
    name = found[0].value if found[0].kind == "text" and found[0].brackets is None else "*"
    if found[0].brackets is not None:
        target = found[0].brackets.target
        said = None if target is None else read_target(compiler.text, target)
        name = said.name if said is not None and said.kind == "name" else "*"
    compiler.effect.use(f"passage {name}", reads)
    inside = compiler.inside

    def run(run: Run) -> None:
        target = find(run)
        if isinstance(target, str):
            run.player.include(run, target, inside)

    return run


def compile_back(compiler: Compiler, node: nodes.Macro) -> Action:
    """``<<back>>``, which is no step, and ``<<return>>``."""
    found = arguments(compiler, node)
    label: Find = fixed("Back" if node.name == "back" else "Return")
    target: Find | None = None
    if found:
        goal = _goal(compiler, found, node.name)
        label, target = goal.label, goal.find
    compiler.effect.offers = True
    span, inside = Span(node.start, node.stop), compiler.inside
    if node.name == "back":

        def back(run: Run) -> None:
            said = run.said(label)
            run.show(said)
            run.offer(span, said, ChoiceKind.UNDO, None, inside)

        return back
    if target is None:
        compiler.effect.decides |= {PREVIOUS}

    def forward(run: Run) -> None:
        to: Any = run.turn.read(PREVIOUS) if target is None else target(run)
        if to is UNKNOWN:
            to = run.player.target(run, to, span)
        said = run.said(label)
        run.show(said)
        if isinstance(to, str) and to:
            run.offer(span, said, ChoiceKind.RETURN, run.go(to, -1), inside)

    return forward


def compile_actions(compiler: Compiler, node: nodes.Macro) -> Action:
    """``<<actions>>``: each link is gone once it was taken."""
    parts: list[tuple[Goal, Span]] = []
    for given in arguments(compiler, node):
        if given.brackets is not None:
            goal = bracket_goal(compiler, given.brackets)
        else:
            name = passage_argument(compiler, given)
            goal = Goal(name, name, static=given.value if given.kind == "text" else None)
        parts.append((goal, Span(given.start, given.stop)))
    actions = [_once(compiler, goal, span, "#action") for goal, span in parts if goal.find is not None]

    def run(run: Run) -> None:
        for action in actions:
            action(run)

    return run


def compile_choice(compiler: Compiler, node: nodes.Macro) -> Action | None:
    """``<<choice>>``: once one of a passage was taken, all of its choices are gone."""
    found = arguments(compiler, node)
    if not found:
        return None
    if found[0].brackets is not None:
        goal = bracket_goal(compiler, found[0].brackets)
    else:
        name = passage_argument(compiler, found[0])
        goal = Goal(name, name, static=found[0].value if found[0].kind == "text" else None)
    if len(found) > 1 and found[1].kind != "link":
        goal.label, reads = argument(compiler, found[1])
        compiler.effect.shows |= reads
    return None if goal.find is None else _once(compiler, goal, Span(node.start, node.stop), "#choice")


def _once(compiler: Compiler, goal: Goal, span: Span, mark: str) -> Action:
    """An offer that is made until it was taken; what was taken is a variable that no author can write."""
    first = compiler.clicks[goal.setter].run if goal.setter >= 0 else None
    effect = Effect()
    if goal.setter >= 0:
        effect.merge(compiler.clicks[goal.setter].effect)
    taken = f"{mark} {goal.static}" if mark == "#action" and goal.static is not None else mark
    is_computed = mark == "#action" and goal.static is None
    if not is_computed:
        effect.use("taken " + taken)

    def clicked(run: Run) -> None:
        if first is not None:
            first(run)
        if not is_computed:
            run.take(taken)

    number = compiler.click(clicked, effect)
    offer = offering(compiler, span, Goal(goal.find, goal.label, setter=number), ChoiceKind.LINK)

    def run(run: Run) -> None:
        known = UNKNOWN if is_computed else run.is_taken(taken)
        if known is UNKNOWN:
            known = run.either(2, mark, span) == 0
        if not known:
            offer(run)
        elif mark == "#choice":
            run.show(run.said(goal.label))

    return run
