"""What scripts do by themselves; whole stories with scripts are in ``test_sugarcube_truths``."""

from __future__ import annotations

import pytest

from gamebook_lab.languages.sugarcube.play.scripts import Doing, doing_of

WILD = Doing(is_wild=True)
NOTHING = Doing()


def writes(*names):
    return Doing(frozenset(names))


@pytest.mark.parametrize(
    ("script", "doing"),
    [
        ("", NOTHING),
        ("var a = 1; setup.b = [1, 2];", NOTHING),
        ("State.variables.gold = 3;", writes("$gold")),
        ("State.variables.bag.push(1); State.setVar('$name', 2)", writes("$bag", "$name")),
        ("if (State.variables.gold > 3) console.log(1)", NOTHING),
        ("show(State.variables.bag)", writes("$bag")),
        ("State.variables[name] = 1", WILD),
        ("Engine.play('End')", WILD),
        ("// Engine.play('End')", NOTHING),
        ("State.variables.a[State.variables.b] = 1", writes("$a")),
        # a function does nothing until something that runs by itself calls it
        ("function f() { State.variables.a = 1 }", NOTHING),
        ("function f() { State.variables.a = 1 } f()", writes("$a")),
        ("function f() { g() } function g() { State.variables.a = 1 } f();", writes("$a")),
        ("function f() { g() } function g() { State.variables.a = 1 } g;", NOTHING),
        ("setup.f = function () { State.variables.a = 1 };", NOTHING),
        ("setup.f = function () { State.variables.a = 1 }; setup.f();", writes("$a")),
        ("setup.f = (x, y) => { State.variables.a = 1 };", NOTHING),
        ("let f = async () => { State.variables.a = 1 };", NOTHING),
        ("$(document).on(':passagestart', function () { State.variables.a = 1 });", writes("$a")),
        ("function f() { $(document).on('click', () => { State.variables.a = 1 }) }", NOTHING),
        ("function f() { function g() { State.variables.a = 1 } } f();", NOTHING),
        ("function f() { function g() { State.variables.a = 1 } g() } f();", writes("$a")),
        ("Macro.add('mine', { handler() { State.variables.a = 1 } });", NOTHING),
        ("Macro.add('set', { handler() { } });", WILD),
        # what SugarCube or a library is handed, it may call; what is only kept, it does not
        ("Setting.addToggle('t', {label: 'T', onChange: function () { State.variables.a = 1 }});", writes("$a")),
        ("Setting.addToggle('t', {onInit() { State.variables.a = 1 }});", writes("$a")),
        ("$.ajax({a: {b: [{done: () => { State.variables.a = 1 }}]}});", writes("$a")),
        ("var o = {done: function () { State.variables.a = 1 }}; $.ajax('x', o);", writes("$a")),
        ("var o = {done: function () { State.variables.a = 1 }, other: 1}; o.other = 2;", NOTHING),
        ("setup.o = {done: function () { State.variables.a = 1 }};", NOTHING),
        ("Object.assign(setup, {done() { State.variables.a = 1 }});", NOTHING),
        ("$.extend(setup, {done() { State.variables.a = 1 }}); setup.done();", writes("$a")),
        ("function f() { State.variables.a = 1 } Setting.addToggle('t', {onChange: f});", writes("$a")),
        ("function f() { State.variables.a = 1 } setup.o = {f: f};", NOTHING),
        ("function f() { State.variables.a = 1 } var g = f; $(document).on('click', g);", writes("$a")),
        ("function f() { State.variables.a = 1 } setup.f = f;", NOTHING),
        ("var o = {done() { State.variables.a = 1 }}, p; p = o; $.ajax(p);", writes("$a")),
        ("class A { done() { State.variables.a = 1 } }", NOTHING),
        ("setup.a = (function () { return {done: function () { State.variables.a = 1 }} })();", NOTHING),
        ("Macro.add('mine', { handler() { $.ajax({done: () => { State.variables.a = 1 }}) } });", NOTHING),
        ("Config.history.maxStates = 1; Config.saves.slots = 4; UIBar.stow();", NOTHING),
        ("function f(){ f() } function g(){ f(); State.variables.a = 1 }", NOTHING),
    ],
)
def test_doing__is_what_runs_by_itself(script, doing):
    assert doing_of(script) == doing


@pytest.mark.parametrize(
    "part",
    [
        "function f{} () {{ f{}() }} ",
        "State.variables.a{}[",
        "f{}(",
        "(){{",
        "function f{} () {{ ",
        "a{}.",
        "Macro.add('m{}', ",
        "g{}(function () {{}}) ",
    ],
)
def test_doing__of_a_long_hostile_script_comes_to_an_end(part):
    text = "f0(); " + "".join(part.format(k, k + 1) for k in range(8_000))  # minutes, were it quadratic
    assert isinstance(doing_of(text), Doing)
