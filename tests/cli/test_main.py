import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gamebook_lab import __version__
from gamebook_lab.cli import main
from gamebook_lab.cli.terminal import printable

ROOT = Path(__file__).resolve().parents[2]
RUN = "import sys; from gamebook_lab.cli import main; sys.exit(main())"


@pytest.mark.parametrize("asked", [["--version"], ["--help"], ["check", "-h"]])
def test_main__what_is_asked_for_is_no_error(gamebook, asked):
    run = gamebook(*asked)
    assert (run.status, run.err) == (0, "")
    assert __version__ in run.out or "Usage:" in run.out


def test_main__nothing_asked_shows_help(gamebook):
    run = gamebook()
    assert run.status == 2
    assert "explain" in run.out


@pytest.mark.parametrize(
    "wrong",
    [
        ["bogus"],
        ["check"],
        ["check", "x", "--format", "xml"],
        ["check", "x", "--workers", "0"],
        ["check", "x", "--nix"],
    ],
)
def test_main__bad_usage_is_one_line(gamebook, wrong):
    run = gamebook(*wrong)
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith("gamebook: ")
    assert run.err.count("\n") == 1


def explode(path, **_):
    raise RuntimeError("oh\nno")


def test_main__our_own_mistake_is_one_line_too(gamebook, monkeypatch):
    monkeypatch.setattr("gamebook_lab.formats.read_story", explode, raising=False)
    run = gamebook("check", "x")
    assert run.status == 2
    assert run.err.count("\n") == 1
    assert "RuntimeError" in run.err


@pytest.mark.parametrize("arguments", [["--debug", "check", "x"], ["check", "x", "--debug"]])
def test_main__debug_shows_where(monkeypatch, arguments):
    monkeypatch.setattr("gamebook_lab.formats.read_story", explode, raising=False)
    with pytest.raises(RuntimeError):
        main(arguments)


def test_main__missing_file_is_named(gamebook, monkeypatch):
    monkeypatch.setattr("gamebook_lab.formats.read_story", lambda path, **_: path.read_text(), raising=False)
    assert gamebook("check", "nix.twee").err == "gamebook: nix.twee: No such file or directory\n"


def test_main__interrupted_is_quiet(gamebook, monkeypatch):
    def interrupt(path, **_):
        raise KeyboardInterrupt

    monkeypatch.setattr("gamebook_lab.formats.read_story", interrupt, raising=False)
    run = gamebook("check", "x")
    assert (run.status, run.out, run.err) == (130, "", "")


def test_main__lab_passes_its_options_on(gamebook, monkeypatch):
    import importlib

    pytest.importorskip("gamebook_lab.lab.launch")
    launched = []

    def launch(path, *, port, browser):
        launched.append((path, port, browser))
        return 0

    monkeypatch.setattr(importlib.import_module("gamebook_lab.lab.launch"), "launch", launch)
    assert gamebook("lab", "a.twee", "--port", "9000", "--no-browser").status == 0
    assert gamebook("lab").status == 0
    assert launched == [(Path("a.twee"), 9000, False), (None, None, True)]


def test_main__closed_pipe_is_quiet():
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run([sys.executable, "-c", RUN, "explain"], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (run.returncode, run.stderr) == (141, b"")


def test_main__encoding_that_lacks_characters():
    run = subprocess.run(
        [sys.executable, "-c", RUN, "explain", "naïve"], capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert run.returncode == 2
    assert b"na\\xefve" in run.stderr


def test_main__check_imports_nothing_heavy():
    code = (
        "import sys, toy_language, gamebook_lab.formats as formats\n"
        "formats.read_story = lambda path, **_: toy_language.toy_story({'A': 'Hi.'})\n"
        "from gamebook_lab.cli import main\n"
        "main(['check', 'x'])\n"
        "heavy = ('dask', 'distributed', 'ipywidgets', 'anywidget', 'jupyter', 'IPython', 'ipykernel', 'rich', 'psutil')\n"
        "heavy += ('numba', 'scipy')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "toys")])},
    )  # fmt: skip
    assert run.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Ærø 去 🐉", "Ærø 去 🐉"),
        ("a\u00a0b\u3000c", "a\u00a0b\u3000c"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\tb\nc\rd", "a\\tb\\nc\\rd"),
        ("\u202e\u2066\u200f\ufeff", "\\u202e\\u2066\\u200f\\ufeff"),
        ("\x85\x9b\x7f", "\\x85\\x9b\\x7f"),
        ("\ud800\u2028", "\\ud800\\u2028"),
    ],
)
def test_printable(text, safe):
    assert printable(text) == safe


def test_main__run_as_a_module_ends_with_the_same_status(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "gamebook_lab", "check", "nothing.twee"], cwd=tmp_path, capture_output=True, check=False
    )
    assert run.returncode == 2


@pytest.mark.parametrize("asked", [["--version"], ["bogus"]])
def test_main__the_collector_is_left_as_it_was(gamebook, asked):
    before = gc.get_threshold()
    gamebook(*asked)
    assert gc.get_threshold() == before
